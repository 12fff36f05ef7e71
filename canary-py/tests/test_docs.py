"""What the documents show runs, and says what they say."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES, ROOT

import canary

MODULES = ["canary", *(f"canary.{module.name}" for module in pkgutil.iter_modules(canary.__path__))]


@pytest.mark.parametrize("name", [name for name in MODULES if name != "canary._canary"])
def test_examples_in_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)
    assert result.failed == 0


def test_everything_public_is_documented() -> None:
    from canary import records, stats

    public = [getattr(canary, name) for name in canary.__all__ if not name.startswith("_") and name not in ("records", "stats")]
    public += [getattr(stats, name) for name in stats.__all__]
    for one in public:
        assert one.__doc__, one
        for name in [name for name in vars(one) if not name.startswith("_")] if isinstance(one, type) else []:
            member = getattr(one, name)
            if callable(member) or isinstance(member, property):
                assert member.__doc__, f"{one.__name__}.{name}"
    for one in [one for one in vars(records).values() if isinstance(one, type)]:
        assert one.__doc__, one
    functions = [one for one in public if callable(one) and not isinstance(one, type)]
    for function in functions:
        assert "Examples\n" in function.__doc__ or function is canary.explain, function.__name__


def blocks(path: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", path.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", [ROOT / "canary-py" / "README.md", ROOT / "docs" / "python.md"], ids=["README", "python.md"])
def test_the_lines_of_the_documents_run(path: Path, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In order, in one namespace, in a folder that holds what they name."""
    import matplotlib

    matplotlib.use("agg")
    for side in ("baseline", "canary"):
        (tmp_path / f"{side}.parquet").symlink_to(FIXTURES / "demo" / f"{side}.parquet")
    (tmp_path / "canary.toml").symlink_to(ROOT / "examples" / "canary.toml")
    for name, run in (("old-run", "d01_vegeta_det_c4_s20"), ("new-run", "d03_oha_nginx_150")):
        (tmp_path / name).symlink_to(FIXTURES / "squeeze" / run / "raw")
    (tmp_path / "history.csv").symlink_to(FIXTURES / "squeeze" / "trend_dev_60" / "history.csv")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    found = blocks(path)
    assert found
    for block in found:
        exec(compile(block, str(path), "exec"), names)


def test_the_notebook_runs_and_was_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    path = ROOT / "examples" / "canary.ipynb"
    stored = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(fresh, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()

    def texts(notebook: Any) -> list[str]:
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        return [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs]

    assert texts(fresh) == texts(stored), "examples/canary.ipynb is stale: run canary-py/make_notebook.py"
    page, _ = HTMLExporter().from_notebook_node(fresh)
    assert "do not roll out" in page and page.count("<svg") >= 1 and page.count("data:image/png") >= 3
