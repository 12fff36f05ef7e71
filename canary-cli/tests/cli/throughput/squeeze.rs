//! `canary squeeze` on recorded runs of real tools, whose truth stands in fixtures/squeeze/manifest.json.

use std::fs;

use super::raw;
use crate::harness::{FAIL, Folder, NO_VERDICT, PASS, UNDECIDED, canary, root};

/// A server that admits 150 a second.
const NGINX: &str = "d03_oha_nginx_150";

#[test]
fn the_exit_code_tells_a_number_from_a_bound_and_from_none() {
    for (run, status, code) in [
        ("d01_vegeta_det_c4_s20", "measured", PASS),
        ("d02_wrk2_logn_c8_s25", "measured", PASS),
        (NGINX, "measured", PASS),
        ("d04_k6_exp_c3_s25", "measured", PASS),
        ("d05_locust_usl_s10", "measured", PASS),
        ("d06_autocannon_closed_c4_s10", "measured", PASS),
        ("d07_vegeta_unsaturated_c10_s20", "lower_bound", UNDECIDED),
        ("d08_hey_saturated_c3_s50", "saturated_from_start", UNDECIDED),
        ("d09_wrk_usl_s8", "measured", PASS),
        ("d10_vegeta_flip_c6_s20", "unstable", NO_VERDICT),
    ] {
        let run = canary(&["squeeze", &raw(run), "--format", "json"]).exits(code);
        assert_eq!(run.json()["status"], status);
    }
}

#[test]
fn a_required_throughput_is_met_or_missed() {
    let with = |run: &str, min: &str| canary(&["squeeze", &raw(run), "--min", min, "-q"]);
    assert_eq!(with(NGINX, "140").exits(PASS).stdout, "");
    with(NGINX, "160").exits(FAIL);
    // At least 199.5 a second were sustained, of a true 500: enough for the one, not known for the other.
    with("d07_vegeta_unsaturated_c10_s20", "190").exits(PASS);
    with("d07_vegeta_unsaturated_c10_s20", "300").exits(UNDECIDED);
    // Its plateau is 60 a second.
    with("d08_hey_saturated_c3_s50", "200").exits(FAIL);
    with("d10_vegeta_flip_c6_s20", "1").exits(NO_VERDICT);
    // 150 [144.6, 155.4]: on both sides.
    with(NGINX, "150").exits(UNDECIDED);
    let shown = canary(&["squeeze", &raw(NGINX), "--min", "160"]).exits(FAIL);
    shown.prints(&["measured, less than required", "at least 160/s: NOT MET"]);
}

#[test]
fn an_objective_that_was_not_tested_is_no_go() {
    // Locust's percentiles look back over ten seconds, and its steps are shorter.
    let json = canary(&["squeeze", &raw("d05_locust_usl_s10"), "--slo", "p99<1ms", "--min", "700", "--format", "json"]);
    let json = json.exits(UNDECIDED).json();
    assert_eq!(
        (&json["reasons"][0], &json["sweet_spot"]["lower"]),
        (&"objective_untested".into(), &serde_json::Value::Null)
    );
    let folder = Folder::new();
    let table = folder.write(
        "steps.csv",
        "offered_rps,duration_s,goodput_rps\n50,10,50\n100,10,100\n150,10,150\n200,10,160\n250,10,160\n",
    );
    canary(&["squeeze", &table, "--slo", "errors<1%"]).exits(UNDECIDED).prints(&["not tested"]);
    canary(&["squeeze", &table]).exits(PASS);
}

#[test]
fn repeats_of_different_loops_and_steps_that_are_empty_are_refused() {
    let (open, closed) = (raw(NGINX), raw("d06_autocannon_closed_c4_s10"));
    let json = canary(&["squeeze", &open, &closed, "--format", "json"]).exits(NO_VERDICT).json();
    assert_eq!((&json["status"], &json["reasons"][0]), (&"unusable".into(), &"mixed_loops".into()));
    let folder = Folder::new();
    for entry in fs::read_dir(root().join(&open)).expect("a recorded run") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, folder.as_path().join(path.file_name().expect("a name"))).expect("a copy");
    }
    let copy = folder.as_path().to_str().expect("UTF-8");
    canary(&["squeeze", copy, "-q"]).exits(PASS);
    folder.write("step_05_rps_140.json", "");
    canary(&["squeeze", copy]).complains(&["step_05_rps_140.json"]);
}

#[test]
fn every_form_says_the_same_number() {
    let folder = Folder::new();
    let files = ["a.txt", "a.json", "a.md", "a.html"].map(|name| folder.path(name));
    let options: Vec<&str> = files.iter().flat_map(|file| ["-o", file.as_str()]).collect();
    let run = raw(NGINX);
    let printed = canary(&[&["squeeze", &run, "--slo", "p99<100ms"], &options[..]].concat()).exits(PASS);
    assert_eq!(printed.stdout, folder.read("a.txt"), "a pipe and a file have no colours and one width");
    let json: serde_json::Value = serde_json::from_str(&folder.read("a.json")).expect("JSON");
    let sweet = json["sweet_spot"]["estimate"].as_f64().expect("a number");
    // As far as a measured capacity may be off (docs/squeeze.md: 1.3 % at most on recorded runs).
    assert!((sweet / 150.0 - 1.0).abs() < 0.03, "{sweet}");
    let headline = format!("One instance sustains {sweet:.1} requests/s");
    for name in ["a.txt", "a.md", "a.html"] {
        assert!(folder.read(name).contains(&headline), "{name}: {headline}");
    }
}

#[test]
fn a_table_reads_alike_from_csv_and_parquet() {
    let said = ["csv", "parquet"].map(|suffix| {
        let table = format!("fixtures/squeeze/{NGINX}/steps.{suffix}");
        canary(&["squeeze", &table, "--slo", "errors<1%", "--format", "json"]).exits(PASS).stdout
    });
    assert_eq!(said[0], said[1]);
}

#[test]
fn repeats_of_one_test_are_used_as_such() {
    let run = raw(NGINX);
    let json = canary(&["squeeze", &run, &run, "--format", "json"]).exits(PASS).json();
    let units = json["units"].as_array().expect("each by itself");
    assert_eq!(units.len(), 2);
    assert_eq!(json["steps"].as_array().expect("steps").len(), 24);
}

#[test]
fn what_cannot_be_read_is_said_and_where() {
    let folder = Folder::new();
    canary(&["squeeze", &folder.path("none")]).complains(&["none"]);
    let empty = folder.as_path().to_str().expect("UTF-8").to_owned();
    canary(&["squeeze", &empty]).complains(&[&empty]);
    let cut = folder.write("step_rps_100.json", r#"{"latencies": {"total": 12"#);
    canary(&["squeeze", &cut]).complains(&["step_rps_100.json"]);
    let words = folder.write("notes.txt", "Dear diary, the load test went well.\n");
    canary(&["squeeze", &words]).complains(&["notes.txt", "vegeta"]);
    canary(&["squeeze", &raw(NGINX), "--slo", "p99<soon"]).complains(&["p99<soon"]);
    canary(&["squeeze", &raw(NGINX), "-o", &folder.path("a.pdf")]).complains(&["a.pdf", ".html"]);
}

#[test]
fn one_step_is_no_number() {
    let folder = Folder::new();
    let table = folder.write("steps.csv", "offered_rps,duration_s,ok,errors\n100,10,1000,0\n");
    let json = canary(&["squeeze", &table, "--format", "json"]).exits(NO_VERDICT).json();
    assert_eq!((&json["status"], &json["sweet_spot"]), (&"unusable".into(), &serde_json::Value::Null));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = raw("d01_vegeta_det_c4_s20");
    let with = |seed| canary(&["squeeze", &run, "--slo", "p99<100ms", "--seed", seed, "--format", "json"]).stdout;
    assert_eq!(with("5"), with("5"));
}
