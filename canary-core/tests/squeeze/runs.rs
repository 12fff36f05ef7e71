//! Recorded runs of real tools, synthetic runs, simulated servers: as near to the truth as is promised.

use canary_core::squeeze::{Estimate, Kind, SqueezeOptions, SqueezeReport, Status, analyze};

use crate::recorded::{Known, recorded, synthetic};
use crate::simulated::simulated;

fn judged(known: &Known) -> SqueezeReport {
    analyze(&known.run, &known.slo, &SqueezeOptions::default())
}

fn holds(estimate: Estimate, truth: f64) -> bool {
    // The truths have 9 digits.
    estimate.lower.is_none_or(|lower| lower <= truth * (1.0 + 1e-8))
        && estimate.upper.is_none_or(|upper| upper >= truth * (1.0 - 1e-8))
}

#[test]
fn recorded_runs_are_within_three_percent_and_have_the_right_status() {
    let mut errors = Vec::new();
    for known in recorded() {
        let report = judged(&known);
        assert_eq!(report.status.name(), known.accepted[0], "{}", known.name);
        if report.status == Status::Measured {
            let capacity = report.capacity.unwrap();
            let (low, high) = known.capacity;
            let found = capacity.estimate.unwrap();
            let error = (found / found.clamp(low, high) - 1.0).abs();
            assert!(error <= 0.03, "{}: {found} of {low} to {high}", known.name);
            assert!(capacity.lower.unwrap() <= high && capacity.upper.unwrap() >= low, "{}: {capacity:?}", known.name);
            errors.push(error);
        }
        if let (Some(truth), Some(found)) = (known.crossing, report.slo_crossing.and_then(|found| found.estimate)) {
            assert!((found / truth - 1.0).abs() <= 0.1, "{}: crossing {found} of {truth}", known.name);
            assert!(holds(report.slo_crossing.unwrap(), truth), "{}: {:?}", known.name, report.slo_crossing);
        }
    }
    errors.sort_by(f64::total_cmp);
    assert!(errors.len() == 7 && errors[3] <= 0.01, "{errors:?}");
}

#[test]
fn no_number_is_given_where_the_test_showed_none() {
    for known in recorded() {
        let report = judged(&known);
        let sweet_spot = report.sweet_spot;
        match report.status {
            Status::Measured => assert!(sweet_spot.unwrap().estimate.is_some(), "{}", known.name),
            Status::LowerBound => {
                let bound = sweet_spot.unwrap();
                assert!(bound.estimate.is_none() && bound.upper.is_none() && bound.lower.unwrap() > 0.99 * 199.5);
            }
            Status::SaturatedFromStart => {
                let bound = sweet_spot.unwrap();
                assert!(bound.estimate.is_none() && bound.lower.is_none() && bound.upper.unwrap() <= 100.0);
            }
            _ => assert!(sweet_spot.is_none() && !report.decided_by.is_empty(), "{}", known.name),
        }
        assert!(report.reasons.len() + usize::from(report.status == Status::Measured) > 0);
    }
}

struct Tally {
    covered: (usize, usize),
    crossing_covered: (usize, usize),
    stall_errors: Vec<f64>,
    wrong: Vec<String>,
}

fn tally(runs: &[Known]) -> Tally {
    let mut tally = Tally { covered: (0, 0), crossing_covered: (0, 0), stall_errors: Vec::new(), wrong: Vec::new() };
    for known in runs {
        let report = judged(known);
        let name = report.status.name();
        if !known.accepted.iter().any(|word| word.starts_with(name)) {
            tally.wrong.push(format!("{} {}: {name}", known.kind, known.name));
        }
        let capacity = report.capacity.filter(|found| found.estimate.is_some() && report.kind != Some(Kind::Soft));
        if let Some(capacity) = capacity {
            tally.covered.1 += 1;
            tally.covered.0 += usize::from(holds(capacity, known.capacity.0));
        }
        let truth = known.crossing.filter(|truth| *truth > 0.0);
        if let (Some(crossing), Some(truth)) = (report.slo_crossing, truth) {
            tally.crossing_covered.1 += 1;
            tally.crossing_covered.0 += usize::from(holds(crossing, truth));
            if let Some(estimate) = crossing.estimate.filter(|_| known.kind == "stall") {
                tally.stall_errors.push((estimate / truth - 1.0).abs());
            }
        }
    }
    tally
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn synthetic_runs_have_an_accepted_status_and_honest_intervals() {
    let runs = synthetic();
    let found = tally(&runs);
    assert_eq!(runs.len(), 60);
    assert!(found.wrong.is_empty(), "{:?}", found.wrong);
    assert!(found.covered.0 as f64 >= 0.9 * found.covered.1 as f64, "{:?}", found.covered);
    assert!(found.crossing_covered.0 as f64 >= 0.9 * found.crossing_covered.1 as f64, "{:?}", found.crossing_covered);
    assert!(mean(&found.stall_errors) <= 0.12, "{:?}", found.stall_errors);
}

#[test]
fn simulated_servers_too() {
    // Each server costs fifteen runs of 50,000 requests for its truth: fewer in dev.
    let runs = simulated(if cfg!(debug_assertions) { 2000..2036 } else { 2000..2180 });
    let found = tally(&runs);
    assert!(found.wrong.len() * 20 <= runs.len(), "{:?}", found.wrong);
    // 90 %; of the few in dev, two standard errors less.
    let least = if cfg!(debug_assertions) { 0.8 } else { 0.9 };
    assert!(found.covered.0 as f64 >= least * found.covered.1 as f64, "{:?}", found.covered);
    assert!(found.crossing_covered.0 as f64 >= least * found.crossing_covered.1 as f64, "{:?}", found.crossing_covered);
    assert!(mean(&found.stall_errors) <= 0.12, "{:?}", found.stall_errors);
}
