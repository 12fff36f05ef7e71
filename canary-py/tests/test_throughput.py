"""Squeeze tests, scaling plans and trends: the command line's, byte for byte, and errors that say what and where."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pytest
from conftest import FIXTURES, ROOT, without_inputs
from pyarrow import parquet
from test_report import Seen

import canary

SQUEEZE = FIXTURES / "squeeze"
RUNS = sorted(path.name for path in SQUEEZE.glob("d*"))
SIXTY = SQUEEZE / "trend_dev_60" / "history.csv"
SLO = ["p99<120ms", "errors<0.1%"]
FRAMES: dict[str, Callable[[Path], Any]] = {
    "path": str,
    "polars": pl.read_parquet,
    "pandas": pd.read_parquet,
    "pyarrow": parquet.read_table,
    "duckdb": lambda path: duckdb.connect().sql(f"from '{path}'"),
    "mapping": lambda path: pl.read_parquet(path).to_dict(as_series=False),
}


@pytest.fixture(scope="module")
def measured() -> canary.SqueezeReport:
    return canary.squeeze(SQUEEZE / "d01_vegeta_det_c4_s20" / "raw", slo="p99<120ms")


@pytest.mark.parametrize("name", RUNS)
def test_what_a_tool_wrote_is_the_command_lines(name: str, cli: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    run = f"fixtures/squeeze/{name}/raw"
    for slo in ([], SLO):
        told = [f"--slo={objective}" for objective in slo]
        expected = cli("squeeze", run, *told, "--format", "json", exits=(0, 2, 3))
        assert canary.squeeze(run, slo=slo).to_json() == expected


@pytest.mark.parametrize("reader", FRAMES)
def test_a_table_of_steps_is_the_command_lines(reader: str, cli: Callable[..., str]) -> None:
    for path in sorted(SQUEEZE.glob("d*/steps.parquet")):
        expected = cli("squeeze", path, "--slo", SLO[0], "--seed", 7, "--format", "json", exits=(0, 2, 3))
        assert canary.squeeze(FRAMES[reader](path), slo=SLO[0], seed=7).to_json() == expected, path


def test_repeats_and_a_baseline_are_the_command_lines(cli: Callable[..., str]) -> None:
    paths = [str(SQUEEZE / name / "raw") for name in ("d01_vegeta_det_c4_s20", "d03_oha_nginx_150")]
    assert canary.squeeze(paths).to_json() == cli("squeeze", *paths, "--format", "json")
    told = cli("squeeze", paths[1], "--baseline", paths[0], "--bounds", "0.9,1.1", "--format", "json")
    found = canary.squeeze(paths[1], baseline=paths[0], bounds=(0.9, 1.1))
    assert found.to_json() == told
    assert found.comparison is not None and found.comparison.state == "cold" and found.comparison.bounds.lower == 0.9


def test_a_sweet_spot_is_one_more_metric(cli: Callable[..., str], tmp_path: Any) -> None:
    old, new = (SQUEEZE / name / "raw" for name in ("d01_vegeta_det_c4_s20", "d03_oha_nginx_150"))
    squeezed = canary.squeeze(new, baseline=old)
    path = tmp_path / "squeeze.json"
    path.write_text(squeezed.to_json())
    files = [str(FIXTURES / "layouts" / "long" / f"{side}.parquet") for side in ("baseline", "canary")]
    told = without_inputs(cli("score", *files, "--squeeze", path, "--format", "json"))
    for given in (squeezed, path):
        report = canary.score(*map(pl.read_parquet, files), squeeze=given)
        assert without_inputs(report.to_json()) == told
    assert report.metric("squeeze.sweet_spot").state == "cold"
    looks = canary.replay(*files, every="20m", squeeze=squeezed)
    assert looks.report.metric("squeeze.sweet_spot").ratio == report.metric("squeeze.sweet_spot").ratio
    with pytest.raises(canary.InputError, match=r"a squeeze test of one build; canary\.squeeze\(new, baseline=old\)"):
        canary.score(*files, squeeze=canary.squeeze(new))


def test_the_forms_of_a_squeeze_test(measured: canary.SqueezeReport, cli: Callable[..., str], tmp_path: Any) -> None:
    run, told = SQUEEZE / "d01_vegeta_det_c4_s20" / "raw", ["--slo", "p99<120ms"]
    assert measured.to_table(width=120) == cli("squeeze", run, *told)
    assert measured.to_markdown() == cli("squeeze", run, *told, "--format", "markdown")
    page = measured.to_html(tmp_path / "squeeze.html")
    assert page == (tmp_path / "squeeze.html").read_text(encoding="utf-8") == cli("squeeze", run, *told, "--format", "html")
    assert measured.to_dict() == json.loads(measured.to_json()) and repr(measured).startswith("measured")


def test_what_a_squeeze_test_holds(measured: canary.SqueezeReport) -> None:
    sweet = measured.sweet_spot
    assert sweet is not None and sweet.estimate is not None and sweet.lower is not None and sweet.upper is not None
    assert sweet.lower <= sweet.estimate <= sweet.upper
    assert (measured.status, measured.loop, measured.tool) == ("measured", "open", "vegeta")
    assert [step.offered for step in measured.steps] == sorted(step.offered or 0 for step in measured.steps)
    assert measured.slo.objectives[0].limit_ms == 120 and measured.slo.objectives[0].share == 0.01
    assert measured.comparison is None and measured.units == []
    for again in (
        pickle.loads(pickle.dumps(measured)), copy.deepcopy(measured),
        canary.SqueezeReport.from_json(measured.to_json().encode()),
    ):  # fmt: skip
        assert again == measured and again.to_html() == measured.to_html()
    assert measured != canary.squeeze({"offered_rps": [1.0], "duration_s": [1.0], "ok": [1]})
    with pytest.raises(TypeError, match=r"canary\.squeeze"):
        canary.SqueezeReport()


def test_nothing_measured_is_a_result() -> None:
    found = canary.squeeze({"offered_rps": [10.0], "duration_s": [1.0], "ok": [10]})
    assert (found.status, found.reasons, found.sweet_spot) == ("unusable", ["too_few_steps"], None)
    with pytest.raises(canary.InputError, match="the squeeze test is unusable, which gives no rate to scale by"):
        canary.scale(found, start="10s")


def test_loads_by_hand(cli: Callable[..., str], tmp_path: Any) -> None:
    raw = SQUEEZE / "d09_wrk_usl_s8" / "raw"
    steps = len(canary.squeeze(raw).steps)
    clients = list(range(2, 2 + steps))
    told = cli("squeeze", raw, "--clients", ",".join(map(str, clients)), "--format", "json")
    assert canary.squeeze(raw, clients=clients).to_json() == told
    assert [step.concurrency for step in canary.squeeze(raw, clients=clients).steps] == clients
    with pytest.raises(canary.InputError, match=f"found {steps} steps and 2 loads, expected one load a step"):
        canary.squeeze(raw, clients=[1, 2])


HOSTILE = "<script>alert(1)</script>"


def test_a_notebook_shows_them_and_nothing_runs(measured: canary.SqueezeReport) -> None:
    tool = {"offered_rps": [10.0, 20, 30], "duration_s": [9.0] * 3, "ok": [90, 180, 190], "tool": [HOSTILE] * 3}
    builds = {"build": [HOSTILE, *map(str, range(29))], HOSTILE: [200.0 - 20 * (number > 17) + number % 3 for number in range(30)]}
    trend = canary.trend(builds, column=HOSTILE)
    assert len(trend.changes) == 1
    for shown in (measured, canary.squeeze(tool), trend, canary.scale(measured, start="9s")):
        seen = Seen(shown._repr_html_())
        assert not seen.tags & {"script", "iframe", "object", "link", "base", "form", "style", "html", "body", "title"}
        assert not [name for name in seen.attributes if name.startswith("on") or name == "id"]
        assert len(seen.text) > 100
    assert "svg" in Seen(measured._repr_html_()).tags and "svg" in Seen(trend._repr_html_()).tags
    assert HOSTILE in Seen(canary.squeeze(tool)._repr_html_()).text


def ok(**other: Any) -> dict[str, Any]:
    return {"offered_rps": [10.0, 20.0], "duration_s": [1.0, 1.0], "ok": [10, 20]} | other


INPUTS: list[tuple[Any, str]] = [
    (42, "run: found a builtins.int; expected a data frame"),
    ({}, "run: found the columns none, expected a column `duration_s`"),
    ({"offered_rps": [1.0], "ok": [1]}, "run: found the columns offered_rps, ok, expected a column `duration_s`"),
    (ok(ok=[10, None]), "run: row 1, column `ok`: found nothing, expected the good replies"),
    (ok(ok=["10", "many"]), "run: row 1, column `ok`: found `many`, expected a number"),
    (ok(offered_rps=[10.0, -1.0]), "run: row 1, column `offered_rps`: found -1, expected a number of 0 or more"),
    (ok(duration_s=[1.0, 0.0]), "run: row 1, column `duration_s`: found no length, expected a length above 0"),
    (ok(p99=[1.0, 1.0]), "run: column `p99` does not say its unit, expected such as `p99_ms`"),
    (ok(p99_ms=[1.0, 1.0], p99_s=[1.0, 1.0]), "run: columns `p99_ms` and `p99_s` say the same, expected one of them"),
    (ok(run=["a", "b"]), "run: column `run` holds several runs, such as `a` and `b`, expected one run a file"),
    ([ok(), ok(ok=["x", "y"])], "run[1]: row 0, column `ok`: found `x`, expected a number"),
    ("no/such/run", "no/such/run: cannot be read"),
    (str(ROOT / "README.md"), "README.md: "),
]


@pytest.mark.parametrize(("run", "message"), INPUTS)
def test_a_run_that_cannot_be_read_says_so(run: Any, message: str) -> None:
    with pytest.raises(canary.InputError) as caught:
        canary.squeeze(run)
    assert message in str(caught.value)


@pytest.mark.parametrize("make", [pl.DataFrame, pd.DataFrame], ids=["polars", "pandas"])
def test_other_columns_are_left_alone(make: Any) -> None:
    odd = ok(when=[dt.datetime(2025, 3, 3)] * 2, note=["a", None], load=[{"a": 1}] * 2)
    if make is pd.DataFrame:
        odd.pop("load")
    assert canary.squeeze(make(odd)).to_json() == canary.squeeze(ok()).to_json()
    null = make(ok(p99_ms=[None, None], ok=[10, 20]))
    assert canary.squeeze(null).to_json() == canary.squeeze(ok()).to_json()


ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"slo": "p99<120"}, "slo: objective `p99<120`: the right side is no time above 0"),
    ({"slo": ["p99<1s", 3]}, "slo: found ['p99<1s', 3], expected texts"),
    ({"bounds": (2, 1)}, "bounds: "),
    ({"bounds": 3}, "bounds: found 3, expected two ratios such as (0.95, 1.25)"),
    ({"rates": [10, 0]}, "rates: found 0, expected a finite number above 0"),
    ({"clients": [float("inf")]}, "clients: found inf, expected a finite number above 0"),
    ({"rates": [1], "clients": [1]}, "rates: found rates and clients, expected one of them"),
    ({"rates": [1, 2]}, "rates: found a table, whose columns say it; expected the output of a load tool"),
    ({"step": "x"}, "step: found `x`, expected a length of time"),
    ({"seed": -1}, "seed: found -1"),
    ({"baseline": []}, "baseline: found no run, expected one or several"),
]


@pytest.mark.parametrize(("given", "message"), ARGUMENTS)
def test_a_wrong_argument_of_squeeze_is_named(given: dict[str, Any], message: str) -> None:
    with pytest.raises(canary.ConfigError) as caught:
        canary.squeeze(ok(), **given)
    assert message in str(caught.value) and caught.value.key in given


WORKED = {"start": "140s", "warm": "30s", "growth": 0.03, "zones": 3, "peak": 9000, "trough": 1500}
TOLD = ["--start=140s", "--warm=30s", "--growth=0.03", "--zones=3", "--peak=9000", "--trough=1500"]


def test_a_plan_is_the_worked_example_and_the_command_lines(cli: Callable[..., str]) -> None:
    expected = json.loads((FIXTURES / "scaling" / "worked_example.json").read_text())["outputs"]
    plan = canary.scale(197, **WORKED)
    # The example is rounded to six digits.
    assert plan.target_rps == pytest.approx(expected["target_rps_per_instance"], rel=1e-5)
    assert plan.target_utilisation == pytest.approx(expected["target_utilisation"], rel=1e-5)
    counts = (plan.instances_at_peak, plan.min_instances, plan.max_instances)
    assert counts == tuple(expected[key] for key in ("instances_at_peak", "min_instances", "max_instances"))
    told = ["scale", "--sweet-spot=197", *TOLD]
    assert plan.to_json() == cli(*told, "--format=json")
    assert plan.to_table().splitlines() == cli(*told).splitlines() and repr(plan) == plan.to_table().rstrip("\n")
    label = "app/api/1/targetgroup/api/2"
    documents = {
        "hpa": plan.hpa("api"),
        "keda --prometheus=http://prometheus --query=q": plan.keda("api", prometheus="http://prometheus", query="q"),
        f"aws-target-tracking --resource-label={label}": plan.aws_target_tracking("api", resource_label=label),
        "aws-step": plan.aws_step("api"),
    }
    for format, document in documents.items():
        assert document == json.loads(cli(*told, "--name=api", *f"--format={format}".split()))
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_a_plan_of_a_squeeze_test(measured: canary.SqueezeReport, cli: Callable[..., str], tmp_path: Any) -> None:
    path = tmp_path / "squeeze.json"
    path.write_text(measured.to_json())
    starts = ["140s", dt.timedelta(seconds=150)]
    told = cli("scale", path, "--start=140s,150s", "--spares=2", "--peak=9000", "--format=json")
    for given in (measured, path, str(path)):
        assert canary.scale(given, start=starts, spares=2, peak=9000).to_json() == told
    plan = canary.scale(measured, start=starts)
    assert measured.sweet_spot is not None and plan.sweet_spot_rps == measured.sweet_spot.lower
    assert plan.instances_at_peak is None and plan.status == "measured"
    with pytest.raises(canary.ConfigError, match="expected a plan made with `peak`"):
        plan.hpa("api")


PLANS: list[tuple[Any, dict[str, Any], str]] = [
    (197, {"start": []}, "start: found none, expected a length of time or several"),
    (197, {"start": 5}, "start: found a int, expected a length of time or several"),
    (197, {"start": "soon"}, "start: found `soon`"),
    (197, {"growth": -0.1}, "growth: found -0.1, expected a finite number, 0 or more"),
    (197, {"zones": 1}, "zones: found 1, expected 2 zones or more"),
    (197, {"zones": 3, "spares": 1}, "zones: found zones and spares, expected one of them"),
    (197, {"spares": -1}, "spares: found -1, expected a count"),
    (197, {"spares": 1}, "spares: found no `peak`, expected one: the share of so many"),
    (197, {"peak": float("nan")}, "peak: found NaN, expected a finite number, 0 or more"),
    (197, {"trough": 10}, "trough: found 10, expected a peak_rps beside it"),
    (197, {"tolerance": 1}, "tolerance: found 1, expected a share from 0 to below 1"),
    (197, {"peak": 1e12}, "peak: leads to "),
    (-1, {}, "squeeze: found -1, expected a finite number above 0"),
    ([197], {}, "squeeze: found a list, expected a SqueezeReport or the path of one"),
]


@pytest.mark.parametrize(("squeeze", "given", "message"), PLANS)
def test_a_wrong_argument_of_scale_is_named(squeeze: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(canary.ConfigError) as caught:
        canary.scale(squeeze, **{"start": "140s"} | given)
    assert message in str(caught.value) and caught.value.key in {"squeeze", *given}


def test_a_file_that_is_no_squeeze_test(tmp_path: Any) -> None:
    path = tmp_path / "report.json"
    for content in ("", "{}", '{"schema_version": 1}', "\xff"):
        path.write_text(content, encoding="latin-1")
        with pytest.raises(canary.InputError, match=r"report\.json: expected what `canary squeeze"):
            canary.scale(path, start="1s")
    with pytest.raises(canary.InputError, match=r"none\.json: cannot be read"):
        canary.scale(tmp_path / "none.json", start="1s")


@pytest.mark.parametrize("reader", FRAMES)
def test_a_trend_is_the_command_lines(reader: str, cli: Callable[..., str]) -> None:
    for path in sorted(SQUEEZE.glob("trend_*/history.parquet")):
        found = canary.trend(FRAMES[reader](path), peak=9000)
        assert found.to_json() == cli("trend", path, "--peak=9000", "--format=json")
        assert canary.trend(path.with_suffix(".csv"), peak=9000) == found
        told = cli("trend", path, "--column=start_s", "--lower-is-better", "--min-change=0.05", "--format=json")
        assert canary.trend(FRAMES[reader](path), column="start_s", lower_is_better=True, min_change=0.05).to_json() == told


def test_the_forms_of_a_trend(cli: Callable[..., str], tmp_path: Any) -> None:
    found = canary.trend(SIXTY)
    assert found.to_table(width=120) == cli("trend", SIXTY)
    assert found.to_markdown() == cli("trend", SIXTY, "--format=markdown")
    assert found.to_html(tmp_path / "trend.html") == cli("trend", SIXTY, "--format=html")
    # truth.json: slower from build 22 on, faster from build 41 on.
    assert [(change.direction, change.regression) for change in found.changes] == [("down", True), ("up", False)]
    assert all(change.range[0] <= truth <= change.range[1] for change, truth in zip(found.changes, (22, 41), strict=True))
    assert found.builds == 60 and found.suspect is None and len(found.levels) == 3
    assert (found.regressed, found.newest_unknown, found.needed) == (False, None, 8)
    for again in (pickle.loads(pickle.dumps(found)), copy.deepcopy(found)):
        assert again == found and again.to_html() == found.to_html()
    with pytest.raises(TypeError, match=r"canary\.trend"):
        canary.TrendReport()


def test_a_kept_history_is_the_command_lines(measured: canary.SqueezeReport, cli: Callable[..., str], tmp_path: Any) -> None:
    test, history = tmp_path / "squeeze.json", tmp_path / "history.db"
    test.write_text(measured.to_json())
    for build in range(8):
        cli("trend", history, "--add", test, "--build", f"1.{build}", "--series=api", "--format=json")
    found = canary.trend(history)
    assert found.to_json() == cli("trend", history, "--format=json") and (found.series, found.builds) == ("api", 8)
    cli("trend", history, "--add", test, "--build", "1.0", "--series=web", "--format=json")
    assert canary.trend(history, series="web").builds == 1
    with pytest.raises(canary.InputError, match=r"history\.db: found the series api, web"):
        canary.trend(history)
    with pytest.raises(canary.InputError, match=r"history\.db: found no series `ap1`; there are: api, web"):
        canary.trend(history, series="ap1")


def test_a_history_may_hold_bounds_and_series() -> None:
    table = {
        "build": [f"1.{build}" for build in range(12)],
        "rate": [200.0 + build % 3 for build in range(10)] + [None, 50.0],
        "rate_lower": [None] * 10 + [195.0, None],
        "series": ["api"] * 11 + ["web"],
    }
    api = canary.trend(table, column="rate", series="api")
    assert (api.series, api.builds, api.missing, api.changes) == ("api", 11, 0, [])
    assert canary.trend(pd.DataFrame(table), column="rate", series="api") == api
    assert canary.trend(table, column="rate", series="web").builds == 1


def test_a_trend_says_what_is_not_known_and_what_was_not_made_good() -> None:
    def history(rates: Sequence[float | None]) -> dict[str, Any]:
        return {"build": [f"1.{build}" for build in range(len(rates))], "throughput_rps": list(rates)}

    half = canary.trend(history([100.0] * 20 + [90.0] * 12 + [94.0] * 12))
    assert half.regressed and "still 6.0 % below what it was before build 1.20" in half.to_table(width=120)
    short = canary.trend(history([100.0, None]))
    assert (short.builds, short.needed, short.newest_unknown) == (1, 8, "1.1") and short.to_table().startswith("undecided")


HISTORIES: list[tuple[Any, dict[str, Any], str]] = [
    ({"build": [1], "rps": [1.0]}, {}, "history: found the columns build, rps, expected `throughput_rps`"),
    ({"throughput_rps": [1.0]}, {}, "history: found the columns throughput_rps, expected `build`"),
    ({"build": ["a", None], "rps": [1.0, 2.0]}, {"column": "rps"}, "history: row 1, column `build`: found nothing"),
    ({"build": ["a"], "rps": ["fast"]}, {"column": "rps"}, "history: row 0, column `rps`: found `fast`, expected a number"),
    ({"build": ["a"], "rps": [0.0]}, {"column": "rps"}, "history: row 0, column `rps`: found 0, expected a number above 0"),
    ({"build": ["a"], "rps": [1.0]}, {"column": "rps", "series": "b", "x": 1}, "found no row of series `b`"),
    ("no/such.csv", {}, "no/such.csv: cannot be read"),
    (3.0, {}, "history: found a builtins.float; expected a data frame"),
]


@pytest.mark.parametrize(("history", "given", "message"), HISTORIES)
def test_a_history_that_cannot_be_read_says_so(history: Any, given: dict[str, Any], message: str) -> None:
    given = dict(given)
    if given.pop("x", None):
        history = history | {"series": ["a"]}
    with pytest.raises(canary.InputError) as caught:
        canary.trend(history, **given)
    assert message in str(caught.value)


def test_other_databases_and_tables_stay_as_they_are(tmp_path: Any) -> None:
    import sqlite3

    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("create table builds (name text)")
    connection.close()
    before = other.read_bytes()
    with pytest.raises(canary.InputError, match=r"other\.db: found the database of another program"):
        canary.trend(other)
    assert other.read_bytes() == before
    table = tmp_path / "history.csv"
    table.write_text("build,throughput_rps\n1.0,200\n1.1,fast\n")
    with pytest.raises(canary.InputError, match=r"history\.csv: row 2, column `throughput_rps`: found `fast`"):
        canary.trend(table)
    for given, message in (({"min_change": 2}, "min_change: found 2"), ({"peak": 0}, "peak: found 0")):
        with pytest.raises(canary.ConfigError, match=message):
            canary.trend(SIXTY, **given)  # type: ignore[arg-type]
