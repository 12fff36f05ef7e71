"""The methods give what SciPy gives, on random and degenerate arrays."""

from __future__ import annotations

import itertools
import math
import warnings
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.stats as scipy
from hypothesis import given, settings

import canary
from canary import stats

# Rounded, so that values are tied now and then; some arrays are constant.
NUMBERS = st.floats(-1e6, 1e6).map(lambda value: round(value, 1)) | st.integers(-3, 3).map(float)
SAMPLES = st.lists(NUMBERS, min_size=2, max_size=12)
SEEDED = settings(derandomize=True, max_examples=150, deadline=None)
ALTERNATIVES = st.sampled_from(["two-sided", "less", "greater"])
# Sums of the same terms in another order.
CLOSE: dict[str, float] = {"rel": 1e-9, "abs": 1e-12}


def quietly(test: Any, *arguments: Any, **named: Any) -> Any:
    """SciPy warns where a sample is degenerate; what it answers is compared all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return test(*arguments, **named)


@SEEDED
@given(SAMPLES, SAMPLES, ALTERNATIVES)
def test_mann_whitney(old: list[float], new: list[float], alternative: Any) -> None:
    found = stats.mann_whitney(baseline=old, canary=new, alternative=alternative, method="normal")
    expected = quietly(scipy.mannwhitneyu, new, old, alternative=alternative, method="asymptotic")
    assert found.u == expected.statistic
    # Where every value is tied nothing varies: SciPy divides by zero, and 1 is right.
    everything_tied = len({*old, *new}) == 1
    assert found.p_value == (pytest.approx(expected.pvalue, **CLOSE) if not everything_tied else 1.0)
    assert found.relative_effect == pytest.approx(found.u / (len(old) * len(new)), **CLOSE)


@SEEDED
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=14, unique=True), st.integers(1, 13), ALTERNATIVES)
def test_mann_whitney_exact_without_ties(values: list[int], cut: int, alternative: Any) -> None:
    old, new = values[: min(cut, len(values) - 1)], values[min(cut, len(values) - 1) :]
    found = stats.mann_whitney(baseline=old, canary=new, alternative=alternative, method="exact")
    expected = scipy.mannwhitneyu(new, old, alternative=alternative, method="exact")
    assert found.p_value == pytest.approx(expected.pvalue, **CLOSE)
    assert stats.mann_whitney(baseline=old, canary=new, alternative=alternative).p_value == found.p_value


@SEEDED
@given(SAMPLES, SAMPLES, ALTERNATIVES)
def test_brunner_munzel(old: list[float], new: list[float], alternative: Any) -> None:
    # SciPy's statistic has the sign of the other order; its p-value is NaN where the sides are separated.
    expected = quietly(scipy.brunnermunzel, old, new, alternative={"less": "greater", "greater": "less"}.get(alternative, "two-sided"))
    found = stats.brunner_munzel(baseline=old, canary=new, alternative=alternative)
    if math.isfinite(expected.pvalue):
        assert found.p_value == pytest.approx(expected.pvalue, **CLOSE)
    assert 0 <= found.relative_effect <= 1 and 0 <= found.p_value <= 1


@SEEDED
@given(SAMPLES, SAMPLES, ALTERNATIVES)
def test_welch_t(old: list[float], new: list[float], alternative: Any) -> None:
    found = stats.welch_t(baseline=old, canary=new, alternative=alternative)
    expected = quietly(scipy.ttest_ind, new, old, equal_var=False, alternative=alternative)
    interval = quietly(quietly(scipy.ttest_ind, new, old, equal_var=False).confidence_interval)
    if np.std(old) + np.std(new) > 1e-9:
        # Means of values up to 1e6 lose ten digits where they are nearly equal.
        scale = max(map(abs, [*old, *new]))
        assert found.difference == pytest.approx(np.mean(new) - np.mean(old), abs=1e-12 * scale)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
        assert (found.lower, found.upper) == pytest.approx(tuple(interval), rel=1e-7, abs=1e-9 * scale)


@SEEDED
@given(SAMPLES, SAMPLES)
def test_kolmogorov_smirnov(old: list[float], new: list[float]) -> None:
    found = stats.kolmogorov_smirnov(baseline=old, canary=new)
    expected = quietly(scipy.ks_2samp, old, new, method="exact")
    assert found.d == pytest.approx(expected.statistic, **CLOSE)
    if len({*old, *new}) == len(old) + len(new):
        assert found.p_value == pytest.approx(expected.pvalue, **CLOSE)
    elif len(old) + len(new) <= 9:
        # With ties SciPy's exact p-value ignores them: every arrangement of the pooled values is the oracle.
        pooled, gaps = [*old, *new], []
        for chosen in itertools.combinations(range(len(pooled)), len(old)):
            rest = [value for place, value in enumerate(pooled) if place not in chosen]
            gaps.append(scipy.ks_2samp([pooled[place] for place in chosen], rest, method="asymp").statistic)
        assert found.p_value == pytest.approx(np.mean(np.array(gaps) >= found.d - 1e-9), **CLOSE)


@SEEDED
@given(SAMPLES, SAMPLES)
def test_anderson_darling(old: list[float], new: list[float]) -> None:
    if len({*old, *new}) == 1:
        # SciPy refuses; there is no gap.
        assert stats.anderson_darling(baseline=old, canary=new).statistic == 0.0
        return
    for ties, midrank in (("midrank", True), ("right", False)):
        found = stats.anderson_darling(baseline=old, canary=new, ties=ties)  # type: ignore[arg-type]
        variant = {"variant": "midrank" if midrank else "right"}
        expected = quietly(scipy.anderson_ksamp, [np.array(old), np.array(new)], **variant)
        assert found.standardised == pytest.approx(expected.statistic, rel=1e-7, abs=1e-9)


@SEEDED
@given(st.lists(NUMBERS, min_size=3, max_size=12), st.lists(NUMBERS, min_size=3, max_size=12))
def test_spread(old: list[float], new: list[float]) -> None:
    found, expected = stats.brown_forsythe(baseline=old, canary=new), quietly(scipy.levene, old, new, center="median")
    if math.isfinite(expected.statistic) and expected.statistic < 1e12:
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)
    expected = quietly(scipy.fligner, old, new, center="median")
    deviations = {abs(value - np.median(side)) for side in (old, new) for value in side}
    # Deviations that differ by rounding alone are tied for one and not for the other.
    if math.isfinite(expected.statistic) and len({round(one, 6) for one in deviations}) == len(deviations):
        found = stats.fligner_killeen(baseline=old, canary=new)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-6, abs=1e-9)


@SEEDED
@given(st.lists(NUMBERS, min_size=1, max_size=14), ALTERNATIVES)
def test_differences(values: list[float], alternative: Any) -> None:
    signs = stats.sign_test(values, alternative=alternative)
    positive, used = sum(value > 0 for value in values), sum(value != 0 for value in values)
    assert (signs.positive, signs.used) == (positive, used)
    if used:
        expected = scipy.binomtest(positive, used, alternative=alternative)
        assert signs.p_value == pytest.approx(expected.pvalue, **CLOSE)
    magnitudes = [abs(value) for value in values]
    if 0.0 not in values and len(set(magnitudes)) == len(values):
        exact = quietly(scipy.wilcoxon, values, alternative=alternative, method="exact")
        assert stats.signed_rank(values, alternative=alternative).p_value == pytest.approx(exact.pvalue, **CLOSE)


@SEEDED
@given(SAMPLES, SAMPLES)
def test_distances(old: list[float], new: list[float]) -> None:
    found = stats.distances(baseline=old, canary=new)
    scale = max(map(abs, [*old, *new]))
    assert found.wasserstein == pytest.approx(scipy.wasserstein_distance(old, new), rel=1e-9, abs=1e-12 * scale)
    assert found.energy == pytest.approx(scipy.energy_distance(old, new), rel=1e-7, abs=1e-6 * math.sqrt(scale))


@SEEDED
@given(SAMPLES, SAMPLES)
def test_hodges_lehmann_is_the_median_of_all_differences(old: list[float], new: list[float]) -> None:
    found = stats.hodges_lehmann(baseline=old, canary=new)
    assert found.estimate == pytest.approx(np.median(np.subtract.outer(new, old)), rel=1e-12, abs=1e-9)
    assert found.lower <= found.estimate <= found.upper


@SEEDED
@given(st.lists(NUMBERS, min_size=1, max_size=14))
def test_the_pseudomedian_is_the_median_of_the_means_of_all_pairs(values: list[float]) -> None:
    pairs = [(one + other) / 2 for place, one in enumerate(values) for other in values[place:]]
    assert stats.pseudomedian(values).estimate == pytest.approx(np.median(pairs), rel=1e-12, abs=1e-9)


@SEEDED
@given(st.lists(st.floats(0, 1), max_size=20))
def test_adjusted_p_values(p_values: list[float]) -> None:
    for method in ("bh", "by"):
        expected = scipy.false_discovery_control(p_values, method=method) if p_values else []
        assert stats.adjust(p_values, method=method) == pytest.approx(list(expected), **CLOSE)  # type: ignore[arg-type]
    count = len(p_values)
    assert stats.adjust(p_values, method="bonferroni") == [min(1.0, count * p) for p in p_values]
    holm, hochberg = stats.adjust(p_values, method="holm"), stats.adjust(p_values, method="hochberg")
    assert all(p <= up <= down for p, up, down in zip(p_values, hochberg, holm, strict=True))


@SEEDED
@given(st.integers(0, 30), st.integers(1, 30), st.floats(0.5, 0.999))
def test_shares(successes: int, more: int, level: float) -> None:
    trials = successes + more
    for method, theirs in (("wilson", "wilson"), ("exact", "exact")):
        found = stats.share(successes=successes, trials=trials, level=level, method=method)  # type: ignore[arg-type]
        expected = scipy.binomtest(successes, trials).proportion_ci(level, method=theirs)
        assert (found.lower, found.upper) == pytest.approx((expected.low, expected.high), rel=1e-8, abs=1e-10)


@SEEDED
@given(st.integers(0, 40), st.integers(0, 40), st.floats(1, 100), st.floats(1, 100))
def test_rates(old: int, new: int, before: float, after: float) -> None:
    found = stats.rate_ratio(
        baseline_events=old, baseline_exposure=before, canary_events=new, canary_exposure=after, exact=True, level=0.9
    )
    if old + new == 0:
        assert math.isnan(found.ratio) and (found.lower, found.upper) == (0, math.inf)
        return
    test = scipy.binomtest(new, old + new, after / (before + after), alternative="greater")
    assert found.p_above == pytest.approx(test.pvalue, rel=1e-8, abs=1e-14)
    share = scipy.binomtest(new, old + new).proportion_ci(0.9, method="exact")
    assert found.lower == pytest.approx(share.low / (1 - share.low) * before / after if old or share.low < 1 else 0, rel=1e-7, abs=1e-12)


def test_the_ratio_is_that_of_the_judge() -> None:
    rng = np.random.default_rng(1)
    noise = np.convolve(rng.normal(size=300), [0.5, 0.3, 0.2], "valid") * 0.05
    old, new = 100 * np.exp(rng.normal(size=298) * 0.03), 130 * np.exp(noise)
    minutes = list(range(298))
    report = canary.score(
        {"timestamp": minutes, "a": old}, {"timestamp": minutes, "a": new}, time_unit="s", config={"defaults": {"level": 0.9}}
    )
    metric = report.metrics["a"]
    assert metric.window == "full" and metric.interval is not None
    found = stats.ratio_interval(baseline=old, canary=new, level=metric.interval.level)
    # The same steps on the same numbers; the judge scales values by a power of two before, which changes no digit.
    assert (found.ratio, found.lower, found.upper) == pytest.approx(
        (metric.ratio, metric.interval.lower, metric.interval.upper), rel=1e-12
    )
    assert found.effective == pytest.approx(metric.points.effective, rel=1e-12)


def test_intervals_cover() -> None:
    """Of 400 pairs of autocorrelated series without a change, 98 % intervals leave out 1 in 2 % or so."""
    rng = np.random.default_rng(2)
    missed = 0
    for _ in range(400):
        noise = np.zeros((2, 240))
        for tick in range(1, 240):
            noise[:, tick] = 0.6 * noise[:, tick - 1] + rng.normal(size=2) * 0.1
        found = stats.ratio_interval(baseline=np.exp(noise[0]), canary=np.exp(noise[1]))
        missed += not found.lower <= 1 <= found.upper
    # Binomial(400, 0.02) exceeds 20 in 1 of 10,000 seeds.
    assert missed <= 20


def test_ratio_of_sums_counts_every_pattern_of_signs() -> None:
    old, new = [0, 2, 0, 1, 0, 3, 1, 2], [1, 3, 0, 2, 1, 4, 0, 5]
    found = stats.ratio_of_sums(baseline=old, canary=new)
    differences = [b - a for a, b in zip(old, new, strict=True) if a or b]
    signs = np.array(np.meshgrid(*[[1, -1]] * len(differences))).reshape(len(differences), -1)
    assert found.p_above == pytest.approx(np.mean(signs.T @ differences >= sum(differences)), rel=1e-12)
    assert found.ratio == sum(new) / sum(old) and found.lower <= found.ratio <= found.upper


def test_an_autocorrelated_series_is_worth_less() -> None:
    rng = np.random.default_rng(3)
    white = rng.normal(size=1000)
    walk = np.zeros(1000)
    for tick in range(1, 1000):
        walk[tick] = 0.8 * walk[tick - 1] + white[tick]
    assert stats.effective_sample_size(white).effective > 600
    found = stats.effective_sample_size(walk)
    # An AR(1) of 0.8 is worth (1 - 0.8) / (1 + 0.8) of its length, 111; the estimate varies by a third.
    assert 60 < found.effective < 170
    assert found.autocorrelation == pytest.approx(np.corrcoef(walk[1:], walk[:-1])[0, 1], abs=0.01)


def test_instances_by_exact_ranks() -> None:
    old, new = [10.0, 11.0, 12.5, 9.0, 10.7], [13.0, 14.5, 12.0, 15.0, 13.3]
    found = stats.instance_shift(baseline=old, canary=new, level=0.9)
    assert found.degrees is None and found.estimate == pytest.approx(np.median(np.subtract.outer(new, old)))
    few = stats.instance_shift(baseline=old, canary=new[:1], level=0.999)
    assert few.degrees == pytest.approx(4)


@pytest.mark.parametrize("make", [list, tuple, np.array, pd.Series, pl.Series, pa.array, lambda v: pa.chunked_array([v])])
def test_any_array(make: Any) -> None:
    values = [3.0, 1.0, None, 2.0] if make not in (np.array,) else [3.0, 1.0, float("nan"), 2.0]
    assert stats.huber_location(make(values)).location == pytest.approx(2.0)
    assert stats.pseudomedian(make([1, 2, 3])).estimate == 2.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: stats.huber_location([]), "found 0 finite values"),
        (lambda: stats.mann_whitney(baseline=[1], canary=[float("nan")]), "canary: found 0 finite values"),
        (lambda: stats.welch_t(baseline=[1], canary=[1, 2]), "found 1 finite values, expected 2"),
        (lambda: stats.huber_location(["a"]), "values: found texts; expected numbers"),
        (lambda: stats.huber_location([[1.0]]), "found a list"),
        (lambda: stats.huber_location(np.zeros((2, 2))), "2 dimensions"),
        (lambda: stats.huber_location("abc"), "found a str"),
        (lambda: stats.ratio_interval(baseline=[1], canary=[1, 2]), "canary: found 2 values, expected 1"),
        (lambda: stats.ratio_interval(baseline=[0] * 9, canary=[0] * 9), "found 0 pairs of values above zero"),
        (lambda: stats.ratio_of_sums(baseline=[-1], canary=[1]), "values that are not negative"),
        (lambda: stats.ratio_interval(baseline=[1] * 9, canary=[1] * 9, level=1), "level: found 1, expected a number"),
        (lambda: stats.adjust([2.0]), "found 2, expected probabilities"),
        (lambda: stats.adjust([0.2], method="fdr"), "method: found `fdr`"),  # type: ignore[arg-type]
        (lambda: stats.share(successes=3, trials=2), "found 3 successes of 2 trials"),
        (lambda: stats.instance_shift(baseline=[], canary=[1]), "a side without instances"),
        (lambda: stats.mann_whitney(baseline=[1], canary=[2], alternative="up"), "alternative: found `up`"),  # type: ignore[arg-type]
        (
            lambda: stats.rate_ratio(baseline_events=-1, baseline_exposure=1, canary_events=1, canary_exposure=1),
            "baseline: found -1 events in 1",
        ),
    ],
)
def test_what_has_no_answer_says_so(call: Any, message: str) -> None:
    with pytest.raises(canary.CanaryError, match=None) as caught:
        call()
    assert message in str(caught.value) or message in f"{getattr(caught.value, 'key', '')}: {caught.value}"


def test_sides_go_by_name() -> None:
    with pytest.raises(TypeError):
        stats.mann_whitney([1, 2], [3, 4])  # type: ignore[misc]
    assert isinstance(stats.mann_whitney(baseline=[1, 2], canary=[3, 4]), tuple)
