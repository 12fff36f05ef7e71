#!/usr/bin/env python3
"""Compare two builds metric by metric, one test after the other.

    python3 per_metric.py baseline.parquet canary.parquet

The script that one writes first: `groupby`, a rank test from scipy for each metric, the ratio of the averages, and
Benjamini and Hochberg's procedure over all p-values. It knows nothing of autocorrelation, gaps or regions;
pandas_scipy.py beside it does what `canary score` does, on matrices. Input is the long layout (metric, timestamp,
value), one Parquet file a side.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from scipy import stats

LOWER_BOUND, UPPER_BOUND = 0.8, 1.25
FALSE_DISCOVERIES = 0.05


def judge(both: pd.DataFrame) -> pd.Series:
    old, new = both["value_baseline"], both["value_canary"]
    test = stats.mannwhitneyu(old, new, nan_policy="omit")
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.float64(new.mean()) / np.float64(old.mean())
    return pd.Series({"p": test.pvalue, "ratio": ratio, "baseline": old.mean(), "canary": new.mean()})


def compare(baseline: pd.DataFrame, canary: pd.DataFrame) -> pd.DataFrame:
    both = baseline.merge(canary, on=["metric", "timestamp"], suffixes=("_baseline", "_canary"))
    result = both.groupby("metric", observed=True)[["value_baseline", "value_canary"]].apply(judge)
    found = stats.false_discovery_control(result["p"].fillna(1.0)) < FALSE_DISCOVERIES
    result["state"] = np.select(
        [found & (result["ratio"] > UPPER_BOUND), found & (result["ratio"] < LOWER_BOUND)], ["hot", "cold"], "ok"
    )
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baseline")
    parser.add_argument("canary")
    args = parser.parse_args()
    result = compare(pd.read_parquet(args.baseline), pd.read_parquet(args.canary))
    print(result.sort_values("p").head(20).to_string(float_format=lambda number: f"{number:.4g}"))
    print(result["state"].value_counts().to_string())


if __name__ == "__main__":
    main()
