"""A run that is watched while it goes on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import _canary, records
from ._arguments import Duration, Judge, Layout, Time, TimeUnit, instant, milliseconds, reading, run
from ._config import Config, ConfigLike
from ._errors import InputError
from ._inputs import FrameLike, frame
from ._report import Report


class Look(records.LookResult):
    """What a look at a run under way says. Made by `Session.look`.

    Attributes
    ----------
    stop : list of str or None
        Why the run must be stopped, if so.
    is_last : bool
        Whether the plan has no look after this one.
    report : Report
        The look in full.
    """

    __slots__ = ("_is_last", "_stop", "report")

    def __init__(self, native: _canary.Look) -> None:
        head = json.loads(native.head())
        super().__init__(head["result"])
        self._stop, self._is_last = head["stop"], head["is_last"]
        self.report = Report._of(native.report)

    @property
    def stop(self) -> list[str] | None:
        """Why the run must be stopped, if so."""
        return None if self._stop is None else list(self._stop)

    @property
    def is_last(self) -> bool:
        """Whether the plan has no look after this one."""
        return bool(self._is_last)


class Session:
    """The state of a run that is watched: fed minute by minute, looked at now and then, kept in between.

    It can be pickled, or kept as bytes (`to_bytes`): a job that is started anew every minute loads it, feeds it, and
    writes it back. All looks share the chance of a false alarm.

    Parameters
    ----------
    every : str or timedelta
        The time between looks.
    horizon : str or timedelta, optional
        How long the run lasts, from when both sides live; the last look is then. Without it the run may be looked at
        for ever, and every look needs more to be sure.
    step : str or timedelta
        The time between points of a series.
    config, judge, pass_, marginal, warmup, columns, layout, time_unit, seed, threads
        As in `canary.score`.

    Examples
    --------
    >>> import canary, pickle
    >>> session = canary.Session(every="30m", horizon="2h")
    >>> for minute in range(60):
    ...     time = 1_740_988_800_000 + 60_000 * minute
    ...     session.record(side="baseline", metric="latency", time=time, value=100.0 + minute % 7)
    ...     session.record(side="canary", metric="latency", time=time, value=150.0 + minute % 7)
    ...     session = pickle.loads(pickle.dumps(session))
    ...     look = session.look()
    ...     if look and look.stop:
    ...         break
    >>> look.minutes, look.verdict, look.stop
    (30.0, 'fail', ['score_below_marginal'])
    """

    __slots__ = ("_arguments", "_native", "_reading", "_run")

    def __init__(
        self,
        *,
        every: Duration,
        horizon: Duration | None = None,
        step: Duration = "1m",
        config: ConfigLike = None,
        judge: Judge | None = None,
        pass_: float | None = None,
        marginal: float | None = None,
        warmup: Duration | None = None,
        columns: Mapping[str, str] | None = None,
        layout: Layout | None = None,
        time_unit: TimeUnit | None = None,
        seed: int = 0,
        threads: int | None = None,
    ) -> None:
        self._arguments: dict[str, Any] = {
            "config": Config._from_any(config), "judge": judge, "pass_": pass_, "marginal": marginal,
            "warmup": warmup, "seed": seed, "threads": threads,
        }  # fmt: skip
        reads: dict[str, Any] = {"columns": dict(columns or {}), "layout": layout, "time_unit": time_unit}
        self._prepare(reads)
        self._native = _canary.Session(
            every=milliseconds("every", every),
            horizon=None if horizon is None else milliseconds("horizon", horizon),
            step=milliseconds("step", step),
        )

    def _prepare(self, reads: dict[str, Any]) -> None:
        self._reading = (reads, reading(**reads))
        self._run = run(**self._arguments)

    def observe(self, baseline: FrameLike | None = None, canary: FrameLike | None = None) -> None:
        """Take in the rows of a minute, or of any time, in any order: all of them, or with an error none.

        Parameters
        ----------
        baseline, canary : data frame, mapping or path, optional
            The new rows of each side, as in `canary.score`.
        """
        how = self._reading[1]
        sides = [
            None if side is None else frame(side, name, how, "one")
            for side, name in ((baseline, "baseline"), (canary, "canary"))
        ]
        self._native.observe(how, *sides)

    def observe_both(self, both: FrameLike) -> None:
        """Take in rows of both sides, told apart by a column ``side``."""
        how = self._reading[1]
        self._native.observe_both(how, frame(both, "both", how, "both"))

    def record(
        self,
        *,
        side: records.Side,
        metric: str,
        time: Time | int,
        value: float,
        region: str | None = None,
        instance: str | None = None,
    ) -> None:
        """Take in one value.

        Parameters
        ----------
        side : {"baseline", "canary"}
            The build that it is of.
        metric : str
            Its metric.
        time : str, datetime or int
            When it was taken; a whole number counts milliseconds since 1970.
        value : float
            The value; NaN and infinities are missing.
        region, instance : str, optional
            Where there are such.
        """
        at = time if isinstance(time, int) else instant("time", time)
        self._native.record(side=side, metric=metric, time=at, value=value, region=region, instance=instance)

    def look(self) -> Look | None:
        """Take the look that is due; ``None`` where none is. Feed a whole minute before asking."""
        found = self._native.look(self._run)
        return None if found is None else Look(found)

    @property
    def looks_taken(self) -> int:
        """How many of the planned looks are over: taken, or past."""
        return self._native.looks_taken

    def to_bytes(self) -> bytes:
        """The whole state as JSON: series, plan, configuration."""
        arguments = self._arguments | {"config": self._arguments["config"].to_dict()}
        if not isinstance(arguments["warmup"], (str, type(None))):
            arguments["warmup"] = f"{milliseconds('warmup', arguments['warmup'])}ms"
        head = json.dumps({"arguments": arguments, "reading": self._reading[0]})
        return head.encode() + b"\n" + self._native.dump()

    @classmethod
    def from_bytes(cls, state: bytes) -> Session:
        """A state that `to_bytes` wrote."""
        head, _, native = state.partition(b"\n")
        try:
            written = json.loads(head)
            arguments, reads = dict(written["arguments"]), written["reading"]
            config = Config(arguments["config"])
            session = cls.__new__(cls)
            session._arguments = arguments | {"config": config}
            session._prepare(reads)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"state: not what Session.to_bytes writes: {error!r}") from error
        session._native = _canary.Session.load(native)
        return session

    def __reduce__(self) -> tuple[Any, ...]:
        return (Session.from_bytes, (self.to_bytes(),))

    def __repr__(self) -> str:
        return f"Session({self.looks_taken} looks taken)"
