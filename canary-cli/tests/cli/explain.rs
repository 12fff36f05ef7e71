//! `canary explain`: one metric of a stored report in words.

use crate::harness::{DEMO, FAILING, Folder, PASS, Run, array, canary, report, score};

/// A report of `inputs` with a config, in a folder that has to outlive it.
fn stored(inputs: &[&str], config: &str, options: &[&str]) -> (Folder, String) {
    let folder = Folder::new();
    let (config, path) = (folder.write("canary.toml", config), folder.path("report.json"));
    score(inputs, &[&["-q", "-c", &config, "-o", &path], options].concat());
    (folder, path)
}

fn explain(inputs: &[&str], config: &str, metric: &str) -> Run {
    let (_folder, path) = stored(inputs, config, &[]);
    canary(&["explain", &path, metric])
}

const RULES: &str = "\
[[rules]]
match = \"*latency_p50*\"
bounds = { upper = 1.1 }
critical = true
direction = \"increase\"
";

#[test]
fn a_failure_is_explained_with_the_rule_the_level_and_the_way_out() {
    let run = explain(&FAILING, RULES, "*currencyservice*").exits(PASS).prints(&[
        "HOT: ob/currencyservice|hipstershop.CurrencyService/GetCurrencyData/latency_p50_us",
        "lies above the upper bound 1.1. It counts against the canary.",
        "held against 0.8 to 1.1, set by rule 1 (`*latency_p50*`)",
        "Only an increase counts",
        "a fifth of it is for 1 critical metric, shared by Holm's procedure",
        "fails the run alone",
        "would be 80.0 instead of 66.6",
        "`bounds = { upper = 1.4",
        "above 629.7, the change of the average, would mute it",
    ]);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 120), "{}", run.stdout);
}

#[test]
fn every_metric_of_the_demo_is_explained() {
    let (_folder, path) = stored(&DEMO, "", &["--compare", "kayenta"]);
    let run = canary(&["explain", &path, "*"]).exits(PASS).prints(&["and 2945 more metrics match *"]);
    for topic in ["why  ", "seen  ", "interval  ", "bounds  ", "data  ", "weight  ", "Kayenta  ", "to change it  "] {
        assert!(run.stdout.contains(&format!("\n{topic}")), "{topic}\n{}", run.stdout);
    }
    let silent =
        "*B8ms/vm0/PostgreSQL/Scaling_Factor:_2500_-_Clients:_1_-_Mode:_Read_Write_(TPC-B_Like)_-_Average_Latency/ms";
    canary(&["explain", &path, silent, "--region", "us-east-1"])
        .exits(PASS)
        .prints(&["No data in the canary.", "is its name still the same?"]);
}

/// What an explanation says would do does do.
#[test]
fn the_bound_that_it_names_is_where_the_state_changes() {
    let state = |upper: &str| {
        let folder = Folder::new();
        let config = folder.write("canary.toml", format!("[[rules]]\nmatch = \"*p50*\"\nbounds.upper = {upper}\n"));
        let report = report(&FAILING, &["-c", &config]);
        let metrics = array(&report, "/metrics");
        let found = metrics.iter().find(|metric| metric["name"].as_str().is_some_and(|name| name.contains("p50")));
        found.expect("the metric")["state"].as_str().expect("a state").to_owned()
    };
    let run = explain(&FAILING, "", "currencyservice").exits(PASS);
    let text = run.stdout.split("upper = ").nth(1).expect("a bound").split(' ').next().expect("a number");
    let bound: f64 = text.parse().expect("a number");
    assert_eq!([state(text), state(&(bound - 0.02).to_string())], ["ok", "hot"]);
}

#[test]
fn a_metric_that_is_not_there_is_an_error_with_the_nearest_names() {
    let (folder, path) = stored(&FAILING, "", &[]);
    let ask = |metric: &str| canary(&["explain", &path, metric]);
    ask("machine-3-3/m52").complains(&["machine-3-3/m52: no such metric", "the nearest are machine-3-3/m25,"]);
    ask("m").complains(&["a part of 3 names", "'*m*'"]);
    ask("m25").exits(PASS).prints(&["OK: machine-3-3/m25"]);
    canary(&["explain", &path, "m25", "--region", "x"]).complains(&["the report has no regions"]);
    let other = folder.write("other.json", "{}");
    canary(&["explain", &other, "m25"]).complains(&["other.json", "not a report"]);
    canary(&["explain", "nowhere.json", "m25"]).complains(&["cannot read nowhere.json"]);
}
