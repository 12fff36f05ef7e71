#!/usr/bin/env python3
"""canary against reading alone and against a pandas + scipy script, in one paired run.

    python3 benches/peer/compare.py                      # 1,500 metrics x 480 points x 2 sides
    python3 benches/peer/compare.py --metrics 100000     # 96 million rows; minutes
    python3 benches/peer/compare.py --metrics 50 --rounds 1   # does it run at all?

Needs nothing but cargo and python3 with venv: the packages of requirements.txt go into
target/peer-venv, the generated data into target/peer-data. Whole processes are run in turn,
A B A B ..., and their ratio is taken pair by pair, so that a machine whose speed drifts does
not decide the result. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
VENV = TARGET / "peer-venv"
PYTHON = VENV / "bin" / "python"


@dataclass(frozen=True)
class Run:
    """One whole process."""

    seconds: float
    peak_mib: float


def prepare(metrics: int, points: int) -> tuple[str, str]:
    """Set up the packages, the binary and the data; answer the two files."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    install = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "-r", str(HERE / "requirements.txt")], check=True)
    for target in ([], ["--example", "end_to_end"]):
        subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", *target], cwd=ROOT, check=True)
    data = TARGET / "peer-data" / f"{metrics}x{points}"
    if not (data / "truth.csv").exists():
        size = ["--metrics", str(metrics), "--points", str(points), "--seed", "1", "--strings"]
        subprocess.run([str(PYTHON), str(HERE / "generate.py"), *size, "--out", str(data)], check=True)
    return str(data / "baseline.parquet"), str(data / "canary.parquet")


def run(command: list[str]) -> Run:
    """Run a process to its end; any exit code of canary but 2 is a verdict."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 3):
        raise SystemExit(f"{command[0]} exited with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--metrics", type=int, default=1500)
    parser.add_argument("--points", type=int, default=480)
    parser.add_argument("--rounds", type=int, default=11)
    arguments = parser.parse_args()
    files = prepare(arguments.metrics, arguments.points)
    ours = [str(TARGET / "release" / "canary"), "score", *files]
    theirs = [str(PYTHON), str(HERE / "pandas_scipy.py"), *files]
    run(ours), run(theirs)  # fills the caches, not counted
    pairs = [(run(ours), run(theirs)) for _ in range(arguments.rounds)]
    median = statistics.median
    print(f"{arguments.metrics} metrics x {arguments.points} points x 2 sides, {arguments.rounds} pairs, medians\n")
    print("| whole process | wall s | peak MiB |\n| --- | --: | --: |")
    for name, side in (("canary score", 0), ("pandas + scipy", 1)):
        seconds = median(pair[side].seconds for pair in pairs)
        print(f"| {name} | {seconds:.3f} | {max(pair[side].peak_mib for pair in pairs):.0f} |")
    ratios = sorted(theirs.seconds / ours.seconds for ours, theirs in pairs)
    print(f"\npandas + scipy / canary, pair by pair: {ratios[0]:.1f} to {ratios[-1]:.1f}, median {median(ratios):.1f}\n")
    sys.stdout.flush()
    stages = [str(TARGET / "release" / "examples" / "end_to_end"), *files, str(arguments.rounds)]
    subprocess.run(stages, check=True)


if __name__ == "__main__":
    main()
