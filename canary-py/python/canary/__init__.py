"""Decide from the metrics of an old and a new build whether the new one is safe to roll out.

>>> import canary
>>> minutes = list(range(60))
>>> old = {"timestamp": minutes, "latency": [100.0 + m % 7 for m in minutes]}
>>> new = {"timestamp": minutes, "latency": [150.0 + m % 11 for m in minutes]}
>>> canary.score(old, new, time_unit="s").verdict
'fail'

Data frames of polars, pandas, pyarrow and DuckDB go in as they are; the report comes out with a verdict, a score, a
table of metrics, and as JSON, HTML, Markdown. See `score`, `replay`, `Session`, `calibrate`, `explain`, `Config`,
`Report`, `stats`; and for load tests `squeeze`, `scale`, `trend`.
"""

from __future__ import annotations

import json as _json
from typing import Any, Literal

from . import _canary, records, stats
from ._canary import __version__
from ._config import Config
from ._errors import CanaryError, ConfigError, InputError
from ._judge import Calibration, Replay, calibrate, explain, replay, score
from ._metrics import Metric, Metrics, Series
from ._report import Report
from ._scaling import ScalingPlan, scale
from ._session import Look, Session
from ._squeeze import SqueezeReport, squeeze
from ._trend import TrendReport, trend

__all__ = [
    "Calibration", "CanaryError", "Config", "ConfigError", "InputError", "Look", "Metric", "Metrics", "Replay",
    "Report", "ScalingPlan", "Series", "Session", "SqueezeReport", "TrendReport", "__version__", "calibrate",
    "explain", "records", "replay", "scale", "schema", "score", "squeeze", "stats", "trend",
]  # fmt: skip

SchemaOf = Literal[
    "config", "report", "replay", "squeeze", "squeeze-comparison", "scaling-input", "scaling-plan", "trend"
]
"""What has a schema."""

# What a user names and what an error prints is the package, not the file that a class happens to stand in.
for _name in __all__:
    if getattr(globals().get(_name), "__module__", "").startswith("canary._"):
        globals()[_name].__module__ = "canary"


def schema(of: SchemaOf = "report") -> dict[str, Any]:
    """The JSON schema of a report, the configuration, a replay, a squeeze test, a scaling plan, a trend.

    Examples
    --------
    >>> import canary
    >>> canary.schema("config")["title"]
    'Config'
    """
    values: dict[str, Any] = _json.loads(_canary.schema(of))
    return values
