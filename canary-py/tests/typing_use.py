"""A program as users write it, for the type checkers; it is not run."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import polars as pl
from typing_extensions import assert_type

import canary
from canary import records, stats


def use(old: pl.DataFrame, new: pl.DataFrame) -> None:
    report = canary.score(old, new, config={"thresholds": {"pass": 90}}, warmup=dt.timedelta(minutes=10))
    assert_type(report, canary.Report)
    assert_type(report.verdict, Literal["pass", "marginal", "fail", "inconclusive"])
    assert_type(report.score, float | None)
    assert_type(report.regions, list[records.RegionResult])
    assert_type(report.metrics, canary.Metrics)
    assert_type(report.metrics[0], canary.Metric)
    assert_type(report.metrics[:3], canary.Metrics)
    assert_type(report.hot["latency"].state, Literal["hot", "cold", "ok", "nodata"])
    series = report.metric("latency").series
    if series is not None:
        assert_type(series.baseline, list[float | None])
    for metric in report.hot:
        if metric.interval is not None:
            assert_type(metric.interval.upper, float | None)
    canary.score({"timestamp": [1, 2], "a": [1.0, 2.0]}, "canary.parquet", time_unit="s")
    look = canary.Session(every="30m", horizon="8h").look()
    if look is not None and look.stop:
        assert_type(look.report, canary.Report)
    assert_type(stats.mann_whitney(baseline=[1, 2], canary=[3, 4]).p_value, float)
    assert_type(canary.replay(old, new, every="30m").looks, list[records.LookResult])
    squeezed = canary.squeeze(["run-1/", old], slo=["p99<120ms"], baseline="old/")
    if squeezed.sweet_spot is not None:
        assert_type(squeezed.sweet_spot.lower, float | None)
    plan = canary.scale(squeezed, start=dt.timedelta(seconds=140), growth=0.03, zones=3)
    assert_type(plan.target_rps, float)
    assert_type(canary.trend({"build": ["a"], "throughput_rps": [1.0]}).changes, list[records.Change])
