//! Files that are broken in themselves, and runs that are readable and show nothing: an error that says where, or a
//! status without a number.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use canary_core::squeeze::{LoadRun, Reason, Slo, SqueezeOptions, SqueezeReport, Status, StepReason, analyze};
use canary_load::{LoadError, ReadOptions, read};
use flate2::Compression;
use flate2::write::GzEncoder;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(path)
}

fn read_bytes(name: &str, bytes: &[u8]) -> Result<LoadRun, LoadError> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(name);
    fs::write(&file, bytes).expect("a file");
    read(&file, &ReadOptions::default())
}

fn run(name: &str, bytes: &[u8]) -> LoadRun {
    read_bytes(name, bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The error and all that caused it, as the command line prints them.
fn error(name: &str, bytes: &[u8]) -> String {
    let error = read_bytes(name, bytes).expect_err(&format!("{name} is no run"));
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        write!(text, ": {error}").expect("text");
        cause = error.source();
    }
    text
}

fn contains(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "`{part}` is not in: {found}");
    }
}

fn judge(run: &LoadRun) -> SqueezeReport {
    let slo = Slo { objectives: vec!["p99<100ms".parse().expect("an objective")] };
    analyze(run, &slo, &SqueezeOptions::default())
}

#[track_caller]
fn unusable(run: &LoadRun, reason: Reason) {
    let report = judge(run);
    assert_eq!((report.status, report.reasons.first()), (Status::Unusable, Some(&reason)));
    assert_eq!((report.capacity, report.slo_crossing, report.sweet_spot), (None, None, None));
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("gzip");
    encoder.finish().expect("gzip")
}

#[test]
fn gzip_that_is_cut_or_broken_is_named_so() {
    let whole = fs::read(fixture("d01_vegeta_det_c4_s20/raw/step_00_rps_40.results.csv.gz")).expect("the run");
    // Within the first bytes that are looked at, in the midst, and within the checksum at the end.
    for length in [200, whole.len() / 2, whole.len() - 3] {
        let found = error("rps_40.csv.gz", &whole[..length]);
        contains(&found, &["rps_40.csv.gz", "gzip that ends too early", "is the file complete?"]);
    }
    let mut broken = whole.clone();
    broken[whole.len() / 2..whole.len() / 2 + 64].fill(0xff);
    let found = error("rps_40.csv.gz", &broken);
    assert!(found.contains("broken gzip") || found.contains("line "), "{found}");
    contains(&error("rps_40.csv.gz", &whole[..2]), &["ends too early"]);
    contains(&error("empty.csv.gz", &gzip(b"")), &["the file is empty"]);
}

#[test]
fn several_gzip_members_are_one_file() {
    let text = b"offered_rps,duration_s,ok\n10,5,50\n20,5,100\n";
    let mut members = gzip(&text[..30]);
    members.extend(gzip(&text[30..]));
    assert_eq!(run("steps.csv.gz", &members), run("steps.csv", text));
}

/// Latin 1 in a URL or a name is of no interest; in a number it is an error that shows it.
#[test]
fn what_is_no_utf8() {
    let k6 = b"metric_name,timestamp,metric_value,status,scenario,url\n\
        http_req_duration,1795333520405079,20.0,200,rps_10,http://caf\xe9/\n\
        http_req_duration,1795333520505079,20.0,200,rps_10,http://caf\xe9/\n";
    assert_eq!(run("k6.csv", k6).steps[0].ok, 2);
    let wrk = fs::read(fixture("d09_wrk_usl_s8/raw/step_04_conc_12.txt")).expect("a report");
    let mut other = b"# na\xefve \xff\xfe\n".to_vec();
    other.extend(&wrk);
    assert_eq!(run("run.txt", &other).steps, run("run.txt", &wrk).steps);
    let k6 =
        b"metric_name,timestamp,metric_value,status,scenario\nhttp_req_duration,1795333520405079,2\xb50,200,rps_10\n";
    contains(&error("k6.csv", k6), &["line 2", "`2\u{fffd}0`", "a number in `metric_value`"]);
    contains(&error("steps.csv", b"offered_rps,duration_s,ok\n10,5,5\xb2\n"), &["row 1, column `ok`", "a number"]);
    contains(&error("run.json", b"{\"latencies\":{\xff},\"requests\":1}"), &["vegeta's JSON report", "not JSON"]);
    contains(&error("noise.bin", &[0x80, 0xfe, 0x00, 0x41, 0x00]), &["in the first line"]);
    let table = "\u{feff}offered_rps,duration_s,ok\n10,5,50\n";
    let utf16: Vec<u8> = table.encode_utf16().flat_map(u16::to_le_bytes).collect();
    contains(&error("steps.csv", &utf16), &["found UTF-16", "expected UTF-8"]);
}

/// With a mark before the text and carriage returns before the ends of lines, as tools on Windows write them.
#[test]
fn files_from_windows_are_the_same_runs() {
    for path in [
        "d07_vegeta_unsaturated_c10_s20/raw/step_03_rps_100.json",
        "d01_vegeta_det_c4_s20/raw/step_14_rps_280.report.txt",
        "d02_wrk2_logn_c8_s25/raw/step_09_rps_380.txt",
        "d03_oha_nginx_150/raw/step_11_rps_220.json",
        "d04_k6_exp_c3_s25/raw/k6_summary.json",
        "d05_locust_usl_s10/raw/locust_stats_history.csv",
        "d06_autocannon_closed_c4_s10/raw/step_05_conc_6.json",
        "d08_hey_saturated_c3_s50/raw/step_00_rps_100.txt",
        "d09_wrk_usl_s8/raw/step_04_conc_12.txt",
        "d01_vegeta_det_c4_s20/steps.csv",
    ] {
        let unix = fs::read_to_string(fixture(path)).expect("a file");
        let windows = format!("\u{feff}{}", unix.replace('\n', "\r\n"));
        let name = "step_rps_100.txt";
        let (unix, windows) = (run(name, unix.as_bytes()), run(name, windows.as_bytes()));
        assert!(!unix.steps.is_empty(), "{path}");
        assert_eq!(unix, windows, "{path}");
    }
}

#[test]
fn numbers_that_are_none_and_huge_ones() {
    let vegeta =
        fs::read_to_string(fixture("d07_vegeta_unsaturated_c10_s20/raw/step_03_rps_100.json")).expect("a file");
    let with = |from: &str, to: &str| {
        assert!(vegeta.contains(from), "{from}");
        error("run_rps_100.json", vegeta.replacen(from, to, 1).as_bytes())
    };
    contains(&with("\"requests\": 600", "\"requests\": NaN"), &["not JSON"]);
    contains(&with("\"requests\": 600", "\"requests\": 18446744073709551616"), &["expected u64"]);
    contains(&with("\"requests\": 600", "\"requests\": 1800"), &["`status_codes`", "as many as in `requests`"]);
    contains(&with("\"requests\": 600", "\"requests\": -600"), &["expected u64"]);
    contains(&with("\"duration\": ", "\"duration\": -"), &["`duration`", "a number above 0"]);
    contains(&with("\"wait\": ", "\"wait\": -"), &["`wait`", "a number of 0 or more"]);
    contains(&with("\"duration\": ", "\"duration\": 1e999, \"x\": "), &["number out of range"]);
    for (table, parts) in [
        ("offered_rps,duration_s,ok\nNaN,5,50\n", &["row 1, column `offered_rps`", "found nothing"][..]),
        ("offered_rps,duration_s,ok\ninf,5,50\n", &["row 1, column `offered_rps`", "inf"]),
        ("offered_rps,duration_s,ok\n10,5,1e300\n", &["row 1, column `ok`", "a count"]),
        ("offered_rps,duration_s,ok\n10,5,NaN\n", &["row 1, column `ok`", "found nothing"]),
        ("offered_rps,duration_s,ok,p99_ms\n10,5,50,inf\n", &["row 1, column `p99_ms`", "0 or more"]),
    ] {
        contains(&error("steps.csv", table.as_bytes()), parts);
    }
    for (row, parts) in [
        ("1795333520000,NaN,200,10", &["line 2", "`NaN`", "a latency"][..]),
        ("1795333520000,1e300,200,10", &["line 2", "less than a day"]),
        ("1795333520000,5,200,-10", &["line 2", "a rate above 0"]),
        ("17953335200000000000000,5,200,10", &["line 2", "all in one unit"]),
        ("1795333520000,5", &["line 2"]),
    ] {
        contains(&error("log.csv", format!("timestamp,latency_ms,status,offered_rps\n{row}\n").as_bytes()), parts);
    }
    // Counts near the end of what a number holds are added up without going round.
    let wrk = "Running 5s test @ http://127.0.0.1/\n  1 threads and 4 connections\n  18446744073709551615 requests in \
               5.00s, 1B read\n  Socket errors: connect 18446744073709551615, read 1, write 0, timeout 0\n";
    assert_eq!(run("run.txt", wrk.as_bytes()).steps[0].sent, u64::MAX);
}

#[test]
fn one_step_two_steps_and_none_are_no_run() {
    unusable(&run("steps.csv", b"offered_rps,duration_s,ok\n10,5,50\n"), Reason::TooFewSteps);
    unusable(&run("steps.csv", b"offered_rps,duration_s,ok\n10,5,50\n20,5,70\n"), Reason::TooFewSteps);
    unusable(&run("steps.csv", b"offered_rps,duration_s,ok\n"), Reason::TooFewSteps);
    let alone = fixture("d07_vegeta_unsaturated_c10_s20/raw/step_03_rps_100.json");
    unusable(&read(alone, &ReadOptions::default()).expect("a step"), Reason::TooFewSteps);
}

#[test]
fn a_server_that_answered_nothing_has_no_number() {
    let mut text = String::new();
    for clients in [1, 2, 4, 8, 16, 32] {
        write!(
            text,
            "Running 5s test @ http://127.0.0.1/\n  1 threads and {clients} connections\n  0 requests in 5.00s, 0.00B \
             read\n  Socket errors: connect {clients}, read 0, write 0, timeout 0\n"
        )
        .expect("text");
    }
    unusable(&run("run.txt", text.as_bytes()), Reason::NoGoodReplies);
    let table = "offered_rps,duration_s,ok,errors\n10,5,0,50\n20,5,0,100\n40,5,0,200\n80,5,0,400\n";
    unusable(&run("steps.csv", table.as_bytes()), Reason::NoGoodReplies);
    let silent = run("steps.csv", b"offered_rps,duration_s,ok\n10,5,0\n20,5,0\n40,5,0\n80,5,0\n");
    unusable(&silent, Reason::TooFewSteps);
    assert!(judge(&silent).steps.iter().all(|step| step.reason == Some(StepReason::Empty)));
}

#[test]
fn clocks_that_go_back_give_no_number() {
    // The third step begins before the second one ended.
    let table = "offered_rps,duration_s,ok,start_epoch_ms\n10,5,50,1795333520000\n20,5,100,1795333530000\n\
                 40,5,200,1795333531000\n80,5,300,1795333540000\n";
    unusable(&run("steps.csv", table.as_bytes()), Reason::ClockBack);
    // Within a log, rows that are minutes early are counted, and the step that they make too long is no step of its rate.
    let mut log = "timestamp,latency_ms,status,offered_rps\n".to_owned();
    for request in 0..400_i64 {
        let back = if request < 200 { 0 } else { 600_000 };
        writeln!(log, "{},5,200,10", 1_795_333_520_000 + 100 * request - back).expect("a line");
    }
    let found = run("log.csv", log.as_bytes());
    let note = found.notes.iter().find(|note| note.code == canary_core::squeeze::LoadNoteCode::TimesOutOfOrder);
    assert_eq!(note.map(|note| note.count), Some(1));
    let locust = "Timestamp,User Count,Name,Total Request Count,Total Failure Count\n\
                  1795333520,4,Aggregated,0,0\n1795333530,4,Aggregated,500,0\n1795333510,4,Aggregated,600,0\n\
                  1795333520,4,Aggregated,1100,0\n";
    let found = run("stats_history.csv", locust.as_bytes());
    assert!(found.notes.iter().any(|note| note.code == canary_core::squeeze::LoadNoteCode::TimesOutOfOrder));
    assert_eq!(judge(&found).status, Status::Unusable);
}

/// A clock that is set back by 20 s in the midst of each step: 40 s look like 20, and 10 a second like 20.
#[test]
fn a_clock_that_is_set_back_within_a_step_doubles_no_rate() {
    let mut log = "timestamp,latency_ms,status,offered_rps\n".to_owned();
    for (step, rate) in [(0_u32, 10_u32), (1, 20), (2, 40), (3, 80)] {
        for request in 0..40 * rate {
            let second = f64::from(request) / f64::from(rate);
            let shown = f64::from(100 * step) + if second < 20.0 { second } else { second - 20.0 };
            writeln!(log, "{:.3},5,200,{rate}", 1_795_333_520.0 + shown).expect("a line");
        }
    }
    let found = run("log.csv", log.as_bytes());
    unusable(&found, Reason::ImpossibleNumbers);
}
