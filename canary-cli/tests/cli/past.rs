//! What the past teaches: `canary calibrate` and `canary backtest`.

use crate::harness::{FAIL, Folder, PASS, Run, array, canary, root};

const HEALTHY: &str = "fixtures/healthy";

fn calibrate(history: &[&str]) -> Run {
    canary(&[&["calibrate"], history].concat()).exits(PASS)
}

fn rules(toml: &str) -> usize {
    toml.lines().filter(|line| *line == "[[rules]]").count()
}

#[test]
fn few_rules_stand_for_many_metrics_and_flag_nothing_of_what_they_were_made_from() {
    let folder = Folder::new();
    let path = folder.path("canary.toml");
    calibrate(&[HEALTHY, "--out", &path]);
    let toml = folder.read("canary.toml");
    assert!(toml.starts_with("# Proposed by `canary calibrate`"), "{toml}");
    assert!((1..=25).contains(&rules(&toml)), "{} rules\n{toml}", rules(&toml));
    let commented = toml.lines().zip(toml.lines().skip(1)).filter(|(_, next)| *next == "[[rules]]");
    assert!(commented.into_iter().all(|(line, _)| line.starts_with("# ")), "each rule says what was seen\n{toml}");
    canary(&["check", &path, "--data", "fixtures/healthy/baseline.parquet"]).exits(PASS);
    canary(&["backtest", &path, HEALTHY, "--healthy", "healthy", "--max-false-alarms", "0"]).exits(PASS).prints(&[
        "PASS",
        "right",
        "1 run; healthy that pass: 1 of 1; false alarms: 0 of 547 metrics",
    ]);
}

#[test]
fn names_and_values_say_what_metrics_are() {
    let toml = calibrate(&["fixtures/judge/aa_request_split_5050"]).stdout;
    assert!(toml.contains("kind = \"quantile\"") && toml.contains("quantile = 0.99"), "{toml}");
    assert!(toml.contains("requests = \"$1/requests\"") && toml.contains("direction = \"increase\""), "{toml}");
    assert!(rules(&toml) <= 25, "{} rules\n{toml}", rules(&toml));
}

#[test]
fn one_side_is_split_by_what_it_has_and_says_so() {
    let run = calibrate(&["fixtures/judge/replica_vms_instances/baseline.parquet"]);
    run.prints(&["every other instance against the rest"]);
    let run = calibrate(&["fixtures/healthy/baseline.parquet"]);
    run.prints(&["of each two ticks one to either side"]).warns(&["warning", "less than two machines would differ"]);
}

#[test]
fn the_same_past_gives_the_same_bytes() {
    assert!(calibrate(&[HEALTHY]).stdout == calibrate(&[HEALTHY]).stdout);
}

#[test]
fn backtest_holds_runs_against_what_was_true() {
    let folder = Folder::new();
    let config = folder.write("canary.toml", "");
    let runs = ["fixtures/judge/ab_by_kind", "fixtures/judge/aa_request_split_5050"];
    let arguments = [&["backtest", &config], &runs[..], &["--truth-column", "expected_080_125"]].concat();
    let run = canary(&[&arguments[..], &["--bad", "ab_*", "--healthy", "aa_*"]].concat()).exits(PASS);
    run.prints(&["ab_by_kind", "bad", "healthy", "judged wrongly most often", "2 runs; "]);
    let json = canary(&[&arguments[..], &["--format", "json"]].concat()).exits(PASS).json();
    let [by_kind, split] = array(&json, "/runs").as_slice() else { panic!("two runs: {json:#}") };
    // 5 % of false alarms among what is flagged is what the judge is held to.
    let flagged = by_kind["counts"]["hot"].as_u64().zip(by_kind["counts"]["cold"].as_u64());
    let flagged = flagged.map(|(hot, cold)| hot + cold).expect("counts");
    assert!(array(by_kind, "/false_alarms").len() as f64 <= 0.1 * flagged as f64, "{by_kind:#}");
    assert_eq!(array(split, "/misses").len(), 0, "{split:#}");
}

#[test]
fn labels_stand_in_the_folder_or_in_the_command() {
    let folder = Folder::new();
    let config = folder.write("canary.toml", "");
    let run = folder.as_path().join("monday");
    std::fs::create_dir(&run).expect("a folder");
    for side in ["baseline", "canary"] {
        let from = root().join(format!("fixtures/layouts/long/{side}.parquet"));
        std::fs::copy(from, run.join(format!("{side}.parquet"))).expect("a copy");
    }
    let path = run.to_str().expect("UTF-8");
    canary(&["backtest", &config, path]).exits(PASS).prints(&["1 run, none labelled"]);
    std::fs::write(run.join("label"), "healthy\n").expect("a file");
    canary(&["backtest", &config, path]).exits(PASS).prints(&[
        "FALSE ALARM",
        "healthy that pass: 0 of 1",
        "false alarms: 2 of 6",
    ]);
    canary(&["backtest", &config, path, "--max-false-alarms", "1"]).exits(FAIL);
    canary(&["backtest", &config, path, "--bad", "mon*"]).exits(PASS).prints(&["right", "bad that do not: 1 of 1"]);
    let replayed = ["backtest", &config, path, "--bad", "mon*", "--every", "20m"];
    canary(&replayed).exits(PASS).prints(&["fails after", " min"]);
    let json = canary(&[&replayed[..], &["--format", "json"]].concat()).exits(PASS).json();
    let minutes = json["runs"][0]["minutes_to_detect"].as_f64().expect("a run that fails at a look");
    assert!([20.0, 40.0, 60.0].contains(&minutes), "{minutes} is no look");
    std::fs::write(run.join("label"), "perhaps").expect("a file");
    canary(&["backtest", &config, path]).complains(&["label", "perhaps", "healthy or bad"]);
    canary(&["backtest", &config, "fixtures/bad"]).complains(&["fixtures/bad", "baseline.*"]);
    canary(&["calibrate", "nowhere"]).complains(&["nowhere"]);
}
