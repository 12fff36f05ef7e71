"""The report: what it says, and the forms it takes."""

from __future__ import annotations

import base64
import copy
import datetime as dt
import json
import math
import pickle
import re
import zlib
from html.parser import HTMLParser
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import FIXTURES

import canary


@pytest.fixture(scope="module")
def report() -> canary.Report:
    sides = [pl.read_parquet(FIXTURES / "layouts" / "long_region" / f"{side}.parquet") for side in ("baseline", "canary")]
    return canary.score(*sides)


def test_a_bad_verdict_is_a_result(report: canary.Report) -> None:
    assert report.verdict == "fail"
    assert report.score is not None and 0 <= report.score < report.thresholds.marginal
    assert report.score_interval is not None and report.score_interval.level == 0.95
    assert [region.name for region in report.regions] == ["us-east-1"]
    assert report.groups[0].counts.hot == 1
    assert report.reasons[0].code == "score_below_marginal"
    assert report.reasons[0].pass_ is None and report.reasons[0].marginal == 75.0


def test_metrics_by_state(report: canary.Report) -> None:
    assert (len(report.hot), len(report.cold), len(report.ok), len(report.nodata)) == (1, 1, 4, 0)
    assert len(report.metrics) == 6 == report.counts.hot + report.counts.cold + report.counts.ok
    assert report.hot[0].name.endswith("latency_p50_us")
    assert [metric.name for metric in report.metrics[1:3]] == [report.metrics[1].name, report.metrics[2].name]
    assert report.metrics[-1].name == report.metrics[5].name
    with pytest.raises(IndexError):
        report.metrics[6]
    with pytest.raises(KeyError):
        report.cold[report.hot[0].name]
    assert not canary.Report.from_json(report.to_json()).nodata


def test_a_metric_has_its_series(report: canary.Report) -> None:
    metric = report.metric("machine-3-3/m25")
    assert (metric.state, metric.region, metric.group) == ("ok", "us-east-1", "default")
    series = metric.series
    assert series is not None and len(series.baseline) == 40
    raw = pl.read_parquet(FIXTURES / "layouts" / "long_region" / "baseline.parquet")
    raw = raw.filter(pl.col("metric") == metric.name).sort("timestamp")
    assert series.baseline == raw["value"].to_list()
    assert series.time == raw["timestamp"].to_list()
    assert series.to_pandas().shape == (40, 2) and series.to_polars().columns == ["time", "baseline", "canary"]
    assert series.to_pandas()["canary"].mean() == pytest.approx(metric.average.canary)
    gaps = report.metric("d2s7/k16").series
    assert gaps is not None and [minute for minute, value in enumerate(gaps.canary) if value is None] == [5, 6, 17]


def test_bands_stand_where_there_are_instances() -> None:
    files = [str(FIXTURES / "layouts" / "long_instance" / f"{side}.parquet") for side in ("baseline", "canary")]
    series = canary.score(*files).metric("machine-3-3/m25").series
    assert series is not None and series.baseline_band is not None
    assert all(low <= value <= high for low, value, high in zip(
        series.baseline_band.lower, series.baseline, series.baseline_band.upper, strict=True))  # fmt: skip
    assert list(series.to_pandas())[:3] == ["baseline", "baseline_lower", "baseline_upper"]


def test_a_metric_that_is_not_there_names_the_nearest(report: canary.Report) -> None:
    with pytest.raises(KeyError, match=r"no metric machine-3-3/m26; the nearest are machine-3-3/m25"):
        report.metric("machine-3-3/m26")
    with pytest.raises(KeyError, match="no region eu; there are us-east-1"):
        report.metric("machine-3-3/m25", region="eu")


def test_explanations(report: canary.Report) -> None:
    name = report.hot[0].name
    text = report.explain(name)
    assert text.startswith(f"HOT: {name}") and canary.explain(report.to_json(), name, region="us-east-1") == text
    assert report.hot[0].explain() == text
    assert max(map(len, report.explain("d2s7", width=60).splitlines())) <= 60
    assert report.explain("*").count("bounds") >= 6
    with pytest.raises(KeyError, match="a part of 6 names"):
        report.explain("/")
    with pytest.raises(KeyError, match="no metric nothing"):
        report.explain("nothing")


def test_the_table_of_metrics_in_every_library(report: canary.Report) -> None:
    metrics = report.metrics
    frames: list[Any] = [
        metrics.to_pandas(), metrics.to_polars().to_pandas(), pl.DataFrame(metrics).to_pandas(),
        pa.table(metrics).to_pandas(), duckdb.connect().sql("from metrics").df(),
    ]  # fmt: skip
    for frame in frames:
        assert list(frame["name"]) == [metric.name for metric in metrics]
        assert list(frame["ratio"]) == [metric.ratio for metric in metrics]
        assert list(frame["state"]) == [metric.state for metric in metrics]
        assert list(frame["upper"]) == [metric.interval.upper for metric in metrics]
        assert list(map(list, frame["flags"])) == [metric.flags for metric in metrics]
        assert list(frame.columns) == list(frames[0].columns)
    assert metrics.to_pandas()["ratio"].dtype == "float64"
    assert report.nodata.to_pandas().empty and report.nodata.to_polars().is_empty()
    assert len(pa.table(report.hot)) == 1
    assert "too high" in pa.table(report.hot)["reason"][0].as_py()


def test_json_comes_back(report: canary.Report) -> None:
    again = canary.Report.from_json(report.to_json())
    assert again == report and again.to_json() == report.to_json()
    assert again.metric("machine-3-3/m25").series is None
    whole = canary.Report.from_json(report.to_json(series=True))
    assert whole.to_json() == report.to_json(series=True) and whole.to_json(series=False) == report.to_json()
    assert whole.metric("machine-3-3/m25").series == report.metric("machine-3-3/m25").series
    assert report.to_dict()["verdict"] == "fail" and len(report.to_dict()["metrics"]) == 6


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema_version": 1}', b"\xff"])
def test_what_is_no_report_is_refused(text: Any) -> None:
    with pytest.raises(canary.InputError):
        canary.Report.from_json(text)


def test_a_report_can_be_pickled_and_copied(report: canary.Report) -> None:
    for again in (pickle.loads(pickle.dumps(report)), copy.deepcopy(report), copy.copy(report)):
        assert again.to_json(series=True) == report.to_json(series=True)
    for part in (report.regions[0], report.metric("d2s7/k16"), report.metric("d2s7/k16").series):
        assert pickle.loads(pickle.dumps(part)) == part


def test_the_terminal_shows_the_table_of_the_command_line(report: canary.Report) -> None:
    assert repr(report).startswith("✗ FAIL: do not roll out")
    narrow = report.to_table(width=60, rows=1)
    assert max(map(len, narrow.splitlines())) <= 60
    assert "and" not in repr(report.metrics) and repr(report.nodata) == "no metrics"
    assert repr(report.metrics).splitlines()[0].split()[:2] == ["state", "metric"]


class Seen(HTMLParser):
    """The tags and attributes of a piece of HTML; unbalanced tags are seen by `open`."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
        if tag not in ("br", "hr", "img", "meta", "link", "path", "rect", "use", "col", "input", "circle", "line"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text += data


HOSTILE = ['<script>alert("x")</script>', "'\"&amp;</td></table>", "a\u202eb", "]]>--><!--", "<img src=x onerror=alert(1)>"]


def test_a_notebook_shows_the_compact_report_and_nothing_runs() -> None:
    times = [dt.datetime(2025, 3, 3) + dt.timedelta(minutes=minute) for minute in range(60)]
    old = {"timestamp": times} | {name: [100.0 + (minute * 7) % 5 for minute in range(60)] for name in HOSTILE}
    new = {"timestamp": times} | {name: [160.0 + (minute * 7) % 5 for minute in range(60)] for name in HOSTILE}
    report = canary.score(old, new)
    for html in (report._repr_html_(), report.metrics._repr_html_()):
        seen = Seen(html)
        assert not seen.open
        assert not seen.tags & {"script", "iframe", "object", "link", "base", "form", "style"}
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert all(not value.strip().lower().startswith("javascript") for value in seen.attributes.get("href", []))
        assert '<script>alert("x")</script>' in seen.text
    assert "FAIL" in Seen(report._repr_html_()).text and "svg" in Seen(report._repr_html_()).tags
    assert "id" not in Seen(report._repr_html_()).attributes


def test_the_page_is_written_whole(report: canary.Report, tmp_path: Any) -> None:
    path = tmp_path / "report.html"
    path.write_text("before")
    page = report.to_html(path)
    assert path.read_text(encoding="utf-8") == page == report.to_html()
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert path.stat().st_mode & 0o777 == (tmp_path / "report.html").stat().st_mode & 0o777
    with pytest.raises(OSError):
        report.to_html(tmp_path / "no" / "folder.html")


def test_the_page_holds_what_the_report_holds(report: canary.Report) -> None:
    """Read as the page's own program reads it: text, and rows in raw deflate behind base64."""
    page = report.to_html()
    seen = Seen(page)
    assert page.lower().startswith("<!doctype html>") and not seen.open
    assert "FAIL do not roll out" in " ".join(seen.text.replace("FAIL", "FAIL ").split())
    # Rounded down: a score never looks better than its verdict.
    assert f"{math.floor(10 * (report.score or 0)) / 10} (pass >= 95, marginal >= 75)" in " ".join(seen.text.split())
    counts = report.counts
    for state, count in {"hot": counts.hot, "cold": counts.cold, "nodata": counts.nodata, "ok": counts.ok}.items():
        assert f'<a class="{state}{"" if count else " none"}" href="#tab={state}"><b>{count}</b> {state}</a>' in page
    packed = re.search(r'<script type="application/octet-stream" id="rows">([^<]*)</script>', page)
    assert packed is not None
    rows = json.loads(zlib.decompress(base64.b64decode(packed[1]), -zlib.MAX_WBITS))
    columns = rows["columns"]
    names = [rows["names"]["raw"][cell] for cell in columns["cell"]]
    assert sorted(names) == sorted(metric.name for metric in report.metrics) and len(set(names)) == 6
    for row, name in enumerate(names):
        metric = report.metric(name)
        assert columns["look"][row][0] == metric.state[0]
        # Four digits are shown.
        assert float(columns["ratio"][row]) == pytest.approx(metric.ratio, rel=1e-3)
        assert float(columns["baseline"][row]) == pytest.approx(metric.average.baseline, rel=1e-3)
        assert float(columns["canary"][row]) == pytest.approx(metric.average.canary, rel=1e-3)
        assert columns["points"][row] == [metric.points.baseline, metric.points.canary]
    # Series are there, though the report itself was made without them.
    assert 'id="block-0"' in page and rows["blocks"] == [0]


def test_markdown(report: canary.Report) -> None:
    assert report.hot[0].name.replace("|", "\\|") in report.to_markdown() or "latency" in report.to_markdown()
    assert report.to_markdown().startswith("#")


def test_records_are_mappings_with_attributes(report: canary.Report) -> None:
    region = report.regions[0]
    assert dict(region)["verdict"] == region.verdict == region["verdict"] and "counts" in region
    assert set(region) <= set(dir(region)) and len(region) == len(list(region))
    assert region == report.regions[0] and region != report.groups[0] and region.to_dict() == dict(region)
    with pytest.raises(AttributeError, match="RegionResult has no 'vredict'; there are counts"):
        region.vredict  # noqa: B018
    assert json.loads(json.dumps(region.to_dict())) == region.to_dict()
    assert report.peer is None and report.findings is not None
    with pytest.raises(TypeError):
        hash(region)
    with pytest.raises(TypeError, match="canary.score"):
        canary.Report()


def test_regions_side_by_side() -> None:
    files = [FIXTURES / "demo" / f"{side}.parquet" for side in ("baseline", "canary")]
    frames = [pl.read_parquet(file).filter(pl.col("metric").cast(pl.String).str.starts_with("nezha-split:ob")) for file in files]
    report = canary.score(*frames)
    worst = report.worst_region
    name = next(name for name in report._native.names() if report._native.names().count(name) == 2)
    assert report.metric(name).region == worst
    other = next(region.name for region in report.regions if region.name != worst)
    assert report.metric(name, region=other).region == other
    assert report.explain(name).count(name) >= 2
    assert report == canary.score(*[frame.to_pandas() for frame in frames])
    assert isinstance(report.metrics.to_pandas(), pd.DataFrame)
