//! Output that is cut short, mixed up or of another version: one clear error or a note, never a wrong number.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use canary_core::squeeze::{Load, LoadNoteCode, LoadRun};
use canary_load::{LoadError, ReadOptions, read};

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(path)
}

fn read_text(name: &str, text: &str) -> Result<LoadRun, LoadError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file");
    read(&file, &ReadOptions::default())
}

/// The error, without the folder, with what caused it.
fn error(name: &str, text: &str) -> String {
    let error = read_text(name, text).expect_err(&format!("{name} is no run"));
    let text = error.to_string();
    text.rsplit_once('/').map_or(text.clone(), |(_, rest)| rest.to_owned())
}

fn contains(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "`{part}` is not in: {found}");
    }
}

const VEGETA: &str = "d07_vegeta_unsaturated_c10_s20/raw/step_03_rps_100.json";

fn text_of(path: &str) -> String {
    fs::read_to_string(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn truncated_json_is_named_so() {
    for path in [
        VEGETA,
        "d03_oha_nginx_150/raw/step_03_rps_110.json",
        "d06_autocannon_closed_c4_s10/raw/step_03_conc_4.json",
        "d04_k6_exp_c3_s25/raw/k6_summary.json",
    ] {
        let whole = text_of(path);
        let half = &whole[..whole.len() * 9 / 10];
        contains(&error("run_rps_100.json", half), &["run_rps_100.json", "ends too early", "is the file complete?"]);
    }
}

#[test]
fn truncated_text_is_named_so() {
    let wrk = text_of("d09_wrk_usl_s8/raw/step_04_conc_12.txt");
    let cut = wrk.split("4430 requests").next().unwrap_or_default();
    contains(&error("run.txt", cut), &["wrk's text", "requests in", "is the file complete?"]);
    let hey = text_of("d08_hey_saturated_c3_s50/raw/step_00_rps_100.txt");
    let cut = hey.split("Status code").next().unwrap_or_default();
    contains(&error("run_rps_9.txt", cut), &["hey's text", "Status code distribution"]);
}

#[test]
fn another_version_with_other_fields_is_named_so() {
    let renamed = text_of(VEGETA).replace("\"requests\"", "\"requests_total\"").replace("\"errors\"", "\"requests\"");
    contains(&error("run.json", &renamed), &["another version of the tool?"]);
    let text = text_of(VEGETA).replace("\"duration\"", "\"attack\"");
    contains(&error("run.json", &text), &["missing field `duration`", "another version of the tool?"]);
    let k6 = "metric_name,timestamp,metric_value,check\nhttp_req_duration,1795333520405079,20.2,\n";
    contains(&error("k6.csv", k6), &["header", "no column `status`", "another version of it?"]);
}

#[test]
fn k6_columns_are_found_by_name_in_any_order() {
    let mut text = "status,scenario,timestamp,metric_name,metric_value\n".to_owned();
    for request in 0..40 {
        let ended_us = 1_795_333_520_000_000_u64 + request * 100_000 + 5_000;
        writeln!(text, "200,step_rps_10,{ended_us},http_req_duration,5.0").expect("a line");
    }
    let run = read_text("k6.csv", &text).unwrap_or_else(|error| panic!("{error}"));
    let [step] = &run.steps[..] else { panic!("{} steps", run.steps.len()) };
    assert_eq!((step.load, step.sent, step.ok), (Load::Open { rate: 10.0 }, 40, 40));
    assert!((step.duration_seconds - 4.0).abs() < 1e-6, "40 requests, 100 ms apart: {}", step.duration_seconds);
    assert_eq!(step.started_ms, Some(1_795_333_520_000));
}

#[test]
fn k6_times_in_seconds_are_said_and_mixed_units_are_refused() {
    let header = "metric_name,timestamp,metric_value,status,scenario\n";
    let row = |time: &str| format!("http_req_duration,{time},5.0,200,rps_10\n");
    let seconds = format!("{header}{}{}", row("1795333520"), row("1795333521"));
    let run = read_text("k6.csv", &seconds).unwrap_or_else(|error| panic!("{error}"));
    let details: Vec<_> = run.notes.iter().filter_map(|note| note.detail.as_deref()).collect();
    assert!(details.iter().any(|detail| detail.contains("K6_CSV_TIME_FORMAT")), "{details:?}");
    let mixed = format!("{header}{}{}", row("1795333520"), row("1795333521000"));
    contains(&error("k6.csv", &mixed), &["line 3", "`1795333521000`", "all in one unit"]);
}

#[test]
fn a_load_that_nothing_says_is_asked_for() {
    let oha = text_of("d03_oha_nginx_150/raw/step_03_rps_110.json");
    contains(&error("run.json", &oha), &["oha's JSON does not say which load", "--rates"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("run.json");
    fs::write(&file, &oha).expect("a file");
    let given = |rates: &[f64]| {
        let loads = rates.iter().map(|&rate| Load::Open { rate }).collect();
        read(&file, &ReadOptions { loads, ..ReadOptions::default() })
    };
    assert_eq!(given(&[110.0]).map(|run| run.steps[0].load).ok(), Some(Load::Open { rate: 110.0 }));
    let found = given(&[110.0, 120.0]).expect_err("two loads for one step").to_string();
    contains(&found, &["found 1 steps and 2 loads"]);
}

#[test]
fn a_rate_that_was_sent_is_a_guess_and_is_said() {
    let run = read_text("report.json", &text_of(VEGETA)).unwrap_or_else(|error| panic!("{error}"));
    assert!(run.notes.iter().any(|note| note.code == LoadNoteCode::OfferedRateGuessed));
    let Load::Open { rate } = run.steps[0].load else { panic!("vegeta is an open loop") };
    assert!((rate - 100.0).abs() < 0.1, "{rate}");
}

#[test]
fn clocks_that_go_back_are_said() {
    let back = text_of(VEGETA).replace("\"end\": \"2026-", "\"end\": \"2025-");
    contains(&error("run.json", &back), &["`end`", "after `earliest`"]);
    let table = "offered_rps,duration_s,ok,start_epoch_ms\n10,5,50,1795333530000\n20,5,100,1795333520000\n";
    let run = read_text("steps.csv", table).unwrap_or_else(|error| panic!("{error}"));
    let started: Vec<_> = run.steps.iter().filter_map(|step| step.started_ms).collect();
    assert_eq!(started, [1_795_333_530_000, 1_795_333_520_000], "the table's own order, for the judge to see");
}

#[test]
fn mixed_units_in_a_table_are_refused() {
    let header = "offered_rps,duration_s,ok";
    contains(&error("steps.csv", &format!("{header},p99\n10,5,50,12\n")), &["`p99` does not say its unit", "`p99_ms`"]);
    let both = format!("{header},p99_ms,p99_s\n10,5,50,12,0.012\n");
    contains(&error("steps.csv", &both), &["`p99_ms` and `p99_s` say the same"]);
    let fell = format!("{header},p50_ms,p99_ms\n10,5,50,12,0.05\n");
    contains(&error("steps.csv", &fell), &["row 1, column `p99_ms`", "less than a lower percentile"]);
    let text = format!("{header},p99_ms\n10,5,50,12ms\n");
    contains(&error("steps.csv", &text), &["row 1, column `p99_ms`", "`12ms`", "a number"]);
    let seconds = "offered_rps,duration_ms,ok,p50_us,p99_s\n10,5000,50,1500,0.02\n";
    let run = read_text("steps.csv", seconds).unwrap_or_else(|error| panic!("{error}"));
    let latency = &run.steps[0].latency;
    assert_eq!((latency.quantile_ms(0.5), latency.quantile_ms(0.99)), (Some(1.5), Some(20.0)));
    assert!((run.steps[0].duration_seconds - 5.0).abs() < 1e-12);
}

#[test]
fn tables_that_contradict_themselves_are_refused() {
    for (table, parts) in [
        ("offered_rps,ok\n10,50\n", &["a column `duration_s`"][..]),
        ("duration_s,ok,offered\n5,50,10\n", &["found `duration_s,ok,offered`"]),
        ("offered_rps,duration_s\n10,5\n", &["a column `ok`", "`goodput_rps`"]),
        ("offered_rps,duration_s,ok\n0,5,50\n", &["row 1, column `offered_rps`", "above 0"]),
        ("offered_rps,duration_s,ok\n10,0,50\n", &["row 1, column `duration_s`", "a length above 0"]),
        ("offered_rps,duration_s,ok\n10,5,-1\n", &["row 1, column `ok`", "0 or more"]),
        ("offered_rps,duration_s,ok\n10,5,1.5\n", &["row 1, column `ok`", "a count"]),
        ("offered_rps,duration_s,ok,sent\n10,5,50,40\n", &["40 sent, but 50 good", "at least as many"]),
        ("offered_rps,concurrency,duration_s,ok\n10,4,5,50\n", &["a rate and a number of clients", "column `loop`"]),
        ("offered_rps,duration_s,ok,run_id\n10,5,50,a\n20,5,90,b\n", &["several runs", "`a`", "`b`"]),
        ("offered_rps,duration_s,ok\n10,5\n", &["line 2", "2 fields", "as many fields as the header"]),
        ("offered_rps,duration_s,ok\n10,inf,5\n", &["row 1, column `duration_s`", "0 or more"]),
    ] {
        contains(&error("steps.csv", table), parts);
    }
}

#[test]
fn missing_percentiles_stay_missing() {
    let table = "offered_rps,duration_s,ok,p50_ms,p99_ms\n10,5,50,,\n20,5,100,12.5,NaN\n";
    let run = read_text("steps.csv", table).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(run.steps[0].latency.quantiles, []);
    assert_eq!(run.steps[1].latency.quantile_ms(0.5), Some(12.5));
    assert_eq!(run.steps[1].latency.quantile_ms(0.99), None);
}

#[test]
fn zero_goodput_and_one_step_are_what_they_are() {
    let none = "Running 5s test @ http://127.0.0.1/\n  1 threads and 12 connections\n  Thread Stats   Avg      Stdev     \
                Max   +/- Stdev\n    Latency     0.00us    0.00us   0.00us    -nan%\n  0 requests in 5.00s, 0.00B read\n  \
                Socket errors: connect 12, read 0, write 0, timeout 0\nRequests/sec:      0.00\n";
    let run = read_text("run.txt", none).unwrap_or_else(|error| panic!("{error}"));
    let [step] = &run.steps[..] else { panic!("one step") };
    assert_eq!((step.ok, step.errors.connection, step.sent), (0, 12, 12));
    assert_eq!(step.load, Load::Closed { clients: 12 });
}

#[test]
fn timeouts_of_wrk_are_not_good_replies() {
    let text = text_of("d09_wrk_usl_s8/raw/step_04_conc_12.txt")
        + "  Non-2xx or 3xx responses: 30\n  Socket errors: connect 0, read 2, write 1, timeout 400\n";
    let run = read_text("run.txt", &text).unwrap_or_else(|error| panic!("{error}"));
    let step = &run.steps[0];
    assert_eq!((step.ok, step.errors.other, step.errors.timeout, step.errors.connection), (4000, 30, 400, 3));
    assert_eq!(step.sent, step.ok + step.errors.total());
}

#[test]
fn folders_without_results_say_what_lies_there() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let found = read(folder.path(), &ReadOptions::default()).expect_err("nothing there").to_string();
    contains(&found, &["found no file", "vegeta, k6, oha"]);
    fs::write(folder.path().join("notes.md"), "# notes\n").expect("a file");
    let found = read(folder.path(), &ReadOptions::default()).expect_err("nothing known").to_string();
    contains(&found, &["found notes.md"]);
    fs::copy(fixture(VEGETA), folder.path().join("a_rps_1.json")).expect("a copy");
    fs::copy(fixture("d09_wrk_usl_s8/raw/step_04_conc_12.txt"), folder.path().join("b.txt")).expect("a copy");
    let found = read(folder.path(), &ReadOptions::default()).expect_err("two tools").to_string();
    contains(&found, &["vegeta's JSON report and wrk's text", "one tool"]);
}

#[test]
fn forms_that_hold_too_little_say_what_to_ask_for() {
    for (text, part) in [
        ("Summary:\n  Success rate:\t100.00%\n  Total:\t7 sec\n", "--output-format json"),
        ("Bucket           #     %       Histogram\n[0s,     10ms]   440   19.64%\n", "report -type=json"),
        ("Type,Name,Request Count,Failure Count\nGET,/,5,0\n", "_stats_history.csv"),
        ("{\"attack\":\"\",\"seq\":0,\"code\":200}\n", "vegeta encode -to csv"),
        ("PAR1\u{15}\u{4}", "Parquet"),
        ("This is ApacheBench, Version 2.3\n", "wrk, oha and hey"),
    ] {
        contains(&error("run.txt", text), &[part]);
    }
    let nothing = error("run.txt", "hello\nworld\n");
    contains(&nothing, &["found `hello` in the first line"]);
    contains(&error("run.txt", " \n"), &["the file is empty"]);
    let missing = read("no/such/run", &ReadOptions::default()).expect_err("no such file");
    contains(&missing.to_string(), &["no/such/run", "cannot be read"]);
}

#[test]
fn several_reports_in_one_file_are_several_steps() {
    let text: String = [25, 50, 75]
        .iter()
        .zip(0..)
        .map(|(rate, step)| text_of(&format!("d07_vegeta_unsaturated_c10_s20/raw/step_{step:02}_rps_{rate}.json")))
        .collect();
    let run = read_text("all.json", &text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(run.steps.iter().map(|step| step.sent).collect::<Vec<_>>(), [150, 300, 450]);
}

#[test]
fn the_text_report_of_vegeta_says_what_its_json_says() {
    let json = read_text("step_rps_100.json", &text_of(VEGETA)).unwrap_or_else(|error| panic!("{error}"));
    let text = text_of(&VEGETA.replace(".json", ".report.txt"));
    let text = read_text("step_rps_100.txt", &text).unwrap_or_else(|error| panic!("{error}"));
    let (json, text) = (&json.steps[0], &text.steps[0]);
    assert_eq!((json.sent, json.ok, json.load), (text.sent, text.ok, text.load));
    // Written with milliseconds there.
    assert!((json.duration_seconds - text.duration_seconds).abs() < 1e-3);
    let p99 = |step: &canary_core::squeeze::LoadStep| step.latency.quantile_ms(0.99).unwrap_or_default();
    assert!((p99(json) - p99(text)).abs() < 1e-3, "{} {}", p99(json), p99(text));
}

#[test]
fn hey_and_oha_request_by_request() {
    let mut hey =
        "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n".to_owned();
    let mut oha = "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n".to_owned();
    for request in 0..50 {
        let status = if request % 10 == 9 { 503 } else { 200 };
        let start = f64::from(request) * 0.1;
        writeln!(hey, "0.0200,0.0,0.0,0.0,0.0199,0.0001,{status},{start:.4}").expect("a line");
        writeln!(oha, "{start},0,0,0.0199,0.02,3,{status}").expect("a line");
    }
    for (name, text) in [("hey_rps_10.csv", hey), ("oha_rps_10.csv", oha)] {
        let run = read_text(name, &text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let step = &run.steps[0];
        assert_eq!((step.sent, step.ok, step.errors.rejected), (50, 45, 5), "{name}");
        assert!((step.duration_seconds - 5.0).abs() < 1e-9, "{name}");
        assert_eq!(step.windows.iter().map(|window| window.ok).collect::<Vec<_>>(), [9; 5], "{name}");
        assert_eq!((step.latency.min_ms, step.latency.max_ms), (Some(20.0), Some(20.0)), "{name}");
    }
}

#[test]
fn a_log_of_requests_in_any_unit() {
    let mut log = "step,timestamp,latency_us,status,offered_rps\n".to_owned();
    for (step, rate) in [(0_u32, 10_u32), (1, 20)] {
        for request in 0..rate * 4 {
            let sent_ms =
                1_795_333_520_000.0 + f64::from(step) * 10_000.0 + f64::from(request) * 1000.0 / f64::from(rate);
            let status = if request == 0 { "timeout" } else { "200" };
            writeln!(log, "{step},{:.3},15000,{status},{rate}", sent_ms / 1000.0).expect("a line");
        }
    }
    let options = ReadOptions { limits_ms: vec![10.0, 100.0], ..ReadOptions::default() };
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("requests.csv");
    fs::write(&file, log).expect("a file");
    let run = read(&file, &options).unwrap_or_else(|error| panic!("{error}"));
    let steps: Vec<_> = run.steps.iter().map(|step| (step.load, step.sent, step.ok, step.errors.timeout)).collect();
    assert_eq!(steps, [(Load::Open { rate: 10.0 }, 40, 39, 1), (Load::Open { rate: 20.0 }, 80, 79, 1)]);
    let histogram = run.steps[1].latency.histogram.as_ref().expect("a histogram");
    // Limits are ends of buckets: the shares are exact.
    assert_eq!((histogram.over(10.0), histogram.over(100.0)), (79.0, 0.0));
}

#[test]
fn times_a_day_apart_in_one_step_are_two_clocks() {
    let log = "timestamp,latency_ms,status,offered_rps\n1795333520000,5,200,10\n1795433520000,5,200,10\n";
    contains(&error("requests.csv", log), &["line 3", "times of one step within a day"]);
    let log = "timestamp,latency_ms,status,offered_rps\n1795333520000,-5,200,10\n";
    contains(&error("requests.csv", log), &["line 2", "a latency of -5 ms"]);
}
