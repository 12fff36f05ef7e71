//! Each raw run against `steps.csv`, which another program normalised from the same output when it was recorded.

use std::path::{Path, PathBuf};

use canary_core::squeeze::{Load, LoadNoteCode, LoadRun, LoadStep};
use canary_load::{ReadOptions, read};

fn fixture(run: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(run)
}

fn raw(run: &str) -> LoadRun {
    read(fixture(run).join("raw"), &ReadOptions::default()).unwrap_or_else(|error| panic!("{run}: {error}"))
}

/// The steps as they were normalised.
fn expected(run: &str) -> Vec<LoadStep> {
    read(fixture(run).join("steps.csv"), &ReadOptions::default()).unwrap_or_else(|error| panic!("{run}: {error}")).steps
}

/// Good replies a second, as `LoadStep` documents them.
fn goodput(step: &LoadStep) -> f64 {
    step.goodput.unwrap_or_else(|| {
        let ok = step.ok_in_window.unwrap_or(step.ok) as f64;
        ok / (step.duration_seconds + step.drain_seconds.unwrap_or_default())
    })
}

struct Tolerance {
    /// Of sent and good requests.
    counts: f64,
    goodput: f64,
    quantiles: f64,
    duration: f64,
}

/// The same numbers, written with fewer digits.
const SAME: Tolerance = Tolerance { counts: 0.0, goodput: 1e-3, quantiles: 1e-3, duration: 1e-3 };

fn near(found: f64, wanted: f64, tolerance: f64) -> bool {
    (found - wanted).abs() <= tolerance * wanted.abs().max(1e-9)
}

fn compare(run: &str, found: &LoadRun, tolerance: &Tolerance) {
    let expected = expected(run);
    assert_eq!(found.steps.len(), expected.len(), "{run}: steps");
    for (index, (found, wanted)) in found.steps.iter().zip(&expected).enumerate() {
        let place = format!("{run}, step {index}");
        assert_eq!(found.load, wanted.load, "{place}");
        let counts = |step: &LoadStep| [step.sent, step.ok, step.errors.total()];
        for (found, wanted) in counts(found).into_iter().zip(counts(wanted)) {
            assert!(near(found as f64, wanted as f64, tolerance.counts), "{place}: {found} of {wanted} requests");
        }
        let (rate, wanted_rate) = (goodput(found), goodput(wanted));
        assert!(near(rate, wanted_rate, tolerance.goodput), "{place}: goodput {rate}, not {wanted_rate}");
        let (length, wanted_length) = (found.duration_seconds, wanted.duration_seconds);
        assert!(near(length, wanted_length, tolerance.duration), "{place}: {length} s, not {wanted_length} s");
        for quantile in [0.5, 0.9, 0.95, 0.99] {
            let at = |step: &LoadStep| step.latency.quantile_ms(quantile);
            if let (Some(ms), Some(wanted)) = (at(found), at(wanted)) {
                assert!(near(ms, wanted, tolerance.quantiles), "{place}: p{quantile} {ms} ms, not {wanted} ms");
            }
        }
    }
}

fn codes(run: &LoadRun) -> Vec<LoadNoteCode> {
    let mut codes: Vec<LoadNoteCode> = run.notes.iter().map(|note| note.code).collect();
    codes.sort();
    codes.dedup();
    codes
}

#[test]
fn vegeta_reports_are_read_as_they_stand() {
    for run in ["d07_vegeta_unsaturated_c10_s20", "d10_vegeta_flip_c6_s20"] {
        let found = raw(run);
        assert_eq!(found.tool.as_deref(), Some("vegeta"));
        // steps.csv has good replies over the time to the last reply in clean steps too, which is up to 0.5 % longer
        // than the step.
        // The last request is up to 6 ms late or early.
        compare(run, &found, &Tolerance { goodput: 6e-3, duration: 2e-3, ..SAME });
        let histogram = found.steps[0].latency.histogram.as_ref().expect("hdrplot stands beside each report");
        assert_eq!(histogram.total(), found.steps[0].sent);
    }
}

#[test]
fn vegeta_results_request_by_request_agree_with_the_reports() {
    let run = "d01_vegeta_det_c4_s20";
    let found = raw(run);
    // Quantiles are of good replies here and of every reply there, so only steps without errors are compared by them;
    // vegeta interpolates between requests, of which some are 1.3 % apart; half a bucket's width is 0.8 %.
    let clean = LoadRun { steps: found.steps[..13].to_vec(), ..found.clone() };
    for (step, wanted) in clean.steps.iter().zip(&expected(run)) {
        assert_eq!((step.sent, step.ok, step.errors.total()), (wanted.sent, wanted.ok, wanted.errors.total()));
        for quantile in [0.5, 0.9, 0.99] {
            let (ms, wanted) = (step.latency.quantile_ms(quantile), wanted.latency.quantile_ms(quantile));
            let (Some(ms), Some(wanted)) = (ms, wanted) else { panic!("p{quantile} is missing") };
            assert!(near(ms, wanted, 0.02), "p{quantile} {ms} ms, not {wanted} ms");
        }
    }
    let last = &found.steps[14];
    assert_eq!((last.ok, last.errors.rejected), (1800, 440), "report.txt says 200:1800 503:440");
    // 4 slots of 20 ms: 200 a second. One reply more or less in 8 s, and the first 20 ms are empty.
    let plateau = goodput(last);
    assert!(near(plateau, 200.0, 0.005), "{plateau}");
    assert_eq!(last.windows.len(), 8);
    assert_eq!(last.windows.iter().map(|window| window.ok).sum::<u64>(), last.ok_in_window.unwrap_or_default());
    assert!(codes(&found).contains(&LoadNoteCode::RepliesAfterEnd));
}

#[test]
fn wrk2_says_its_waves_and_its_calibration() {
    let run = "d02_wrk2_logn_c8_s25";
    let found = raw(run);
    assert_eq!(found.tool.as_deref(), Some("wrk2"));
    // `17.01s` where steps.csv has the 17 s asked for.
    compare(run, &found, &Tolerance { goodput: 2e-3, duration: 2e-3, ..SAME });
    for code in [LoadNoteCode::ArrivalWaves, LoadNoteCode::FirstSecondsLeftOut] {
        assert!(codes(&found).contains(&code), "{code:?}");
    }
    let last = found.steps.last().expect("ten steps");
    assert_eq!(last.latency.histogram.as_ref().map(canary_core::squeeze::Histogram::total), Some(2155));
    assert_eq!(last.generator.max_in_flight, Some(64));
}

#[test]
fn oha_counts_neither_what_it_cut_off_nor_idle_workers() {
    let run = "d03_oha_nginx_150";
    let found = raw(run);
    // `total` is up to 7.008 s where steps.csv has the 7 s asked for.
    let comparable = LoadRun { steps: without_unfinished(&found.steps), ..found.clone() };
    compare(run, &comparable, &Tolerance { duration: 2e-3, ..SAME });
    let unfinished: Vec<u64> = found.steps.iter().map(|step| step.unfinished).collect();
    assert_eq!(unfinished[..2], [0, 0], "2 and 16 idle workers were cut off");
    assert_eq!(unfinished[10], 29, "180 a second for 7 s less 1231 answered; its queue holds 30");
    assert!(codes(&found).contains(&LoadNoteCode::CutOffAtEnd));
}

/// steps.csv has what was cut off in a column of its own, and not among what was sent.
fn without_unfinished(steps: &[LoadStep]) -> Vec<LoadStep> {
    let without = |step: &LoadStep| LoadStep { sent: step.sent - step.unfinished, unfinished: 0, ..step.clone() };
    steps.iter().map(without).collect()
}

#[test]
fn k6_replies_of_its_graceful_stop_are_left_out() {
    let run = "d04_k6_exp_c3_s25";
    let found = raw(run);
    assert_eq!(found.tool.as_deref(), Some("k6"));
    for (step, wanted) in found.steps.iter().zip(&expected(run)) {
        assert_eq!(step.load, wanted.load);
        // The step's length is made of its requests here, of the script there: one request in 160.
        assert!(near(step.duration_seconds, wanted.duration_seconds, 0.007), "{} s", step.duration_seconds);
        let (rate, wanted_rate) = (goodput(step), wanted.goodput.unwrap_or_default());
        assert!(near(rate, wanted_rate, 0.012), "{:?}: {rate}, not {wanted_rate}", step.load);
    }
    let at = |rate: f64| found.steps.iter().find(|step| step.load == Load::Open { rate }).expect("a step");
    let window = goodput(at(130.0));
    assert!(near(window, 120.6, 0.005), "a server of 120: {window}; with the graceful stop it would be 130");
    assert_eq!(at(150.0).errors.rejected, 166, "166 replies of 503 in the CSV");
    assert!(codes(&found).contains(&LoadNoteCode::RepliesAfterEnd));
}

#[test]
fn locust_is_read_from_differences_of_its_totals() {
    let run = "d05_locust_usl_s10";
    let found = raw(run);
    // The percentiles there are means over the rows.
    compare(run, &found, &Tolerance { quantiles: f64::INFINITY, ..SAME });
    for code in [LoadNoteCode::SlidingQuantiles, LoadNoteCode::FirstSecondsLeftOut] {
        assert!(codes(&found).contains(&code), "{code:?}");
    }
}

#[test]
fn autocannon_has_whole_milliseconds_and_requests_under_way() {
    let run = "d06_autocannon_closed_c4_s10";
    let found = raw(run);
    // `6.02` s and more where steps.csv has the 6 s asked for, and the goodput of the tool's own length.
    compare(run, &found, &Tolerance { duration: 0.015, ..SAME });
    let step = &found.steps[5];
    assert_eq!((step.sent, step.ok, step.unfinished), (2376, 2370, 6));
    assert_eq!(step.latency.resolution_ms, Some(1.0));
    assert_eq!(step.latency.quantile_ms(0.975), Some(20.0));
    assert_eq!(step.latency.quantile_ms(0.95), None, "autocannon has none");
}

#[test]
fn hey_counts_its_drain() {
    let run = "d08_hey_saturated_c3_s50";
    let found = raw(run);
    // steps.csv has the 6 s asked for.
    compare(run, &found, &Tolerance { duration: 0.1, ..SAME });
    for code in [LoadNoteCode::DrainInRate, LoadNoteCode::RatePerWorker, LoadNoteCode::LatencyIncludesErrors] {
        assert!(codes(&found).contains(&code), "{code:?}");
    }
}

#[test]
fn wrk_is_a_closed_loop() {
    let run = "d09_wrk_usl_s8";
    let found = raw(run);
    // `5.05s` where steps.csv has 5 s, and requests over the length with fewer digits.
    compare(run, &found, &Tolerance { duration: 0.03, goodput: 2e-3, ..SAME });
    assert!(codes(&found).contains(&LoadNoteCode::CoordinatedOmission));
}
