//! `canary report`: a stored report in another form; and what a report says of where it came from.

use std::process::Stdio;

use serde_json::json;

use crate::harness::{FAILING, Folder, GOOD, PASS, canary, command, ended, report, score};

/// A stored report of [`FAILING`], in a folder that has to outlive it.
fn stored(options: &[&str]) -> (Folder, String) {
    let folder = Folder::new();
    let path = folder.path("result.json");
    score(&FAILING, &[&["-q", "-o", &path], options].concat());
    (folder, path)
}

#[test]
fn a_stored_report_is_shown_as_the_run_showed_it() {
    let (folder, path) = stored(&[]);
    for format in ["table", "json", "markdown", "junit", "github"] {
        let again = canary(&["report", &path, "--format", format]).exits(PASS);
        assert_eq!(again.stdout, score(&FAILING, &["--format", format]).stdout, "{format}");
    }
    assert_eq!(canary(&["report", &path]).stdout, score(&FAILING, &[]).stdout, "a table unless said otherwise");
    let page = folder.path("summary.md");
    let run = canary(&["report", &path, "-o", &page]).exits(PASS);
    assert_eq!(run.stdout, "", "whoever asks for a file gets a file");
    assert_eq!(folder.read("summary.md"), score(&FAILING, &["--format", "markdown"]).stdout);
}

#[test]
fn a_stored_report_keeps_its_series() {
    let (_folder, path) = stored(&["--with-series"]);
    let again = canary(&["report", &path, "--format", "json"]).exits(PASS);
    assert_eq!(again.stdout, score(&FAILING, &["--with-series", "--format", "json"]).stdout);
}

#[test]
fn standard_input_holds_a_report_too() {
    let (_folder, path) = stored(&[]);
    let mut command = command(&["report", "-"]);
    command.stdin(Stdio::from(std::fs::File::open(&path).expect("a report")));
    let output = command.output().expect("a run");
    assert_eq!(ended(&command, &output).stdout, score(&FAILING, &[]).stdout);
}

#[test]
fn of_a_replay_it_is_the_last_report() {
    let folder = Folder::new();
    let path = folder.path("replay.json");
    canary(&["replay", FAILING[0], FAILING[1], "--every", "4h", "-q", "-o", &path]);
    canary(&["report", &path]).exits(PASS).prints(&["FAIL"]);
}

#[test]
fn what_is_no_report_says_so() {
    let folder = Folder::new();
    canary(&["report", "nowhere.json"]).complains(&["cannot read nowhere.json"]);
    let other = folder.write("other.json", "{\"schema_version\": 1}");
    canary(&["report", &other]).complains(&["other.json: not a report as `canary score -o", "missing field"]);
    let (_folder, path) = stored(&[]);
    canary(&["report", &path, "-o", &folder.path("x.pdf")]).complains(&["x.pdf: the suffix stands for no format"]);
}

#[test]
fn a_report_names_the_command_that_makes_it_again() {
    let json = |options: &[&str]| score(&GOOD, &[options, &["--format", "json"]].concat()).json();
    let command = |options: &[&str]| json(options)["inputs"]["command"].clone();
    let plain = "canary score fixtures/bad/good_baseline.parquet fixtures/bad/good_canary.parquet";
    assert_eq!(command(&["--threads", "2", "--color", "never"]), json!(plain), "nothing that only shows");
    assert_eq!(command(&["--metric", "*", "--seed=3"]), json!(format!("{plain} --metric '*' --seed 3")));
    let options = ["--metric", "*CPU*", "--pass", "90"];
    let text = command(&options);
    let words = shlex::split(text.as_str().expect("a command")).expect("words of a shell");
    let again = canary(&[&words.iter().map(String::as_str).collect::<Vec<_>>()[1..], &["--format", "json"]].concat());
    assert_eq!(again.json(), json(&options));
}

#[test]
fn builds_are_named() {
    let report = report(&GOOD, &["--baseline-build", "v1.41", "--canary-build", "v1.42"]);
    assert_eq!(report["builds"], json!({ "baseline": "v1.41", "canary": "v1.42" }));
}
