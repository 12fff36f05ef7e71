//! Series that are put into a report afterwards. What is right is what a judge that keeps them says.
#![allow(clippy::unwrap_used, reason = "a test")]

mod rows;
mod support;

use canary_core::report::Report;
use canary_core::{Judge, MetricSet, Selection};
use rows::{Row, Table, observations};
use support::{Random, config};

/// Counters, traffic, a warm-up and a past before the canary was deployed: all that prepares a series.
const CONFIG: &str = r#"
[defaults]
warmup = "4m"
[[rules]]
match = ["m1*"]
kind = "counter"
[[rules]]
match = ["m4", "m5"]
normalise_by = "m8"
[[rules]]
match = ["m2"]
judge = "bounds"
"#;

fn set(seed: u64) -> MetricSet {
    let mut random = Random::new(seed);
    let mut side = || -> Vec<Row> { rows::random(&mut random, 10, 60, 0) };
    let (baseline, canary) = ([Table::new(&side(), &[])], [Table::new(&side(), &[2])]);
    MetricSet::from_observations(&observations(&baseline), &observations(&canary), &Selection::default()).unwrap()
}

fn wire(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

#[test]
fn series_that_are_added_are_those_that_are_kept() {
    for seed in 0..20 {
        let metrics = set(seed);
        let judge = Judge::new(config(CONFIG)).unwrap();
        let judge = if seed % 2 == 0 { judge } else { judge.deployed_at(20 * 60_000) };
        let kept = judge.clone().with_series(true).judge(&metrics);
        assert!(kept.metrics.iter().all(|metric| metric.series.is_some()), "seed {seed}");
        let mut added = judge.judge(&metrics);
        assert!(added.metrics.iter().all(|metric| metric.series.is_none()), "seed {seed}");
        judge.add_series(&mut added, &metrics, &|_, _| true);
        assert_eq!(wire(&added), wire(&kept), "seed {seed}");
    }
}

#[test]
fn only_what_is_wanted_gets_its_series() {
    let metrics = set(77);
    let judge = Judge::new(config(CONFIG)).unwrap();
    let kept = judge.clone().with_series(true).judge(&metrics);
    let mut some = judge.judge(&metrics);
    let wanted = |region: Option<&str>, name: &str| region == Some("r0") && name != "m1";
    judge.add_series(&mut some, &metrics, &wanted);
    let mut with = 0;
    for (one, whole) in some.metrics.iter().zip(&kept.metrics) {
        let is_wanted = wanted(one.region.as_deref(), &one.name);
        assert_eq!(one.series.as_ref(), whole.series.as_ref().filter(|_| is_wanted), "{}", one.name);
        with += usize::from(is_wanted);
    }
    assert!(with > 0 && with < some.metrics.len(), "{with} of {}", some.metrics.len());
}

#[test]
fn a_result_of_other_metrics_stays_without() {
    let (metrics, other) = (set(1), MetricSet::builder(support::minutes(60)).build().unwrap());
    let judge = Judge::new(config(CONFIG)).unwrap();
    let mut report = judge.judge(&metrics);
    judge.add_series(&mut report, &other, &|_, _| true);
    assert!(report.metrics.iter().all(|metric| metric.series.is_none()));
}
