"""Arguments in the form that the native module takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

from . import _canary
from ._config import Config, ConfigLike
from ._errors import ConfigError

Duration = str | dt.timedelta
"""A length of time: a text such as ``10m``, or a timedelta."""
Time = str | dt.datetime
"""A time: a text such as ``2026-03-01T08:00:00Z``, or a datetime; without a zone it is UTC."""
Judge = Literal["interval", "bounds", "kayenta"]
Layout = Literal["long", "wide"]
TimeUnit = Literal["s", "ms", "us", "ns"]

MAX_THREADS = 256
"""More only wait for each other."""

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.timezone.utc)


def milliseconds(key: str, value: Duration) -> int:
    """A length of time in milliseconds."""
    if isinstance(value, str):
        return _canary.parse_span(key, value)
    if isinstance(value, dt.timedelta):
        if value < dt.timedelta(0):
            raise ConfigError(f"{key}: found {value}, expected a length of time that is not negative", key)
        return value // dt.timedelta(milliseconds=1)
    found = type(value).__name__
    raise ConfigError(f"{key}: found a {found}, expected a text such as '10m' or a timedelta", key)


def instant(key: str, value: Time) -> int:
    """A time in milliseconds since 1970."""
    if isinstance(value, str):
        return _canary.parse_time(key, value)
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=dt.timezone.utc)
        return (aware - _EPOCH) // dt.timedelta(milliseconds=1)
    found = type(value).__name__
    raise ConfigError(f"{key}: found a {found}, expected a text such as '2026-03-01T08:00:00Z' or a datetime", key)


def reading(
    columns: Mapping[str, str] | None, layout: Layout | None = None, time_unit: TimeUnit | None = None
) -> _canary.Reading:
    """How frames are read."""
    return _canary.Reading(layout=layout, columns=list((columns or {}).items()), time_unit=time_unit)


def run(
    config: ConfigLike,
    *,
    judge: Judge | None = None,
    pass_: float | None = None,
    marginal: float | None = None,
    warmup: Duration | None = None,
    seed: int = 0,
    threads: int | None = None,
    compare: Literal["kayenta"] | None = None,
    deployed: Time | None = None,
    regions: Iterable[str] | None = None,
    metrics: Iterable[str] | None = None,
    start: Time | None = None,
    end: Time | None = None,
    step: Duration | None = None,
) -> _canary.Run:
    """What is judged and how."""
    if threads is not None and not 1 <= threads <= MAX_THREADS:
        raise ConfigError(f"threads: found {threads}, expected 1 to {MAX_THREADS}", "threads")
    if compare not in (None, "kayenta"):
        raise ConfigError(f"compare: found {compare!r}, expected 'kayenta'", "compare")
    every = None if step is None else milliseconds("step", step)
    if every == 0:
        raise ConfigError("step: found no time at all, expected a millisecond or more", "step")
    return _canary.Run(
        Config._from_any(config)._native,
        judge=judge,
        pass_=pass_,
        marginal=marginal,
        warmup=None if warmup is None else milliseconds("warmup", warmup),
        seed=seeded(seed),
        threads=threads,
        kayenta=compare is not None,
        deployed=None if deployed is None else instant("deployed", deployed),
        regions=_texts("regions", regions),
        metrics=_texts("metrics", metrics),
        start=None if start is None else instant("start", start),
        end=None if end is None else instant("end", end),
        step=every,
    )


def seeded(seed: int) -> int:
    """A seed that fits."""
    if not 0 <= seed < 2**64:
        raise ConfigError(f"seed: found {seed}, expected a whole number from 0 to 2**64 - 1", "seed")
    return seed


def _texts(key: str, values: Iterable[str] | None) -> list[str] | None:
    """One text is a list of one: it would be a list of its letters."""
    if values is None:
        return None
    texts = [values] if isinstance(values, str) else list(values)
    if not all(isinstance(text, str) for text in texts):
        raise ConfigError(f"{key}: found {texts!r}, expected texts", key)
    return texts
