"""Throughput, or any number, over builds."""

from __future__ import annotations

import json
from typing import Any

from . import _canary, records
from ._errors import ConfigError
from ._inputs import FrameLike
from ._throughput import Rendered, positive, source


class TrendReport(Rendered[_canary.TrendReport], records.TrendFields):
    """What a history of builds says. Made by `canary.trend`.

    The fields are those of the JSON form, as attributes; see `canary.records.TrendFields`. Places count from 0, in the
    order of the history.

    Attributes
    ----------
    changes : list of records.Change
        Confirmed changes of level, oldest first; ``regression`` says whether one went the wrong way.
    regressed : bool
        Whether the latest fall is not made good by the newest level; several regressions in a row are one fall.
    suspect : records.Suspect or None
        The newest build with a number, where it stands apart: run its test again.
    newest_unknown : str or None
        The newest build where it has neither a number nor a bound: run its test again.
    builds, needed : int
        Builds with a number or a bound, and the fewest of them in which a change can be found.
    levels : list of records.Level
        The stretches between the changes.
    """

    __slots__ = ("_native",)

    def __init__(self, data: Any = None) -> None:
        raise TypeError("a trend comes from canary.trend")

    @classmethod
    def _of(cls, native: _canary.TrendReport) -> TrendReport:
        report = cls.__new__(cls)
        report._native = native
        report._data = json.loads(native.to_json())
        return report

    def __reduce__(self) -> tuple[Any, ...]:
        return (_trend_from, (self._native.dump(),))


def _trend_from(text: str) -> TrendReport:
    return TrendReport._of(_canary.TrendReport.load(text))


def trend(
    history: FrameLike,
    *,
    column: str = "throughput_rps",
    series: str | None = None,
    lower_is_better: bool = False,
    min_change: float = 0.02,
    peak: float | None = None,
) -> TrendReport:
    """Find the builds from which on a number changed.

    Parameters
    ----------
    history : data frame, mapping or path
        The builds in their order: a table with the columns ``build`` and `column`, and where there are such
        ``COLUMN_lower`` and ``COLUMN_upper``, the ends of its interval, or the bound where the number is missing, and
        ``series``. Or the path of such a table, or of a history that ``canary trend --add`` keeps.
    column : str
        The number; of a kept history it is the sweet spot.
    series : str, optional
        Which results can be compared: those of the same service, workload, machine and objectives. The only one of a
        kept history unless given.
    lower_is_better : bool
        For start times, latencies.
    min_change : float
        Changes smaller than this share are not reported.
    peak : float, optional
        The fleet's peak, requests a second, for what a change costs in instances.

    Returns
    -------
    TrendReport

    Raises
    ------
    ConfigError
        Where an argument is wrong.
    InputError
        Where the history cannot be read: no such column, a cell that is no number, no such series …

    Examples
    --------
    >>> import canary
    >>> builds = [f"1.{number}" for number in range(30)]
    >>> rates = [200 + number * 7 % 5 for number in range(18)] + [180 + number * 7 % 5 for number in range(12)]
    >>> found = canary.trend({"build": builds, "throughput_rps": rates}, peak=9000)
    >>> [(change.build, change.regression, change.instances) for change in found.changes]
    [('1.18', True, 5)]
    >>> found.regressed, found.newest_unknown
    (True, None)
    """
    if not isinstance(min_change, (int, float)) or not 0 <= min_change < 1:
        raise ConfigError(f"min_change: found {min_change!r}, expected a share from 0 to below 1", "min_change")
    native = _canary.trend(
        source(history, "history"),
        column=column,
        series=series,
        lower_is_better=lower_is_better,
        min_change=float(min_change),
        peak=None if peak is None else positive("peak", peak),
    )
    return TrendReport._of(native)
