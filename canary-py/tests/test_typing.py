"""Types: the stubs are those of the module, the words those of the Rust library, and checkers agree."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import typing
from pathlib import Path
from typing import Any

import pytest

import canary
from canary import _arguments, records

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent


def run(*command: str, cwd: Path = PACKAGE) -> None:
    environment = os.environ | {"MYPYPATH": str(PACKAGE / "python"), "NO_COLOR": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_stubs_are_those_of_the_module() -> None:
    # The rest of the package has its types in the source, which mypy checks itself.
    run(sys.executable, "-m", "mypy.stubtest", "canary._canary", "--mypy-config-file", "pyproject.toml")


def test_mypy_agrees() -> None:
    run(sys.executable, "-m", "mypy", "--config-file", "pyproject.toml")
    run(sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", str(HERE / "typing_use.py"))


def test_pyright_agrees() -> None:
    run(sys.executable, "-m", "pyright", "--pythonpath", sys.executable)


def test_the_records_are_those_of_the_schemas() -> None:
    run(sys.executable, "make_records.py", "--check")


@pytest.mark.parametrize("of", ["report", "replay", "squeeze", "scaling-plan", "trend"])
def test_every_word_of_the_rust_types_is_a_literal(of: Any) -> None:
    """Word by word from the types themselves: not by way of what makes the records."""
    definitions = canary.schema(of).get("$defs", {})
    seen = 0

    def named(name: str) -> Any:
        # Another schema has a word of that name for something else.
        return getattr(records, f"{of.split('-')[0].capitalize()}{name}", None) or getattr(records, name)

    def words(schema: dict[str, Any]) -> list[str]:
        found = list(schema.get("enum", [])) + ([schema["const"]] if "const" in schema else [])
        return found + [word for option in schema.get("oneOf", []) for word in words(option)]

    def codes(schema: dict[str, Any]) -> list[str]:
        return [option["properties"]["code"]["const"] for option in schema.get("oneOf", []) if "code" in option.get("properties", {})]

    for name, schema in definitions.items():
        if expected := words(schema):
            assert typing.get_args(named(name)) == tuple(expected), name
            seen += 1
        if expected := codes(schema):
            hints = typing.get_type_hints(named(name))
            assert typing.get_args(hints["code"]) == tuple(expected), name
            seen += 1
        for key in schema.get("properties", {}):
            if name != "Report":
                hints = typing.get_type_hints(named(name))
                assert key in hints or f"{key}_" in hints, f"{name}.{key}"
    assert seen >= {"report": 16, "replay": 16, "squeeze": 8}.get(of, 1)
    assert typing.get_args(_arguments.Judge) == typing.get_args(records.JudgeKind)


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(canary.__file__).parent / "py.typed").exists()
    assert set(canary.__all__) <= set(dir(canary))
    assert json.dumps(canary.__version__)
