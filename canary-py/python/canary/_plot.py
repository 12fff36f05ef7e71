"""Pictures of a report, with matplotlib."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ._metrics import Metric
    from ._report import Report

# Of dark and light, so that no kind of colour blindness confuses hot and cold; a letter says the same.
_COLORS = {
    "hot": ("#f4c7b8", "#e79078", "#d1513a", "#9e1b1b"),
    "cold": ("#c3d8f0", "#86b2e0", "#3f7fc1", "#174a86"),
    "ok": ("#dcefdc", "#bfe3bf", "#97d097", "#6fba6f"),
    "nodata": ("#c9c9c9", "#c9c9c9", "#c9c9c9", "#c9c9c9"),
}
_LETTERS = {"hot": "H", "cold": "C", "ok": "", "nodata": "·"}
_MOST_LETTERS = 600
"""With more cells a letter has no room."""


class Plot:
    """Pictures of a report. Each draws on the axes given, or on new ones, and returns them.

    matplotlib is needed: ``pip install canary-score[plot]``.
    """

    __slots__ = ("_report",)

    def __init__(self, report: Report) -> None:
        self._report = report

    def grid(self, *, columns: int | None = None, ax: Axes | None = None) -> Axes:
        """Every metric a cell, the more important ones upper left; what is hot, cold, ok and without data.

        Parameters
        ----------
        columns : int, optional
            Cells in a row; as many as make the grid twice as wide as high unless given.
        ax : matplotlib.axes.Axes, optional
            Where to draw.
        """
        ax = _axes(ax)
        from matplotlib.patches import Rectangle

        native = self._report._native
        cells = native.grid()
        states = native.columns(list(range(len(native))))["state"]
        width = columns or max(1, round((2 * len(cells)) ** 0.5))
        for number, (place, shade) in enumerate(cells):
            state = states[place]
            row, column = divmod(number, width)
            color = _COLORS[state][shade - 1]
            ax.add_patch(Rectangle((column, row), 0.92, 0.92, facecolor=color, edgecolor="none"))
            if len(cells) <= _MOST_LETTERS and _LETTERS[state]:
                ink = "white" if shade >= 3 and state != "nodata" else "black"
                ax.text(column + 0.46, row + 0.48, _LETTERS[state], ha="center", va="center", fontsize=7, color=ink)
        ax.set_xlim(0, max(1, width))
        ax.set_ylim(max(1, -(-len(cells) // width)), 0)
        ax.set_aspect("equal")
        ax.set_axis_off()
        ax.set_title(self._title())
        return ax

    def metric(self, name: str, *, region: str | None = None, ax: Axes | None = None) -> Axes:
        """Baseline and canary over time, with a band over the instances where there are several.

        Parameters
        ----------
        name : str
            The metric's name.
        region : str, optional
            Its region, as in `Report.metric`.
        ax : matplotlib.axes.Axes, optional
            Where to draw.

        Raises
        ------
        ValueError
            Where the report was stored without series.
        """
        metric = self._report.metric(name, region=region)
        series = metric.series
        if series is None:
            raise ValueError(f"{name}: the report was stored without series; store it with to_json(series=True)")
        ax = _axes(ax)
        time: list[Any] = series.time or list(range(len(series.baseline)))
        nan = float("nan")
        sides = (
            ("baseline", series.baseline, series.baseline_band, "#555555", "--"),
            ("canary", series.canary, series.canary_band, "#c2410c", "-"),
        )
        for side, values, band, color, line in sides:
            ax.plot(time, [nan if v is None else v for v in values], line, color=color, label=side, linewidth=1.2)
            if band is not None:
                low, high = ([nan if v is None else v for v in end] for end in (band.lower, band.upper))
                ax.fill_between(time, low, high, color=color, alpha=0.15, linewidth=0)
        ax.set_title(f"{metric.state}: {_plain(_short(metric.name))}{_numbers(metric)}", fontsize="medium")
        ax.legend(frameon=False)
        if series.time:
            from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

            locator = AutoDateLocator()  # type: ignore[no-untyped-call]
            ax.xaxis.set_major_locator(locator)
            ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        return ax

    def ratios(self, *, most: int = 30, ax: Axes | None = None) -> Axes:
        """The ratios of the first metrics of the report with their intervals and bounds; the worst on top.

        Parameters
        ----------
        most : int
            Metrics drawn at most.
        ax : matplotlib.axes.Axes, optional
            Where to draw.
        """
        ax = _axes(ax)
        chosen = self._worst(most)
        several = len({metric.region for metric in self._report.metrics}) > 1
        for row, metric in enumerate(chosen):
            color = _COLORS[metric.state][3]
            interval = metric.interval
            if interval is not None and interval.lower and interval.upper:
                ax.plot([interval.lower, interval.upper], [row, row], color=color, linewidth=2)
            ax.plot([metric.ratio or 0.0], [row], "o", color=color, markersize=4)
            for bound in (metric.bounds.lower, metric.bounds.upper):
                if bound:
                    ax.plot([bound, bound], [row - 0.35, row + 0.35], color="#888888", linewidth=1)
        ax.axvline(1.0, color="#bbbbbb", linewidth=0.8, zorder=0)
        ax.set_xscale("log")
        labels = [_plain(_short(metric.name, 36) + (f" ({metric.region})" if several else "")) for metric in chosen]
        ax.set_yticks(range(len(chosen)), labels, fontsize=7)
        ax.set_ylim(max(len(chosen), 1) - 0.5, -0.5)
        ax.set_xlabel("canary / baseline")
        ax.set_title(self._title(), fontsize="medium")
        ticks = [tick for tick in (0.1, 0.25, 0.5, 0.8, 1, 1.25, 2, 4, 10)]
        low, high = ax.get_xlim()
        ax.set_xticks([tick for tick in ticks if low <= tick <= high])
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter("")
        return ax

    def _worst(self, most: int) -> list[Metric]:
        """Those against the canary first, then the other hot and cold ones, then the rest; only what has a ratio."""
        report = self._report
        groups = (
            (metric for metric in [*report.hot, *report.cold] if metric.counts_against),
            (metric for metric in [*report.hot, *report.cold] if not metric.counts_against),
            iter(report.ok),
        )
        chosen: list[Metric] = []
        for group in groups:
            for metric in group:
                if len(chosen) >= most:
                    return chosen
                if metric.ratio:
                    chosen.append(metric)
        return chosen

    def _title(self) -> str:
        score = self._report.score
        # Rounded down: 74.99, which fails, is no 75.
        shown = "" if score is None else f", score {math.floor(10 * score) / 10:.1f}"
        return f"{self._report.verdict}{shown}"


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install canary-score[plot]") from error
    _, new = plt.subplots()
    return new


def _plain(text: str) -> str:
    """A dollar sign in a name starts no formula."""
    return text.replace("$", r"\$")


def _short(name: str, limit: int = 60) -> str:
    if len(name) <= limit:
        return name
    half = (limit - 1) // 2
    return f"{name[:half]}…{name[-half:]}"


def _numbers(metric: Metric) -> str:
    if metric.ratio is None:
        return ""
    interval = metric.interval
    if interval is None or interval.lower is None or interval.upper is None:
        return f", ratio {metric.ratio:.3g}"
    return f", ratio {metric.ratio:.3g} [{interval.lower:.3g}, {interval.upper:.3g}]"
