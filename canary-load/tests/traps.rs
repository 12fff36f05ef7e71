//! What load tools count, leave out or hide, and what a reader who believes them gets wrong: one test a trap. Those of
//! k6's graceful stop, wrk2's calibration and autocannon's percentiles are in `real_runs.rs`.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use canary_core::squeeze::{
    Load, LoadNoteCode, LoadRun, Omission, Pacing, Reason, Slo, SqueezeOptions, SqueezeReport, Status, analyze,
};
use canary_load::{ReadOptions, read};
use serde_json::Value;

fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(path)
}

fn text_of(path: &str) -> String {
    fs::read_to_string(fixture(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn raw(run: &str) -> LoadRun {
    read(fixture(run).join("raw"), &ReadOptions::default()).unwrap_or_else(|error| panic!("{run}: {error}"))
}

fn read_text(name: &str, text: &str) -> LoadRun {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join(name);
    fs::write(&file, text).expect("a file");
    read(&file, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn judge(run: &LoadRun, objectives: &[&str]) -> SqueezeReport {
    let slo = Slo { objectives: objectives.iter().map(|text| text.parse().expect("an objective")).collect() };
    analyze(run, &slo, &SqueezeOptions::default())
}

fn has_note(run: &LoadRun, code: LoadNoteCode) -> bool {
    run.notes.iter().any(|note| note.code == code)
}

/// The last step of this run: 1000 of 1920 requests are refused within a millisecond, so that the median over all
/// replies is 0.94 ms, on a server that takes 20 ms when idle.
#[test]
fn fast_errors_do_not_make_an_overloaded_server_fast() {
    let run = raw("d10_vegeta_flip_c6_s20");
    let last = run.steps.last().expect("eight steps");
    assert!(last.latency.quantile_ms(0.5).is_some_and(|ms| ms < 1.0));
    let report = judge(&run, &["p50<100ms"]);
    let bad = report.steps.last().and_then(|step| step.bad_share).expect("a share");
    assert!(bad >= 1000.0 / 1920.0, "{bad}");
}

/// oha's `requestsPerSec` counts what it cut off at the end as answered.
#[test]
fn what_oha_cut_off_was_not_answered() {
    let run = raw("d03_oha_nginx_150");
    let step = run.steps.get(8).expect("twelve steps");
    let report: Value = serde_json::from_str(&text_of("d03_oha_nginx_150/raw/step_08_rps_155.json")).expect("JSON");
    let told = report["summary"]["requestsPerSec"].as_f64().expect("a rate");
    let answered = (step.ok + step.errors.total()) as f64 / step.duration_seconds;
    // 29 of 1085 requests: nginx answers 150 a second, one reply more or less in 7 s, and 6 errors.
    assert!((told - 154.8).abs() < 0.1 && (answered - 1056.0 / 7.0).abs() < 0.3, "{told} {answered}");
    assert_eq!(step.unfinished, 29);
}

/// wrk2, hey and wrk report completed requests only: what they sent is never more than what was answered, and a rate
/// made of it says of every server that it keeps up.
#[test]
fn the_rate_is_the_intended_one_where_a_tool_hides_what_it_could_not_send() {
    let run = raw("d02_wrk2_logn_c8_s25");
    let last = run.steps.last().expect("ten steps");
    assert_eq!(last.load, Load::Open { rate: 380.0 });
    assert!((last.sent as f64 / last.duration_seconds) < 321.0, "it sent no more than the server took");
    let report = judge(&run, &[]);
    assert_eq!(report.status, Status::Measured, "which is seen only against the 380 that it was asked for");
    for (name, text) in [
        ("run.txt", text_of("d02_wrk2_logn_c8_s25/raw/step_09_rps_380.txt")),
        ("hey.txt", text_of("d08_hey_saturated_c3_s50/raw/step_00_rps_100.txt")),
    ] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join(name);
        fs::write(&file, text).expect("a file");
        let error = read(&file, &ReadOptions::default()).expect_err("nothing says the rate").to_string();
        assert!(error.contains("does not say which load was asked for"), "{error}");
    }
}

#[test]
fn waves_of_wrk2_are_warned_of_where_latency_is_judged() {
    let run = raw("d02_wrk2_logn_c8_s25");
    assert!(run.steps.iter().all(|step| step.generator.pacing == Pacing::Waves));
    assert!(judge(&run, &["p99<175ms"]).reasons.contains(&Reason::ArrivalsInWaves));
}

/// hey's rate is per worker, each of which waits for its reply, and its `Total` holds the wait for the last ones: 100
/// a second were asked for and 86 sent, and a server of 60 seems to answer 55 to 58.
#[test]
fn hey_is_a_bound_and_says_what_it_hides() {
    let run = raw("d08_hey_saturated_c3_s50");
    assert_eq!(run.steps[0].load, Load::Open { rate: 100.0 });
    for code in [LoadNoteCode::RatePerWorker, LoadNoteCode::DrainInRate, LoadNoteCode::CoordinatedOmission] {
        assert!(has_note(&run, code), "{code:?}");
    }
    assert_eq!(judge(&run, &[]).status, Status::SaturatedFromStart, "not that a rate of 86 was answered with 55");
}

fn locust_header() -> String {
    "Timestamp,User Count,Type,Name,50%,90%,99%,100%,Total Request Count,Total Failure Count,\
     Total Average Response Time\n"
        .to_owned()
}

/// Locust's percentiles look back some ten seconds, its totals to the start of the run.
#[test]
fn locusts_totals_are_differences_and_its_percentiles_those_of_other_steps() {
    let mut text = locust_header();
    let mut total = 0_u64;
    for second in 0..=30_u64 {
        let (users, rate) = if second < 10 {
            (1, 50)
        } else if second < 20 {
            (2, 90)
        } else {
            (4, 120)
        };
        total += if second == 0 { 0 } else { rate };
        writeln!(text, "{},{users},,Aggregated,10,20,{},99,{total},0,12.0", 1_795_332_978 + second, 500 - second)
            .expect("a line");
    }
    let run = read_text("run_stats_history.csv", &text);
    let found: Vec<_> = run.steps.iter().map(|step| (step.load, step.ok as f64 / step.duration_seconds)).collect();
    let expected = [(1, 50.0), (2, 90.0), (4, 120.0)].map(|(clients, rate)| (Load::Closed { clients }, rate));
    assert_eq!(found, expected, "neither totals since the start nor the seconds of the change");
    assert!(run.steps.iter().all(|step| step.latency.sliding_seconds == Some(10.0)));
    assert!(has_note(&run, LoadNoteCode::SlidingQuantiles));
    let real = judge(&raw("d05_locust_usl_s10"), &["p99<60ms"]);
    assert_eq!(real.slo_crossing, None, "of steps of nine seconds they say nothing");
    assert_eq!(real.reasons[0], Reason::ObjectiveUntested);
    assert_eq!(real.sweet_spot.expect("a bound").lower, None);
}

/// k6 2.2 has columns that older versions lack, between those that they have.
#[test]
fn k6_of_another_version_has_other_columns() {
    let old = "metric_name,timestamp,metric_value,check,error,error_code,group,method,name,proto,scenario,status,\
               subproto,tls_version,url,extra_tags\n";
    let new = "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,\
               scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n";
    let (mut before, mut after) = (old.to_owned(), new.to_owned());
    for request in 0..20 {
        let (ended, status) = (1_795_333_520_020_000_u64 + request * 50_000, if request == 7 { 503 } else { 200 });
        writeln!(before, "http_req_duration,{ended},20.0,,,,,GET,u,HTTP/1.1,rps_20,{status},,,u,").expect("a line");
        let good = status == 200;
        writeln!(after, "http_req_duration,{ended},20.0,,,,{good},,GET,u,HTTP/1.1,rps_20,,{status},,,u,,")
            .expect("a line");
    }
    let (before, after) = (read_text("k6.csv", &before), read_text("k6.csv", &after));
    assert_eq!(before, after);
    assert_eq!((before.steps[0].ok, before.steps[0].errors.rejected, before.steps[0].sent), (19, 1, 20));
}

#[test]
fn what_k6_dropped_is_the_generators_limit() {
    let mut text = "metric_name,timestamp,metric_value,status,scenario\n".to_owned();
    for (step, rate, sent) in [(0_u64, 50_u64, 50_u64), (1, 100, 100), (2, 200, 120), (3, 400, 120)] {
        for request in 0..sent * 5 {
            let ended = 1_795_333_520_000_000 + step * 10_000_000 + request * 1_000_000 / sent + 20_000;
            writeln!(text, "http_req_duration,{ended},20.0,200,rps_{rate}").expect("a line");
        }
        if rate > sent {
            let dropped = (rate - sent) * 5;
            let at = 1_795_333_520_000_000 + step * 10_000_000;
            writeln!(text, "dropped_iterations,{at},{dropped},,rps_{rate}").expect("a line");
        }
    }
    let run = read_text("k6.csv", &text);
    assert_eq!(run.steps.iter().map(|step| step.generator.dropped).collect::<Vec<_>>(), [0, 0, 400, 1400]);
    assert!(has_note(&run, LoadNoteCode::DroppedByGenerator));
    let report = judge(&run, &[]);
    assert_eq!(report.status, Status::GeneratorLimited, "120 a second is not the server's plateau");
    assert_eq!(report.capacity.and_then(|capacity| capacity.upper), None);
}

/// A rate of iterations that each send two requests is half of the requests' rate.
#[test]
fn several_requests_an_iteration_are_no_wrong_number() {
    let mut text = "metric_name,timestamp,metric_value,status,scenario\n".to_owned();
    // 100 requests a second are answered at most.
    let steps = [(20_u64, 20_u64), (30, 30), (40, 40), (60, 50), (80, 50), (100, 50)];
    for (step, (asked, done)) in (0_u64..).zip(steps) {
        for iteration in 0..done * 5 {
            let ended = 1_795_333_520_000_000 + step * 10_000_000 + iteration * 1_000_000 / done + 20_000;
            let (half, ms) = (500_000 / done, if asked > done { 400.0 } else { 20.0 });
            writeln!(text, "http_req_duration,{ended},{ms},200,rps_{asked}").expect("a line");
            writeln!(text, "http_req_duration,{},{ms},200,rps_{asked}", ended + half).expect("a line");
            writeln!(text, "iterations,{ended},1,,rps_{asked}").expect("a line");
        }
    }
    let run = read_text("k6.csv", &text);
    let advice = "2.0 requests an iteration: --rates gives the rates in requests";
    assert!(run.notes.iter().any(|note| note.detail.as_deref() == Some(advice)), "{:?}", run.notes);
    assert_eq!(judge(&run, &[]).capacity, None, "not 50, and not anything between");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("k6.csv");
    fs::write(&file, &text).expect("a file");
    let loads = steps.iter().map(|step| Load::Open { rate: 2.0 * step.0 as f64 }).collect();
    let run = read(&file, &ReadOptions { loads, ..ReadOptions::default() }).expect("a run");
    let capacity = judge(&run, &[]).capacity.and_then(|capacity| capacity.estimate).expect("a number");
    // One reply more or less in five seconds.
    assert!((capacity / 100.0 - 1.0).abs() < 0.01, "{capacity}");
}

/// Nanoseconds; `rate` is what was sent, `throughput` the good replies until the last one came.
#[test]
fn vegetas_numbers_are_nanoseconds_and_good_replies_until_the_last() {
    let text = text_of("d10_vegeta_flip_c6_s20/raw/step_06_rps_280.json");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    let run = read_text("step_rps_280.json", &text);
    let step = &run.steps[0];
    assert_eq!((step.load, step.sent, step.ok, step.errors.rejected), (Load::Open { rate: 280.0 }, 1680, 920, 760));
    let seconds = step.duration_seconds + step.drain_seconds.expect("a wait");
    let throughput = told["throughput"].as_f64().expect("a rate");
    assert!((step.ok as f64 / seconds / throughput - 1.0).abs() < 1e-9, "{seconds} {throughput}");
    assert!(step.latency.max_ms.is_some_and(|ms| ms > 1000.0 && ms < 3000.0), "{:?}", step.latency.max_ms);
}

/// Whoever waits for a reply before sending the next request hides how long the others would have waited: below 90 %
/// of capacity a rate can be told, beyond only an open loop tells it.
#[test]
fn coordinated_omission_is_said_and_gives_no_crossing_near_capacity() {
    for run in ["d05_locust_usl_s10", "d06_autocannon_closed_c4_s10", "d09_wrk_usl_s8"] {
        let run = raw(run);
        assert!(has_note(&run, LoadNoteCode::CoordinatedOmission), "{:?}", run.tool);
        assert!(run.steps.iter().all(|step| step.latency.omission == Omission::Uncorrected), "{:?}", run.tool);
    }
    // 22 ms with six clients and 28 with eight, both at 98 % of 400.
    let report = judge(&raw("d06_autocannon_closed_c4_s10"), &["p99<25ms"]);
    assert_eq!(report.slo_crossing, None);
    assert!(report.reasons.contains(&Reason::CrossingNeedsOpenLoop), "{:?}", report.reasons);
    let sweet = report.sweet_spot.expect("a bound");
    assert_eq!(sweet.estimate, None);
    assert!(sweet.upper.is_some_and(|upper| upper > 390.0), "{sweet:?}");
}

/// Of ten seconds a log with whole seconds shows the first and the tenth, nine apart: a rate over nine is a ninth too high.
#[test]
fn whole_seconds_make_no_rate_higher() {
    let mut log = "timestamp,latency_ms,status,offered_rps\n".to_owned();
    let mut k6 = "metric_name,timestamp,metric_value,status,scenario\n".to_owned();
    for (step, rate) in [(0_u32, 20_u32), (1, 50), (2, 100)] {
        for request in 0..10 * rate {
            let second = 1_795_333_520 + 20 * step + request / rate;
            writeln!(log, "{second},5,200,{rate}").expect("a line");
            writeln!(k6, "http_req_duration,{second},5.0,200,rps_{rate}").expect("a line");
        }
    }
    for (name, text) in [("requests.csv", log), ("k6.csv", k6)] {
        let run = read_text(name, &text);
        assert_eq!(run.steps.len(), 3, "{name}");
        for step in &run.steps {
            let Load::Open { rate } = step.load else { panic!("an open loop") };
            let goodput = step.ok_in_window.unwrap_or_default() as f64 / step.duration_seconds;
            assert!((goodput / rate - 1.0).abs() < 1e-3, "{name}: {goodput} of {rate}");
        }
        assert!(run.notes.iter().any(|note| note.detail.as_ref().is_some_and(|text| text.contains("whole seconds"))));
    }
}

#[test]
fn rows_of_several_steps_in_turn_are_no_steps() {
    let mut log = "timestamp,latency_ms,status,offered_rps\n".to_owned();
    for request in 0..500_u64 {
        let at = 1_795_333_520_000 + 20 * request;
        writeln!(log, "{at},5,200,10\n{},5,200,20", at + 7).expect("lines");
    }
    let run = read_text("requests.csv", &log);
    let left_out = run.notes.iter().find(|note| note.code == LoadNoteCode::RowsWithoutStep).map(|note| note.count);
    assert_eq!((run.steps.len(), left_out), (0, Some(1000)));
}
