"""A scaling policy from a sweet spot."""

from __future__ import annotations

import datetime as dt
import html
import json
import os
from collections.abc import Iterable
from typing import Any

from . import _canary, records
from ._arguments import Duration, milliseconds
from ._errors import ConfigError
from ._squeeze import SqueezeReport, stored
from ._throughput import positive


class ScalingPlan(records.ScalingFields):
    """The target for an instance and what follows from it. Made by `canary.scale`.

    The fields are those of the JSON form, as attributes; see `canary.records.ScalingFields`. The documents come as
    dictionaries, ready for ``json.dump`` or ``yaml.dump``.

    Attributes
    ----------
    target_rps : float
        Requests a second and instance to aim at, for a scaler that acts on any excess.
    target_utilisation : float
        The same over the sweet spot.
    alb_target_value : float
        For ``ALBRequestCountPerTarget``, which counts requests a *minute* and target.
    min_instances, max_instances, instances_at_peak : int or None
        The fleet; ``None`` without a peak.
    """

    __slots__ = ("_native",)
    _native: _canary.ScalingPlan

    def __init__(self, data: Any = None) -> None:
        raise TypeError("a plan comes from canary.scale")

    @classmethod
    def _of(cls, native: _canary.ScalingPlan) -> ScalingPlan:
        plan = cls.__new__(cls)
        plan._native = native
        plan._data = json.loads(native.to_json())
        return plan

    def to_json(self) -> str:
        """As JSON, byte for byte as ``canary scale --format json`` prints it."""
        return self._native.to_json()

    def to_table(self) -> str:
        """As the command line prints it."""
        return self._native.to_table()

    def hpa(self, name: str, *, metric: str = "http_requests_per_second") -> dict[str, Any]:
        """A ``HorizontalPodAutoscaler`` of Kubernetes for the deployment `name`; the plan needs a peak."""
        return _document(self._native.hpa(name, metric))

    def keda(self, name: str, *, prometheus: str, query: str) -> dict[str, Any]:
        """A ``ScaledObject`` of KEDA for the deployment `name`; `query` gives the requests a second of all pods."""
        return _document(self._native.keda(name, prometheus, query))

    def aws_target_tracking(self, name: str, *, resource_label: str) -> dict[str, Any]:
        """A target tracking policy of AWS for the group `name`; the label is ``app/NAME/ID/targetgroup/NAME/ID``."""
        return _document(self._native.aws_target_tracking(name, resource_label))

    def aws_step(self, name: str) -> dict[str, Any]:
        """A step scaling policy of AWS for the group `name`."""
        return _document(self._native.aws_step(name))

    def _repr_html_(self) -> str:
        return f'<pre style="font-family:monospace">{html.escape(self.to_table())}</pre>'

    def __reduce__(self) -> tuple[Any, ...]:
        return (_plan_from_json, (self.to_json(),))

    def __repr__(self) -> str:
        return self.to_table().rstrip("\n")


def _document(text: str) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(text)
    return values


def _plan_from_json(text: str) -> ScalingPlan:
    return ScalingPlan._of(_canary.ScalingPlan.from_json(text))


def scale(
    squeeze: SqueezeReport | str | os.PathLike[str] | float,
    *,
    start: Duration | Iterable[Duration],
    growth: float = 0.0,
    zones: int | None = None,
    spares: int | None = None,
    warm: Duration = "0s",
    metric_period: Duration = "60s",
    evaluation: Duration = "60s",
    tolerance: float = 0.1,
    peak: float | None = None,
    trough: float | None = None,
) -> ScalingPlan:
    """Make a scaling policy of a sweet spot: how much of it to use, so that the fleet has grown before traffic has.

    Parameters
    ----------
    squeeze : SqueezeReport, path or float
        A squeeze test, the path of one in JSON, or what one instance sustains, in requests a second.
    start : str, timedelta or an iterable of them
        From launch to taking traffic; of several starts the slow ones count.
    growth : float
        How much traffic grows in a minute at most, as a share, compounding: 0.03 is 3 %.
    zones : int, optional
        Zones, of which one may fail.
    spares : int, optional
        Instances that may fail, in place of a zone.
    warm, metric_period, evaluation : str or timedelta
        From taking traffic to being warm; how often the scaler sees its metric; how long it looks before it acts.
    tolerance : float
        The excess that the scaler tolerates without acting.
    peak, trough : float, optional
        The forecast of the whole fleet, requests a second.

    Returns
    -------
    ScalingPlan

    Raises
    ------
    ConfigError
        Where an argument is wrong.
    InputError
        Where the squeeze test gives no rate to scale by.

    Examples
    --------
    >>> import canary
    >>> plan = canary.scale(197.0, start="140s", warm="30s", growth=0.03, zones=3, peak=9000)
    >>> round(plan.target_rps, 1), plan.instances_at_peak
    (113.8, 81)
    >>> plan.hpa("checkout")["spec"]["maxReplicas"]
    122
    """
    if zones is not None and spares is not None:
        raise ConfigError("zones: found zones and spares, expected one of them", "zones")
    for key, count in (("zones", zones), ("spares", spares)):
        if count is not None and not 0 <= count < 2**32:
            raise ConfigError(f"{key}: found {count}, expected a count", key)
    starts = [start] if isinstance(start, (str, dt.timedelta)) else start
    if not isinstance(starts, Iterable):
        raise ConfigError(f"start: found a {type(start).__name__}, expected a length of time or several", "start")
    fleet = {
        "start": [milliseconds("start", one) for one in starts],
        "growth": growth,
        "zones": zones,
        "spares": spares,
        "warm": milliseconds("warm", warm),
        "metric_period": milliseconds("metric_period", metric_period),
        "evaluation": milliseconds("evaluation", evaluation),
        "tolerance": tolerance,
        "peak": peak,
        "trough": trough,
    }
    if isinstance(squeeze, (int, float)):
        return ScalingPlan._of(_canary.scale(fleet, sweet_spot=positive("squeeze", squeeze)))
    return ScalingPlan._of(_canary.scale(fleet, squeeze=stored(squeeze)._native))
