"""Pictures: what is drawn is what the report says. They are looked at by people, too."""

from __future__ import annotations

import sys
from typing import Any

import matplotlib
import polars as pl
import pytest
from conftest import FIXTURES
from matplotlib.axes import Axes

import canary

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def closed() -> Any:
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="module")
def report() -> canary.Report:
    return canary.score(*[str(FIXTURES / "layouts" / "long_instance" / f"{side}.parquet") for side in ("baseline", "canary")])


def test_the_grid_has_a_cell_a_metric(report: canary.Report) -> None:
    axes = report.plot.grid(columns=3)
    assert isinstance(axes, Axes) and len(axes.patches) == 6
    letters = sorted(text.get_text() for text in axes.texts)
    assert letters == ["C", "H"] and axes.get_title().startswith("fail, score")
    assert axes.get_ylim() == (2, 0)


def test_a_metric_over_time(report: canary.Report) -> None:
    axes = report.plot.metric(report.hot[0].name)
    series = report.hot[0].series
    assert series is not None
    lines = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
    assert lines == {"baseline": series.baseline, "canary": series.canary}
    assert len(axes.collections) == 2 and axes.get_title().startswith("hot: ")
    stored = canary.Report.from_json(report.to_json())
    with pytest.raises(ValueError, match="stored without series"):
        stored.plot.metric(report.hot[0].name)
    with pytest.raises(KeyError, match="no metric nothing"):
        report.plot.metric("nothing")


def test_ratios_with_their_intervals(report: canary.Report) -> None:
    import matplotlib.pyplot as plt

    _, mine = plt.subplots()
    axes = report.plot.ratios(most=4, ax=mine)
    assert axes is mine and len(axes.get_yticklabels()) == 4
    points = [line for line in axes.lines if line.get_marker() == "o"]
    assert [point.get_xdata()[0] for point in points][:2] == [report.hot[0].ratio, report.cold[0].ratio]


def test_every_picture_can_be_drawn_of_what_is_odd() -> None:
    minutes = list(range(30))
    odd = {"timestamp": minutes, "$x_1$ <b>": [0.0] * 30, "none": [None] * 30}
    report = canary.score(odd, pl.DataFrame(odd | {"new": [1.0] * 30}).to_dict(as_series=False), time_unit="s")
    for axes in (report.plot.grid(), report.plot.ratios(), report.plot.metric("$x_1$ <b>"), report.plot.metric("none")):
        axes.figure.canvas.draw()
    empty = canary.score({"timestamp": [], "metric": [], "value": []}, {"timestamp": [], "metric": [], "value": []}, time_unit="s")
    for axes in (empty.plot.grid(), empty.plot.ratios()):
        axes.figure.canvas.draw()


def test_matplotlib_is_an_extra(report: canary.Report, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.setitem(sys.modules, name, None)
    for draw in (report.plot.ratios, lambda: report.plot.metric(report.hot[0].name), report.plot.grid):
        with pytest.raises(ImportError, match=r"pip install canary-score\[plot\]"):
            draw()
