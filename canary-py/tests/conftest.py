"""What the tests share: the data in the repository, and the command line to compare with."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"


@pytest.fixture(scope="session")
def cli() -> Callable[..., str]:
    """Runs the command line, whose path is in CANARY_BIN; `canary-py/check` sets it."""
    binary = os.environ.get("CANARY_BIN")
    if not binary:
        if os.environ.get("CANARY_CHECK"):
            pytest.fail("CANARY_BIN is not set: the reports would be compared with nothing")
        pytest.skip("CANARY_BIN is not set: no command line to compare with")

    def run(*arguments: object, exits: tuple[int, ...] = (0, 1, 3)) -> str:
        done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT)
        assert done.returncode in exits, done.stderr
        return done.stdout

    return run


def without_inputs(report: str) -> str:
    """A report in JSON without the block that says where it came from; every other byte is kept."""
    kept, found = re.subn(r'^  "inputs": \{.*?^  \},\n', "", report, flags=re.MULTILINE | re.DOTALL)
    assert found == 1
    return kept
