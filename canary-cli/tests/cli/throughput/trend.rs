//! `canary trend`: a number over builds, from tables and from a history that it keeps.

use std::fmt::Write;
use std::fs;

use super::raw;
use crate::harness::{FAIL, Folder, PASS, UNDECIDED, array, canary, root};

const SIXTY: &str = "fixtures/squeeze/trend_dev_60/history";

#[test]
fn the_changes_of_a_recorded_history_are_found() {
    // truth.json: the server was made slower at build 22, and faster at build 41.
    let said = ["csv", "parquet"]
        .map(|suffix| canary(&["trend", &format!("{SIXTY}.{suffix}"), "--format", "json"]).exits(PASS).stdout);
    assert_eq!(said[0], said[1]);
    let report: serde_json::Value = serde_json::from_str(&said[0]).expect("JSON");
    let changes = array(&report, "/changes");
    assert_eq!(changes.len(), 2, "{report:#}");
    for (change, (truth, direction)) in changes.iter().zip([(22, "down"), (41, "up")]) {
        let end = |at: usize| change["range"][at].as_u64().expect("a place");
        assert!(end(0) <= truth && truth <= end(1), "{change}");
        assert_eq!(change["direction"], direction);
    }
    let flat = canary(&["trend", "fixtures/squeeze/trend_dev_flat_40/history.csv", "--format", "json"]).exits(PASS);
    assert!(array(&flat.json(), "/changes").is_empty());
}

#[test]
fn a_fall_that_nothing_made_good_exits_with_1() {
    let text = fs::read_to_string(root().join(format!("{SIXTY}.csv"))).expect("a history");
    let until: String = text.lines().take(1 + 38).fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    });
    let folder = Folder::new();
    let history = folder.write("history.csv", until);
    let page = folder.path("trend.html");
    canary(&["trend", &history, "--peak", "9000", "-o", &page]).exits(FAIL).prints(&[
        "worse",
        "since build 22",
        "instances",
    ]);
    assert!(folder.read("trend.html").contains("since build 22"));
}

/// A table of builds without any noise, `count` at each level.
fn table(levels: &[(usize, f64)]) -> String {
    let values = levels.iter().flat_map(|&(count, value)| std::iter::repeat_n(value, count));
    values.enumerate().fold("build,throughput_rps\n".to_owned(), |mut text, (build, value)| {
        let _ = writeln!(text, "b{build},{value}");
        text
    })
}

#[test]
fn the_exit_code_is_that_of_what_is_known() {
    let folder = Folder::new();
    let judge = |levels: &[(usize, f64)]| canary(&["trend", &folder.write("history.csv", table(levels))]);
    // Half of a fall made good, and all of it but for less than 2 %.
    judge(&[(20, 100.0), (12, 90.0), (12, 94.0)]).exits(FAIL).prints(&[
        "worse",
        "Up 4.4 %",
        "still 6.0 % below",
        "b20",
    ]);
    judge(&[(20, 100.0), (12, 90.0), (12, 99.0)]).exits(PASS).prints(&["better", "Up 10.0 %"]);
    // The newest one or two are suspect; three are a level.
    judge(&[(20, 100.0), (1, 50.0)]).exits(UNDECIDED).prints(&["suspect", "b20"]);
    judge(&[(20, 100.0), (2, 50.0)]).exits(UNDECIDED).prints(&["suspect", "b21"]);
    judge(&[(20, 100.0), (3, 50.0)]).exits(FAIL).prints(&["Down 50.0 % since build b20, from 100"]);
    judge(&[(7, 100.0)]).exits(UNDECIDED).prints(&["Only 7 builds have a number; at least 8 are needed"]);
    judge(&[(8, 100.0)]).exits(PASS).prints(&["steady"]);
}

#[test]
fn less_may_be_better() {
    let history = format!("{SIXTY}.csv");
    let with =
        |more: &[&str]| canary(&[&["trend", &history, "--column", "start_s", "--format", "json"], more].concat());
    let changes = with(&["--lower-is-better"]).exits(FAIL).json();
    // truth.json: the start took longer from build 35 on.
    assert_eq!(array(&changes, "/changes").last().expect("a change")["regression"], true);
    with(&[]).exits(PASS);
}

/// Adds the recorded run `name` as build `build`.
fn add(folder: &Folder, name: &str, build: &str, more: &[&str]) -> crate::harness::Run {
    let (squeeze, history) = (folder.path("squeeze.json"), folder.path("history.db"));
    canary(&["squeeze", &raw(name), "-q", "-o", &squeeze]);
    canary(&[&["trend", &history, "--add", &squeeze, "--build", build, "--format", "json"], more].concat())
}

#[test]
fn a_history_is_kept() {
    let folder = Folder::new();
    // Fewer than eight builds show no change, and one whose test gave no number shows nothing.
    for build in 0..7 {
        add(&folder, "d01_vegeta_det_c4_s20", &format!("1.{build}"), &[]).exits(UNDECIDED);
    }
    let unknown = add(&folder, "d10_vegeta_flip_c6_s20", "1.7", &[]).exits(UNDECIDED).json();
    assert_eq!((&unknown["builds"], &unknown["newest_unknown"]), (&7.into(), &"1.7".into()));
    let bound = add(&folder, "d07_vegeta_unsaturated_c10_s20", "1.8", &[]).exits(PASS).json();
    assert_eq!((&bound["builds"], &bound["missing"]), (&8.into(), &1.into()), "a bound counts, no number does not");
    // 150 a second after 200: one or two builds are suspect, three are a fall.
    for build in ["1.9", "1.10"] {
        add(&folder, "d03_oha_nginx_150", build, &[]).exits(UNDECIDED);
    }
    let fall = add(&folder, "d03_oha_nginx_150", "1.11", &[]).exits(FAIL).json();
    let change = array(&fall, "/changes").last().expect("a change");
    assert_eq!((&change["build"], &change["direction"]), (&"1.9".into(), &"down".into()));
}

#[test]
fn series_stand_apart() {
    let folder = Folder::new();
    add(&folder, "d01_vegeta_det_c4_s20", "1.0", &["--series", "api"]).exits(UNDECIDED);
    add(&folder, "d03_oha_nginx_150", "1.0", &["--series", "web"]).exits(UNDECIDED);
    let history = folder.path("history.db");
    canary(&["trend", &history]).complains(&["api", "web", "--series"]);
    canary(&["trend", &history, "--series", "api"]).exits(UNDECIDED).prints(&[
        "undecided",
        "Only 1 build has a number; at least 8 are needed",
        "1 build of series api",
    ]);
    canary(&["trend", &history, "--series", "ap1"]).complains(&["ap1", "api"]);
}

#[test]
fn a_table_may_hold_bounds_and_series() {
    let folder = Folder::new();
    let mut table = "build,series,rate,rate_lower,rate_upper\n".to_owned();
    for build in 0..10 {
        let _ = writeln!(table, "1.{build},api,20{},199,201", build % 3);
    }
    table += "1.10,api,,195,\n1.0,web,50,49,51\n1.11,api,,,\n";
    let history = folder.write("history.csv", table);
    let api = canary(&["trend", &history, "--column", "rate", "--format", "json"]).exits(UNDECIDED).json();
    assert_eq!(api["newest_unknown"], "1.11");
    assert_eq!((&api["series"], &api["builds"], &api["missing"]), (&"api".into(), &11.into(), &1.into()));
    assert_eq!(api["other_series"], 1);
    let web = canary(&["trend", &history, "--column", "rate", "--series", "web", "--format", "json"]).json();
    assert_eq!((&web["series"], &web["builds"]), (&"web".into(), &1.into()));
}

#[test]
fn what_is_wrong_is_said_and_where() {
    let folder = Folder::new();
    let table = folder.write("a.csv", "build,throughput_rps\n1.0,200\n1.1,fast\n");
    canary(&["trend", &table]).complains(&["a.csv", "row 2", "throughput_rps", "fast"]);
    canary(&["trend", &table, "--column", "rate"]).complains(&["a.csv", "throughput_rps", "`rate`"]);
    let negative = folder.write("b.csv", "build,throughput_rps\n1.0,-4\n");
    canary(&["trend", &negative]).complains(&["b.csv", "row 1", "-4"]);
    canary(&["trend", &folder.path("none.csv")]).complains(&["none.csv"]);
    // A table is no history to append to, and stays as it is.
    let squeeze = folder.path("squeeze.json");
    canary(&["squeeze", &raw("d03_oha_nginx_150"), "-q", "-o", &squeeze]).exits(PASS);
    let before = folder.read("a.csv");
    canary(&["trend", &table, "--add", &squeeze, "--build", "1.2"]).complains(&["a.csv"]);
    assert_eq!(folder.read("a.csv"), before);
    canary(&["trend", &folder.path("h.db"), "--add", &squeeze]).complains(&["--build"]);
    canary(&["trend", &folder.path("h.db"), "--add", &squeeze, "--build", " "]).complains(&["--build"]);
    assert!(!folder.as_path().join("h.db").exists(), "nothing is made for nothing");
}
