"""The methods themselves: arrays in, named results out.

Arrays are lists, numpy arrays, or series of pandas, polars and pyarrow; NaN, infinities and nulls are missing. Where
two sides could be mixed up they are given by name. Each result is a named tuple.

The tests of two samples assume independent values. Neighbouring minutes are not: there their p-values are too small,
and `canary.score` does not use them. They serve instances, requests and runs.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from . import _canary
from ._columns import column
from ._errors import InputError

__all__ = [
    "AndersonDarling", "BrunnerMunzel", "Distances", "EffectiveSize", "Estimate", "HuberLocation", "InstanceShift",
    "KolmogorovSmirnov", "Location", "MannWhitney", "RateRatio", "RatioInterval", "RatioOfSums", "ShareRatio",
    "SignTest", "SignedRank", "SpreadTest", "WelchT", "adjust", "anderson_darling", "brown_forsythe",
    "brunner_munzel", "distances", "effective_sample_size", "fligner_killeen", "hodges_lehmann", "huber_location",
    "instance_shift", "kolmogorov_smirnov", "mann_whitney", "pseudomedian", "rate_ratio", "ratio_interval",
    "ratio_of_sums", "share", "share_ratio", "sign_test", "signed_rank", "welch_t",
]  # fmt: skip

Array = Iterable[float] | Any
"""A list, a numpy array, or a series of pandas, polars or pyarrow."""
Alternative = Literal["two-sided", "less", "greater"]
"""What the p-value speaks against equality for: that the canary differs, is smaller, is larger."""
Method = Literal["auto", "exact", "normal"]
"""The exact distribution, the normal one, or the exact one unless it is too much work."""


def _floats(name: str, values: Any) -> bytes:
    if type(values).__module__.split(".", 1)[0] == "pyarrow":
        values = values.to_numpy(zero_copy_only=False)
    found = column("array", name, values)
    if found["kind"] == "integers":
        return array("d", map(float, array("q", found["data"]))).tobytes()
    if found["kind"] == "texts" and not found["texts"]:
        # Nothing but missing values, or no value at all.
        return array("d", [math.nan] * (len(found["data"]) // array("i").itemsize)).tobytes()
    if found["kind"] != "numbers":
        raise InputError(f"{name}: found {found['kind']}; expected numbers")
    data: bytes = found["data"]
    return data


def _sides(baseline: Array, canary: Array) -> tuple[bytes, bytes]:
    return _floats("baseline", baseline), _floats("canary", canary)


class Estimate(NamedTuple):
    """An estimate with its confidence interval."""

    estimate: float
    lower: float
    upper: float


class RatioInterval(NamedTuple):
    """Canary over baseline, of pairs of points."""

    ratio: float
    lower: float
    upper: float
    effective: float
    """How many independent pairs they are worth."""
    pairs: int
    """The pairs that were used."""


def ratio_interval(*, baseline: Array, canary: Array, level: float = 0.98) -> RatioInterval:
    """The ratio of two series of pairs with an interval that knows of autocorrelation.

    What `canary.score` does for a gauge over its whole window: the Huber location of the log ratios, with the
    long-run variance of its scores. Pairs with a value that is missing or not above zero are left out.

    Parameters
    ----------
    baseline, canary : array
        Values of the same ticks, in order of time.
    level : float
        The confidence level.

    Examples
    --------
    >>> import canary.stats
    >>> found = canary.stats.ratio_interval(baseline=[4, 5, 6, 5] * 9, canary=[8.1, 9.9, 12.2, 10] * 9)
    >>> round(found.ratio, 2), found.lower < 2 < found.upper
    (2.01, True)
    """
    return RatioInterval(*_canary.ratio_interval(*_sides(baseline, canary), level))


class RatioOfSums(NamedTuple):
    """Sum of the canary over sum of the baseline."""

    ratio: float
    lower: float
    upper: float
    p_above: float
    """One-sided p-value of "the true ratio is at most 1"."""
    p_below: float
    """One-sided p-value of "the true ratio is at least 1"."""
    blocks: int


def ratio_of_sums(*, baseline: Array, canary: Array, level: float = 0.98, block: int = 1) -> RatioOfSums:
    """The ratio of the sums of two series of pairs, by block sign flips: for series full of zeros.

    Parameters
    ----------
    baseline, canary : array
        Values of the same ticks, none negative.
    level : float
        The confidence level.
    block : int
        Ticks that are flipped together; more where neighbours are alike.

    Examples
    --------
    >>> import canary.stats
    >>> found = canary.stats.ratio_of_sums(baseline=[0, 2, 0, 1] * 5, canary=[0, 4, 0, 2] * 5)
    >>> found.ratio, found.p_above
    (2.0, 0.0009765625)
    """
    return RatioOfSums(*_canary.ratio_of_sums(*_sides(baseline, canary), level, block))


class Location(NamedTuple):
    """A location with its confidence interval."""

    estimate: float
    lower: float
    upper: float
    coverage: float
    """How often the interval covers: at least the level, and less where even the widest does not reach it."""


def hodges_lehmann(
    *, baseline: Array, canary: Array, level: float = 0.95, method: Method = "auto", continuity: bool = True
) -> Location:
    """The shift of the canary: the median of all differences, with the interval of the Mann-Whitney test.

    As R's ``wilcox.test(canary, baseline, conf.int = TRUE)``.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.hodges_lehmann(baseline=[1, 2, 3, 4], canary=[3, 4, 5, 6]).estimate
    2.0
    """
    return Location(*_canary.hodges_lehmann(*_sides(baseline, canary), level, method, continuity))


def pseudomedian(values: Array, *, level: float = 0.95) -> Location:
    """The centre of a sample: the median of the means of all pairs, with the interval of the signed-rank test.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.pseudomedian([1, 2, 3, 4, 100]).estimate
    3.0
    """
    return Location(*_canary.pseudomedian(_floats("values", values), level))


class MannWhitney(NamedTuple):
    """The rank test of two samples."""

    u: float
    """Pairs in which the canary is larger, ties counting half: ``scipy.stats.mannwhitneyu(canary, baseline)``."""
    relative_effect: float
    """``u`` over all pairs: the chance that a value of the canary is the larger one."""
    p_value: float


def mann_whitney(
    *,
    baseline: Array,
    canary: Array,
    alternative: Alternative = "two-sided",
    method: Method = "auto",
    continuity: bool = True,
) -> MannWhitney:
    """Mann and Whitney's test, exact with ties as well.

    Parameters
    ----------
    baseline, canary : array
        Two independent samples.
    alternative : {"two-sided", "less", "greater"}
        ``greater``: the canary is larger.
    method : {"auto", "exact", "normal"}
        Exact, conditional on the ties, unless that is too much work.
    continuity : bool
        Whether the normal approximation is corrected by half a step.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.mann_whitney(baseline=[1, 2, 3, 4], canary=[5, 6, 7, 8], alternative="greater").p_value
    0.014285714285714285
    """
    return MannWhitney(*_canary.mann_whitney(*_sides(baseline, canary), alternative, method, continuity))


class BrunnerMunzel(NamedTuple):
    """The rank test of two samples whose spreads may differ."""

    relative_effect: float
    statistic: float
    degrees: float
    p_value: float


def brunner_munzel(*, baseline: Array, canary: Array, alternative: Alternative = "two-sided") -> BrunnerMunzel:
    """Brunner and Munzel's test: Mann and Whitney's without equal spreads.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.brunner_munzel(baseline=[1, 2, 3, 4], canary=[2, 3, 5, 9]).relative_effect
    0.75
    """
    return BrunnerMunzel(*_canary.brunner_munzel(*_sides(baseline, canary), alternative))


class WelchT(NamedTuple):
    """The test of two means."""

    difference: float
    """Canary less baseline."""
    lower: float
    upper: float
    t: float
    degrees: float
    p_value: float


def welch_t(
    *, baseline: Array, canary: Array, alternative: Alternative = "two-sided", level: float = 0.95
) -> WelchT:
    """Welch's t test, with the interval of the difference of the means.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.welch_t(baseline=[1, 2, 3], canary=[3, 4, 5]).difference
    2.0
    """
    return WelchT(*_canary.welch_t(*_sides(baseline, canary), alternative, level))


class KolmogorovSmirnov(NamedTuple):
    """The largest gap between two distribution functions."""

    d: float
    p_value: float


def kolmogorov_smirnov(*, baseline: Array, canary: Array, method: Method = "auto") -> KolmogorovSmirnov:
    """The two-sample Kolmogorov-Smirnov test, exact with ties as well; ``normal`` is the limiting distribution.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.kolmogorov_smirnov(baseline=[1, 2, 3], canary=[4, 5, 6]).d
    1.0
    """
    return KolmogorovSmirnov(*_canary.kolmogorov_smirnov(*_sides(baseline, canary), method))


class AndersonDarling(NamedTuple):
    """All gaps between two distribution functions, weighted so that the tails count."""

    statistic: float
    standardised: float
    p_value: float


def anderson_darling(
    *, baseline: Array, canary: Array, ties: Literal["midrank", "right"] = "midrank"
) -> AndersonDarling:
    """The two-sample Anderson-Darling test.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.anderson_darling(baseline=range(20), canary=range(10, 30)).p_value < 0.01
    True
    """
    return AndersonDarling(*_canary.anderson_darling(*_sides(baseline, canary), ties))


class SpreadTest(NamedTuple):
    """A test of two spreads."""

    statistic: float
    p_value: float


def brown_forsythe(*, baseline: Array, canary: Array) -> SpreadTest:
    """Brown and Forsythe's test: Levene's with medians.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.brown_forsythe(baseline=[1, 2, 3, 4], canary=[1, 2, 3, 4]).p_value
    1.0
    """
    return SpreadTest(*_canary.brown_forsythe(*_sides(baseline, canary)))


def fligner_killeen(*, baseline: Array, canary: Array) -> SpreadTest:
    """Fligner and Killeen's test, by normal scores of ranks.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.fligner_killeen(baseline=range(30), canary=range(0, 300, 10)).p_value < 0.001
    True
    """
    return SpreadTest(*_canary.fligner_killeen(*_sides(baseline, canary)))


class SignedRank(NamedTuple):
    """Wilcoxon's test of paired differences."""

    v: float
    used: int
    p_value: float


def signed_rank(
    differences: Array, *, alternative: Alternative = "two-sided", method: Method = "auto", continuity: bool = True
) -> SignedRank:
    """Wilcoxon's signed-rank test of differences, canary less baseline.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.signed_rank([1, 2, 3, 4, 5]).p_value
    0.0625
    """
    return SignedRank(*_canary.signed_rank(_floats("differences", differences), alternative, method, continuity))


class SignTest(NamedTuple):
    """How many differences lie above zero."""

    positive: int
    used: int
    p_value: float


def sign_test(differences: Array, *, alternative: Alternative = "two-sided") -> SignTest:
    """The sign test of differences, canary less baseline.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.sign_test([1, 2, 3, -1, 0]).positive
    3
    """
    return SignTest(*_canary.sign_test(_floats("differences", differences), alternative))


class Distances(NamedTuple):
    """Two distances of two samples, in the unit of the values."""

    wasserstein: float
    energy: float


def distances(*, baseline: Array, canary: Array) -> Distances:
    """How far the distributions of two samples are from each other.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.distances(baseline=[0, 1, 2], canary=[1, 2, 3]).wasserstein
    1.0
    """
    return Distances(*_canary.distances(*_sides(baseline, canary)))


class RateRatio(NamedTuple):
    """The canary's rate of events over the baseline's."""

    ratio: float
    lower: float
    upper: float
    p_above: float
    """One-sided p-value of "the true ratio is at most 1"."""
    p_below: float
    """One-sided p-value of "the true ratio is at least 1"."""


def rate_ratio(
    *,
    baseline_events: float,
    baseline_exposure: float,
    canary_events: float,
    canary_exposure: float,
    level: float = 0.98,
    exact: bool = False,
) -> RateRatio:
    """The ratio of two rates from counts of events and what they are counted over, however few events.

    Parameters
    ----------
    baseline_events, canary_events : float
        How many.
    baseline_exposure, canary_exposure : float
        What they are counted over, in any unit: requests, seconds.
    level : float
        The confidence level.
    exact : bool
        Whether the observed split counts whole, as in R's ``poisson.test``: never above the level. Else it counts
        half (mid-p), which is near the level.

    Examples
    --------
    >>> import canary.stats
    >>> found = canary.stats.rate_ratio(
    ...     baseline_events=4, baseline_exposure=100_000, canary_events=9, canary_exposure=100_000)
    >>> found.ratio, found.lower < 1 < found.upper
    (2.25, True)
    """
    return RateRatio(
        *_canary.rate_ratio((baseline_events, baseline_exposure), (canary_events, canary_exposure), level, exact)
    )


def share(*, successes: int, trials: int, level: float = 0.95, method: Literal["wilson", "exact"] = "wilson") -> Estimate:
    """A share of successes with its interval: Wilson's, or Clopper and Pearson's.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.share(successes=5, trials=10).estimate
    0.5
    """
    return Estimate(*_canary.share(successes, trials, level, method))


class ShareRatio(NamedTuple):
    """Two shares of successes: the canary's over the baseline's, and less it."""

    ratio: Estimate
    difference: Estimate


def share_ratio(
    *,
    baseline_successes: int,
    baseline_trials: int,
    canary_successes: int,
    canary_trials: int,
    level: float = 0.95,
) -> ShareRatio:
    """Two shares of successes: their ratio (Miettinen & Nurminen) and their difference (Newcombe).

    Examples
    --------
    >>> import canary.stats
    >>> found = canary.stats.share_ratio(
    ...     baseline_successes=90, baseline_trials=100, canary_successes=45, canary_trials=100)
    >>> found.ratio.estimate
    0.5
    """
    ratio, difference = _canary.shares((baseline_successes, baseline_trials), (canary_successes, canary_trials), level)
    return ShareRatio(Estimate(*ratio), Estimate(*difference))


class InstanceShift(NamedTuple):
    """The shift between the instances of two sides."""

    estimate: float
    lower: float
    upper: float
    degrees: float | None
    """Degrees of freedom of Student's t; ``None`` where the interval is that of ranks."""


def instance_shift(*, baseline: Array, canary: Array, level: float = 0.95) -> InstanceShift:
    """The shift of the canary's instances, one value an instance: exact ranks, or Student's t where there are few.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.instance_shift(baseline=[10, 11, 12], canary=[13, 14, 15]).estimate
    3.0
    """
    return InstanceShift(*_canary.instance_shift(*_sides(baseline, canary), level))


class EffectiveSize(NamedTuple):
    """How much an autocorrelated series is worth."""

    effective: float
    """As many independent values."""
    variance: float
    """The long-run variance: that of the mean, times the number of values."""
    degrees: float
    """How many degrees of freedom that variance has."""
    autocorrelation: float
    """At lag 1."""
    used: int


def effective_sample_size(values: Array) -> EffectiveSize:
    """How many independent values a series is worth: the larger of two estimates of its long-run variance counts.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.effective_sample_size([0] * 50 + [1] * 50).effective < 5
    True
    """
    return EffectiveSize(*_canary.effective_sample_size(_floats("values", values)))


class HuberLocation(NamedTuple):
    """A robust location."""

    location: float
    scale: float
    inliers: int
    """Values that count with their own distance."""


def huber_location(values: Array) -> HuberLocation:
    """Huber's M-estimate of location, with the MAD as its fixed scale.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.huber_location([1, 2, 3, 4, 1000]).location
    3.0
    """
    return HuberLocation(*_canary.huber_location(_floats("values", values)))


def adjust(
    p_values: Array, *, method: Literal["bh", "by", "holm", "hochberg", "bonferroni"] = "bh"
) -> Sequence[float]:
    """Adjusted p-values, in the order given, as R's ``p.adjust``; NaN counts as 1.

    Examples
    --------
    >>> import canary.stats
    >>> canary.stats.adjust([0.01, 0.04, 0.03, 0.5], method="holm")
    [0.04, 0.09, 0.09, 0.5]
    """
    return _canary.adjust(_floats("p_values", p_values), method)
