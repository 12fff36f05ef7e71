"""Looks: replay, and a session that is fed minute by minute."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
import re
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
from conftest import FIXTURES, ROOT, without_inputs

import canary

START = dt.datetime(2025, 3, 3, 8, tzinfo=dt.timezone.utc)


def frames() -> list[pl.DataFrame]:
    """240 minutes of the demo's services, whose metrics change in both ways."""
    end = START + dt.timedelta(hours=4)
    wanted = pl.col("metric").cast(pl.String).str.starts_with("nezha-split:ob") & (pl.col("timestamp") < end)
    paths = [FIXTURES / "demo" / f"{side}.parquet" for side in ("baseline", "canary")]
    return [pl.read_parquet(path).filter(wanted & (pl.col("region") == "us-east-1")) for path in paths]


@pytest.fixture(scope="module")
def sides() -> list[pl.DataFrame]:
    return frames()


@pytest.fixture(scope="module")
def replay(sides: list[pl.DataFrame]) -> canary.Replay:
    return canary.replay(*sides, every="1h")


def test_a_replay_is_the_command_lines(cli: Callable[..., str]) -> None:
    files = [f"fixtures/layouts/long/{side}.parquet" for side in ("baseline", "canary")]
    config = "examples/canary.toml"
    told = cli("replay", *files, "-c", config, "--every", "10m", "--format", "json")
    found = canary.replay(*[str(ROOT / file) for file in files], config=ROOT / config, every=dt.timedelta(minutes=10))

    def plain(text: str) -> str:
        return re.sub(r'^    "inputs": \{.*?^    \},\n', "", text, flags=re.MULTILINE | re.DOTALL)

    assert plain(found.to_json()) == plain(told) != told
    assert (found.stopped is None) == ('"stopped": null' in told)


def test_what_the_looks_say(replay: canary.Replay, sides: list[pl.DataFrame]) -> None:
    assert [look.minutes for look in replay.looks] == [60, 120, 180, 240]
    assert replay.looks[0].at == "2025-03-03T09:00:00Z" and replay.budget.looks == 4 and replay.stopped is None
    assert replay.report.verdict == replay.looks[-1].verdict
    assert replay.report.metric(replay.report.metrics[0].name).series is not None
    assert replay.report.to_json() == canary.Replay._of(replay._native.from_json(replay.to_json())).report.to_json()
    assert "240 minutes: 4 looks" in repr(replay)
    assert replay.to_dict()["report"]["verdict"] == replay.report.verdict
    for again in (pickle.loads(pickle.dumps(replay)), copy.deepcopy(replay)):
        assert again == replay


def test_a_replay_stops_early(sides: list[pl.DataFrame]) -> None:
    old, new = sides
    stopped = canary.replay(old, new.with_columns(pl.col("value") * 2), every="1h").stopped
    assert stopped is not None and stopped.minutes == 60 and stopped.because == ["score_below_marginal"]


def test_intervals_that_are_none(sides: list[pl.DataFrame]) -> None:
    for every, message in (("10s", "every: found 10s between looks, expected 1m or more"), ("x", "every: found `x`")):
        with pytest.raises(canary.ConfigError, match=message):
            canary.replay(*sides, every=every)


def minute(side: pl.DataFrame, number: int) -> pl.DataFrame:
    at = START + dt.timedelta(minutes=number)
    return side.filter((pl.col("timestamp") >= at) & (pl.col("timestamp") < at + dt.timedelta(minutes=1)))


def test_a_session_says_what_a_replay_says(sides: list[pl.DataFrame], replay: canary.Replay) -> None:
    old, new = sides
    session = canary.Session(every="1h", horizon="4h", columns={"group": "group"})
    looks = []
    for number in range(240):
        session.observe(minute(old, number), minute(new, number))
        if number % 20 == 0:
            session = pickle.loads(pickle.dumps(session))
        if look := session.look():
            looks.append(look)
    assert [look.minutes for look in looks] == [60, 120, 180, 240]
    assert [look.is_last for look in looks] == [False, False, False, True]
    # Bytes and all: what is known of an input as a whole (rows, sources) is the only difference.
    assert without_inputs(looks[-1].report.to_json()) == without_inputs(replay.report.to_json())
    assert [dict(look) for look in looks] == [dict(look) for look in replay.looks]
    assert looks[-1].stop is None and session.looks_taken == 4 and session.look() is None
    assert looks[0].report.metrics[0].series is not None


def test_a_session_can_be_fed_in_any_form() -> None:
    by_rows = canary.Session(every="30m", horizon="1h", warmup=dt.timedelta(minutes=1), config={"thresholds": {"pass": 90}})
    by_sides = copy.deepcopy(by_rows)
    by_frame = canary.Session.from_bytes(by_rows.to_bytes())
    for number in range(60):
        at = START + dt.timedelta(minutes=number)
        values = {"baseline": 100.0 + number % 7, "canary": 101.0 + number % 5}
        for side in ("baseline", "canary"):
            by_rows.record(side=side, metric="latency", time=at, value=values[side])
        columns = {side: {"metric": ["latency"], "timestamp": [at], "value": [values[side]]} for side in values}
        by_sides.observe(canary=columns["canary"])
        by_sides.observe(columns["baseline"])
        both = {"metric": ["latency"] * 2, "timestamp": [at] * 2, "value": list(values.values()), "side": list(values)}
        by_frame.observe_both(both)
    reports = {session.look().report.to_json() for session in (by_rows, by_sides, by_frame)}
    assert len(reports) == 1 and canary.Report.from_json(reports.pop()).thresholds.pass_ == 90
    assert repr(by_rows) == "Session(2 looks taken)"


def test_a_look_without_a_horizon_is_wider() -> None:
    looks = []
    for horizon in ("2h", None):
        session = canary.Session(every="1h", horizon=horizon)
        for number in range(60):
            for side in ("baseline", "canary"):
                session.record(side=side, metric="a", time=START + dt.timedelta(minutes=number), value=100.0 + number * 7 % 9)
        looks.append(session.look())
    assert all(look is not None and not look.is_last for look in looks)


def test_what_a_session_refuses() -> None:
    session = canary.Session(every="30m")
    with pytest.raises(canary.ConfigError, match="side: found `stable`"):
        session.record(side="stable", metric="a", time=START, value=1.0)  # type: ignore[arg-type]
    with pytest.raises(canary.ConfigError, match="time: found `now`"):
        session.record(side="canary", metric="a", time="now", value=1.0)
    with pytest.raises(canary.InputError, match="canary: no column"):
        session.observe(canary={"x": [1]})
    for every in ("1s", "0s"):
        with pytest.raises(canary.ConfigError, match="every: found"):
            canary.Session(every=every)
    for state in (b"", b"{}\n{}", b'{"arguments": {}, "reading": 1}\n'):
        with pytest.raises(canary.CanaryError):
            canary.Session.from_bytes(state)
    assert session.look() is None


def test_a_look_that_is_not_due_changes_nothing() -> None:
    session = canary.Session(every="30m", horizon="1h")
    assert session.look() is None
    state: Any = session.to_bytes()
    session.look()
    assert session.to_bytes() == state
