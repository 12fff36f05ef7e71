"""Whatever holds a side's metrics, as a native frame."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

from . import _canary
from ._columns import UNITS, column
from ._errors import InputError


@runtime_checkable
class ArrowStream(Protocol):
    """An object with the Arrow PyCapsule interface: a data frame of polars, pandas, pyarrow, DuckDB …"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


FrameLike = ArrowStream | Mapping[str, Any] | str | os.PathLike[str]
"""A data frame, a mapping of column names to arrays, or the path of a file, a folder or a glob."""

Sides = Literal["one", "any", "both"]


class Reads(Protocol):
    """Which columns are read, and which of them is that of the times."""

    @property
    def timestamp(self) -> str: ...
    def wanted(self, name: str, found: list[str], sides: str) -> list[str]: ...


def frame(value: FrameLike, name: str, reading: Reads, sides: Sides) -> _canary.Frame:
    """The frame behind `value`, which errors call `name`. Only columns that are needed are converted."""
    if isinstance(value, (str, os.PathLike)):
        from . import _files

        return _files.read(value, reading, sides)
    if _is_pandas(value):
        return _pandas(value, name, reading, sides)
    if _library(value) == "polars":
        return _polars(value, name, reading, sides)
    if isinstance(value, Mapping):
        return _mapping(value, name, reading, sides)
    if hasattr(value, "__arrow_c_stream__"):
        return _stream(value, name)
    raise InputError(
        f"{name}: found a {type(value).__module__}.{type(value).__qualname__}; expected a data frame (polars, pandas, "
        "pyarrow, DuckDB, or anything with the Arrow PyCapsule interface), a mapping of names to arrays, or a path"
    )


def _library(value: object) -> str:
    return type(value).__module__.split(".", 1)[0]


def _is_pandas(value: Any) -> bool:
    return _library(value) in ("pandas", "geopandas") and hasattr(value, "columns") and hasattr(value, "index")


def _stream(value: Any, name: str) -> _canary.Frame:
    try:
        found = _canary.Frame.from_stream(name, value)
    except InputError:
        raise
    except (ImportError, RuntimeError, TypeError, ValueError, NotImplementedError) as error:
        raise InputError(f"{name}: the data frame cannot be read as Arrow: {error}") from error
    if not len(found) and not any(hasattr(value, size) for size in ("__len__", "num_rows", "shape")):
        # What knows no size of its own is a stream. Once it was read, it looks like one without rows.
        raise InputError(
            f"{name}: found no row in a {type(value).__module__}.{type(value).__qualname__}, which can be read once; "
            "expected one that was not read before, or a table"
        )
    return found


def _polars(value: Any, name: str, reading: Reads, sides: Sides) -> _canary.Frame:
    if hasattr(value, "collect_schema") and hasattr(value, "collect"):
        value = value.collect()
    if not hasattr(value, "columns") or not hasattr(value, "select"):
        raise InputError(f"{name}: found a polars.{type(value).__qualname__}; expected a DataFrame or a LazyFrame")
    import polars as pl

    wanted = reading.wanted(name, value.columns, sides)
    value = value.select(wanted) if len(wanted) < len(value.columns) else value
    # A column without any value comes with a buffer that such a column may not have in Arrow.
    return _stream(value.with_columns(pl.col(pl.Null).cast(pl.String)) if pl.Null in value.dtypes else value, name)


def _pandas(value: Any, name: str, reading: Reads, sides: Sides) -> _canary.Frame:
    import pandas as pd

    if value.columns.nlevels > 1:
        raise InputError(f"{name}: found columns of {value.columns.nlevels} levels; expected plain names")
    value = _with_index(value, reading)
    names = [str(column) for column in value.columns]
    wanted = reading.wanted(name, names, sides)
    if len(wanted) < len(names):
        value = value.loc[:, [column in set(wanted) for column in names]]
    value = value.set_axis([str(column) for column in value.columns], axis=1)
    try:
        import pyarrow as pa
    except ImportError:
        return _canary.Frame.from_columns(name, [column(name, each, value[each]) for each in value.columns])
    texts = {}
    for each in value.columns:
        if hasattr(value[each], "cat") and value[each].cat.categories.dtype.kind in "iu":
            texts[each] = value[each].astype("Int64")
        elif value[each].dtype == object and pd.api.types.infer_dtype(value[each], skipna=True) == "string":
            # A code a row instead of another copy of every text.
            codes, known = pd.factorize(value[each])
            texts[each] = pd.Categorical.from_codes(codes, known)
    plain = {each: array for each in value.columns if (array := _as_it_lies(value[each])) is not None}
    try:
        others = value.drop(columns=list(plain)).assign(**texts)
        converted = pa.Table.from_pandas(others, preserve_index=False) if len(others.columns) else {}
        table = pa.table({each: plain[each] if each in plain else converted[each] for each in value.columns})
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"{name}: pandas' columns cannot be read: {_words(error)}") from error
    return _stream(table, name)


def _as_it_lies(series: Any) -> Any:
    """A column of numbers or times as Arrow, without the search for missing ones that pyarrow begins with.

    NaN among numbers stays NaN, which is a missing value too. None for any other column, and for one that lacks a time.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    if isinstance(series.dtype, np.dtype) and series.dtype in ("float32", "float64"):
        return pa.array(series.to_numpy())
    zoned = isinstance(series.dtype, pd.DatetimeTZDtype)
    if not zoned and not (isinstance(series.dtype, np.dtype) and series.dtype.kind == "M"):
        return None
    times = (series.dt.tz_convert(None) if zoned else series).to_numpy()
    (unit, count), ticks = np.datetime_data(times.dtype), times.view("int64")
    if unit not in UNITS or count != 1 or (ticks == np.iinfo("int64").min).any():
        return None
    return pa.array(ticks).view(pa.timestamp(unit, tz="UTC" if zoned else None))


def _with_index(value: Any, reading: Reads) -> Any:
    """An index of times is the column of times where there is none; named levels are columns."""
    index, columns = value.index, set(map(str, value.columns))
    if any(level is not None and str(level) not in columns for level in index.names):
        return value.reset_index()
    if index.nlevels == 1 and reading.timestamp not in columns and hasattr(index, "tz"):
        return value.rename_axis(reading.timestamp).reset_index()
    return value


def _words(error: BaseException) -> str:
    return "; ".join(str(argument) for argument in error.args) or type(error).__name__


def _mapping(value: Mapping[str, Any], name: str, reading: Reads, sides: Sides) -> _canary.Frame:
    if not all(isinstance(key, str) for key in value):
        raise InputError(f"{name}: found column names that are no text; expected a mapping of names to arrays")
    wanted = reading.wanted(name, list(value), sides)
    chosen = {each: value[each] for each in wanted}
    libraries = {_library(values) for values in chosen.values()}
    if "polars" in libraries:
        import polars as pl

        return _stream(pl.DataFrame(chosen), name)
    if "pyarrow" in libraries:
        import pyarrow as pa

        return _stream(pa.table(chosen), name)
    return _canary.Frame.from_columns(name, [column(name, each, values) for each, values in chosen.items()])
