#!/usr/bin/env python3
"""Write and run examples/canary.ipynb: `python canary-py/make_notebook.py`, where canary and nbclient are installed."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

TARGET = Path(__file__).resolve().parent.parent / "examples" / "canary.ipynb"
CELLS = [
    new_markdown_cell("# Is the new build safe to roll out?\n\nEight hours of 1,500 metrics of both builds, in two regions."),
    new_code_cell(
        "import polars as pl\nimport canary\n\n"
        'baseline = pl.read_parquet("../fixtures/demo/baseline.parquet")\n'
        'new = pl.read_parquet("../fixtures/demo/canary.parquet")\n'
        'report = canary.score(baseline, new, config="canary.toml")\n'
        "report.verdict, report.score"
    ),
    new_markdown_cell("No. The report shows why."),
    new_code_cell("report"),
    new_markdown_cell("What counts against the canary, as a table:"),
    new_code_cell(
        'hot = report.hot.to_polars().filter(pl.col("counts_against"))\n'
        'hot.select("group", "ratio", "lower", "upper", "evidence").head(5)'
    ),
    new_markdown_cell("One metric, in words and as a picture:"),
    new_code_cell("print(report.cold[0].explain(width=90))"),
    new_code_cell("%matplotlib inline\nreport.plot.metric(report.cold[0].name);"),
    new_code_cell("report.plot.ratios(most=20);"),
    new_code_cell("report.plot.grid();"),
    new_markdown_cell("When would a running canary have been stopped?"),
    new_code_cell('replay = canary.replay(baseline, new, config="canary.toml", every="30m")\nreplay.stopped.to_dict()'),
    new_markdown_cell("How many requests a second does the new build sustain, from what a load tool wrote?"),
    new_code_cell(
        'runs = "../fixtures/squeeze"\n'
        'squeezed = canary.squeeze(f"{runs}/d01_vegeta_det_c4_s20/raw", slo="p99<120ms")\nsqueezed'
    ),
    new_code_cell('canary.scale(squeezed, start="140s", growth=0.03, zones=3, peak=9000)'),
    new_markdown_cell("And since which build?"),
    new_code_cell('canary.trend(f"{runs}/trend_dev_60/history.csv", peak=9000)'),
]


def main() -> None:
    for number, cell in enumerate(CELLS):
        cell["id"] = f"cell-{number}"
    notebook = new_notebook(cells=CELLS, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(TARGET.parent)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
    notebook.metadata.pop("language_info", None)
    nbformat.write(notebook, TARGET)


if __name__ == "__main__":
    main()
