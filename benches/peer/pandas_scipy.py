#!/usr/bin/env python3
"""Compare two builds metric by metric with pandas and scipy.

    python3 pandas_scipy.py baseline.parquet canary.parquet [--weights weights.csv]

What one would write without `canary score`: the yardstick for its speed and its
answers. Input is the long layout (metric, timestamp, value), one Parquet file a side;
a region in both files and the baseline's group are used where they exist.

Per metric: pair the two sides minute by minute, take the log of canary / baseline,
estimate its centre with Huber's M-estimator, widen the standard error for
autocorrelation (AR(1) effective sample size), and call the metric hot or cold when
the 98 % t interval of the ratio lies outside 0.8 to 1.25. Metrics that are often
zero on one side only have no useful log; they get the ratio of means and its
linearised standard error. A group scores the weighted share of its metrics that are
neither; the score is the mean over groups.

The arithmetic runs on matrices of metrics x minutes; nothing is slow on purpose.
Measured on two cores: fixtures/demo (2,955 pairs of metric and region, 2.4 million rows)
takes 2.0 s and 490 MB, of which 0.75 s to read and 0.25 s to judge, the rest to import
pandas and scipy and to print; 100,000 metrics of generate.py (96 million rows) take 30 s
and 6.7 GB.
"""

from __future__ import annotations

import argparse
import time
import warnings

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from scipy import stats

LOWER_BOUND, UPPER_BOUND = 0.8, 1.25
LEVEL = 0.98
MIN_PAIRS = 12
MAX_ONE_SIDED_ZEROS = 0.25
HUBER_K = 1.345  # 95 % efficient for normal noise
MAD_TO_SIGMA = 1.4826
TOLERANCE = 1e-10
MAX_STEPS = 100


def read_long(path: str, keys: list[str]) -> pd.DataFrame:
    """One row a metric (and region), one column a minute."""
    return wide(pd.read_parquet(path, columns=[*keys, "timestamp", "value"]), keys)


def wide(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """The same of a frame; its keys become categories."""
    frame[keys] = frame[keys].astype("category")
    grouped = frame.groupby([*keys, "timestamp"], observed=True, sort=False)["value"].mean()
    return grouped.unstack("timestamp")


def huber(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Huber location and the fixed scale of each row; NaN is missing, +-inf is clipped."""
    centre = np.nanmedian(values, axis=1)
    scale = MAD_TO_SIGMA * np.nanmedian(np.abs(values - centre[:, None]), axis=1)
    flat = scale == 0
    finite = np.where(np.isfinite(values[flat]), values[flat], np.nan)
    scale[flat] = np.nanstd(finite, axis=1)
    active = np.flatnonzero(np.isfinite(centre) & np.isfinite(scale) & (scale > 0))
    for _ in range(MAX_STEPS):
        if not active.size:
            break
        score = (values[active] - centre[active, None]) / scale[active, None]
        inside = np.count_nonzero(np.abs(score) <= HUBER_K, axis=1)
        pull = np.nansum(np.clip(score, -HUBER_K, HUBER_K), axis=1)
        step = scale[active] * pull / np.maximum(inside, 1)
        centre[active] += step
        active = active[np.abs(step) > TOLERANCE]
    return centre, scale


def effective_pairs(score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Variance of each row's scores, and how many independent ones they are worth."""
    pairs = np.count_nonzero(~np.isnan(score), axis=1)
    score = score - np.nanmean(score, axis=1, keepdims=True)
    variance = np.nanmean(score**2, axis=1)
    lagged = np.nansum(score[:, 1:] * score[:, :-1], axis=1) / (pairs * variance)
    # The sample autocorrelation is biased towards zero (Kendall 1954).
    rho = np.clip(lagged + (1 + 3 * lagged) / pairs, 0.0, 0.99)
    return variance, pairs * (1 - rho) / (1 + rho)


def log_ratio_by_huber(log_ratio: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Centre of the paired log ratios, its standard error, the effective pairs."""
    centre, scale = huber(log_ratio)
    raw = (log_ratio - centre[:, None]) / scale[:, None]
    variance, effective = effective_pairs(np.clip(raw, -HUBER_K, HUBER_K))
    share_inside = np.nanmean(np.where(np.isnan(raw), np.nan, np.abs(raw) <= HUBER_K), axis=1)
    return centre, scale * np.sqrt(variance / effective) / share_inside, effective


def log_ratio_of_means(
    before: np.ndarray, after: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same for the ratio of means, by the delta method."""
    paired = ~(np.isnan(before) | np.isnan(after))
    before = np.where(paired, before, np.nan)
    after = np.where(paired, after, np.nan)
    mean_before, mean_after = np.nanmean(before, axis=1), np.nanmean(after, axis=1)
    residual = after / mean_after[:, None] - before / mean_before[:, None]
    variance, effective = effective_pairs(residual)
    return np.log(mean_after / mean_before), np.sqrt(variance / effective), effective


def compare(baseline: pd.DataFrame, canary: pd.DataFrame) -> pd.DataFrame:
    metrics = baseline.index.union(canary.index)
    minutes = baseline.columns.intersection(canary.columns).sort_values()
    before = baseline.reindex(index=metrics, columns=minutes).to_numpy()
    after = canary.reindex(index=metrics, columns=minutes).to_numpy()

    # 0/0 becomes NaN; a zero on one side +-inf, which the clipped score can take.
    log_ratio = np.log(after / before)
    pairs = np.count_nonzero(~np.isnan(log_ratio), axis=1)
    centre, error, effective = log_ratio_by_huber(log_ratio)
    sparse = np.count_nonzero(np.isinf(log_ratio), axis=1) > MAX_ONE_SIDED_ZEROS * pairs
    fallback = log_ratio_of_means(before[sparse], after[sparse])
    centre[sparse], error[sparse], effective[sparse] = fallback

    half = error * stats.t.ppf((1 + LEVEL) / 2, np.maximum(effective - 1, 1))
    half = np.where(np.isfinite(half), half, 0.0)  # no spread at all: the shift is exact
    result = pd.DataFrame(
        {
            "ratio": np.exp(centre),
            "lower": np.exp(centre - half),
            "upper": np.exp(centre + half),
            "baseline_mean": np.nanmean(before, axis=1),
            "canary_mean": np.nanmean(after, axis=1),
            "pairs": pairs,
            "effective": effective,
        },
        index=metrics,
    )
    result["state"] = np.select(
        [pairs < MIN_PAIRS, result["lower"] > UPPER_BOUND, result["upper"] < LOWER_BOUND],
        ["nodata", "hot", "cold"],
        "ok",
    )
    result["flagged"] = result["state"].isin(["hot", "cold"])
    result["beyond"] = np.maximum(centre - np.log(UPPER_BOUND), np.log(LOWER_BOUND) - centre)
    return result


def add_groups_and_weights(
    result: pd.DataFrame, path: str, keys: list[str], weights: str | None
) -> pd.DataFrame:
    result["group"] = "all"
    if "group" in pq.read_schema(path).names:
        groups = pd.read_parquet(path, columns=[*keys, "group"]).drop_duplicates(keys)
        groups = groups.set_index(keys if len(keys) > 1 else keys[0])["group"].astype(object)
        result["group"] = groups.reindex(result.index).fillna("all")
    result["weight"] = 1.0
    if weights is not None:
        table = pd.read_csv(weights).set_index("metric")["weight"]
        names = result.index.get_level_values("metric")
        result["weight"] = table.reindex(names).fillna(1.0).to_numpy()
    return result


def score(result: pd.DataFrame) -> float:
    judged = result[result["state"] != "nodata"]
    passed = judged["weight"].where(judged["state"] == "ok", 0.0)
    total = judged["weight"].groupby(judged["group"]).sum()
    return float(100 * (passed.groupby(judged["group"]).sum() / total).mean())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baseline")
    parser.add_argument("canary")
    parser.add_argument("--weights", help="CSV with the columns metric, weight")
    args = parser.parse_args()

    started = time.perf_counter()
    columns = set(pq.read_schema(args.baseline).names) & set(pq.read_schema(args.canary).names)
    keys = ["metric", "region"] if "region" in columns else ["metric"]
    baseline, canary = read_long(args.baseline, keys), read_long(args.canary, keys)
    loaded = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # zeros, and rows with nothing in them
        result = compare(baseline, canary)
    result = add_groups_and_weights(result, args.baseline, keys, args.weights)

    worst = result[result["state"] != "nodata"]
    worst = worst.sort_values(["flagged", "beyond"], ascending=False).head(20)
    worst = worst.drop(columns=["flagged", "beyond", "group", "weight"]).reset_index()
    print(worst.to_string(index=False, float_format=lambda number: f"{number:.4g}"))
    print(result["state"].value_counts().to_string())
    if "region" in keys:
        for region, rows in result.groupby(level="region", observed=True):
            print(f"score {region}: {score(rows):.2f}")
    print(f"score: {score(result):.2f}")
    ended = time.perf_counter()
    print(f"read {loaded - started:.2f} s, judged {ended - loaded:.2f} s, {len(result)} metrics")


if __name__ == "__main__":
    main()
