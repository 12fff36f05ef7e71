"""What a squeeze test and a trend have in common: the forms that they take, and where they come from."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar

from . import _canary, _files
from ._errors import ConfigError
from ._inputs import FrameLike, frame


class _Native(Protocol):
    def to_json(self) -> str: ...
    def to_markdown(self) -> str: ...
    def to_html(self) -> str: ...
    def to_table(self, *, width: int) -> str: ...


N = TypeVar("N", bound=_Native)


class Rendered(Generic[N]):
    """The forms of a result that the native module renders."""

    __slots__ = ()
    _native: N

    def to_json(self) -> str:
        """As JSON, byte for byte as the command line writes it."""
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object, as a new dictionary."""
        values: dict[str, Any] = json.loads(self.to_json())
        return values

    def to_markdown(self) -> str:
        """As Markdown, for a job summary or a comment on a pull request."""
        return self._native.to_markdown()

    def to_html(self, path: str | os.PathLike[str] | None = None) -> str:
        """As one self-contained HTML page with its pictures.

        Parameters
        ----------
        path : str or path, optional
            Write the page there too. The file appears whole or not at all.

        Returns
        -------
        str
            The page.
        """
        return _files.also_written(self._native.to_html(), path)

    def to_table(self, *, width: int | None = None) -> str:
        """As the command line prints it, plot included; `width` is that of the terminal unless given."""
        return self._native.to_table(width=width or shutil.get_terminal_size((100, 24)).columns)

    def _repr_html_(self) -> str:
        """The body of the page. Its pictures have the colours of light paper, which it brings along."""
        body = self.to_html().partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
        for own, within in (("h1>", "h3>"), ("h2>", "h4>")):  # the notebook has titles of its own
            body = body.replace(own, within)
        return f'<div style="background:#fff;color:#24292f;padding:1em;max-width:64em">{body}</div>'

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.to_json() == other.to_json()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return self.to_table().rstrip("\n")


class _Everything:
    """Every column is taken: which of them are needed is known where they are read."""

    timestamp = ""

    def wanted(self, name: str, found: list[str], sides: str) -> list[str]:
        return found


def source(value: FrameLike, name: str) -> str | _canary.Frame:
    """A path that the native module reads, or a frame, which errors call `name`; Parquet becomes one."""
    if not isinstance(value, (str, os.PathLike)):
        return frame(value, name, _Everything(), "one")
    path = os.fspath(value)
    is_parquet = os.path.isfile(path) and _files.is_parquet(path)
    return _files.read(path, _Everything(), "one") if is_parquet else path


def texts(key: str, values: str | Iterable[str] | None) -> list[str]:
    """One text, or several."""
    found = [] if values is None else [values] if isinstance(values, str) else list(values)
    if not all(isinstance(text, str) for text in found):
        raise ConfigError(f"{key}: found {found!r}, expected texts", key)
    return found


def positive(key: str, value: float) -> float:
    """A finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise ConfigError(f"{key}: found {value!r}, expected a finite number above 0", key)
    return float(value)
