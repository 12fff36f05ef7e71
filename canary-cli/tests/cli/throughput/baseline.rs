//! The canary's sweet spot against the baseline's, by itself and as one more metric of a canary.

use serde_json::Value;

use super::raw;
use crate::harness::{FAIL, Folder, GOOD, NO_VERDICT, PASS, UNDECIDED, array, canary, score};

const RATE_200: &str = "d01_vegeta_det_c4_s20";
const RATE_150: &str = "d03_oha_nginx_150";
const AT_LEAST_200: &str = "d07_vegeta_unsaturated_c10_s20";
const NO_NUMBER: &str = "d10_vegeta_flip_c6_s20";

fn compared(baseline: &str, canary_run: &str, options: &[&str], code: i32) -> Value {
    let (old, new) = (raw(baseline), raw(canary_run));
    let arguments = [&["squeeze", &new, "--baseline", &old, "--format", "json"], options].concat();
    canary(&arguments).exits(code).json()["comparison"].clone()
}

#[test]
fn the_ratio_is_held_against_its_bounds() {
    let cold = compared(RATE_200, RATE_150, &[], FAIL);
    // 3 % is what either capacity may be off.
    let ratio = cold["ratio"].as_f64().expect("a ratio");
    assert!((ratio / 0.75 - 1.0).abs() < 0.06, "{ratio}");
    assert_eq!(cold["state"], "cold");
    assert_eq!(compared(RATE_150, RATE_200, &[], PASS)["state"], "hot");
    assert_eq!(compared(RATE_150, RATE_150, &[], PASS)["state"], "ok");
    assert_eq!(compared(RATE_200, RATE_150, &["--bounds", "0.5,1.25"], PASS)["state"], "ok");
}

#[test]
fn a_bound_decides_where_it_can_and_nothing_else_is_go() {
    assert_eq!(compared(RATE_150, AT_LEAST_200, &[], PASS)["state"], "hot");
    let undecided = compared(RATE_200, AT_LEAST_200, &[], UNDECIDED);
    assert_eq!((&undecided["state"], &undecided["evidence"]), (&"ok".into(), &"undecided".into()));
    assert_eq!(compared(NO_NUMBER, RATE_200, &[], UNDECIDED)["state"], "nodata");
    assert_eq!(compared(RATE_200, NO_NUMBER, &[], NO_VERDICT)["state"], "nodata");
}

#[test]
fn both_a_ratio_and_a_rate_may_be_required() {
    let more = |min, code| compared(RATE_150, RATE_200, &["--min", min], code);
    more("150", PASS);
    more("500", FAIL);
    compared(RATE_200, RATE_150, &["--min", "100"], FAIL);
}

#[test]
fn bounds_must_be_two_and_in_order() {
    let run = raw(RATE_150);
    let with = |bounds| canary(&["squeeze", &run, "--baseline", &run, "--bounds", bounds]);
    with("0.9").complains(&["two ratios"]);
    with("1.2,0.9").complains(&["--bounds"]);
    canary(&["squeeze", &run, "--bounds", "0.9,1.1"]).complains(&["--baseline"]);
}

/// Writes what `squeeze` says of two builds, and gives its path.
fn written(folder: &Folder, baseline: &str, canary_run: &str) -> String {
    let path = folder.path("squeeze.json");
    canary(&["squeeze", &raw(canary_run), "--baseline", &raw(baseline), "-q", "-o", &path]);
    path
}

fn sweet_spot(report: &Value) -> Value {
    let metrics = array(report, "/metrics");
    metrics.iter().find(|metric| metric["name"] == "squeeze.sweet_spot").expect("the metric").clone()
}

#[test]
fn it_is_one_more_metric_of_a_canary() {
    let folder = Folder::new();
    let squeeze = written(&folder, RATE_200, RATE_150);
    let config = folder
        .write("canary.toml", "[[rules]]\nmatch = \"squeeze.sweet_spot\"\ndirection = \"decrease\"\ncritical = true\n");
    let without = score(&GOOD, &["--format", "json"]).exits(PASS).json();
    score(&GOOD, &["-c", &config, "-q"]).exits(UNDECIDED);
    let together = score(&GOOD, &["-c", &config, "--squeeze", &squeeze, "--format", "json"]).exits(FAIL).json();
    let metric = sweet_spot(&together);
    assert_eq!((&metric["state"], &metric["critical"]), (&"cold".into(), &true.into()));
    assert_eq!(array(&together, "/metrics").len(), array(&without, "/metrics").len() + 1);
}

#[test]
fn a_test_without_a_number_is_a_metric_without_data() {
    let folder = Folder::new();
    let squeeze = written(&folder, RATE_200, NO_NUMBER);
    let report = score(&GOOD, &["--squeeze", &squeeze, "--format", "json"]).exits(UNDECIDED).json();
    assert_eq!((&sweet_spot(&report)["state"], &report["verdict"]), (&"nodata".into(), &"inconclusive".into()));
}

#[test]
fn every_form_of_a_report_shows_it() {
    let folder = Folder::new();
    let squeeze = written(&folder, RATE_200, RATE_150);
    let files = ["a.html", "a.md", "a.xml", "a.txt"].map(|name| folder.path(name));
    let options: Vec<&str> = files.iter().flat_map(|file| ["-o", file.as_str()]).collect();
    score(&GOOD, &[&["--squeeze", &squeeze, "-q"], &options[..]].concat());
    for name in ["a.html", "a.md", "a.xml", "a.txt"] {
        assert!(folder.read(name).contains("squeeze.sweet_spot"), "{name}");
    }
}

#[test]
fn a_test_of_one_build_is_no_metric() {
    let folder = Folder::new();
    let path = folder.path("one.json");
    canary(&["squeeze", &raw(RATE_200), "-q", "-o", &path]).exits(PASS);
    score(&GOOD, &["--squeeze", &path]).complains(&["one.json", "--baseline"]);
    let other = folder.write("other.json", "{}");
    score(&GOOD, &["--squeeze", &other]).complains(&["other.json", "canary squeeze"]);
}
