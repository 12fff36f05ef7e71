//! Silence over the library: no run whose data say nothing may pass, and each must say why. The same cases are
//! run over the command line by its own tests; docs/silence.md lists them all.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test")]

mod case;
mod cases;
mod scene;

use std::collections::BTreeSet;

use canary_core::config::Format;
use canary_core::ndarray::Array2;
use canary_core::report::{Reason, Verdict, VerdictReason};
use canary_core::{Config, Judge, MetricData, MetricSet, Report, TimeGrid, config::Span};

fn judged(config: &str, metrics: &MetricSet) -> Report {
    let config = Config::from_text(config, Format::Toml).expect("a sound config");
    Judge::new(config).expect("a sound config").judge(metrics)
}

#[test]
fn every_case_has_its_answer() {
    for case in cases::all() {
        let report = judged(case.config, &(case.scene)().metrics());
        case.check(&serde_json::to_value(report).expect("a report is JSON"));
    }
}

#[test]
fn none_passes_but_the_controls_and_no_threshold_buys_a_pass() {
    let mut ids = BTreeSet::new();
    for case in cases::all() {
        assert!(ids.insert(case.id), "{} stands twice", case.id);
        assert_eq!(case.verdict == Verdict::Pass, case.is_control(), "{}", case.id);
        let lax = format!("[thresholds]\npass = 0\nmarginal = 0\n{}", case.config);
        if !case.config.contains("[thresholds]") {
            let verdict = judged(&lax, &(case.scene)().metrics()).verdict;
            assert_eq!(verdict == Verdict::Pass, case.is_control(), "{}", case.id);
        }
    }
}

/// Swapping the sides of silence is silence: it says no more of the one than of the other.
#[test]
fn silence_stays_silence_where_the_sides_are_swapped() {
    for case in cases::all().into_iter().filter(|case| case.verdict == Verdict::Inconclusive) {
        let report = judged(case.config, &(case.scene)().swapped().metrics());
        assert_ne!(report.verdict, Verdict::Pass, "{}", case.id);
    }
}

#[test]
fn instances_that_say_nothing_are_no_data() {
    let grid = TimeGrid::new(Span::from_ms(60_000), 60);
    let live = Array2::from_shape_fn((3, 60), |(instance, tick)| 100.0 + (instance * 7 + tick * 13 % 11) as f64);
    let gone = Array2::from_elem((3, 60), f64::NAN);
    let none = Array2::<f64>::zeros((0, 60));
    for silent in [&gone, &none] {
        let mut builder = MetricSet::builder(grid);
        builder
            .add(&MetricData::new("cpu").baseline_instances(live.view()).canary_instances(silent.view()))
            .expect("as long as the grid");
        let report = judged("", &builder.build().expect("one metric"));
        assert_eq!((report.verdict, report.reasons), (Verdict::Inconclusive, vec![VerdictReason::NoData]));
        assert_eq!(report.metrics[0].reason, Reason::MissingInCanary);
    }
}
