"""Columns that came without Arrow: numpy arrays, pandas series and lists, as bytes that need no library."""

from __future__ import annotations

import datetime as dt
import decimal
import numbers
from array import array
from collections.abc import Iterable, Sequence
from typing import Any

from ._errors import InputError

_EPOCH = dt.datetime(1970, 1, 1)
UNITS = ("s", "ms", "us", "ns")


def column(table: str, name: str, values: Any) -> dict[str, Any]:
    """One column in the form of the native module."""
    place = f"{table}, column `{name}`"
    if _is_from(values, "pandas"):
        found = _pandas(place, values)
    elif hasattr(values, "__array__"):
        found = _numpy(place, _as_array(values))
    elif isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise InputError(f"{place}: found a {type(values).__name__}; expected an array, a series or a list")
    else:
        found = _objects(place, list(values))
    return {"name": name, "unit": None, "zoned": False, "texts": [], **found}


def _is_from(value: Any, library: str) -> bool:
    return type(value).__module__.split(".", 1)[0] == library


def _as_array(values: Any) -> Any:
    import numpy as np

    return np.asarray(values)


def _pandas(place: str, series: Any) -> dict[str, Any]:
    dtype = series.dtype
    kind = getattr(dtype, "kind", "O")
    if hasattr(series, "cat"):
        texts = [str(text) if isinstance(text, int) else text for text in series.cat.categories]
        if not all(isinstance(text, str) for text in texts):
            return _numpy(place, series.to_numpy())
        return {"kind": "texts", "data": series.cat.codes.to_numpy("int32").tobytes(), "texts": texts}
    if getattr(dtype, "tz", None) is not None:
        times = _numpy(place, series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy())
        return {**times, "zoned": True}
    if kind == "M":
        return _numpy(place, series.to_numpy())
    if kind in "iu" and not series.isna().any():
        return _numpy(place, series.to_numpy("uint64" if kind == "u" else "int64"))
    if kind in "iufb":
        return _numpy(place, series.to_numpy("float64", na_value=float("nan")))
    return _numpy(place, series.to_numpy(dtype=object, na_value=None))


def _numpy(place: str, values: Any) -> dict[str, Any]:
    if values.ndim != 1:
        raise InputError(f"{place}: found an array of {values.ndim} dimensions; expected 1")
    kind = values.dtype.kind
    if kind in "fb":
        return {"kind": "numbers", "data": values.astype("float64", copy=False).tobytes()}
    if kind == "i" or (kind == "u" and (not len(values) or values.max() < 2**63)):
        return {"kind": "integers", "data": values.astype("int64", copy=False).tobytes()}
    if kind == "u":
        return {"kind": "numbers", "data": values.astype("float64").tobytes()}
    if kind == "M":
        return _times(place, values)
    if kind in "UOT":
        return _objects(place, values.tolist())
    raise InputError(f"{place}: found type {values.dtype}; expected text, numbers or times")


def _times(place: str, values: Any) -> dict[str, Any]:
    import numpy as np

    missing = np.isnat(values)
    if missing.any():
        raise InputError(f"{place}, row {int(missing.argmax())}: found no time (NaT); every row needs one")
    unit, count = np.datetime_data(values.dtype)
    if unit not in UNITS or count != 1:
        # Days, minutes, and what is counted in steps of several.
        unit, values = "us", values.astype("datetime64[us]")
    return {"kind": "times", "data": values.astype("int64").tobytes(), "unit": unit}


def _objects(place: str, values: Sequence[Any]) -> dict[str, Any]:
    """Python's own objects: all texts, all times or all numbers; ``None``, NaN and NA are missing."""
    values = [None if _is_missing(value) else value for value in values]
    kinds = {_kind(value): row for row, value in reversed(list(enumerate(values))) if value is not None}
    if not kinds:
        # Text without a word is a missing value in a column of any role.
        return _texts(values)
    if kinds.keys() <= {"integer", "number"}:
        if kinds.keys() == {"integer"} and None not in values and all(-(2**63) <= value < 2**63 for value in values):
            return {"kind": "integers", "data": array("q", map(int, values)).tobytes()}
        nan = float("nan")
        return {"kind": "numbers", "data": array("d", (nan if v is None else float(v) for v in values)).tobytes()}
    if kinds.keys() == {"text"}:
        return _texts(values)
    if kinds.keys() in ({"time"}, {"instant"}):
        return _datetimes(place, values, zoned="instant" in kinds)
    if kinds.keys() == {"time", "instant"}:
        raise InputError(f"{place}: found times with a zone and times without; expected both or neither")
    named = {"integer": "a number", "number": "a number", "text": "text", "time": "a time", "instant": "a time"}
    row, kind = sorted((row, kind) for kind, row in kinds.items())[-1]
    found = named.get(kind, f"a {kind}")
    others = " and ".join(sorted({named.get(other, f"a {other}") for other in kinds} - {found}))
    other = f" among {others}" if others else ""
    raise InputError(f"{place}, row {row}: found {found}{other}; expected text, numbers or times, one kind in a column")


def _is_missing(value: Any) -> bool:
    # NaN, NaT and pandas' NA are not equal to themselves; comparing NA gives NA, which has no truth.
    if value is None:
        return True
    if isinstance(value, str):
        return False
    same = value == value
    return not (same if isinstance(same, bool) else str(same) == "True")


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return "text"
    if isinstance(value, dt.datetime):
        return "instant" if value.tzinfo else "time"
    if isinstance(value, dt.date):
        return "time"
    if isinstance(value, numbers.Integral) and not isinstance(value, bool):
        return "integer"
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        return "number"
    return type(value).__name__


def _texts(values: Sequence[str | None]) -> dict[str, Any]:
    known: dict[str, int] = {}
    codes = array("i", (-1 if value is None else known.setdefault(value, len(known)) for value in values))
    return {"kind": "texts", "data": codes.tobytes(), "texts": list(known)}


def _datetimes(place: str, values: Sequence[Any], *, zoned: bool) -> dict[str, Any]:
    if None in values:
        raise InputError(f"{place}, row {values.index(None)}: found no time; every row needs one")
    ticks = array("q")
    for value in values:
        time = value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)
        if zoned:
            time = time.astimezone(dt.timezone.utc).replace(tzinfo=None)
        ticks.append((time - _EPOCH) // dt.timedelta(microseconds=1))
    return {"kind": "times", "data": ticks.tobytes(), "unit": "us", "zoned": zoned}
