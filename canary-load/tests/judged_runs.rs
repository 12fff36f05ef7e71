//! Each recorded run from the tool's own output to the number, held against what its server is known to do.

use std::path::{Path, PathBuf};

use canary_core::squeeze::{Estimate, LoadRun, Reason, Slo, SqueezeOptions, SqueezeReport, Status, analyze};
use canary_load::{ReadOptions, read};
use serde_json::Value;

const RUNS: [&str; 10] = [
    "d01_vegeta_det_c4_s20",
    "d02_wrk2_logn_c8_s25",
    "d03_oha_nginx_150",
    "d04_k6_exp_c3_s25",
    "d05_locust_usl_s10",
    "d06_autocannon_closed_c4_s10",
    "d07_vegeta_unsaturated_c10_s20",
    "d08_hey_saturated_c3_s50",
    "d09_wrk_usl_s8",
    "d10_vegeta_flip_c6_s20",
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze")
}

fn slo(objectives: &[String]) -> Slo {
    Slo { objectives: objectives.iter().map(|text| text.parse().expect("an objective")).collect() }
}

fn raw(run: &str, slo: &Slo) -> LoadRun {
    let options = ReadOptions { limits_ms: slo.limits_ms(), ..ReadOptions::default() };
    read(fixtures().join(run).join("raw"), &options).unwrap_or_else(|error| panic!("{run}: {error}"))
}

fn judge(run: &str, objectives: &[String]) -> SqueezeReport {
    let slo = slo(objectives);
    analyze(&raw(run, &slo), &slo, &SqueezeOptions::default())
}

/// What a server does, by its law.
struct Truth {
    objectives: Vec<String>,
    status: String,
    /// From the lowest to the highest that it can be.
    capacity: (f64, f64),
    crossing: Option<f64>,
}

fn truth(run: &str) -> Truth {
    let text = std::fs::read_to_string(fixtures().join("manifest.json")).expect("the manifest");
    let manifest: Value = serde_json::from_str(&text).expect("JSON");
    let runs = manifest["runs"].as_array().expect("runs");
    let truth = &runs.iter().find(|entry| entry["run_id"] == run).expect("the run")["truth"];
    let capacity = truth["capacity_rps"].as_f64().expect("a capacity");
    // Of a scaling law the truth lies between the law with all of the loop's overhead and with none of it.
    let highest = truth["nominal"]["peak_x"].as_f64().unwrap_or(capacity);
    Truth {
        objectives: truth["slo_p99_ms"].as_f64().map(|ms| format!("p99<{ms}ms")).into_iter().collect(),
        status: truth["expected_status"].as_str().expect("a status").to_owned(),
        capacity: (capacity, highest),
        crossing: truth["slo_rps"].as_f64(),
    }
}

fn holds(estimate: Estimate, truth: f64) -> bool {
    estimate.lower.is_none_or(|lower| lower <= truth) && estimate.upper.is_none_or(|upper| upper >= truth)
}

#[test]
fn every_run_has_the_right_status_and_the_number_of_its_server() {
    let mut errors = Vec::new();
    for run in RUNS {
        let truth = truth(run);
        let report = judge(run, &truth.objectives);
        assert_eq!(report.status.name(), truth.status, "{run}");
        let crossing = report.slo_crossing.and_then(|found| found.estimate);
        if let (Some(found), Some(wanted)) = (crossing, truth.crossing) {
            assert!((found / wanted - 1.0).abs() <= 0.1, "{run}: crossing {found} of {wanted}");
            assert!(report.slo_crossing.is_some_and(|found| holds(found, wanted)), "{run}: {:?}", report.slo_crossing);
        }
        if report.status != Status::Measured {
            continue;
        }
        let (low, high) = truth.capacity;
        let capacity = report.capacity.expect("a capacity");
        let found = capacity.estimate.expect("an estimate");
        let error = (found / found.clamp(low, high) - 1.0).abs();
        assert!(error <= 0.03, "{run}: {found} of {low} to {high}");
        assert!(capacity.lower.is_some_and(|lower| lower <= high), "{run}: {capacity:?}");
        assert!(capacity.upper.is_some_and(|upper| upper >= low), "{run}: {capacity:?}");
        errors.push(error);
    }
    errors.sort_by(f64::total_cmp);
    assert!(errors.len() == 7 && errors[3] <= 0.01, "half of them within a hundredth: {errors:?}");
}

#[test]
fn runs_without_a_number_give_none() {
    let bound = judge(RUNS[6], &truth(RUNS[6]).objectives).sweet_spot.expect("a bound");
    assert_eq!((bound.estimate, bound.upper), (None, None));
    // 200 were offered, and 500 would have been answered. The last request of each step is 5 ms early or late.
    assert!(bound.lower.is_some_and(|lower| lower > 0.99 * 200.0 && lower <= 201.0), "{bound:?}");
    let bound = judge(RUNS[7], &truth(RUNS[7]).objectives).sweet_spot.expect("a bound");
    assert_eq!((bound.estimate, bound.lower), (None, None));
    assert!(bound.upper.is_some_and(|upper| (60.0..=100.0).contains(&upper)), "{bound:?}");
    let flipped = judge(RUNS[9], &[]);
    assert_eq!((flipped.capacity, flipped.sweet_spot), (None, None));
    assert!(!flipped.decided_by.is_empty());
}

/// Of exponential service of 25 ms the share exp(-100/25) = 1.8 % takes longer than 100 ms on an idle server, and 1.9 %
/// of a lognormal one with as large a standard deviation: no rate keeps 99 % below it, and none is claimed.
#[test]
fn an_objective_that_the_idle_server_breaks_has_no_rate() {
    for run in ["d02_wrk2_logn_c8_s25", "d04_k6_exp_c3_s25"] {
        let report = judge(run, &["p99<100ms".to_owned()]);
        let sweet = report.sweet_spot.expect("a bound");
        let lowest = report.steps.iter().filter_map(|step| step.offered).fold(f64::INFINITY, f64::min);
        assert_eq!((sweet.estimate, sweet.lower, sweet.upper), (None, None, Some(lowest)), "{run}");
        assert!(report.reasons.contains(&Reason::SloBrokenAtLowestRate), "{run}: {:?}", report.reasons);
        assert!(report.capacity.is_some_and(|capacity| capacity.estimate.is_some()), "{run}: it is known all the same");
        assert!(report.steps.iter().all(|step| step.bad_share.is_some_and(|bad| bad > 0.01)), "{run}");
    }
}

/// With 64 clients no reply took 100 ms, with 96 one in twenty did; the law's peak is at 34 to 38 clients.
#[test]
fn an_objective_that_breaks_beyond_the_peak_leaves_the_capacity() {
    let with = judge("d09_wrk_usl_s8", &["p99<100ms".to_owned()]);
    let without = judge("d09_wrk_usl_s8", &[]);
    assert_eq!(with.sweet_spot, without.sweet_spot);
    let sweet = with.sweet_spot.expect("a number");
    let (Some(estimate), Some(lower), Some(upper)) = (sweet.estimate, sweet.lower, sweet.upper) else {
        panic!("{sweet:?}")
    };
    assert!(lower < estimate && estimate < upper, "{sweet:?}");
}
