"""The base of what a report holds: JSON objects with attributes."""

from __future__ import annotations

import functools
import keyword
import typing
from collections.abc import Iterator, Mapping
from typing import Any


class Record(Mapping[str, Any]):
    """A JSON object whose keys are attributes as well.

    Attributes that Python reserves have an underscore at their end: ``reason.pass_`` is ``reason["pass"]``. What a
    report leaves out is ``None``, or an empty list.
    """

    __slots__ = ("_data",)
    _data: dict[str, Any]

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = dict(data)

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __getattr__(self, name: str) -> Any:
        fields = _fields(type(self))
        if name not in fields:
            raise AttributeError(f"{type(self).__name__} has no {name!r}; there are {', '.join(fields)}")
        record, is_list = fields[name]
        value = self._data.get(name.removesuffix("_") if name.endswith("_") else name)
        if value is None:
            return [] if is_list else None
        if record is None:
            return value
        if is_list:
            return [record(item) for item in value]
        return record(value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_fields(type(self))})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Record) and self._data == other._data

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self._data,))

    def __repr__(self) -> str:
        shown = ", ".join(f"{key}={value!r}" for key, value in self._data.items())
        return f"{type(self).__name__}({shown})"

    def to_dict(self) -> dict[str, Any]:
        """The JSON object itself, as a new dictionary."""
        return dict(self._data)


def attribute(key: str) -> str:
    """The attribute of a key: another name where Python needs the key's own."""
    return f"{key}_" if keyword.iskeyword(key) or hasattr(Record, key) else key


@functools.cache
def _fields(record: type[Record]) -> dict[str, tuple[type[Record] | None, bool]]:
    """Each attribute with the record that its value is, if it is one, and whether it is a list."""
    fields = {}
    # The fields stand in the classes that are made from the schema; what is built upon those has methods.
    made = next(one for one in record.__mro__ if one.__module__.endswith(".records"))
    for name, hint in typing.get_type_hints(made).items():
        if name.startswith("_"):
            continue
        parts = [hint, *typing.get_args(hint)]
        is_list = any(typing.get_origin(part) is list for part in parts)
        parts += [inner for part in parts for inner in typing.get_args(part)]
        # In Python 3.10 `list[str]` says that it is a type, and is no class.
        classes = [part for part in parts if isinstance(part, type) and typing.get_origin(part) is None]
        records = [part for part in classes if issubclass(part, Record)]
        fields[name] = (records[0] if records else None, is_list)
    return fields
