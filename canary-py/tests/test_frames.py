"""Whatever the data come in, the report is the command line's, byte for byte."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from conftest import FIXTURES, ROOT, without_inputs
from pyarrow import csv, parquet

import canary


def duck(path: str) -> Any:
    return duckdb.connect().sql(f"from '{path}'")


def columns_of(path: str) -> Any:
    """A mapping of numpy arrays and lists."""
    frame = pd.read_parquet(path)
    return {name: frame[name].to_numpy() if frame[name].dtype.kind in "fi" else list(frame[name]) for name in frame}


READERS: dict[str, Callable[[str], Any]] = {
    "path": str,
    "polars": pl.read_parquet,
    "lazy polars": pl.scan_parquet,
    "pandas": pd.read_parquet,
    "pandas of objects": lambda path: pd.read_parquet(path).astype({"metric": object}),
    "pandas on Arrow": lambda path: pd.read_parquet(path, dtype_backend="pyarrow"),
    "pyarrow": parquet.read_table,
    "record batches": lambda path: pa.RecordBatchReader.from_batches(
        parquet.read_schema(path), parquet.ParquetFile(path).iter_batches(7001)
    ),
    "duckdb": duck,
    "mapping": columns_of,
}


@pytest.mark.parametrize("reader", READERS)
def test_the_demo_is_the_command_lines(reader: str, cli: Callable[..., str]) -> None:
    files = [str(FIXTURES / "demo" / f"{side}.parquet") for side in ("baseline", "canary")]
    config = ROOT / "examples" / "canary.toml"
    expected = cli("score", *files, "-c", config, "--format", "json")
    report = canary.score(*map(READERS[reader], files), config=config)
    assert without_inputs(report.to_json()) == without_inputs(expected)
    assert report.inputs.baseline.rows == 1_382_383 or report.inputs.baseline.rows > 1_000_000


@pytest.mark.parametrize("reader", ["pandas", "polars", "pyarrow", "duckdb"])
def test_the_lines_of_the_readme_say_what_the_command_line_says(
    reader: str, cli: Callable[..., str], tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = re.search(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), flags=re.MULTILINE | re.DOTALL)
    assert block is not None and len(block[1].splitlines()) == 3
    files = [str(FIXTURES / "demo" / f"{side}.parquet") for side in ("baseline", "canary")]
    (tmp_path / "canary.toml").symlink_to(ROOT / "examples" / "canary.toml")
    monkeypatch.chdir(tmp_path)
    names = dict(zip(("baseline", "new"), map(READERS[reader], files), strict=True))
    exec(compile(block[1], "README.md", "exec"), names)
    expected = cli("score", *files, "-c", ROOT / "examples" / "canary.toml", "--format", "json")
    assert without_inputs(names["report"].to_json()) == without_inputs(expected)
    assert (tmp_path / "report.html").stat().st_size > 100_000


LAYOUTS: dict[str, dict[str, Any]] = {
    "long": {},
    "long_dictionary": {},
    "long_region": {},
    "long_instance": {},
    "long_renamed": {"columns": {"metric": "name", "timestamp": "ts", "value": "val"}},
    "long_float32_shuffled": {},
    "wide": {},
    "time_epoch_seconds": {"time_unit": "s"},
    "time_epoch_milliseconds": {"time_unit": "ms"},
    "time_naive": {},
    "time_nanoseconds": {},
    "time_berlin": {},
}


def arguments(options: dict[str, Any]) -> list[str]:
    given = [f"--column={role}={name}" for role, name in options.get("columns", {}).items()]
    return given + ([f"--time-unit={options['time_unit']}"] if "time_unit" in options else [])


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("reader", ["path", "polars", "pandas", "pyarrow", "duckdb"])
def test_every_layout_is_the_command_lines(layout: str, reader: str, cli: Callable[..., str]) -> None:
    files = [str(FIXTURES / "layouts" / layout / f"{side}.parquet") for side in ("baseline", "canary")]
    expected = cli("score", *files, "--format", "json", *arguments(LAYOUTS[layout]))
    report = canary.score(*map(READERS[reader], files), **LAYOUTS[layout])
    assert without_inputs(report.to_json()) == without_inputs(expected)


@pytest.mark.parametrize(
    "files",
    [
        ("long_csv/baseline.csv", "long_csv/canary.csv"),
        ("long_csv_gz/baseline.csv.gz", "long_csv_gz/canary.csv.gz"),
        ("long_csv_zst/baseline.csv.zst", "long_csv_zst/canary.csv.zst"),
        ("wide_csv/baseline.csv", "wide_csv/canary.csv"),
        ("long_parts/baseline", "long_parts/canary"),
        ("long_parts/baseline/*.parquet", "long_parts/canary/*.parquet"),
        ("both_sides/both.csv",),
        ("both_sides/both.parquet",),
    ],
)
@pytest.mark.parametrize("library", ["pyarrow", "polars"])
def test_files_are_read_as_by_the_command_line(
    files: tuple[str, ...], library: str, cli: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from canary import _files

    monkeypatch.setattr(_files, "_has", lambda name: name == library)
    paths = [f"fixtures/layouts/{name}" for name in files]
    monkeypatch.chdir(ROOT)
    expected = cli("score", *paths, "--format", "json")
    report = canary.score(*paths)
    assert without_inputs(report.to_json()) == without_inputs(expected)
    # A path is a path: what was compared is the same but for the command, which there was none of.
    inputs = canary.Report.from_json(expected).inputs.to_dict()
    inputs.pop("command", None)
    assert report.inputs.to_dict() == inputs


def test_csv_read_with_types_is_the_same(cli: Callable[..., str]) -> None:
    files = [str(FIXTURES / "layouts" / "long_csv" / f"{side}.csv") for side in ("baseline", "canary")]
    expected = without_inputs(cli("score", *files, "--format", "json"))
    for read in (csv.read_csv, pd.read_csv, lambda path: pl.read_csv(path, try_parse_dates=True), pl.read_csv):
        assert without_inputs(canary.score(*map(read, files)).to_json()) == expected


def test_the_series_are_those_of_the_command_line(cli: Callable[..., str]) -> None:
    for layout in ("long", "long_instance"):
        files = [str(FIXTURES / "layouts" / layout / f"{side}.parquet") for side in ("baseline", "canary")]
        expected = cli("score", *files, "--with-series", "--format", "json")
        report = canary.score(*map(pl.read_parquet, files))
        assert without_inputs(report.to_json(series=True)) == without_inputs(expected)


def test_options_are_the_command_lines(cli: Callable[..., str]) -> None:
    files = [str(FIXTURES / "demo" / f"{side}.parquet") for side in ("baseline", "canary")]
    told = [
        "--judge", "bounds", "--pass", "90", "--marginal", "60", "--warmup", "10m", "--seed", "7", "--threads", "1",
        "--region", "us-east-1", "--metric", "*latency*", "--metric", "*requests", "--start", "2025-03-03T08:30:00Z",
        "--end", "2025-03-03T15:00:00", "--step", "2m", "--compare", "kayenta", "--deployed", "2025-03-03T10:00:00Z",
    ]  # fmt: skip
    report = canary.score(
        *map(pl.read_parquet, files),
        judge="bounds", pass_=90, marginal=60, warmup=dt.timedelta(minutes=10), seed=7, threads=1,
        regions=["us-east-1"], metrics=["*latency*", "*requests"], step="2m", compare="kayenta",
        start=dt.datetime(2025, 3, 3, 8, 30, tzinfo=dt.timezone.utc), end=dt.datetime(2025, 3, 3, 15),
        deployed="2025-03-03T10:00:00Z",
    )  # fmt: skip
    assert without_inputs(report.to_json()) == without_inputs(cli("score", *files, *told, "--format", "json"))
    assert report.peer is not None and len(report.regions) == 1


def test_a_control_is_the_command_lines(cli: Callable[..., str]) -> None:
    old, new = (str(FIXTURES / "layouts" / "long_instance" / f"{side}.parquet") for side in ("baseline", "canary"))
    halves = cli("score", old, new, "--control", "halves", "--format", "json")
    assert without_inputs(canary.score(old, new, control="halves").to_json()) == without_inputs(halves)
    other = cli("score", old, new, "--control", new, "--format", "json")
    assert without_inputs(canary.score(old, new, control=pl.read_parquet(new)).to_json()) == without_inputs(other)


def test_a_rule_that_matches_nothing_is_named_by_its_line(cli: Callable[..., str], tmp_path: Any) -> None:
    config = tmp_path / "canary.toml"
    config.write_text('# nothing\n\n[[rules]]\nmatch = ["no such metric"]\nweight = 2\n')
    files = [str(FIXTURES / "layouts" / "long" / f"{side}.parquet") for side in ("baseline", "canary")]
    report = canary.score(*files, config=config)
    notes = {note.code: note.detail for note in report.notes}
    assert notes["rule_matches_nothing"].startswith("line 3: ")
    assert without_inputs(report.to_json()) == without_inputs(cli("score", *files, "-c", config, "--format", "json"))


def test_pandas_needs_no_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [str(FIXTURES / "layouts" / "long_region" / f"{side}.parquet") for side in ("baseline", "canary")]
    frames = [pd.read_parquet(file) for file in files]
    expected = canary.score(*frames).to_json()
    variants: list[Callable[[pd.DataFrame], pd.DataFrame]] = [
        lambda frame: frame,
        lambda frame: frame.astype({"metric": object, "region": "category"}),
        lambda frame: frame.assign(timestamp=frame["timestamp"].dt.tz_convert("Asia/Tokyo")),
        lambda frame: frame.assign(value=frame["value"].astype("Float64")),
        lambda frame: frame.sample(frac=1.0, random_state=1),
    ]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for variant in variants:
        assert canary.score(*map(variant, frames)).to_json() == expected


def test_an_index_of_times_is_the_column_of_times() -> None:
    frames = [pd.read_parquet(FIXTURES / "layouts" / "wide" / f"{side}.parquet") for side in ("baseline", "canary")]
    expected = canary.score(*frames).to_json()
    assert canary.score(*[frame.set_index("timestamp") for frame in frames]).to_json() == expected
    assert canary.score(*[frame.set_index("timestamp").rename_axis(None) for frame in frames]).to_json() == expected
    long = [pd.read_parquet(FIXTURES / "layouts" / "long" / f"{side}.parquet") for side in ("baseline", "canary")]
    expected = canary.score(*long).to_json()
    assert canary.score(*[frame.set_index(["metric", "timestamp"]) for frame in long]).to_json() == expected


def test_one_frame_holds_both_sides() -> None:
    both = pl.read_parquet(FIXTURES / "layouts" / "both_sides" / "both.parquet")
    sides = [both.filter(pl.col("side").str.to_lowercase() == side).drop("side") for side in ("baseline", "canary")]
    assert without_inputs(canary.score(both).to_json()) == without_inputs(canary.score(*sides).to_json())
