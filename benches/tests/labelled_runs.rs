//! What the default judge must keep on the labelled runs. The limits are the project's own targets; the
//! figures themselves stand in docs/method.md.

use std::collections::HashMap;

use canary_benches::recorded::config;
use canary_benches::shapes::{found, mistaken};
use canary_benches::tally::{Tally, Width};
use canary_benches::truth::{Truth, metrics, truths};
use canary_core::Judge;
use canary_core::config::JudgeKind;
use canary_core::report::{MetricResult, Report, Verdict};

/// The run with its own config at both bounds, and what is known of it.
fn judged(run: &str) -> ([(Width, Report); 2], Vec<Truth>) {
    let set = metrics(run).unwrap();
    let report = |width| Judge::new(config(run, JudgeKind::Interval, width).unwrap()).unwrap().judge(&set);
    (Width::ALL.map(|width| (width, report(width))), truths().unwrap().remove(run).unwrap())
}

/// Nothing that the run shares out its budget for, and one metric in a hundred by its own p-value of 0.02: two
/// sides, and the bounds are not where the truth is.
#[test]
fn no_identical_metric_is_flagged() {
    for run in ["aa_request_split_5050", "aa_same_vm_interleaved", "aa_same_series_interleaved"] {
        let (reports, known) = judged(run);
        for (width, report) in reports {
            let tally = Tally::new(&report, &known, width);
            assert!(tally.healthy > 400, "{run} {width:?}: {tally:?}");
            assert_eq!(tally.alarms, 0, "{run} {width:?}: {tally:?}");
            assert!(tally.early_alarms() <= 0.01, "{run} {width:?}: {tally:?}");
            assert_ne!(report.verdict, Verdict::Fail, "{run} {width:?}");
        }
    }
}

/// A ninth of the traffic, and machines that differ for good: what the classical rule flags by the hundred.
#[test]
fn unequal_traffic_and_unequal_machines_are_no_change() {
    for (run, limit) in [("aa_request_split_1090", 0.02), ("replica_vms_instances", 0.03)] {
        let (reports, known) = judged(run);
        for (width, report) in reports {
            let tally = Tally::new(&report, &known, width);
            assert!(tally.healthy > 150 && tally.false_alarms() <= limit, "{run} {width:?}: {tally:?}");
            assert_ne!(report.verdict, Verdict::Fail, "{run} {width:?}");
        }
    }
}

/// At bounds of 10 %, where there is most to find.
#[test]
fn real_changes_are_found_and_healthy_metrics_left_alone() {
    for (run, alarms, recall) in
        [("ab_mixed_1500", 0.005, 0.87), ("ab_by_kind", 0.015, 0.75), ("ab_error_rates", 0.02, 0.5)]
    {
        let (reports, known) = judged(run);
        for (width, report) in reports.iter().filter(|(width, _)| *width == Width::Narrow) {
            let tally = Tally::new(report, &known, *width);
            assert!(tally.healthy >= 250 && tally.changed >= 50, "{run}: {tally:?}");
            assert!(tally.false_alarms() <= alarms, "{run}: {tally:?}");
            assert!(tally.recall() >= recall, "{run}: {tally:?}");
        }
    }
}

#[test]
fn most_shapes_are_found_and_few_seen_where_there_are_none() {
    let (mut metrics, mut seen, mut healthy, mut flagged) = (0, 0, 0, 0);
    for run in ["ab_mixed_1500", "ab_by_kind", "aa_request_split_5050", "aa_same_series_interleaved"] {
        let ([(_, report), _], known) = judged(run);
        for (kind, found) in found(&report, &known) {
            assert!(f64::from(found.at_all) >= 0.4 * f64::from(found.metrics), "{run}, {kind}: {found:?}");
            metrics += found.metrics;
            seen += found.at_all;
        }
        let mistaken = mistaken(&report, &known);
        healthy += mistaken.healthy;
        flagged += mistaken.flagged;
    }
    assert!(metrics > 200 && f64::from(seen) >= 0.6 * f64::from(metrics), "{seen} of {metrics}");
    assert!(healthy > 3000 && f64::from(flagged) <= 0.02 * f64::from(healthy), "{flagged} of {healthy}");
}

/// The run holds the same metrics in units from 1e-300 to 1e300.
#[test]
fn the_unit_of_a_metric_changes_nothing() {
    let ([(width, report), _], known) = judged("aa_ab_unit_scales");
    let tally = Tally::new(&report, &known, width);
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
