//! Every option has an effect that can be seen.

use serde_json::{Value, json};

use crate::harness::{
    DEMO, FAIL, FAILING, PASS, UNDECIDED, array, field_of_metrics, metric, note_codes, report, score,
};

const HOT: &str = "ob/currencyservice|hipstershop.CurrencyService/GetCurrencyData/latency_p50_us";
/// Its canary lacks minutes 5, 6 and 17.
const GAPS: &str = "d2s7/k16";

fn names(report: &Value) -> Vec<String> {
    field_of_metrics(report, "name").iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[test]
fn region() {
    let one = report(&DEMO, &["--region", "eu-west-1"]);
    // The metrics of each region: fixtures/demo/README.md.
    assert_eq!(array(&one, "/metrics").len(), 1455);
    assert!(array(&one, "/metrics").iter().all(|metric| metric["region"] == "eu-west-1"));
    assert_eq!(one["worst_region"], "eu-west-1");
    let both = report(&DEMO, &["--region", "eu-west-1", "--region", "us-east-1"]);
    assert_eq!(array(&both, "/metrics").len(), 2955);
    score(&DEMO, &["--region", "nowhere"]).complains(&["nowhere", "eu-west-1, us-east-1"]);
    score(&FAILING, &["--region", "nowhere"]).complains(&["nowhere", "no regions"]);
}

#[test]
fn metric_globs() {
    let one = report(&FAILING, &["--metric", "*latency_p50*"]);
    assert_eq!(names(&one), [HOT]);
    let two = report(&FAILING, &["--metric", "*latency_p50*", "--metric", "d2s7/k1?"]);
    assert_eq!(names(&two), [GAPS, HOT]);
    assert_eq!(names(&report(&FAILING, &["--metric", "/p(50|99)_us$/"])), [HOT]);
    score(&FAILING, &["--metric", "latency"]).complains(&["latency", "no metric", "whole name"]);
    score(&FAILING, &["--metric", "/(/"]).complains(&["--metric", "`/(/`"]);
}

#[test]
fn start_and_end() {
    let window = ["--start", "2025-03-03T08:10:00Z", "--end", "2025-03-03T08:30:00Z"];
    let cut = report(&FAILING, &window);
    assert_eq!(cut["inputs"]["start"], "2025-03-03T08:10:00Z");
    assert_eq!(cut["inputs"]["end"], "2025-03-03T08:30:00Z");
    assert_eq!(cut["inputs"]["ticks"], 20, "the end is left out");
    assert_eq!(metric(&cut, HOT)["points"]["baseline"], 20);
    let outside: Vec<_> = array(&cut, "/notes").iter().filter(|note| note["code"] == "outside_window").collect();
    // Six metrics lose 20 of their 40 minutes; in the canary two of the lost ones were not there.
    assert_eq!(outside[0]["count"], 120);
    assert_eq!(outside[1]["count"], 118);
    for other in [["2025-03-03T09:10:00+01:00", "2025-03-03T10:30+02:00"], ["2025-03-03 08:10", "2025-03-03 08:30"]] {
        assert_eq!(report(&FAILING, &["--start", other[0], "--end", other[1]]), cut, "{other:?}");
    }
}

#[test]
fn step() {
    let coarse = report(&FAILING, &["--step", "2m"]);
    assert_eq!(coarse["inputs"]["step_seconds"], 120.0);
    assert_eq!(coarse["inputs"]["ticks"], 20);
    assert_eq!(metric(&coarse, HOT)["points"]["baseline"], 20);
}

#[test]
fn warmup() {
    let late = report(&FAILING, &["--warmup", "10m"]);
    assert_eq!(
        metric(&late, HOT)["points"],
        json!({
            "baseline": 30, "canary": 30, "effective": metric(&late, HOT)["points"]["effective"],
        })
    );
    assert!(note_codes(&late).contains(&"warm_up"));
    assert_eq!(late["config"]["defaults"]["warmup"], "10m");
}

#[test]
fn only() {
    let listed = |states: &str| score(&FAILING, &["--only", states]).stdout;
    let ok = listed("ok");
    assert!(ok.contains("machine-3-3/m25") && ok.contains(GAPS) && !ok.contains("latency_p50_us"), "{ok}");
    let hot = listed("hot");
    assert!(hot.contains("latency_p50_us") && !hot.contains("TPS") && !hot.contains("m25"), "{hot}");
    let both = listed("hot,cold");
    assert!(both.contains("latency_p50_us") && both.contains("TPS") && !both.contains("m25"), "{both}");
    assert!(!listed("nodata").contains("latency_p50_us"));
    // All of them, where the table lists a dozen by itself.
    let nodata = score(&DEMO, &["--only", "nodata"]).stdout;
    assert_eq!(nodata.lines().filter(|line| line.trim_start().starts_with("NODATA")).count(), 16, "{nodata}");
}

#[test]
fn with_series() {
    assert!(metric(&report(&FAILING, &[]), GAPS).get("series").is_none());
    let with = report(&FAILING, &["--with-series"]);
    let series = |side: &str| array(metric(&with, GAPS), &format!("/series/{side}")).clone();
    assert_eq!((series("baseline").len(), series("canary").len()), (40, 40));
    let missing: Vec<usize> =
        series("canary").iter().enumerate().filter(|(_, value)| value.is_null()).map(|(minute, _)| minute).collect();
    assert_eq!(missing, [5, 6, 17], "as fixtures/layouts/README.md has it");
}

#[test]
fn judge() {
    let interval = report(&FAILING, &["--judge", "interval"]);
    assert_eq!(interval, report(&FAILING, &[]), "the default");
    let bounds = report(&FAILING, &["--judge", "bounds"]);
    for result in array(&bounds, "/metrics") {
        assert_eq!(result["method"], "ratio_of_means/1");
        assert_eq!(result["interval"], Value::Null);
        let average = |side: &str| result["average"][side].as_f64().expect("an average");
        let ratio = result["ratio"].as_f64().expect("a ratio");
        let expected = average("canary") / average("baseline");
        // Relative: the same division of the same two numbers, give or take the order of a sum.
        assert!((ratio - expected).abs() <= 1e-12 * expected, "{}: {ratio}, {expected}", result["name"]);
    }
    score(&FAILING, &["--judge", "oracle"]).complains(&["'oracle'", "interval, bounds, kayenta"]);
}

#[test]
fn thresholds() {
    score(&FAILING, &["--marginal", "60", "--pass", "66"]).exits(PASS);
    score(&FAILING, &["--marginal", "60"]).exits(UNDECIDED);
    score(&FAILING, &["--marginal", "66.7"]).exits(FAIL);
    score(&FAILING, &["--marginal", "66.6"]).exits(UNDECIDED);
}

#[test]
fn seed_and_threads_are_no_judgement() {
    let plain = report(&FAILING, &[]);
    let mut seeded = report(&FAILING, &["--seed", "7"]);
    assert_eq!((&plain["seed"], &seeded["seed"]), (&json!(0), &json!(7)));
    seeded["seed"] = json!(0);
    assert_eq!(seeded["verdict"], plain["verdict"]);
    assert_eq!(report(&FAILING, &["--threads", "3"]), plain);
}

#[test]
fn format() {
    score(&FAILING, &["--format", "table"]).exits(FAIL).prints(&["✗ FAIL"]);
    score(&FAILING, &["--format", "markdown"]).exits(FAIL).prints(&["## ", "FAIL", "|---|"]);
    score(&FAILING, &["--format", "junit"]).exits(FAIL).prints(&["<?xml", "<testsuites", "failures="]);
    score(&FAILING, &["--format", "github"]).exits(FAIL).prints(&["::error title=canary FAIL"]);
    assert_eq!(report(&FAILING, &[])["schema_version"], 1);
    score(&FAILING, &["--format", "html"]).exits(FAIL).prints(&["<!DOCTYPE html>", "FAIL"]);
    score(&FAILING, &["--format", "pdf"]).complains(&["'pdf'", "table, json, markdown, junit, github, html"]);
}

const RENAMED: [&str; 2] =
    ["fixtures/layouts/long_renamed/baseline.parquet", "fixtures/layouts/long_renamed/canary.parquet"];
const SECONDS: [&str; 2] =
    ["fixtures/layouts/time_epoch_seconds/baseline.parquet", "fixtures/layouts/time_epoch_seconds/canary.parquet"];
const WIDE: [&str; 2] = ["fixtures/layouts/wide/baseline.parquet", "fixtures/layouts/wide/canary.parquet"];

#[test]
fn column() {
    let mapped = ["--column", "metric=name", "--column", "timestamp=ts", "--column", "value=val"];
    score(&RENAMED, &mapped).exits(FAIL);
    score(&RENAMED, &[]).complains(&["`metric`, `timestamp`, `value`", "`name`, `ts`, `val`", "--column"]);
    score(&RENAMED, &mapped[..4]).complains(&["no column `value`"]);
    score(&FAILING, &["--column", "metrics=name"]).complains(&["`metrics`", "metric, timestamp, value"]);
    score(&FAILING, &["--column", "name"]).complains(&["ROLE=NAME"]);
    score(&FAILING, &["--column", "metric="]).complains(&["name of a column", "`metric=`"]);
}

#[test]
fn time_unit() {
    score(&SECONDS, &["--time-unit", "s"]).exits(FAIL);
    score(&SECONDS, &[]).complains(&["column `timestamp`", "without a unit", "--time-unit s|ms|us|ns"]);
    let too_fine = report(&SECONDS, &["--time-unit", "ms"]);
    assert_eq!(too_fine["inputs"]["step_seconds"], 0.06, "as told, though it is wrong");
    score(&SECONDS, &["--time-unit", "minutes"]).complains(&["minutes", "s, ms, us, ns"]);
}

#[test]
fn layout() {
    score(&WIDE, &["--layout", "wide"]).exits(FAIL);
    score(&WIDE, &["--layout", "long"]).complains(&["no column `metric`, `value`"]);
    score(&FAILING, &["--layout", "long"]).exits(FAIL);
    score(&FAILING, &["--layout", "wide"]).complains(&["column `metric`", "number"]);
    score(&WIDE, &["--layout", "broad"]).complains(&["broad", "long, wide"]);
}
