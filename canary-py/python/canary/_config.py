"""The configuration: from and to text and dictionaries."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from . import _canary
from ._errors import ConfigError


class Config:
    """What is decided about a run: thresholds, rules, groups. None of it is needed.

    Parameters
    ----------
    values : mapping, optional
        Keys as in ``canary.toml``; what is left out is the default's. See ``docs/config.md``.

    Raises
    ------
    ConfigError
        Where a key is unknown or a value impossible; ``error.key`` names it.

    Examples
    --------
    >>> import canary
    >>> config = canary.Config({"thresholds": {"pass": 90}})
    >>> print(config.to_toml(), end="")
    [thresholds]
    pass = 90
    >>> canary.Config({"thresholds": {"pass": 900}})
    Traceback (most recent call last):
    ...
    canary.ConfigError: thresholds.pass: JSON line 1, column 28: found 900, expected a score from 0 to 100
    """

    __slots__ = ("_native",)
    _native: _canary.Config

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        try:
            text = json.dumps({} if values is None else dict(values), allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ConfigError(f"a configuration holds numbers, texts, lists and mappings: {error}") from None
        self._native = _canary.Config.parse(text, "json")

    @classmethod
    def from_toml(cls, text: str) -> Config:
        """Read a text in TOML.

        Examples
        --------
        >>> import canary
        >>> canary.Config.from_toml("[defaults]\\nbounds = { upper = 1.1 }").to_dict()["defaults"]["bounds"]["upper"]
        1.1
        """
        return cls._parsed(text, "toml")

    @classmethod
    def from_json(cls, text: str) -> Config:
        """Read a text in JSON."""
        return cls._parsed(text, "json")

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Config:
        """Read a mapping; the same as ``Config(values)``."""
        return cls(values)

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Config:
        """Read a file: ``.toml``, ``.yaml`` or ``.json``."""
        path = Path(path)
        suffix = path.suffix.removeprefix(".").lower()
        if suffix not in ("toml", "yaml", "yml", "json"):
            raise ConfigError(f"{path}: found the suffix `{path.suffix}`, expected .toml, .yaml or .json", "config")
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}", "config") from error
        try:
            return cls._parsed(text, suffix)
        except ConfigError as error:
            raise ConfigError(f"{path}: {error}", error.key) from None

    @classmethod
    def _parsed(cls, text: str, format: Literal["toml", "yaml", "yml", "json"] | str) -> Config:
        return cls._of(_canary.Config.parse(text, format))

    @classmethod
    def _of(cls, native: _canary.Config) -> Config:
        config = cls.__new__(cls)
        config._native = native
        return config

    @classmethod
    def _from_any(cls, value: ConfigLike) -> Config:
        if value is None:
            return cls()
        if isinstance(value, Config):
            return value
        if isinstance(value, Mapping):
            return cls(value)
        if isinstance(value, (str, os.PathLike)):
            return cls.from_file(value)
        found = type(value).__name__
        raise ConfigError(f"found a {found}, expected a canary.Config, a mapping or the path of a file", "config")

    def to_toml(self) -> str:
        """As TOML that a person would have written: what is not a default, with its comments."""
        return self._native.to_toml()

    def to_json(self) -> str:
        """As JSON, defaults included."""
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """As a dictionary, defaults included."""
        values: dict[str, Any] = json.loads(self.to_json())
        return values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self._native == other._native

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return (Config._parsed, (self.to_json(), "json"))

    def __repr__(self) -> str:
        toml = self.to_toml()
        return f"Config.from_toml({toml!r})" if toml else "Config()"


ConfigLike = Config | Mapping[str, Any] | str | os.PathLike[str] | None
"""A configuration, a mapping of its keys, or the path of a file; ``None`` is the default."""
