"""The metrics of a report: one by one, or as a table."""

from __future__ import annotations

import datetime as dt
import html
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

from . import _canary, records

if TYPE_CHECKING:
    import pandas
    import polars

SHOWN = 10
"""Rows of a table that `repr` shows."""


class Series(records.Series):
    """The series of one metric, on the grid of the report."""

    __slots__ = ("_start", "_step")
    _start: dt.datetime | None
    _step: dt.timedelta

    def __init__(self, data: dict[str, Any], start: dt.datetime | None, step: dt.timedelta) -> None:
        super().__init__(data)
        self._start, self._step = start, step

    @property
    def time(self) -> list[dt.datetime] | None:
        """The start of each tick, in UTC; ``None`` where the data carry no clock."""
        start, step = self._start, self._step
        return None if start is None else [start + tick * step for tick in range(len(self.baseline))]

    def _columns(self) -> dict[str, list[Any]]:
        columns: dict[str, list[Any]] = {"time": self.time or list(range(len(self.baseline)))}
        for side, values, band in (
            ("baseline", self.baseline, self.baseline_band),
            ("canary", self.canary, self.canary_band),
        ):
            columns[side] = values
            if band is not None:
                columns |= {f"{side}_lower": band.lower, f"{side}_upper": band.upper}
        return columns

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas frame with the columns time, baseline and canary, and bands where there are instances."""
        import pandas as pd

        return pd.DataFrame(self._columns()).set_index("time")

    def to_polars(self) -> polars.DataFrame:
        """As a polars frame, in the same columns."""
        import polars as pl

        return pl.DataFrame(self._columns())

    def __reduce__(self) -> tuple[Any, ...]:
        return (Series, (self._data, self._start, self._step))


class Metric(records.MetricResult):
    """What is said of one metric in one region."""

    __slots__ = ("_native", "_place")
    _native: _canary.Report
    _place: int

    def __init__(self, native: _canary.Report, place: int) -> None:
        text = native.metric(place)
        if text is None:
            raise IndexError(f"no metric at {place}")
        super().__init__(json.loads(text))
        self._native, self._place = native, place

    @property
    def series(self) -> Series | None:  # type: ignore[override]
        """The series of both sides as the judge saw them; ``None`` where the report was stored without."""
        text = self._native.series(self._place)
        if text is None:
            return None
        inputs = json.loads(self._native.head())["inputs"]
        start = inputs["start"] and dt.datetime.fromisoformat(inputs["start"].replace("Z", "+00:00"))
        return Series(json.loads(text), start or None, dt.timedelta(seconds=inputs["step_seconds"] or 0))

    def explain(self, *, width: int = 100) -> str:
        """Why the metric has its state, and what would change it, in words."""
        return self._native.explain(self._place, width) or ""

    def __reduce__(self) -> tuple[Any, ...]:
        return (records.MetricResult, (self._data,))


class Metrics:
    """Metrics of a report, in its order: the most important first. They can be counted, indexed and gone through.

    Every library that reads Arrow takes it as it is: ``polars.DataFrame(report.metrics)``,
    ``pyarrow.table(report.metrics)``, ``duckdb.table("metrics")`` after ``metrics = report.metrics``.

    Examples
    --------
    >>> import canary
    >>> minutes = list(range(60))
    >>> old = {"timestamp": minutes, "latency": [100.0 + m % 7 for m in minutes]}
    >>> new = {"timestamp": minutes, "latency": [150.0 + m % 11 for m in minutes]}
    >>> report = canary.score(old, new, time_unit="s", step="1s")
    >>> [metric.name for metric in report.hot]
    ['latency']
    >>> report.metrics[0].state, round(report.metrics["latency"].ratio, 2)
    ('hot', 1.5)
    """

    __slots__ = ("_native", "_places")

    def __init__(self, native: _canary.Report, places: list[int]) -> None:
        self._native, self._places = native, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, key: int | str) -> Metric: ...
    @overload
    def __getitem__(self, key: slice) -> Metrics: ...
    def __getitem__(self, key: int | str | slice) -> Metric | Metrics:
        if isinstance(key, slice):
            return Metrics(self._native, self._places[key])
        if isinstance(key, str):
            for place in self._native.find(key, None):
                if place in self._places:
                    metric = Metric(self._native, place)
                    if metric.name == key:
                        return metric
            raise KeyError(key)
        return Metric(self._native, self._places[key])

    def __iter__(self) -> Iterator[Metric]:
        return (Metric(self._native, place) for place in self._places)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._native.stream(self._places)

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas frame, one row a metric. Needs pandas only."""
        import pandas as pd

        return pd.DataFrame(self._native.columns(self._places))

    def to_polars(self) -> polars.DataFrame:
        """As a polars frame, one row a metric."""
        import polars as pl

        return pl.DataFrame(self)

    def _rows(self) -> list[list[str]]:
        rows = []
        for metric in self[:SHOWN]:
            interval = metric.interval
            ends = "" if interval is None else f"[{_number(interval.lower)}, {_number(interval.upper)}]"
            averages = (_number(metric.average.baseline), _number(metric.average.canary))
            rows.append([metric.state, metric.name, metric.region or "", _number(metric.ratio), ends, *averages])
        return rows

    def __repr__(self) -> str:
        if not self:
            return "no metrics"
        table = [list(_HEAD), *self._rows()]
        widths = [max(len(row[column]) for row in table) for column in range(len(_HEAD))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
        more = len(self) - SHOWN
        return "\n".join([*lines, *([f"and {more} more"] if more > 0 else [])])

    def _repr_html_(self) -> str:
        def row(cells: Sequence[str], tag: str) -> str:
            return "<tr>" + "".join(f"<{tag}>{html.escape(cell)}</{tag}>" for cell in cells) + "</tr>"

        body = "".join(row(cells, "td") for cells in self._rows())
        more = len(self) - SHOWN
        note = f"<p>and {more} more</p>" if more > 0 else ""
        return f"<table><thead>{row(_HEAD, 'th')}</thead><tbody>{body}</tbody></table>{note}"


_HEAD = ("state", "metric", "region", "ratio", "interval", "baseline", "canary")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"
