//! What the default judge must keep on the labelled runs. The limits are the project's own targets; the
//! figures themselves stand in docs/method.md.

use std::collections::HashMap;

use canary_benches::tally::{Tally, Width};
use canary_benches::truth::{Truth, metrics, truths};
use canary_core::report::{MetricResult, Report, Verdict};
use canary_core::{Config, Judge};

fn judged(run: &str) -> (Report, Vec<Truth>) {
    let report = Judge::new(Config::default()).unwrap().judge(&metrics(run).unwrap());
    (report, truths().unwrap().remove(run).unwrap())
}

#[test]
fn at_most_one_percent_of_identical_metrics_is_flagged() {
    for run in ["aa_request_split_5050", "aa_same_vm_interleaved", "aa_same_series_interleaved"] {
        let (report, known) = judged(run);
        let tally = Tally::new(&report, &known, Width::Wide);
        assert!(tally.healthy > 400, "{run}: {tally:?}");
        assert!(tally.false_alarms() <= 0.01, "{run}: {tally:?}");
        assert_ne!(report.verdict, Verdict::Fail, "{run}");
    }
}

#[test]
fn half_of_the_real_changes_are_found_and_healthy_metrics_left_alone() {
    let (report, known) = judged("ab_mixed_1500");
    let tally = Tally::new(&report, &known, Width::Wide);
    assert!(tally.healthy > 1000 && tally.changed >= 30, "{tally:?}");
    assert!(tally.false_alarms() <= 0.005, "{tally:?}");
    assert!(tally.recall() >= 0.5, "{tally:?}");
}

/// The run holds the same metrics in units from 1e-300 to 1e300.
#[test]
fn the_unit_of_a_metric_changes_nothing() {
    let (report, known) = judged("aa_ab_unit_scales");
    let tally = Tally::new(&report, &known, Width::Wide);
    assert_eq!((tally.alarms, tally.found), (0, tally.changed), "{tally:?}");
    let without_unit = |name: &str| name.split_once('[').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
    let mut by_metric: HashMap<String, Vec<&MetricResult>> = HashMap::new();
    for result in &report.metrics {
        by_metric.entry(without_unit(&result.name)).or_default().push(result);
    }
    for (metric, results) in by_metric {
        let first = results[0];
        for other in &results {
            assert_eq!(first.state, other.state, "{metric}");
            let (one, two) = (first.ratio.unwrap(), other.ratio.unwrap());
            // The files keep 18 bits of a value, rounded in each unit: 4e-6 a value, less over 480 of them.
            assert!((one / two - 1.0).abs() < 1e-5, "{metric}: {one} {two}");
        }
    }
}
