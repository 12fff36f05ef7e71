"""The report."""

from __future__ import annotations

import difflib
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

from . import _canary, records
from ._files import also_written, decoded
from ._metrics import Metric, Metrics

if TYPE_CHECKING:
    from ._plot import Plot

_ROWS = 12


class Report(records.ReportFields):
    """Everything that a run says.

    Made by `canary.score`, or read again by `Report.from_json`. The fields are those of the JSON form, as attributes;
    see `canary.records.ReportFields`.

    Attributes
    ----------
    verdict : {"pass", "marginal", "fail", "inconclusive"}
        The worst region's verdict.
    score : float or None
        The worst region's score, 0 to 100, capped so that it never contradicts the verdict.
    score_interval : records.Interval or None
        The interval of the score.
    regions : list of records.RegionResult
        Each region, by name.
    groups : list of records.GroupScore
        Each group, by name.

    Examples
    --------
    >>> import canary
    >>> minutes = list(range(60))
    >>> old = {"timestamp": minutes, "latency": [100.0 + m % 7 for m in minutes]}
    >>> new = {"timestamp": minutes, "latency": [150.0 + m % 11 for m in minutes]}
    >>> report = canary.score(old, new, time_unit="s", step="1s")
    >>> report.verdict, report.score
    ('fail', 0.0)
    >>> report.metric("latency").state
    'hot'
    """

    __slots__ = ("_native",)
    _native: _canary.Report

    def __init__(self, data: Any = None) -> None:
        raise TypeError("a report comes from canary.score or canary.Report.from_json")

    @classmethod
    def _of(cls, native: _canary.Report) -> Report:
        report = cls.__new__(cls)
        report._native = native
        report._data = json.loads(native.head())
        return report

    @classmethod
    def from_json(cls, text: str | bytes) -> Report:
        """Read a report in JSON, as `to_json` and ``canary score -o report.json`` write it.

        Raises
        ------
        InputError
            Where the text is no such report.
        """
        return cls._of(_canary.Report.from_json(decoded(text, "the report")))

    @property
    def metrics(self) -> Metrics:  # type: ignore[override]
        """Each metric: critical first, then by weight, then by distance beyond the bounds."""
        return Metrics(self._native, list(range(len(self._native))))

    @property
    def hot(self) -> Metrics:
        """The metrics that are too high."""
        return self._in("hot")

    @property
    def cold(self) -> Metrics:
        """The metrics that are too low."""
        return self._in("cold")

    @property
    def nodata(self) -> Metrics:
        """The metrics that could not be judged; each has its reason."""
        return self._in("nodata")

    @property
    def ok(self) -> Metrics:
        """The metrics of which neither was shown, undecided ones included."""
        return self._in("ok")

    def _in(self, state: records.State) -> Metrics:
        return Metrics(self._native, self._native.in_states([state]))

    def metric(self, name: str, *, region: str | None = None) -> Metric:
        """One metric, with its series.

        Parameters
        ----------
        name : str
            Its name.
        region : str, optional
            The region of its result; of several regions the worst one of the run unless given.

        Raises
        ------
        KeyError
            Where there is no such metric; the message names the nearest.
        """
        metrics = [Metric(self._native, place) for place in self._native.find(name, region)]
        metrics = [metric for metric in metrics if metric.name == name]
        if not metrics:
            raise KeyError(self._no_such(name, region))
        worst = [metric for metric in metrics if metric.region == self.worst_region]
        return (worst or metrics)[0]

    def explain(self, name: str, *, region: str | None = None, width: int = 100) -> str:
        """Why metrics have their states, and what would change them, in words.

        Parameters
        ----------
        name : str
            The metric: its name, a pattern such as ``*latency*``, or a part that only one name has.
        region : str, optional
            Its result in this region; in all of them unless given.
        width : int
            Columns a line may take.
        """
        metrics = [Metric(self._native, place) for place in self._native.find(name, region)]
        names = sorted({metric.name for metric in metrics})
        if not metrics:
            raise KeyError(self._no_such(name, region))
        is_pattern = "*" in name or "?" in name or (len(name) > 2 and name[0] == name[-1] == "/")
        if len(names) > 1 and not is_pattern:
            raise KeyError(f"{name}: a part of {len(names)} names, such as {', '.join(names[:5])}; give more of it")
        return "\n".join(metric.explain(width=width) for metric in metrics)

    def _no_such(self, name: str, region: str | None) -> str:
        regions = self._native.region_names()
        if region is not None and region not in regions:
            return f"no region {region}; " + (f"there are {', '.join(regions)}" if regions else "the report has none")
        near = difflib.get_close_matches(name, dict.fromkeys(self._native.names()), n=5, cutoff=0.3)
        return f"no metric {name}" + (f"; the nearest are {', '.join(near)}" if near else "")

    def to_json(self, *, series: bool | None = None) -> str:
        """As JSON, byte for byte as the command line writes it.

        Parameters
        ----------
        series : bool, optional
            Whether to keep the series of both sides: 16 bytes a value and more. Unless given a report that was
            read with series keeps them, and one that was judged leaves them out.
        """
        return self._native.to_json(series=series)

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """As one self-contained HTML page: the head, the findings, the grid, every metric with its chart.

        Parameters
        ----------
        path : str or path, optional
            Write the page there too. The file appears whole or not at all.

        Returns
        -------
        str
            The page.
        """
        return also_written(self._native.to_html(), path)

    def _repr_html_(self) -> str:
        return self._native.fragment()

    def to_markdown(self) -> str:
        """As Markdown, for a job summary or a comment on a pull request."""
        return self._native.to_markdown()

    def to_table(self, *, width: int | None = None, rows: int = _ROWS) -> str:
        """As the command line prints it.

        Parameters
        ----------
        width : int, optional
            Columns a line may take; those of the terminal unless given.
        rows : int
            Metrics listed at most.
        """
        return self._native.to_table(width=width or shutil.get_terminal_size((100, 24)).columns, rows=rows)

    @property
    def plot(self) -> Plot:
        """Pictures with matplotlib: ``plot.grid()``, ``plot.metric(name)``, ``plot.ratios()``."""
        from ._plot import Plot

        return Plot(self)

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, metrics included."""
        values: dict[str, Any] = json.loads(self.to_json())
        return values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Report) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return (Report.from_json, (self.to_json(series=True),))

    def __repr__(self) -> str:
        return self.to_table().rstrip("\n")
