"""Odd input: the right result, or an error that says what was found, where, and what would be right."""

from __future__ import annotations

import datetime as dt
import decimal
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import canary

TICKS = 60
START = dt.datetime(2025, 3, 3, 8)
TIMES = [START + dt.timedelta(minutes=minute) for minute in range(TICKS)]
OLD = [float(100 + minute % 7) for minute in range(TICKS)]
NEW = [float(150 + minute % 11) for minute in range(TICKS)]


def long(values: Any, **other: Any) -> dict[str, Any]:
    return {"metric": ["latency"] * TICKS, "timestamp": TIMES, "value": values} | other


LIBRARIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "polars": pl.DataFrame,
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "mapping": dict,
}


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> Callable[[dict[str, Any]], Any]:
    return LIBRARIES[request.param]


@pytest.fixture(params=["with pyarrow", "without"])
def maybe_pyarrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "without":
        monkeypatch.setitem(sys.modules, "pyarrow", None)


EXPECTED = canary.score(long(OLD), long(NEW))


def test_what_the_others_are_compared_with() -> None:
    assert (EXPECTED.verdict, EXPECTED.metrics[0].state) == ("fail", "hot")
    assert EXPECTED.metrics[0].ratio == pytest.approx(1.504, abs=0.001)  # as in the README of the package


@pytest.mark.parametrize(
    "convert",
    [
        pytest.param(lambda values: values, id="float64"),
        pytest.param(lambda values: np.array(values, "float32"), id="float32"),
        pytest.param(lambda values: np.array(values, "int16"), id="int16"),
        pytest.param(lambda values: np.array(values, "uint64"), id="uint64"),
        pytest.param(lambda values: [int(value) for value in values], id="int"),
        pytest.param(lambda values: [decimal.Decimal(str(value)) for value in values], id="Decimal"),
        pytest.param(lambda values: [str(value) for value in values], id="text that is numbers"),
    ],
)
def test_any_number_is_a_number(convert: Any, library: Any) -> None:
    report = canary.score(library(long(convert(OLD))), library(long(convert(NEW))))
    assert report.to_json() == EXPECTED.to_json()


@pytest.mark.parametrize(
    "dtype", ["Float64", "Int64", "float64[pyarrow]", "int32[pyarrow]", "decimal128(9, 2)[pyarrow]", "object"]
)
def test_nullable_columns_of_pandas(dtype: str, maybe_pyarrow: None) -> None:
    if dtype.endswith("[pyarrow]") and sys.modules.get("pyarrow", 0) is None:
        pytest.skip("such a column is pyarrow's")
    kind = pd.ArrowDtype(pa.decimal128(9, 2)) if dtype.startswith("decimal") else dtype
    sides = []
    for values in (OLD, NEW):
        column = pd.Series(values).astype("Int64" if "nt" in dtype else "Float64")
        column[5] = pd.NA
        sides.append(pd.DataFrame(long(column.astype(kind))))
    report = canary.score(*sides)
    missing = canary.score(*[long([None if i == 5 else v for i, v in enumerate(values)]) for values in (OLD, NEW)])
    assert report.to_json() == missing.to_json()
    assert report.metrics[0].points.baseline == TICKS - 1


def test_missing_values_are_missing_however_they_are_written(library: Any) -> None:
    nan = [float("nan") if minute == 5 else value for minute, value in enumerate(OLD)]
    none = [None if minute == 5 else value for minute, value in enumerate(OLD)]
    assert canary.score(library(long(nan)), library(long(NEW))).to_json() == canary.score(
        library(long(none)), library(long(NEW))
    ).to_json()


def test_a_column_without_any_value_is_one_that_is_missing(library: Any) -> None:
    report = canary.score(library(long([None] * TICKS)), library(long(NEW)))
    assert [metric.reason.code for metric in report.metrics] == [canary.score(long([float("nan")] * TICKS), long(NEW)).metrics[0].reason.code]
    regions = [library(long(values, region=[None] * TICKS)) for values in (OLD, NEW)]
    assert canary.score(*regions).to_json() == EXPECTED.to_json()


def test_booleans_count_as_one_and_zero() -> None:
    up = {"timestamp": TIMES, "up": [True] * TICKS}
    assert canary.score(pl.DataFrame(up), pl.DataFrame(up)).metrics["up"].average.canary == 1.0


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("where", ["long runs", "short runs", "nulls among them"])
def test_a_text_that_goes_on_is_one_metric(kind: pa.DataType, where: str) -> None:
    # Many rows are looked at together: runs of about that length, and texts that repeat themselves.
    names = ["ab", "abab", "ab", "aba", "x", "cd/latency of some length", "cd/latency of some lengti", "ab"]
    lengths = [33, 34, 35, 64, 40, 66, 65, 99] if where == "long runs" else [1, 2, 31, 32, 3, 33, 34, 1]
    regions: list[str | None] = [name for name, length in zip(names, lengths) for _ in range(length)]
    if where == "nulls among them":
        regions[40:45] = [None] * 5
    rows = len(regions)
    frame = {
        "metric": ["m"] * rows,
        "timestamp": [START + dt.timedelta(minutes=row) for row in range(rows)],
        "region": pa.array(regions, pa.string()).cast(kind),
        "value": [1.0] * rows,
    }
    # Python's own count of every text, also of a table that begins within another.
    for first in (0, 7):
        table = pa.table(frame).slice(first)
        found = {metric.region: metric.points.baseline for metric in canary.score(table, table).metrics}
        assert found == {region: regions[first:].count(region) for region in set(regions[first:])}


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Kathmandu"])
def test_times_and_numbers_of_pandas_are_those_of_pyarrow(unit: str, zone: str | None) -> None:
    times = pd.Series(pd.to_datetime(TIMES)).dt.as_unit(unit)
    times = times.dt.tz_localize("UTC").dt.tz_convert(zone) if zone else times
    for dtype in ("float32", "float64"):
        values = pd.Series(OLD, dtype=dtype)
        values[5] = float("nan")
        frame = pd.DataFrame(long(values, timestamp=times))
        # Every second row of a larger one, backwards: nothing lies side by side.
        apart = frame.loc[frame.index.repeat(2)].iloc[::-2]
        assert not apart["value"].to_numpy().flags.c_contiguous
        for each in (frame, apart):
            table = pa.Table.from_pandas(each, preserve_index=False)
            assert canary.score(each, each).to_json() == canary.score(table, table).to_json()


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/St_Johns"])
def test_a_time_zone_changes_no_instant(zone: str) -> None:
    aware = pd.Series(pd.to_datetime(TIMES)).dt.tz_localize("UTC")
    moved = aware.dt.tz_convert(zone)
    expected = canary.score(pd.DataFrame(long(OLD, timestamp=aware)), pd.DataFrame(long(NEW, timestamp=aware)))
    for make in (pd.DataFrame, lambda columns: pl.from_pandas(pd.DataFrame(columns))):
        report = canary.score(make(long(OLD, timestamp=moved)), make(long(NEW, timestamp=aware)))
        assert report.to_json() == expected.to_json()


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_the_unit_of_times_changes_nothing(unit: str) -> None:
    times = np.array(TIMES, f"datetime64[{unit}]")
    for make in (dict, pd.DataFrame, pa.table):
        assert canary.score(make(long(OLD, timestamp=times)), long(NEW)).to_json() == EXPECTED.to_json()


def test_dates_are_times() -> None:
    days = [dt.date(2025, 1, 1) + dt.timedelta(days=day) for day in range(TICKS)]
    reports = {canary.score(make(long(OLD, timestamp=days)), make(long(NEW, timestamp=days))).to_json() for make in
               (pl.DataFrame, pa.table, dict)}  # fmt: skip
    assert len(reports) == 1 and canary.Report.from_json(reports.pop()).inputs.step_seconds == 86_400


def test_labels_may_be_numbers_or_categories() -> None:
    shards = [minute % 2 for minute in range(TICKS)]
    number = canary.score(pl.DataFrame(long(OLD, instance=shards)), pl.DataFrame(long(NEW, instance=shards)))
    text = canary.score(*[long(values, instance=[str(one) for one in shards]) for values in (OLD, NEW)])
    category = [pd.DataFrame(long(values, instance=pd.Categorical(shards))) for values in (OLD, NEW)]
    assert number.to_json() == text.to_json() == canary.score(*category).to_json()
    assert number.inputs.canary.instances == 2


def test_what_needs_not_be_read_is_not_looked_at() -> None:
    odd = [pd.DataFrame(long(values, other=[object()] * TICKS)) for values in (OLD, NEW)]
    assert canary.score(*odd).to_json() == EXPECTED.to_json()


def test_no_rows_are_no_error_but_no_evidence(library: Any) -> None:
    empty = library(long(OLD))
    empty = empty[:0] if not isinstance(empty, dict) else {name: values[:0] for name, values in empty.items()}
    if isinstance(empty, dict):
        empty |= {"timestamp": np.array([], "datetime64[ms]"), "metric": []}
    report = canary.score(empty, empty)
    assert report.verdict == "inconclusive" and len(report.metrics) == 0 and report.score is None
    assert canary.score(library(long(OLD)), empty).verdict == "inconclusive"


def test_metrics_of_one_side_only_are_kept() -> None:
    other = {"timestamp": TIMES, "latency": NEW, "new": NEW}
    report = canary.score({"timestamp": TIMES, "latency": OLD, "old": OLD}, other)
    assert {metric.name: metric.reason.code for metric in report.nodata} == {
        "old": "missing_in_canary",
        "new": "missing_in_baseline",
    }


CASES: list[tuple[str, Any, str]] = [
    ("no frame", 42, "baseline: found a builtins.int; expected a data frame"),
    ("none at all", None, "baseline: found a builtins.NoneType"),
    ("an array", np.zeros(3), "baseline: found a numpy.ndarray"),
    ("a polars series", pl.Series([1.0]), "expected a DataFrame or a LazyFrame"),
    ("missing columns", {"time": TIMES, "cpu": OLD}, "baseline: no column `metric`, `timestamp`, `value`; found `time`"),
    ("no metric", {"timestamp": TIMES}, "baseline: no metric in a wide frame"),
    ("columns without names", {1: TIMES}, "column names that are no text"),
    ("lengths", {"timestamp": TIMES, "cpu": OLD[:5]}, "baseline: "),
    ("values that are objects", long([object()] * TICKS), "baseline, column `value`, row 0: found a object"),
    ("text among numbers", long([*OLD[:-1], "x"]), "baseline, column `value`, row 59: found text among a number"),
    ("text", long([*map(str, OLD[:-1]), "12ms"]), "baseline, column `value`, row 59: found `12ms`; expected a number"),
    ("lists", long([[1.0]] * TICKS), "baseline, column `value`, row 0: found a list"),
    ("complex", long(np.zeros(TICKS, "complex128")), "found type complex128"),
    ("two dimensions", long(np.zeros((TICKS, 2))), "found an array of 2 dimensions"),
    ("times as values", long(TIMES), "column `value`: found type Timestamp"),
    ("durations", pl.DataFrame(long([dt.timedelta(1)] * TICKS)), "column `value`: found type Duration"),
    ("no unit", long(OLD, timestamp=range(TICKS)), "found whole numbers such as 0 without a unit; state it with time_unit"),
    ("no time", long(OLD, timestamp=["yesterday"] * TICKS), "row 0: found `yesterday`; expected a time such as"),
    ("missing time", long(OLD, timestamp=[None, *TIMES[1:]]), "column `timestamp`, row 0: found no"),
    ("NaT", long(OLD, timestamp=np.array([*TIMES[1:], "NaT"], "datetime64[us]")), "row 59: found no time (NaT)"),
    ("float times", long(OLD, timestamp=OLD), "column `timestamp`: found type Float64"),
    ("missing metric", long(OLD, metric=["latency"] * 59 + [None]), "column `metric`, row 59: found nothing; every row"),
    ("empty metric", long(OLD, metric=["latency"] * 59 + [""]), "column `metric`, row 59: found nothing; every row"),
    ("metric numbers", long(OLD, metric=OLD), "column `metric`: found type Float64; expected text"),
    ("a side", long(OLD, side=["canary"] * TICKS), "the column `side` says that the frame holds both sides"),
    ("mixed zones", long(OLD, timestamp=["2025-03-03T08:00:00Z", *["2025-03-03T08:01:00"] * 59]), "row 1: found `2025"),
    ("columns of two levels", pd.DataFrame({("a", "b"): [1]}), "found columns of 2 levels"),
    ("two columns of a name", pd.DataFrame([[1, 2, 3]], columns=["timestamp", "cpu", "cpu"]), "two columns are named `cpu`"),
    ("mixed in pandas", pd.DataFrame(long([*OLD[:-1], "x"])), "baseline: pandas' columns cannot be read"),
    ("a file that is not there", "no/such.parquet", "no/such.parquet: not found"),
    ("a glob without files", "no/*.csv", "no/*.csv: the glob matches no file"),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "message"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_cannot_be_read_says_so(frame: Any, message: str) -> None:
    with pytest.raises(canary.InputError) as caught:
        canary.score(frame, long(NEW))
    assert message in str(caught.value)
    assert isinstance(caught.value, ValueError) and isinstance(caught.value, canary.CanaryError)


def test_one_side_with_a_zone_and_one_without() -> None:
    aware = [time.replace(tzinfo=dt.timezone.utc) for time in TIMES]
    with pytest.raises(canary.InputError, match="the timestamps of canary have a time zone and those of baseline"):
        canary.score(long(OLD), long(NEW, timestamp=aware))


def test_a_side_that_is_none() -> None:
    with pytest.raises(canary.InputError, match="column `side`, row 0: found `stable`; expected baseline or canary"):
        canary.score(long(OLD, side=["stable"] * TICKS))
    with pytest.raises(canary.InputError, match="no column `side`"):
        canary.score(long(OLD))


def test_a_selection_that_selects_nothing() -> None:
    with pytest.raises(canary.InputError, match=r"metrics: no metric of the input matches lat; a pattern"):
        canary.score(long(OLD), long(NEW), metrics="lat")
    with pytest.raises(canary.InputError, match="regions: no such region as us; the input has none"):
        canary.score(long(OLD), long(NEW), regions=["us"])
    with pytest.raises(canary.InputError, match="a start that is not before the end"):
        canary.score(long(OLD), long(NEW), start=TIMES[3], end=TIMES[3])
    with pytest.raises(canary.InputError, match="control: found no metric"):
        canary.score(long(OLD), long(NEW), control="halves")


def test_a_producer_that_fails_is_an_input_error() -> None:
    schema = pa.schema([("timestamp", pa.timestamp("us")), ("cpu", pa.float64())])

    def batches() -> Any:
        raise RuntimeError("the warehouse is closed")
        yield

    class Unfinished:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            raise NotImplementedError("not yet")

    class NoCapsule:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return 1

    for frame, message in (
        (pa.RecordBatchReader.from_batches(schema, batches()), "the warehouse is closed"),
        (Unfinished(), "not yet"),
        (NoCapsule(), "cannot be read as Arrow"),
    ):
        with pytest.raises(canary.InputError, match=message):
            canary.score(frame, long(NEW))


def test_a_stream_that_was_read_before_is_an_error() -> None:
    table = pa.table(long(OLD))
    reader = pa.RecordBatchReader.from_batches(table.schema, table.to_batches())
    assert canary.score(reader, long(NEW)).verdict == "fail"
    with pytest.raises(canary.InputError, match="baseline: found no row in a pyarrow.*, which can be read once; expected"):
        canary.score(reader, long(NEW))
    with pytest.raises(canary.InputError, match="canary: found no row"):
        canary.score(long(NEW), reader)
    # What can be read again is read again, and a table without rows is no stream.
    relation = duckdb.connect().from_arrow(table)
    assert canary.score(relation, relation).to_json() == canary.score(relation, relation).to_json()
    assert canary.score(table[:0], duckdb.connect().from_arrow(table).limit(0)).verdict == "inconclusive"


def test_files_need_a_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    from canary import _files

    path = tmp_path / "old.csv"
    path.write_text("timestamp,cpu\n2025-03-03T08:00:00Z,1\n")
    monkeypatch.setattr(_files, "_has", lambda name: False)
    with pytest.raises(canary.InputError, match="reading files needs pyarrow or polars, and neither is installed"):
        canary.score(path, path)


def test_a_damaged_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from canary import _files

    damaged = tmp_path / "old.parquet"
    damaged.write_bytes(b"PAR1 and no more")
    for library in ("pyarrow", "polars"):
        monkeypatch.setattr(_files, "_has", lambda name, wanted=library: name == wanted)
        with pytest.raises(canary.InputError, match="cannot be read"):
            canary.score(damaged, damaged)


def test_frames_may_come_in_many_small_batches() -> None:
    table = pa.table(long(OLD))
    small = pa.Table.from_batches(table.to_batches(max_chunksize=7))
    assert canary.score(small, long(NEW)).to_json() == EXPECTED.to_json()
    dictionary = table.set_column(0, "metric", table["metric"].dictionary_encode())
    assert canary.score(dictionary, long(NEW)).to_json() == EXPECTED.to_json()
