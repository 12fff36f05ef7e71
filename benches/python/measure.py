#!/usr/bin/env python3
"""How long `canary.score` takes from frames of polars and pandas, beside the script that users write themselves.

    python benches/python/measure.py             # 1,500 metrics x 480 points x 2 sides, long; medians of 7 rounds

Needs canary, polars, pandas, pyarrow and scipy (canary-py/check leaves a venv with all of them: target/py-venv). The
script (benches/peer/pandas_scipy.py) reads its files as it always does, which is counted and said; all are run in turn. Memory is the growth of the peak over the resident size before one call, in a process of its own.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
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


def seconds(call: object) -> float:
    began = time.perf_counter()
    call()  # type: ignore[operator]
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

        def script() -> None:
            sides = [pandas_scipy.read_long(file, ["metric"]) for file in files]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                pandas_scipy.compare(*sides)

        calls = {"polars": lambda: canary.score(*polars), "pandas": lambda: canary.score(*pandas), "script": script}
        rounds = [{name: seconds(call) for name, call in calls.items()} for _ in range(ROUNDS + 1)][1:]
        for name in calls:
            print(f"{name}: {statistics.median(one[name] for one in rounds):.3f} s")
        for name in ("polars", "pandas"):
            ratio = statistics.median(one["script"] / one[name] for one in rounds)
            print(f"script (with reading its files) / {name}, pair by pair: {ratio:.1f}")
        for name in ("polars", "pandas"):
            done = subprocess.run([sys.executable, __file__, "memory", folder, name], check=True, capture_output=True, text=True)
            print(f"memory above the input from {name}: {float(done.stdout):.1f} times the value column")


if __name__ == "__main__":
    if sys.argv[1:2] == ["memory"]:
        memory(*sys.argv[2:])
    else:
        main()
