"""Scoring, replaying, calibrating."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from . import _canary, records
from ._arguments import Duration, Judge, Layout, Time, TimeUnit, milliseconds, reading, run
from ._config import Config, ConfigLike
from ._errors import ConfigError, InputError
from ._inputs import FrameLike, frame
from ._report import Report
from ._squeeze import SqueezeReport, stored

HALVES = "halves"


def score(
    baseline: FrameLike,
    canary: FrameLike | None = None,
    *,
    config: ConfigLike = None,
    judge: Judge | None = None,
    pass_: float | None = None,
    marginal: float | None = None,
    warmup: Duration | None = None,
    columns: Mapping[str, str] | None = None,
    seed: int = 0,
    threads: int | None = None,
    layout: Layout | None = None,
    time_unit: TimeUnit | None = None,
    regions: Iterable[str] | None = None,
    metrics: Iterable[str] | None = None,
    start: Time | None = None,
    end: Time | None = None,
    step: Duration | None = None,
    deployed: Time | None = None,
    control: FrameLike | Literal["halves"] | None = None,
    compare: Literal["kayenta"] | None = None,
    squeeze: SqueezeReport | str | os.PathLike[str] | None = None,
) -> Report:
    """Compare a canary with its baseline and give a verdict.

    A bad verdict is a result, never an exception. While it judges other threads of Python run, and Ctrl-C works.

    Parameters
    ----------
    baseline, canary : data frame, mapping or path
        The old and the new build's metrics: anything with the Arrow PyCapsule interface (polars, pandas, pyarrow,
        DuckDB), a mapping of column names to arrays, or the path of a file, a folder or a glob. Long (``metric``,
        ``timestamp``, ``value`` and, where there are such, ``region``, ``instance``, ``group``) or wide
        (``timestamp`` and a column a metric). Without `canary`, `baseline` holds both sides in a column ``side``.
    config : Config, mapping or path, optional
        Thresholds, rules and groups; none is needed.
    judge : {"interval", "bounds", "kayenta"}, optional
        How metrics are compared where no rule says otherwise; ``interval`` unless the configuration says otherwise.
    pass_, marginal : float, optional
        The scores from which a run passes, and below which it fails; 95 and 75 unless the configuration says otherwise.
    warmup : str or timedelta, optional
        Leave out the first part of the canary's life, such as ``"10m"``.
    columns : mapping, optional
        Names of columns by role, such as ``{"metric": "name"}``. Roles: metric, timestamp, value, instance, region,
        group, side.
    seed : int
        The seed of the randomised methods.
    threads : int, optional
        Threads for judging; as many as there are cores unless given. Changes no result.
    layout : {"long", "wide"}, optional
        Detected unless given.
    time_unit : {"s", "ms", "us", "ns"}, optional
        The unit of whole-number timestamps.
    regions, metrics : iterable of str, optional
        Judge only these regions, and only metrics whose whole name matches one of these patterns.
    start, end : str or datetime, optional
        From this time on, and up to this one, which is left out. Without a zone they are UTC.
    step : str or timedelta, optional
        The time between points; inferred unless given.
    deployed : str or datetime, optional
        When the canary got the new build: what comes before is each side's own past.
    control : data frame, mapping, path or "halves", optional
        Other machines of the old build: a live A/A. Intervals are widened by how much equal machines differ.
        ``"halves"``: the baseline's own instances in two halves.
    compare : {"kayenta"}, optional
        Ask another tool's rule as well: the report says where it differs and why.
    squeeze : SqueezeReport or path, optional
        One more metric, ``squeeze.sweet_spot``: what `canary.squeeze` found of both builds, given a baseline.

    Returns
    -------
    Report

    Raises
    ------
    ConfigError
        Where the configuration or an argument is wrong.
    InputError
        Where the data cannot be taken in: no such column, a cell that is no number …

    Examples
    --------
    >>> import canary
    >>> minutes = list(range(120))
    >>> old = {"timestamp": minutes, "errors": [5.0 + m % 3 for m in minutes]}
    >>> report = canary.score(old, old | {"errors": [5.2 + m % 3 for m in minutes]}, time_unit="s", step="1s")
    >>> report.verdict
    'pass'
    """
    how = reading(columns, layout, time_unit)
    what = run(
        config, judge=judge, pass_=pass_, marginal=marginal, warmup=warmup, seed=seed, threads=threads,
        compare=compare, deployed=deployed, regions=regions, metrics=metrics, start=start, end=end, step=step,
    )  # fmt: skip
    if squeeze is not None:
        what = what.with_squeeze(stored(squeeze)._native)
    first, second = _both(baseline, canary, how)
    halves = isinstance(control, str) and control == HALVES
    other = None if control is None or halves else frame(control, "control", how, "one")
    return Report._of(_canary.score(what, how, first, second, control=other, halves=halves))


def _both(
    baseline: FrameLike, canary: FrameLike | None, how: _canary.Reading
) -> tuple[_canary.Frame, _canary.Frame | None]:
    if canary is None:
        return frame(baseline, "baseline", how, "both"), None
    return frame(baseline, "baseline", how, "one"), frame(canary, "canary", how, "one")


class Replay(records.ReplayFields):
    """What every look at a recording said. Made by `canary.replay`.

    Attributes
    ----------
    looks : list of records.LookResult
        The looks that were taken; none after the one that stopped.
    stopped : records.Stopped or None
        Where a running canary would have been stopped.
    budget : records.Budget
        What the looks share.
    """

    __slots__ = ("_native",)
    _native: _canary.Replay

    def __init__(self, data: Any = None) -> None:
        raise TypeError("a replay comes from canary.replay")

    @classmethod
    def _of(cls, native: _canary.Replay) -> Replay:
        replay = cls.__new__(cls)
        replay._native = native
        replay._data = json.loads(native.head())
        return replay

    @property
    def report(self) -> Report:  # type: ignore[override]
        """The last look's report."""
        return Report._of(self._native.report)

    def to_json(self) -> str:
        """As JSON, as ``canary replay --format json`` writes it."""
        return self._native.to_json()

    def to_table(self, *, width: int | None = None, rows: int = 12) -> str:
        """As the command line prints it: a line a look, then the last one's report."""
        return self._native.to_table(width=width or shutil.get_terminal_size((100, 24)).columns, rows=rows)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, the report included."""
        values: dict[str, Any] = json.loads(self.to_json())
        return values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Replay) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return (_replay_from_json, (self.to_json(),))

    def __repr__(self) -> str:
        return self.to_table().rstrip("\n")


def _replay_from_json(text: str) -> Replay:
    return Replay._of(_canary.Replay.from_json(text))


def replay(
    baseline: FrameLike,
    canary: FrameLike | None = None,
    *,
    every: Duration,
    config: ConfigLike = None,
    judge: Judge | None = None,
    pass_: float | None = None,
    marginal: float | None = None,
    warmup: Duration | None = None,
    columns: Mapping[str, str] | None = None,
    seed: int = 0,
    threads: int | None = None,
    layout: Layout | None = None,
    time_unit: TimeUnit | None = None,
    regions: Iterable[str] | None = None,
    metrics: Iterable[str] | None = None,
    start: Time | None = None,
    end: Time | None = None,
    step: Duration | None = None,
    deployed: Time | None = None,
    compare: Literal["kayenta"] | None = None,
    squeeze: SqueezeReport | str | os.PathLike[str] | None = None,
) -> Replay:
    """Judge recorded data as a running canary would have been: look after look, stopped early where it fails.

    All looks share the chance of a false alarm, and none knows what came later.

    Parameters
    ----------
    baseline, canary : data frame, mapping or path
        As in `canary.score`, and so are all other parameters.
    every : str or timedelta
        The time between looks, such as ``"30m"``, counted from when both sides live; the last look is at the end.

    Returns
    -------
    Replay

    Examples
    --------
    >>> import canary
    >>> seconds = list(range(120))
    >>> old = {"timestamp": seconds, "latency": [100.0 + s % 7 for s in seconds]}
    >>> new = {"timestamp": seconds, "latency": [150.0 + s % 7 for s in seconds]}
    >>> replay = canary.replay(old, new, every="30s", time_unit="s")
    >>> len(replay.looks), replay.stopped.because
    (1, ['score_below_marginal'])
    """
    how = reading(columns, layout, time_unit)
    what = run(
        config, judge=judge, pass_=pass_, marginal=marginal, warmup=warmup, seed=seed, threads=threads,
        compare=compare, deployed=deployed, regions=regions, metrics=metrics, start=start, end=end, step=step,
    )  # fmt: skip
    if squeeze is not None:
        what = what.with_squeeze(stored(squeeze)._native)
    between = milliseconds("every", every)
    first, second = _both(baseline, canary, how)
    return Replay._of(_canary.replay(what, how, between, first, second))


def explain(report: Report | str, metric: str, *, region: str | None = None, width: int = 100) -> str:
    """Say why a metric has its state, and what would change it.

    Parameters
    ----------
    report : Report or str
        A report, or one in JSON.
    metric : str
        The metric: its name, a pattern such as ``*latency*``, or a part that only one name has.
    region : str, optional
        Its result in this region; in all of them unless given.
    width : int
        Columns a line may take.
    """
    if isinstance(report, str):
        report = Report.from_json(report)
    return report.explain(metric, region=region, width=width)


class Calibration:
    """A configuration that healthy runs propose. Made by `canary.calibrate`.

    Attributes
    ----------
    config : Config
        The configuration; ``config.to_toml()`` holds what was seen as comments.
    metrics : int
        Distinct metrics of the past.
    left_out : int
        Metrics that were left out of the score, as idle or too noisy.
    runs : list of str
        How each run was taken: ``pair``, or one side split by ``instances`` or by ``ticks``. Bounds from ticks are
        too narrow rather than too wide: they hold nothing of what two machines differ by.
    """

    __slots__ = ("config", "left_out", "metrics", "runs")

    def __init__(self, config: Config, metrics: int, left_out: int, runs: list[str]) -> None:
        self.config, self.metrics, self.left_out, self.runs = config, metrics, left_out, runs

    def to_toml(self) -> str:
        """The configuration as TOML, with what was seen as comments."""
        return self.config.to_toml()

    def __repr__(self) -> str:
        return f"Calibration({self.metrics} metrics, {self.left_out} left out, runs: {', '.join(self.runs)})"


def calibrate(
    history: Sequence[FrameLike | tuple[FrameLike, FrameLike]],
    *,
    columns: Mapping[str, str] | None = None,
    layout: Layout | None = None,
    time_unit: TimeUnit | None = None,
    seed: int = 0,
) -> Calibration:
    """Propose a configuration from healthy runs of the past.

    Parameters
    ----------
    history : sequence
        Runs in which nothing was wrong: pairs (baseline, canary), or single sides, which are split in two.
    columns, layout, time_unit
        As in `canary.score`.
    seed : int
        The seed of the coin that deals ticks out.

    Returns
    -------
    Calibration

    Examples
    --------
    >>> import canary
    >>> seconds = list(range(240))
    >>> side = lambda shift: {"timestamp": seconds, "latency": [100.0 + (s * 7 + shift) % 11 for s in seconds]}
    >>> found = canary.calibrate([(side(0), side(3)), (side(1), side(5)), (side(2), side(9))], time_unit="s")
    >>> found.metrics, found.runs
    (1, ['pair', 'pair', 'pair'])
    """
    how = reading(columns, layout, time_unit)
    if isinstance(history, (str, bytes, Mapping)) or not isinstance(history, Sequence):
        raise ConfigError("history: expected a list of runs, each a pair (baseline, canary) or a single side", "history")
    runs: list[tuple[_canary.Frame, _canary.Frame | None]] = []
    for number, one in enumerate(history):
        if isinstance(one, tuple):
            if len(one) != 2:
                raise ConfigError(f"history[{number}]: found {len(one)} frames, expected 2", "history")
            old, new = one
            sides = frame(old, f"history[{number}] baseline", how, "one"), frame(new, f"history[{number}] canary", how, "one")
            runs.append(sides)
        else:
            runs.append((frame(one, f"history[{number}]", how, "any"), None))
    found = _canary.calibrate(how, runs, seed)
    if found.metrics == 0:
        raise InputError("history: found no metrics to learn from")
    return Calibration(Config._of(found.config), found.metrics, found.left_out, list(found.runs))
