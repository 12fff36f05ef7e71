#!/usr/bin/env python3
"""How long `canary.score` takes from frames of polars and pandas, beside two scripts that users write themselves.

    python benches/python/measure.py             # 1,500 metrics x 480 points x 2 sides, long; medians of 7 rounds

Needs canary, polars, pandas, pyarrow and scipy (canary-py/check leaves a venv with all of them: target/py-venv). All
start from the same frames in memory and are run in turn; ratios are taken pair by pair. The scripts:

* per metric (benches/peer/per_metric.py): `groupby` and one rank test of scipy a metric, which people write first;
* on matrices (benches/peer/pandas_scipy.py): one robust interval a metric, nothing slow on purpose.

Memory is the growth of the peak over the resident size before one call, in a process of its own.
"""

from __future__ import annotations

import itertools
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

PEER = Path(__file__).resolve().parent.parent / "peer"
METRICS, POINTS, ROUNDS = 1500, 480, 7


def memory(folder: str, library: str) -> None:
    """Prints by how much one call lifts the peak, over the size of the value column of both sides."""
    import pandas as pd
    import polars as pl

    import canary

    read = {"polars": pl.read_parquet, "pandas": pd.read_parquet}[library]
    sides = [read(f"{folder}/{side}.parquet") for side in ("baseline", "canary")]
    # A small call first: what is loaded once is not the input's.
    canary.score(*[side.head(2000) for side in sides])
    before = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    Path("/proc/self/clear_refs").write_text("5")  # the peak counts from here
    canary.score(*sides)
    status = Path("/proc/self/status").read_text()
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) * 1024
    print((peak - before) / (8 * METRICS * POINTS * 2))


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def main() -> None:
    import pandas as pd
    import polars as pl

    import canary

    with tempfile.TemporaryDirectory() as folder:
        size = ["--metrics", str(METRICS), "--points", str(POINTS), "--seed", "1", "--strings", "--out", folder]
        subprocess.run([sys.executable, str(PEER / "generate.py"), *size], check=True, stdout=subprocess.DEVNULL)
        files = [f"{folder}/{side}.parquet" for side in ("baseline", "canary")]
        polars, pandas = [pl.read_parquet(file) for file in files], [pd.read_parquet(file) for file in files]
        sys.path.insert(0, str(PEER))
        import pandas_scipy
        import per_metric

        def quiet(script: Callable[[], object]) -> Callable[[], None]:
            def call() -> None:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    script()

            return call

        def on_matrices() -> object:
            return pandas_scipy.compare(*[pandas_scipy.wide(side.copy(deep=False), ["metric"]) for side in pandas])

        calls: dict[str, Callable[[], object]] = {
            "canary from polars": lambda: canary.score(*polars),
            "canary from pandas": lambda: canary.score(*pandas),
            "script, per metric": quiet(lambda: per_metric.compare(*pandas)),
            "script, on matrices": quiet(on_matrices),
        }
        rounds = [{name: seconds(call) for name, call in calls.items()} for _ in range(ROUNDS + 1)][1:]
        for name in calls:
            print(f"{name}: {statistics.median(one[name] for one in rounds):.3f} s")
        ours, scripts = list(calls)[:2], list(calls)[2:]
        for script, own in itertools.product(scripts, ours):
            ratios = sorted(one[script] / one[own] for one in rounds)
            print(f"{script} / {own}: {statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})")
        for name in ("polars", "pandas"):
            done = subprocess.run([sys.executable, __file__, "memory", folder, name], check=True, capture_output=True, text=True)
            print(f"memory above the input from {name}: {float(done.stdout):.1f} times the value column")


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        memory(*sys.argv[2:])
    else:
        main()
