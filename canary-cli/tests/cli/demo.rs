//! The pairs that the README shows, and that the same input gives the same bytes.

use serde_json::Value;

use crate::harness::{DEMO, PASS, array, report, score};

const HEALTHY: [&str; 2] = ["fixtures/healthy/baseline.parquet", "fixtures/healthy/canary.parquet"];

#[test]
fn the_demo_fits_a_screen_and_says_what_matters() {
    let run = score(&DEMO, &[]).exits(PASS);
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert!(lines.len() <= 45, "{} lines:\n{}", lines.len(), run.stdout);
    assert_eq!(lines[0], "✓ PASS: roll out   score 97.7 [96.7, 97.7] (pass >= 95, marginal >= 75)");
    assert_eq!(lines[2], "2955 metrics in 2 regions: 13 hot, 14 cold, 16 nodata, 2912 ok");
    for words in ["✓ PASS  us-east-1 ", "✓ PASS  eu-west-1 ", "16 missing in canary"] {
        assert!(run.stdout.contains(words), "`{words}` is not in:\n{}", run.stdout);
    }
    assert_eq!(run.stderr, "", "no progress and no warnings in a pipe");
}

#[test]
fn table_and_json_agree_on_the_demo() {
    let report = report(&DEMO, &[]);
    let count = |state: &str| report["counts"][state].as_u64().expect("a count");
    let [hot, cold, nodata, ok] = ["hot", "cold", "nodata", "ok"].map(count);
    let line =
        format!("{} metrics in 2 regions: {hot} hot, {cold} cold, {nodata} nodata, {ok} ok", hot + cold + nodata + ok);
    score(&DEMO, &[]).prints(&[&line]);
    let states =
        |state: &str| array(&report, "/metrics").iter().filter(|metric| metric["state"] == state).count() as u64;
    assert_eq!(["hot", "cold", "nodata", "ok"].map(states), [hot, cold, nodata, ok]);
}

#[test]
fn a_metric_is_hot_or_cold_exactly_when_its_interval_lies_outside_its_bounds() {
    let report = report(&DEMO, &[]);
    for metric in array(&report, "/metrics").iter().filter(|metric| !metric["interval"].is_null()) {
        // A missing end is unbounded on its side.
        let end = |pointer: &str, missing: f64| metric.pointer(pointer).and_then(Value::as_f64).unwrap_or(missing);
        let (lower, upper) = (end("/interval/lower", 0.0), end("/interval/upper", f64::INFINITY));
        let expected = match metric["state"].as_str() {
            Some("hot") => lower > end("/bounds/upper", f64::NAN),
            Some("cold") => upper < end("/bounds/lower", f64::NAN),
            _ => lower <= end("/bounds/upper", f64::NAN) && upper >= end("/bounds/lower", f64::NAN),
        };
        assert!(expected, "{metric:#}");
    }
}

#[test]
fn the_healthy_pair_passes() {
    score(&HEALTHY, &[]).exits(PASS).prints(&["✓ PASS", "547 metrics in 2 regions"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let json = |options: &[&str]| score(&DEMO, &[&["--format", "json"], options].concat()).stdout;
    let once = json(&[]);
    assert!(once == json(&[]), "two runs");
    assert!(once == json(&["--threads", "1"]), "one thread");
    assert!(once == json(&["--threads", "2"]), "two threads");
}
