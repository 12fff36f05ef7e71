//! Inputs that are broken, silent or odd. What cannot be read is no verdict; what can be read and holds no
//! evidence is a report; neither is ever a pass.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{
    Folder, GOOD, NO_VERDICT, PASS, UNDECIDED, array, field_of_metrics, note_codes, report, root, score,
};

const BAD: &str = "fixtures/bad";

fn bad(name: &str) -> String {
    format!("{BAD}/{name}")
}

/// As a canary, as a baseline, and on both sides.
fn in_every_place(path: &str) -> [[&str; 2]; 3] {
    [[GOOD[0], path], [path, GOOD[1]], [path, path]]
}

#[track_caller]
fn cannot_be_read(path: &str, words: &[&str]) {
    for inputs in in_every_place(path) {
        score(&inputs, &[]).complains(&[words, &[path]].concat());
    }
}

#[test]
fn what_is_not_there() {
    let folder = Folder::new();
    cannot_be_read("nowhere.parquet", &["not found", "file"]);
    cannot_be_read("nowhere/*.parquet", &["glob", "no file"]);
    cannot_be_read(&folder.path(""), &["no data file", "*.parquet", "*.csv"]);
    folder.write("notes.txt", "not data");
    cannot_be_read(&folder.path(""), &["no data file"]);
    cannot_be_read("/dev/null", &["not a regular file"]);
}

#[test]
fn what_is_not_what_it_seems() {
    cannot_be_read(&bad("empty.parquet"), &["empty"]);
    cannot_be_read(&bad("truncated.parquet"), &["truncated"]);
    cannot_be_read(&bad("wrong_magic.parquet"), &["not a Parquet file", "PAR1"]);
    let folder = Folder::new();
    let gzip = fs::read(root().join("fixtures/layouts/long_csv_gz/baseline.csv.gz")).expect("a fixture");
    let (half, _) = gzip.split_at(gzip.len() / 2);
    cannot_be_read(&folder.write("half.csv.gz", half), &["cut short or damaged"]);
    cannot_be_read(&folder.write("noise.csv", [0_u8, 159, 146, 150].repeat(100)), &["noise.csv"]);
}

#[test]
fn damage_within_a_file_is_an_error_or_a_report_and_never_a_panic() {
    let folder = Folder::new();
    let sound = fs::read(root().join(GOOD[1])).expect("a fixture");
    for step in 1..32 {
        let mut damaged = sound.clone();
        let place = sound.len() * step / 32;
        damaged[place..].iter_mut().take(8).for_each(|byte| *byte = !*byte);
        // What is asked of every run is asked by the harness.
        score(&[GOOD[0], &folder.write("damaged.parquet", damaged)], &[]);
    }
}

#[test]
fn a_missing_column_is_named_and_so_are_those_there() {
    let words = ["no column `value`", "`metric`, `timestamp`", "--column"];
    cannot_be_read(&bad("missing_column.parquet"), &words);
}

#[test]
fn text_among_the_values_is_named_with_column_and_line() {
    let path = bad("text_value.csv");
    let text = fs::read_to_string(root().join(&path)).expect("a fixture");
    let line = 1 + text.lines().position(|line| line.contains("timeout")).expect("the fault of the fixture");
    cannot_be_read(&path, &["column `value`", &format!("line {line}:"), "`timeout`", "number"]);
}

#[test]
fn text_that_is_no_time_is_named_with_column_and_line() {
    let folder = Folder::new();
    let path = folder.write("a.csv", "metric,timestamp,value\nm,2025-03-03T08:00:00Z,1\nm,noon,1\n");
    cannot_be_read(&path, &["column `timestamp`", "line 3", "`noon`"]);
}

#[test]
fn mixed_zones_are_never_guessed() {
    let pair = [bad("mixed_zones_baseline.parquet"), bad("mixed_zones_canary.parquet")];
    score(&pair.each_ref().map(String::as_str), &[]).complains(&[&pair[0], &pair[1], "time zone"]);
    let folder = Folder::new();
    let rows = "metric,timestamp,value\nm,2025-03-03T08:00:00Z,1\nm,2025-03-03T08:01:00,1\n";
    cannot_be_read(&folder.write("a.csv", rows), &["2025-03-03T08:01:00`", "before it have a zone"]);
}

/// The report on a sound baseline and a bad canary that can be read.
#[track_caller]
fn judged(canary: &str) -> Value {
    report(&[GOOD[0], &bad(canary)], &[])
}

#[track_caller]
fn is_inconclusive(report: &Value, reason_of_each_metric: &str) {
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(report["score"], Value::Null);
    assert_eq!(report["reasons"], json!([{"code": "no_data"}]));
    assert_eq!(report["counts"]["nodata"], array(report, "/metrics").len());
    for reason in field_of_metrics(report, "reason") {
        assert_eq!(reason["code"], reason_of_each_metric);
    }
}

#[test]
fn silence_on_either_side_is_inconclusive() {
    for (file, as_canary, as_baseline, on_both) in [
        ("all_nan.parquet", "missing_in_canary", "missing_in_baseline", "no_values"),
        ("no_rows.parquet", "missing_in_canary", "missing_in_baseline", "no_values"),
        ("infinities.parquet", "not_finite", "not_finite", "not_finite"),
        ("one_point.parquet", "too_few_points", "too_few_points", "too_few_points"),
    ] {
        let path = bad(file);
        for (inputs, reason) in in_every_place(&path).into_iter().zip([as_canary, as_baseline, on_both]) {
            is_inconclusive(&report(&inputs, &[]), reason);
            score(&inputs, &[]).exits(UNDECIDED).prints(&["INCONCLUSIVE", "No metric could be judged."]);
        }
    }
}

#[test]
fn what_was_taken_as_missing_is_counted() {
    let all_nan = judged("all_nan.parquet");
    let note = |code: &str, count: u64| json!({"code": code, "side": "canary", "count": count});
    // Four metrics of 40 minutes.
    assert!(array(&all_nan, "/notes").contains(&note("missing", 160)));
    let infinities = judged("infinities.parquet");
    assert!(array(&infinities, "/notes").contains(&note("not_finite", 80)), "every second value");
}

#[test]
fn no_metric_in_common() {
    let report = judged("other_metrics.parquet");
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(report["counts"]["nodata"], 8);
    let alone = |side: &str| json!({"code": "metrics_on_one_side", "side": side, "count": 4});
    assert!(
        array(&report, "/notes").contains(&alone("baseline")) && array(&report, "/notes").contains(&alone("canary"))
    );
    score(&[GOOD[0], &bad("other_metrics.parquet")], &[])
        .exits(UNDECIDED)
        .prints(&["4 missing in canary", "4 missing in baseline"]);
}

#[test]
fn a_region_on_one_side_only_is_named() {
    let pair = [bad("region_one_side_baseline.parquet"), bad("region_one_side_canary.parquet")];
    let pair = pair.each_ref().map(String::as_str);
    score(&pair, &[]).exits(UNDECIDED).prints(&["region eu-west-1 stands on one side only"]);
    let report = report(&pair, &[]);
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(report["worst_region"], "eu-west-1");
    let regions: Vec<_> =
        array(&report, "/regions").iter().map(|region| (&region["name"], &region["verdict"])).collect();
    assert!(regions.contains(&(&json!("us-east-1"), &json!("pass"))), "{regions:?}");
}

#[test]
fn of_duplicates_the_mean_is_taken_and_said() {
    let report = report(&[GOOD[0], &bad("duplicates.parquet")], &["--with-series"]);
    assert_eq!(report["verdict"], "pass");
    // Four metrics, minutes 10 to 19.
    let note = json!({"code": "several_per_tick", "side": "canary", "count": 40});
    assert!(array(&report, "/notes").contains(&note));
    let good = crate::harness::report(&GOOD, &["--with-series"]);
    for result in array(&report, "/metrics") {
        let name = result["name"].as_str().expect("a name");
        let values = |result: &Value| array(result, "/series/canary").clone();
        let once = values(crate::harness::metric(&good, name));
        for (minute, (found, once)) in values(result).iter().zip(once).enumerate() {
            let (Some(found), Some(once)) = (found.as_f64(), once.as_f64()) else { continue };
            let expected = if (10..20).contains(&minute) { once * 1.005 } else { once };
            // Relative: the fixture's values are rounded to 18 bits, 1.01 times them to 53.
            assert!((found - expected).abs() <= 1e-5 * expected.abs(), "{name}, minute {minute}: {found}, {expected}");
        }
    }
}

#[test]
fn the_order_of_rows_changes_not_a_byte() {
    let in_order = score(&GOOD, &["--format", "json", "--with-series"]).exits(PASS).stdout;
    let shuffled = bad("out_of_order.parquet");
    let out_of_order = score(&[GOOD[0], &shuffled], &["--format", "json", "--with-series"]).exits(PASS).stdout;
    assert_eq!(out_of_order.replace(&shuffled, GOOD[1]), in_order);
}

#[test]
fn of_two_steps_the_coarser_one_is_the_grid() {
    let pair = [bad("step_1m.parquet"), bad("step_5m.parquet")];
    let report = report(&pair.each_ref().map(String::as_str), &[]);
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["inputs"]["step_seconds"], 300.0);
    assert_eq!(report["inputs"]["ticks"], 40);
    let note = array(&report, "/notes").iter().find(|note| note["code"] == "different_steps").expect("a note");
    let detail = note["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("1m") && detail.contains("5m"), "{detail}");
}

#[test]
fn a_header_without_rows_is_silence() {
    let folder = Folder::new();
    let path = folder.write("a.csv", "metric,timestamp,value\n");
    let report = report(&[&path, &path], &[]);
    assert_eq!(report["verdict"], "inconclusive");
    assert!(array(&report, "/metrics").is_empty());
    assert!(note_codes(&report).is_empty());
}

#[test]
fn a_window_without_data_is_silence() {
    let run = score(&GOOD, &["--start", "2030-01-01T00:00:00Z"]).exits(UNDECIDED);
    run.prints(&["INCONCLUSIVE", "160 rows of the baseline outside the chosen window"]);
}

#[test]
fn an_absurdly_fine_step_is_refused() {
    // 39 minutes in steps of a microsecond would be 2.3e9 ticks.
    let folder = Folder::new();
    let day = |day: u32| format!("m,2025-03-{day:02}T08:00:00Z,1\n");
    let rows: String = (1..=28).map(day).collect();
    let path = folder.write("a.csv", format!("metric,timestamp,value\n{rows}"));
    score(&[&path, &path], &["--step", "1ms"]).complains(&["at most", "step"]);
}

#[test]
fn one_file_for_both_sides_needs_a_column_that_tells_them_apart() {
    score(&[GOOD[0]], &[]).complains(&["no column `side`", "`metric`, `timestamp`, `value`"]);
    let folder = Folder::new();
    let path = folder.write("a.csv", "side,metric,timestamp,value\ncontrol,m,2025-03-03T08:00:00Z,1\n");
    score(&[&path], &[]).complains(&["`control`", "baseline or canary"]);
}

#[test]
fn none_of_the_broken_and_silent_ones_ever_passes() {
    for file in [
        "empty.parquet",
        "truncated.parquet",
        "wrong_magic.parquet",
        "missing_column.parquet",
        "text_value.csv",
        "no_rows.parquet",
        "all_nan.parquet",
        "infinities.parquet",
        "one_point.parquet",
        "nowhere.parquet",
    ] {
        let path = bad(file);
        for inputs in in_every_place(&path) {
            let code = score(&inputs, &["--pass", "0"]).code;
            assert!([NO_VERDICT, UNDECIDED].contains(&code), "{inputs:?}: exit code {code}");
        }
    }
}
