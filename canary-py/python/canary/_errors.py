"""What can go wrong, by who can mend it."""

from __future__ import annotations


class CanaryError(Exception):
    """The base of every exception of this package. A bad verdict is none."""


class ConfigError(CanaryError, ValueError):
    """The caller can mend this: a configuration or an argument.

    Attributes
    ----------
    key : str or None
        The key of the configuration, such as ``rules[0].match``, or the argument.
    """

    key: str | None

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key


class InputError(CanaryError, ValueError):
    """The owner of the data can mend this: a data frame, a file, an array, a stored report."""
