//! `canary replay`: the looks, the stop, and what all of them share.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{
    DEMO, FAIL, FAILING, Folder, GOOD, PASS, Run, SILENT, UNDECIDED, array, canary, report, root, without_command,
};

const HEALTHY: [&str; 2] = ["fixtures/healthy/baseline.parquet", "fixtures/healthy/canary.parquet"];

fn replay(inputs: &[&str], options: &[&str]) -> Run {
    canary(&[&["replay"], inputs, options].concat())
}

fn looks(inputs: &[&str], options: &[&str]) -> Value {
    replay(inputs, &[options, &["--format", "json"]].concat()).json()
}

fn minutes(replay: &Value) -> Vec<f64> {
    array(replay, "/looks").iter().filter_map(|look| look["minutes"].as_f64()).collect()
}

#[test]
fn a_run_without_a_change_is_not_stopped() {
    let run = replay(&HEALTHY, &["--every", "30m", "--format", "json"]).exits(PASS).json();
    assert_eq!(array(&run, "/looks").len(), 16);
    assert_eq!(run["stopped"], Value::Null);
    assert_eq!(run["budget"], json!({"false_alarm": 0.05, "looks": 16}));
    for look in array(&run, "/looks") {
        assert_eq!((look["hot"].as_array(), look["cold"].as_array()), (Some(&vec![]), Some(&vec![])), "{look}");
        assert_ne!(look["verdict"], "fail");
    }
    assert_eq!(run["looks"][0]["at"], "2025-03-03T08:30:00Z");
    assert_eq!(run["report"]["verdict"], "pass");
    assert_eq!(run["report"]["inputs"]["ticks"], 480);
    assert_eq!(run["report"]["inputs"]["baseline"]["sources"], json!([HEALTHY[0]]));
}

#[test]
fn a_failing_run_is_stopped_at_the_first_look_that_is_sure() {
    let run = replay(&FAILING, &["--every", "7m", "--format", "json"]).exits(FAIL).json();
    // Seven minutes are too few points for any metric; fourteen show a half and a half again.
    assert_eq!(minutes(&run), [7.0, 14.0]);
    assert_eq!(run["looks"][0]["verdict"], "inconclusive");
    assert_eq!(
        run["stopped"],
        json!({"at": "2025-03-03T08:14:00Z", "minutes": 14.0, "verdict": "fail", "because": ["score_below_marginal"]})
    );
    assert_eq!(run["budget"]["looks"], 6);
    assert_eq!(run["report"]["inputs"]["ticks"], 14);
    assert_eq!(
        run["looks"][1]["hot"],
        json!(["ob/currencyservice|hipstershop.CurrencyService/GetCurrencyData/latency_p50_us"])
    );
}

#[test]
fn a_critical_metric_stops_the_demo_when_it_is_sure() {
    let run = looks(&DEMO, &["-c", "examples/canary.toml", "--every", "30m", "--threads", "2"]);
    let whole = report(&DEMO, &["-c", "examples/canary.toml"]);
    assert_eq!(whole["verdict"], "fail");
    let stopped = &run["stopped"];
    assert_eq!(stopped["verdict"], "fail");
    let because = array(stopped, "/because");
    assert!(
        because.iter().all(|why| why.as_str().is_some_and(|why| why.starts_with("critical_failed: "))),
        "{stopped}"
    );
    assert!(stopped["minutes"].as_f64().is_some_and(|minutes| minutes < 480.0), "{stopped}");
    assert_eq!(
        run["looks"].as_array().and_then(|looks| looks.last()).map(|look| &look["minutes"]),
        Some(&stopped["minutes"])
    );
}

#[test]
fn the_classical_rule_is_repeated_for_comparison() {
    let run = looks(&FAILING, &["--every", "7m", "--judge", "bounds"]);
    assert_eq!(run["report"]["config"]["defaults"]["judge"], "bounds");
    assert!(array(&run, "/report/metrics").iter().all(|metric| metric["p_value"].is_null()));
}

#[test]
fn looks_end_with_one_at_the_end() {
    assert_eq!(minutes(&looks(&GOOD, &["--every", "25m"])).last(), minutes(&looks(&GOOD, &["--every", "1h"])).last());
    let mut long = looks(&GOOD, &["--every", "100h"]);
    without_command(&mut long["report"]);
    assert_eq!((array(&long, "/looks").len(), &long["budget"]["looks"]), (1, &json!(1)));
    let alone = report(&GOOD, &[]);
    assert_eq!(long["report"]["inputs"], alone["inputs"]);
    assert_eq!((&long["report"]["verdict"], &long["report"]["score"]), (&alone["verdict"], &alone["score"]));
}

#[test]
fn an_every_that_cannot_be_says_what_can() {
    replay(&GOOD, &["--every", "0s"]).complains(&["--every", "found 0s", "expected 1m or more"]);
    replay(&GOOD, &["--every", "10s"]).complains(&["--every", "found 10s", "expected 1m or more"]);
    replay(&GOOD, &["--every", "soon"]).complains(&["--every", "`soon`", "10m"]);
    replay(&GOOD, &["--every", "-5m"]).complains(&["--every"]);
    replay(&GOOD, &[]).complains(&["--every"]);
    replay(&DEMO, &["--every", "1m"]).complains(&["--every", "480 looks", "expected 2m or more"]);
}

#[test]
fn every_layout_is_replayed() {
    let of = |replay: &Value| array(replay, "/looks").iter().map(|look| look["verdict"].clone()).collect::<Vec<_>>();
    let long = looks(&FAILING, &["--every", "7m"]);
    for folder in ["wide", "wide_csv", "long_csv", "time_epoch_seconds"] {
        let suffix = if folder.ends_with("csv") { "csv" } else { "parquet" };
        let paths = ["baseline", "canary"].map(|side| format!("fixtures/layouts/{folder}/{side}.{suffix}"));
        let paths = paths.each_ref().map(String::as_str);
        let options: &[&str] = if folder == "time_epoch_seconds" { &["--time-unit", "s"] } else { &[] };
        assert_eq!(of(&looks(&paths, &[&["--every", "7m"], options].concat())), of(&long), "{folder}");
    }
}

#[test]
fn selection_and_exit_codes_are_those_of_score() {
    let window = ["--start", "2025-03-03T08:10:00Z", "--end", "2025-03-03T08:38:00Z"];
    let cut = looks(&FAILING, &[&["--every", "10m"], &window[..]].concat());
    assert_eq!(cut["looks"][0]["at"], "2025-03-03T08:20:00Z");
    assert_eq!(cut["report"]["inputs"]["start"], "2025-03-03T08:10:00Z");
    replay(&SILENT, &["--every", "10m"]).exits(UNDECIDED);
    replay(&SILENT, &["--every", "10m", "--allow", "inconclusive"]).exits(PASS);
    let quiet = replay(&FAILING, &["--every", "7m", "--quiet"]).exits(FAIL);
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    let warned = canary(&["replay", FAILING[0], FAILING[0], "--every", "10m"]).exits(UNDECIDED);
    warned.warns(&["compared with itself"]);
}

#[test]
fn files_are_written_as_their_suffix_says() {
    let folder = Folder::new();
    let (json, text) = (folder.path("looks.json"), folder.path("looks.txt"));
    let run = replay(&FAILING, &["--every", "7m", "-o", &json, "-o", &text]).exits(FAIL);
    assert_eq!(folder.read("looks.txt"), run.stdout, "what a pipe sees");
    assert_eq!(folder.read("looks.json"), replay(&FAILING, &["--every", "7m", "--format", "json"]).stdout);
    replay(&FAILING, &["--every", "7m", "-o", &folder.path("looks.md")]).complains(&["looks.md", ".txt, .json"]);
    // A line a metric, as in a report: two replays can be compared with diff.
    let lines = folder.read("looks.json");
    assert_eq!(
        lines
            .lines()
            .filter(|line| line.trim_start().starts_with("{\"name\":\"") && line.contains("\"p_value\""))
            .count(),
        6
    );
}

#[test]
fn the_table_says_what_changed_and_why_it_ends() {
    let run = replay(&FAILING, &["--every", "7m"]).exits(FAIL);
    run.prints(&[
        "2025-03-03 UTC",
        "08:14",
        "+1 hot: ob/cu",
        "Stopped after 14 minutes, at look 2 of 6",
        "✗ FAIL: do not roll out",
    ]);
    let run = replay(&HEALTHY, &["--every", "2m"]).exits(PASS);
    run.prints(&["Not stopped in 480 minutes: 240 looks", "that changed nothing", "✓ PASS: roll out"]);
}

#[test]
fn the_same_on_any_number_of_threads() {
    let on = |threads: &str| replay(&HEALTHY, &["--every", "1h", "--format", "json", "--threads", threads]).stdout;
    assert_eq!(on("1"), on("3"));
}

#[test]
fn what_the_document_shows_is_what_the_program_says() {
    let document = fs::read_to_string(root().join("docs/replay.md")).expect("docs/replay.md");
    for (config, verdict) in [(&[][..], "\n\n✓ PASS: "), (&["-c", "examples/canary.toml"], "\n\n✗ FAIL: ")] {
        let run = replay(&DEMO, &[&["--every", "30m"], config].concat());
        let (looks, _) = run.stdout.split_once(verdict).expect("the looks before the report");
        assert!(document.contains(looks), "docs/replay.md does not show:\n{looks}");
    }
}
