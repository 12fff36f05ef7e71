//! What must not read as agreement: half of the data, a dead canary, a region that lost its metric.

use std::fmt::Write;

use crate::harness::{FAIL, Folder, NO_VERDICT, PASS, UNDECIDED, report, score};

/// A long CSV of `minutes` rows a metric: the level, with a little noise that both sides share.
fn csv(metrics: &[(&str, &str)], minutes: u32, level: f64, second: impl Fn(u32) -> f64) -> String {
    let mut text = String::from("metric,region,timestamp,value\n");
    for (metric, region) in metrics {
        for minute in 0..minutes {
            let value = level * (100.0 + f64::from(minute * 7919 % 13) + f64::from(minute * 104_729 % 7));
            let seconds = 1_772_352_000.0 + 60.0 * f64::from(minute) + second(minute);
            writeln!(text, "{metric},{region},{seconds:.0},{value}").expect("a string");
        }
    }
    text
}

/// The level of a canary without a change that is no copy of the baseline either.
const NEARLY: f64 = 1.001;

const SECONDS: [&str; 2] = ["--time-unit", "s"];

fn on_the_minute(_: u32) -> f64 {
    0.0
}

#[test]
fn a_file_with_both_sides_is_not_one_of_two() {
    let both = "fixtures/layouts/both_sides/both.parquet";
    score(&[both, both], &[]).exits(NO_VERDICT).complains(&["both.parquet", "`side`", "give it alone"]);
}

#[test]
fn a_file_compared_with_itself_is_warned_of_and_proves_nothing() {
    let same = "fixtures/layouts/long/baseline.parquet";
    let run = score(&[same, same], &[]).exits(UNDECIDED).warns(&["both sides are the same input"]);
    run.prints(&["oth sides hold the same", "as if one input were given twice"]);
}

#[test]
fn a_canary_that_dies_is_inconclusive() {
    let folder = Folder::new();
    let metrics = [("cpu", "eu"), ("errors", "eu")];
    let baseline = folder.write("baseline.csv", csv(&metrics, 200, 1.0, on_the_minute));
    for (minutes, code) in [(199, PASS), (150, UNDECIDED), (101, UNDECIDED), (60, UNDECIDED)] {
        let canary = folder.write("canary.csv", csv(&metrics, minutes, NEARLY, on_the_minute));
        let run = score(&[&baseline, &canary], &SECONDS).exits(code);
        if minutes == 150 {
            run.prints(&["he data of the canary end after 75 % of the time"]);
        }
    }
    let canary = folder.write("canary.csv", csv(&metrics, 150, NEARLY, on_the_minute));
    let chosen = [&SECONDS[..], &["--end", "2026-03-01T10:30:00Z"]].concat();
    score(&[&baseline, &canary], &chosen).exits(PASS);
}

#[test]
fn a_required_metric_is_required_in_every_region() {
    let folder = Folder::new();
    let config = folder.write("canary.toml", "[[rules]]\nmatch = \"orders\"\nmust_have_data = true\n");
    let options = [&SECONDS[..], &["-c", &config]].concat();
    let everywhere = [("orders", "eu"), ("cpu", "eu"), ("orders", "us"), ("cpu", "us")];
    let lost = [("cpu", "eu"), ("orders", "us"), ("cpu", "us")];
    for (metrics, code) in [(&everywhere[..], PASS), (&lost[..], UNDECIDED)] {
        let baseline = folder.write("baseline.csv", csv(metrics, 60, 1.0, on_the_minute));
        let canary = folder.write("canary.csv", csv(metrics, 60, NEARLY, on_the_minute));
        score(&[&baseline, &canary], &options).exits(code);
        // Metrics that were left out by name are not missing.
        score(&[&baseline, &canary], &[&options[..], &["--metric", "cpu"]].concat()).exits(PASS);
    }
}

/// The canary's clock wavers by two seconds: it must be paired with the baseline's minutes all the same,
/// whichever side it is.
#[test]
fn jitter_on_one_side_does_not_blur_the_pairs() {
    let folder = Folder::new();
    let metrics = [("cpu", "eu"), ("memory", "eu")];
    let steady = folder.write("steady.csv", csv(&metrics, 120, 1.0, on_the_minute));
    let wavering = csv(&metrics, 120, 0.7, |minute| f64::from(minute * minute * 7919 % 5) - 2.0);
    let wavering = folder.write("wavering.csv", wavering);
    for (inputs, state, ratio) in [([&steady, &wavering], "cold", 0.7), ([&wavering, &steady], "hot", 1.0 / 0.7)] {
        let inputs = inputs.map(String::as_str);
        score(&inputs, &SECONDS).exits(FAIL);
        let report = report(&inputs, &SECONDS);
        for metric in report["metrics"].as_array().expect("metrics") {
            assert_eq!(metric["state"], state);
            assert_eq!(metric["points"]["baseline"], metric["points"]["canary"]);
            // Every pair has this ratio, up to the digits of a decimal number.
            assert!((metric["ratio"].as_f64().expect("a ratio") - ratio).abs() < 1e-9, "{metric}");
            assert_eq!(metric["flags"], serde_json::json!(["deterministic"]), "no pair is blurred");
        }
    }
}

#[test]
fn a_group_belongs_to_a_metric_in_a_region() {
    let folder = Folder::new();
    let grouped = |text: String| {
        let with_group = |line: &str| match line.split(',').nth(1) {
            Some("region") => format!("{line},group"),
            Some(region) => format!("{line},group of {region}"),
            None => line.to_owned(),
        };
        text.lines().map(with_group).collect::<Vec<_>>().join("\n")
    };
    let rows = || grouped(csv(&[("cpu", "eu"), ("cpu", "us")], 60, 1.0, on_the_minute));
    let (baseline, canary) = (folder.write("baseline.csv", rows()), folder.write("canary.csv", rows()));
    let report = report(&[&baseline, &canary], &SECONDS);
    let groups: Vec<_> = report["groups"].as_array().expect("groups").iter().map(|group| &group["name"]).collect();
    assert_eq!(groups, ["group of eu", "group of us"]);
}
