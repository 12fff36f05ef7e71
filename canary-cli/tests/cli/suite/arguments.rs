//! Choices that leave nothing, and configurations that are none.

use canary_core::report::Verdict;

use super::scene::{Side, healthy};
use super::{Answer, Case, SILENCE, files, with};
use crate::harness::{Folder, GOOD};

/// A sound pair with more arguments: 2025-03-03, 08:00 to 08:39, four metrics without a region.
fn good(more: &[&str]) -> Vec<String> {
    with(GOOD.map(str::to_owned).to_vec(), more)
}

/// A sound pair in two regions with more arguments.
fn regions(folder: &Folder, more: &[&str]) -> Vec<String> {
    with(files(folder, &healthy(60).in_two_regions()), more)
}

/// A sound pair judged by this configuration.
fn by(folder: &Folder, name: &str, config: &str) -> Vec<String> {
    good(&["-c", &folder.write(name, config)])
}

/// A silent canary judged by this configuration.
fn silent_by(folder: &Folder, config: &str) -> Vec<String> {
    let config = folder.write("canary.toml", config);
    with(files(folder, &healthy(60).lose(Side::Canary, "*")), &["-c", &config])
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "starts-after-the-data",
        silent: "--start lies after the data",
        arguments: |_| good(&["--start", "2030-01-01T00:00:00Z"]),
        ..SILENCE
    },
    Case {
        id: "ends-before-the-data",
        silent: "--end lies before the data",
        arguments: |_| good(&["--end", "2020-01-01T00:00:00Z"]),
        ..SILENCE
    },
    Case {
        id: "window-of-five-minutes",
        silent: "--start and --end leave five minutes",
        seen: &["spinnaker/kayenta#633"],
        arguments: |_| good(&["--start", "2025-03-03T08:10:00Z", "--end", "2025-03-03T08:15:00Z"]),
        ..SILENCE
    },
    Case {
        id: "window-the-wrong-way-round",
        silent: "--start lies after --end",
        arguments: |_| good(&["--start", "2025-03-03T09:00:00Z", "--end", "2025-03-03T08:00:00Z"]),
        answer: Answer::Refused(&["--start and --end", "no time would be left"]),
        ..SILENCE
    },
    Case {
        id: "window-of-no-length",
        silent: "--start is --end",
        arguments: |_| good(&["--start", "2025-03-03T08:00:00Z", "--end", "2025-03-03T08:00:00Z"]),
        answer: Answer::Refused(&["--start and --end", "no time would be left"]),
        ..SILENCE
    },
    Case {
        id: "warm-up-of-five-hours",
        silent: "--warmup is longer than the run",
        seen: &["argoproj/argo-rollouts#1360"],
        arguments: |_| good(&["--warmup", "5h"]),
        ..SILENCE
    },
    Case {
        id: "step-longer-than-the-run",
        silent: "--step puts the whole run on one tick",
        arguments: |_| good(&["--step", "24h"]),
        ..SILENCE
    },
    Case {
        id: "step-absurdly-fine",
        silent: "--step makes hundreds of millions of ticks of a week",
        arguments: |folder| {
            let rows: String =
                (1..8).map(|day| format!("cpu,2026-03-{day:02}T08:00:00Z,{day}\n")).collect::<Vec<_>>().concat();
            let text = format!("metric,timestamp,value\n{rows}");
            vec![folder.write("baseline.csv", &text), folder.write("canary.csv", &text), "--step".into(), "1ms".into()]
        },
        answer: Answer::Refused(&["at most", "step"]),
        ..SILENCE
    },
    Case {
        id: "metric-matches-nothing",
        silent: "--metric matches no metric",
        seen: &["fluxcd/flagger#1581"],
        arguments: |_| good(&["--metric", "nothing_*"]),
        answer: Answer::Refused(&["--metric nothing_*", "no metric of the input matches"]),
        ..SILENCE
    },
    Case {
        id: "metric-empty",
        silent: "--metric is empty, as an unset variable leaves it",
        arguments: |_| good(&["--metric", ""]),
        answer: Answer::Refused(&["--metric", "no metric of the input matches"]),
        ..SILENCE
    },
    Case {
        id: "metric-without-data",
        silent: "--metric chooses the one metric that the canary lacks",
        arguments: |folder| with(files(folder, &healthy(60).lose(Side::Canary, "errors")), &["--metric", "errors"]),
        ..SILENCE
    },
    Case {
        id: "region-nobody-has",
        silent: "--region names a region that nobody has",
        arguments: |folder| regions(folder, &["--region", "ap"]),
        answer: Answer::Refused(&["--region ap", "no such region; there are eu, us"]),
        ..SILENCE
    },
    Case {
        id: "region-empty",
        silent: "--region is empty, as an unset variable leaves it",
        arguments: |folder| regions(folder, &["--region", ""]),
        answer: Answer::Refused(&["--region", "no such region; there are eu, us"]),
        ..SILENCE
    },
    Case {
        id: "region-without-regions",
        silent: "--region on an input without regions",
        arguments: |_| good(&["--region", "eu"]),
        answer: Answer::Refused(&["--region eu", "the input has no regions"]),
        ..SILENCE
    },
    Case {
        id: "one-of-two-regions-nobody-has",
        silent: "--region names one region that is there and one that is not",
        arguments: |folder| regions(folder, &["--region", "eu", "--region", "ap"]),
        answer: Answer::Refused(&["--region ap", "no such region"]),
        ..SILENCE
    },
    Case {
        id: "region-of-one-side",
        silent: "--region chooses the region that the canary lacks",
        seen: &["fluxcd/flagger#250"],
        arguments: |folder| {
            with(files(folder, &healthy(60).in_two_regions().lose(Side::Canary, "@us")), &["--region", "us"])
        },
        ..SILENCE
    },
    Case {
        id: "no-such-config",
        silent: "the configuration does not exist",
        arguments: |folder| good(&["-c", &folder.path("nowhere.toml")]),
        answer: Answer::Refused(&["cannot read", "nowhere.toml"]),
        ..SILENCE
    },
    Case {
        id: "config-of-unknown-format",
        silent: "the configuration's suffix stands for no format",
        arguments: |folder| by(folder, "canary.ini", ""),
        answer: Answer::Refused(&["canary.ini", "expected .toml, .yaml or .json"]),
        ..SILENCE
    },
    Case {
        id: "config-cut-short",
        silent: "the configuration ends within a table's name",
        arguments: |folder| by(folder, "canary.toml", "[thresholds]\npass = 95\n[[rul"),
        answer: Answer::Refused(&["canary.toml", "line 3"]),
        ..SILENCE
    },
    Case {
        id: "config-of-unknown-keys",
        silent: "a key of the configuration is misspelt, and would be ignored",
        seen: &["Kayenta's judge: a misspelt direction means either"],
        arguments: |folder| by(folder, "canary.toml", "[[rules]]\nmatch = \"*\"\ncritcal = true\n"),
        answer: Answer::Refused(&["canary.toml", "unknown key `critcal`", "`critical`"]),
        ..SILENCE
    },
    Case {
        id: "config-of-unknown-words",
        silent: "a direction that is none",
        seen: &["Kayenta's judge: a misspelt direction means either"],
        arguments: |folder| by(folder, "canary.toml", "[defaults]\ndirection = \"up\"\n"),
        answer: Answer::Refused(&["canary.toml", "line 2", "increase"]),
        ..SILENCE
    },
    Case {
        id: "config-of-empty-rules",
        silent: "a rule that says neither what it matches nor which preset it is",
        arguments: |folder| by(folder, "canary.toml", "[[rules]]\ncritical = true\n"),
        answer: Answer::Refused(&["canary.toml", "neither `match` nor `preset`"]),
        ..SILENCE
    },
    Case {
        id: "config-empty-and-no-data",
        silent: "an empty configuration, and an empty canary",
        seen: &["keptn/keptn#9198"],
        arguments: |folder| silent_by(folder, ""),
        ..SILENCE
    },
    Case {
        id: "config-empty-json-and-no-data",
        silent: "a configuration without a key, in JSON, and an empty canary",
        seen: &["keptn/keptn#9198"],
        arguments: |folder| {
            let config = folder.write("canary.json", "{}");
            with(files(folder, &healthy(60).lose(Side::Canary, "*")), &["-c", &config])
        },
        ..SILENCE
    },
    Case {
        id: "config-lax-and-no-data",
        silent: "a configuration that allows all, and an empty canary",
        arguments: |folder| {
            let config = "[thresholds]\npass = 0\nmarginal = 0\n[defaults]\nmin_points = 0\nmin_coverage = 0\n\
                          [evidence]\nmax_nodata = 1\nmax_undecided = 1\n";
            silent_by(folder, config)
        },
        ..SILENCE
    },
    Case {
        id: "config-requires-what-is-not-there",
        silent: "the configuration requires a metric that neither file has",
        seen: &["fluxcd/flagger#1581", "spinnaker/kayenta#421"],
        arguments: |folder| by(folder, "canary.toml", "[[rules]]\nmatch = \"orders_*\"\nmust_have_data = true\n"),
        answer: Answer::Verdict(Verdict::Inconclusive, &["required_rule_without_metric"]),
        ..SILENCE
    },
    Case {
        id: "column-that-is-not-there",
        silent: "--column names a column that the files do not have",
        arguments: |_| good(&["--column", "value=reading"]),
        answer: Answer::Refused(&["no column `reading`"]),
        ..SILENCE
    },
    Case {
        id: "no-argument",
        silent: "no input at all",
        arguments: |_| Vec::new(),
        answer: Answer::Refused(&["<BASELINE>"]),
        ..SILENCE
    },
    Case {
        id: "control-empty-config",
        silent: "an empty configuration, and sound files",
        arguments: |folder| by(folder, "canary.toml", ""),
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
    Case {
        id: "control-window",
        silent: "--start and --end leave half an hour",
        arguments: |_| good(&["--start", "2025-03-03T08:05:00Z", "--end", "2025-03-03T08:35:00Z"]),
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
    Case {
        id: "control-region-with-data",
        silent: "--region leaves out the region that the canary lacks",
        arguments: |folder| {
            with(files(folder, &healthy(60).in_two_regions().lose(Side::Canary, "@us")), &["--region", "eu"])
        },
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
];
