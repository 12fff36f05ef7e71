"""The squeeze test: how many requests a second a build sustains."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _canary, records
from ._arguments import Duration, milliseconds, seeded
from ._errors import ConfigError, InputError
from ._files import decoded
from ._inputs import FrameLike
from ._throughput import Rendered, positive, source, texts

Runs = FrameLike | Sequence[FrameLike]
"""A run: a table of steps, or the path of what a load tool wrote; a list of them are repeats of one test."""


class SqueezeReport(Rendered[_canary.SqueezeReport], records.SqueezeFields):
    """Everything that a squeeze test says; rates are requests a second.

    Made by `canary.squeeze`, or read again by `SqueezeReport.from_json`. The fields are those of the JSON form, as
    attributes; see `canary.records.SqueezeFields`.

    Attributes
    ----------
    status : str
        What the test showed: ``measured``, or why there is a bound or no number at all.
    sweet_spot : records.Estimate or None
        What one instance sustains; its ``lower`` is the number to scale by.
    capacity : records.Estimate or None
        Good replies a second when more is offered than can be served.
    slo_crossing : records.Estimate or None
        The highest rate at which the objectives hold.
    comparison : records.SqueezeComparison or None
        The ratio to the baseline's sweet spot, in the words of a metric.
    steps : list of records.StepResult
        Each step as it was judged.
    """

    __slots__ = ("_native",)

    def __init__(self, data: Any = None) -> None:
        raise TypeError("a squeeze report comes from canary.squeeze or canary.SqueezeReport.from_json")

    @classmethod
    def _of(cls, native: _canary.SqueezeReport) -> SqueezeReport:
        report = cls.__new__(cls)
        report._native = native
        report._data = json.loads(native.to_json())
        return report

    @classmethod
    def from_json(cls, text: str | bytes) -> SqueezeReport:
        """Read a squeeze test in JSON, as `to_json` and ``canary squeeze -o squeeze.json`` write it.

        Raises
        ------
        InputError
            Where the text is no such test.
        """
        return cls._of(_canary.SqueezeReport.from_json(decoded(text, "the squeeze test")))

    def __reduce__(self) -> tuple[Any, ...]:
        return (SqueezeReport.from_json, (self.to_json(),))


def squeeze(
    run: Runs,
    *,
    slo: str | Iterable[str] | None = None,
    baseline: Runs | None = None,
    bounds: tuple[float, float] | None = None,
    rates: Iterable[float] | None = None,
    clients: Iterable[int] | None = None,
    step: Duration | None = None,
    seed: int = 0,
) -> SqueezeReport:
    """Say how many requests a second a build sustains, from the steps of a load test.

    Parameters
    ----------
    run : data frame, mapping or path, or a list of them
        A table with a row a step: ``offered_rps`` or ``concurrency``, ``duration_s``, ``ok`` or ``goodput_rps`` and
        what else is known, such as ``sent``, ``errors``, ``p99_ms``. Or the path of what vegeta, k6, oha, wrk, wrk2,
        hey, autocannon or Locust wrote: a file, or a folder with a file a step. Several are repeats of one test.
    slo : str or iterable of str, optional
        What users accept, such as ``"p99<120ms"``, ``"errors<0.1%"``, ``"bad(120ms)<0.5%"``; all must hold. Without
        any the sweet spot is the capacity.
    baseline : data frame, mapping or path, or a list of them, optional
        The same test of the old build, to compare with.
    bounds : tuple of float, optional
        The bounds on the ratio canary/baseline of the sweet spots; (0.8, 1.25) unless given.
    rates, clients : iterable of numbers, optional
        The intended load of each step, where neither output nor file names say it: requests a second, or clients.
    step : str or timedelta, optional
        How long each step was meant to last, for logs of requests, which do not say it.
    seed : int
        The seed of the resampling.

    Returns
    -------
    SqueezeReport
        What was not measured is said in its ``status``, and never raises.

    Raises
    ------
    ConfigError
        Where an argument is wrong.
    InputError
        Where a run cannot be read: no known form, no such column, a cell that is no number …

    Examples
    --------
    >>> import canary
    >>> offered = [40, 80, 120, 160, 200, 240, 280]
    >>> good = [1200, 2400, 3600, 4800, 5940, 5930, 5950]
    >>> steps = {"offered_rps": offered, "duration_s": [30] * 7, "sent": [30 * r for r in offered], "ok": good}
    >>> report = canary.squeeze(steps)
    >>> report.status, round(report.sweet_spot.estimate)
    ('measured', 198)
    """
    runs, old = _sources(run, "run"), [] if baseline is None else _sources(baseline, "baseline")
    loads = [positive("rates", rate) for rate in ([] if rates is None else rates)]
    users = [int(positive("clients", count)) for count in ([] if clients is None else clients)]
    step_ms = None if step is None else milliseconds("step", step)
    given = {"rates": loads, "clients": users, "step": step_ms}
    if loads and users:
        raise ConfigError("rates: found rates and clients, expected one of them", "rates")
    for key in [key for key, value in given.items() if value]:
        if not all(isinstance(one, str) for one in runs):
            raise ConfigError(f"{key}: found a table, whose columns say it; expected the output of a load tool", key)
    native = _canary.squeeze(
        runs,
        baseline=old,
        slo=texts("slo", slo),
        bounds=None if bounds is None else _pair(bounds),
        rates=loads,
        clients=users,
        step_ms=step_ms,
        seed=seeded(seed),
    )
    return SqueezeReport._of(native)


def _sources(runs: Runs, name: str) -> list[str | _canary.Frame]:
    if isinstance(runs, (str, Mapping)) or not isinstance(runs, Sequence):
        return [source(runs, name)]
    if not runs:
        raise ConfigError(f"{name}: found no run, expected one or several", name)
    return [source(one, f"{name}[{number}]") for number, one in enumerate(runs)]


def _pair(bounds: tuple[float, float]) -> tuple[float, float]:
    try:
        lower, upper = bounds
        return float(lower), float(upper)
    except (TypeError, ValueError):
        raise ConfigError(f"bounds: found {bounds!r}, expected two ratios such as (0.95, 1.25)", "bounds") from None


def stored(squeeze: Any) -> SqueezeReport:
    """A squeeze test, or the one in JSON at a path."""
    if isinstance(squeeze, SqueezeReport):
        return squeeze
    if not isinstance(squeeze, (str, os.PathLike)):
        found = type(squeeze).__name__
        raise ConfigError(f"squeeze: found a {found}, expected a SqueezeReport or the path of one", "squeeze")
    path = os.fspath(squeeze)
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error}") from error
    try:
        return SqueezeReport.from_json(text)
    except InputError as error:
        raise InputError(f"{path}: expected what `canary squeeze -o squeeze.json` writes: {error}") from None
