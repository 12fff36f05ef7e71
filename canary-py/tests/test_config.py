"""The configuration: read, written, refused."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
import typing
from collections.abc import Callable
from typing import Any

import pytest
from conftest import ROOT

import canary
from canary import Config, ConfigError

TOML = (ROOT / "examples" / "canary.toml").read_text()


def test_what_is_written_is_read_again() -> None:
    config = Config.from_toml(TOML)
    for again in (
        Config.from_toml(config.to_toml()),
        Config.from_json(config.to_json()),
        Config(config.to_dict()),
        Config.from_dict(config.to_dict()),
        Config.from_file(ROOT / "examples" / "canary.toml"),
        pickle.loads(pickle.dumps(config)),
        copy.deepcopy(config),
    ):
        assert again == config
    assert config != Config() and config != "no config"
    assert config.to_dict()["groups"] == {"latency": {"weight": 2.0}}
    assert eval(repr(config), {"Config": Config}) == config and repr(Config()) == "Config()"


@pytest.mark.parametrize("suffix", ["toml", "json", "yaml", "yml"])
def test_files_by_their_suffix(suffix: str, tmp_path: Any) -> None:
    texts = {"toml": "[thresholds]\npass = 90", "json": '{"thresholds": {"pass": 90}}'}
    path = tmp_path / f"canary.{suffix}"
    path.write_text(texts.get(suffix, "thresholds:\n  pass: 90"))
    assert Config.from_file(str(path)) == Config({"thresholds": {"pass": 90}})


WRONG: list[tuple[Any, str | None, str]] = [
    ({"tresholds": {}}, "tresholds", "unknown key `tresholds`; did you mean `thresholds`?"),
    ({"thresholds": {"pass": 120}}, "thresholds.pass", "found 120, expected a score from 0 to 100"),
    ({"thresholds": {"pass": 50, "marginal": 75}}, "thresholds", "found marginal 75, pass 50"),
    ({"defaults": {"level": 1.5}}, "defaults.level", "found 1.5, expected a number between 0 and 1"),
    ({"defaults": {"judge": "oracle"}}, "defaults.judge", "unknown variant `oracle`"),
    ({"defaults": {"bounds": {"lower": 2}}}, "defaults.bounds", "found lower 2, upper 1.25"),
    ({"rules": [{"match": "a"}, {"weight": 2}]}, "rules[1].match", "rules[1]: found neither `match` nor `preset`"),
    ({"rules": [{"match": "/(/"}]}, "rules[0].match", "rules[0].match: pattern `/(/`"),
    ({"rules": [{"match": "a", "weight": "heavy"}]}, "rules[0].weight", 'invalid type: string "heavy"'),
    ({"groups": {"a": {"weight": 0}}}, "groups.a.weight", "found 0, expected a finite number above 0"),
    ({"evidence": {"false_alarm": 2}}, "evidence.false_alarm", "found 2"),
]


@pytest.mark.parametrize(("values", "key", "message"), WRONG)
def test_an_error_names_the_key(values: dict[str, Any], key: str, message: str) -> None:
    for read in (Config, lambda values: Config.from_json(json.dumps(values))):
        with pytest.raises(ConfigError) as caught:
            read(values)
        assert caught.value.key == key and message in str(caught.value)
        assert isinstance(caught.value, ValueError) and isinstance(caught.value, canary.CanaryError)
        again = pickle.loads(pickle.dumps(caught.value))
        assert (str(again), again.key) == (str(caught.value), key)


def test_an_error_in_toml_names_line_and_key(tmp_path: Any) -> None:
    with pytest.raises(ConfigError, match=r"defaults\.level: TOML line 2, column 9: found 1\.5") as caught:
        Config.from_toml("[defaults]\nlevel = 1.5\n")
    assert caught.value.key == "defaults.level"
    path = tmp_path / "canary.toml"
    path.write_text("[thresholds")
    with pytest.raises(ConfigError, match=r"canary\.toml: TOML line 1"):
        canary.score({}, {}, config=path)
    for bad, message in ((tmp_path / "no.toml", "cannot be read"), (tmp_path / "canary.ini", "found the suffix `.ini`")):
        with pytest.raises(ConfigError, match=message):
            Config.from_file(bad)
    with pytest.raises(ConfigError, match="numbers, texts, lists and mappings"):
        Config({"defaults": {"level": float("nan")}})
    with pytest.raises(ConfigError, match="numbers, texts, lists and mappings"):
        Config({"rules": [object()]})


ARGUMENTS: list[tuple[dict[str, Any], str]] = [
    ({"judge": "oracle"}, "judge: found `oracle`, expected one of interval, bounds, kayenta"),
    ({"pass_": 101}, "pass_: found 101, expected a score from 0 to 100"),
    ({"pass_": float("nan")}, "pass_: found NaN"),
    ({"pass_": 50, "marginal": 75}, "found marginal 75, pass 50"),
    ({"warmup": "ten minutes"}, "warmup: found `ten minutes`, expected a length of time such as 10m"),
    ({"warmup": dt.timedelta(-1)}, "warmup: found -1 day"),
    ({"warmup": 10}, "warmup: found a int, expected a text such as '10m' or a timedelta"),
    ({"start": "today"}, "start: found `today`, expected a time such as"),
    ({"end": 12}, "end: found a int"),
    ({"step": "0s"}, "step: found no time at all"),
    ({"seed": -1}, "seed: found -1"),
    ({"threads": 0}, "threads: found 0, expected 1 to 256"),
    ({"threads": 1000}, "threads: found 1000"),
    ({"layout": "square"}, "layout: found `square`, expected long or wide"),
    ({"time_unit": "h"}, "time_unit: found `h`, expected s, ms, us or ns"),
    ({"columns": {"metrics": "name"}}, "columns: found the role `metrics`; the roles are metric, timestamp"),
    ({"compare": "spinnaker"}, "compare: found 'spinnaker'"),
    ({"metrics": ["/(/"]}, "metrics: "),
    ({"metrics": [1]}, "metrics: found [1], expected texts"),
    ({"config": 3}, "config: found a int, expected a canary.Config, a mapping or the path of a file"),
]


@pytest.mark.parametrize(("given", "message"), ARGUMENTS)
def test_an_argument_that_is_wrong_is_named(given: dict[str, Any], message: str) -> None:
    frame = {"timestamp": [dt.datetime(2025, 3, 3)], "cpu": [1.0]}
    with pytest.raises(ConfigError) as caught:
        canary.score(frame, frame, **given)
    # A message may name its key itself.
    assert message in str(caught.value) or message in f"{caught.value.key}: {caught.value}"


def test_a_configuration_is_in_force_until_an_argument_says_otherwise() -> None:
    frame = {"timestamp": [dt.datetime(2025, 3, 3)], "cpu": [1.0]}
    config = {"thresholds": {"pass": 90, "marginal": 60}, "defaults": {"judge": "bounds", "warmup": "5m"}}
    report = canary.score(frame, frame, config=config)
    assert (report.thresholds.pass_, report.config.defaults.judge, report.config.defaults.warmup) == (90, "bounds", "5m")
    report = canary.score(frame, frame, config=config, pass_=80, judge="interval", warmup="0s")
    assert (report.thresholds.pass_, report.thresholds.marginal) == (80, 60)
    assert (report.config.defaults.judge, report.config.defaults.warmup) == ("interval", "0s")


@pytest.mark.parametrize("of", typing.get_args(canary.SchemaOf))
def test_the_schemas_are_the_command_lines(of: Any, cli: Callable[..., str]) -> None:
    assert canary.schema(of) == json.loads(cli("schema", of))
    with pytest.raises(ConfigError, match="found `junit`"):
        canary.schema("junit")  # type: ignore[arg-type]


def test_calibrate_is_the_command_lines(cli: Callable[..., str]) -> None:
    folder = ROOT / "fixtures" / "judge" / "aa_same_vm_interleaved"
    found = canary.calibrate([tuple(str(folder / f"{side}.parquet") for side in ("baseline", "canary"))])
    told = cli("calibrate", folder)
    assert found.runs == ["pair"] and found.metrics > 100
    # Its head names the runs, of which only the command line has paths.
    assert Config.from_toml(told) == found.config
    assert found.to_toml().count("\n# ") > 10
    one = canary.calibrate([str(folder / "baseline.parquet")])
    assert one.runs == ["ticks"] and "1 metrics" not in repr(one)


def test_calibrate_refuses_what_is_no_history() -> None:
    frame = {"timestamp": [dt.datetime(2025, 3, 3)], "cpu": [1.0]}
    for history, message in (
        (frame, "expected a list of runs"),
        ("runs/", "expected a list of runs"),
        ([(frame, frame, frame)], r"history\[0\]: found 3 frames, expected 2"),
    ):
        with pytest.raises(ConfigError, match=message):
            canary.calibrate(history)  # type: ignore[arg-type]
    with pytest.raises(canary.InputError, match="found no metrics"):
        canary.calibrate([])
    with pytest.raises(canary.InputError, match=r"history\[0\] canary: found a builtins.int"):
        canary.calibrate([(frame, 3)])  # type: ignore[list-item]
