//! A metric that a test of its own measured: without series beside metrics that have some, in every format.
#![allow(clippy::unnecessary_wraps, reason = "a number may be missing")]

use canary_core::config::{Direction, Rule, Span};
use canary_core::report::{Method, MetricResult, Report};
use canary_core::squeeze::{Estimate, SWEET_SPOT};
use canary_core::{Config, Judge, Measured, MetricData, MetricSet, TimeGrid};
use canary_report::{Format, RenderOptions, explain, render};
use insta::assert_snapshot;

/// Critical against a fall.
fn rule() -> Rule {
    Rule {
        patterns: vec!["squeeze.*".to_owned()],
        group: Some("capacity".to_owned()),
        direction: Some(Direction::Decrease),
        critical: Some(true),
        ..Rule::default()
    }
}

fn number(rate: f64) -> Option<Estimate> {
    Some(Estimate { estimate: Some(rate), lower: Some(rate / 1.02), upper: Some(1.02 * rate), level: 0.95 })
}

fn at_least(rate: f64) -> Option<Estimate> {
    Some(Estimate { estimate: None, lower: Some(rate), upper: None, level: 0.95 })
}

/// Five calm metrics with series, and what was measured.
fn report(baseline: Option<Estimate>, canary: Option<Estimate>) -> Report {
    let mut metrics = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 60));
    for metric in 0..5_i32 {
        let side = |phase: i32| -> Vec<f64> {
            (0..60).map(|tick| 100.0 + f64::from((tick * 7 + metric + phase) % 13) / 10.0).collect()
        };
        let name = format!("metric_{metric}");
        metrics.add(&MetricData::new(&name).baseline(&side(0)).canary(&side(5))).unwrap();
    }
    let measured = Measured::new(SWEET_SPOT, baseline, canary).unwrap();
    let config = Config { rules: vec![rule()], ..Config::default() };
    let judge = Judge::new(config).unwrap().with_series(true).with_measured(vec![measured]);
    judge.judge(&metrics.build().unwrap())
}

fn line(report: &Report) -> &MetricResult {
    report.metrics.iter().find(|metric| *metric.name == *SWEET_SPOT).unwrap()
}

#[test]
fn every_format_shows_it() {
    let cases = [
        ("cold", number(200.0), number(120.0)),
        ("hot", number(200.0), at_least(400.0)),
        ("ok", number(200.0), number(165.0)),
        ("nodata", number(200.0), None),
    ];
    for (state, baseline, canary) in cases {
        let report = report(baseline, canary);
        assert_eq!((report.metrics.len(), line(&report).state.name()), (6, state));
        for format in Format::ALL {
            let bytes = render(&report, format, &RenderOptions::default()).unwrap();
            assert!(!bytes.is_empty(), "{}", format.name());
            // A change in a direction that is no failure, and what is ok, are not told.
            let is_told = matches!(state, "cold" | "nodata");
            if is_told && matches!(format, Format::Table | Format::Markdown | Format::Junit) {
                assert!(String::from_utf8(bytes).unwrap().contains(SWEET_SPOT), "{} {state}", format.name());
            }
        }
    }
}

#[test]
fn a_fall_is_explained_without_minutes() {
    let report = report(number(200.0), number(120.0));
    assert_snapshot!(explain(&report, line(&report), 100), @r#"
COLD: squeeze.sweet_spot

why           Too low: the interval [0.5728, 0.6285] lies below the lower bound 0.8. It counts
              against the canary.
seen          Measured 200 -> 120, ratio 0.6000.
interval      [0.5728, 0.6285] at 99 %. The whole run may raise a false alarm with a chance of 5 %
              (`evidence.false_alarm`); a fifth of it is for 1 critical metric, shared by Holm's
              procedure, since one alone fails the run. The metric's own level, 98 %, certifies only
              what lies within its bounds.
bounds        The ratio is held against 0.8 to 1.25, set by the defaults. Only a decrease counts,
              set by rule 1 (`squeeze.*`).
data          A test of its own measures both numbers; there is no series.
weight        Weight 1 in group capacity. Critical: against its direction it fails the run alone.
              Without data for it the run is inconclusive. Without it the score would be
              100.0 instead of 50.0.
to change it  `bounds = { lower = 0.628 }` is where it would just not be cold, and certified from
              about 0.572. A `floor` above 80, the change of the average, would mute it.
"#);
}

#[test]
fn a_bound_is_explained() {
    let report = report(number(200.0), at_least(400.0));
    assert_snapshot!(explain(&report, line(&report), 100), @r#"
HOT: squeeze.sweet_spot

why           Too high: the interval [1.935, inf) lies above the upper bound 1.25. A change in this
              direction is not held against the canary.
seen          Measured 200 -> -.
interval      [1.935, inf) at 99 %. The whole run may raise a false alarm with a chance of 5 %
              (`evidence.false_alarm`); a fifth of it is for 1 critical metric, shared by Holm's
              procedure, since one alone fails the run. The metric's own level, 98 %, certifies only
              what lies within its bounds.
bounds        The ratio is held against 0.8 to 1.25, set by the defaults. Only a decrease counts,
              set by rule 1 (`squeeze.*`).
data          A test of its own measures both numbers; there is no series.
weight        Weight 1 in group capacity. Critical: against its direction it fails the run alone.
              Without data for it the run is inconclusive. Without it the score would be the same,
              100.0.
to change it  `bounds = { upper = 1.94 }` is where it would just not be hot.
"#);
}

#[test]
fn what_is_undecided_or_missing_is_explained() {
    let undecided = report(number(200.0), number(165.0));
    assert_eq!(line(&undecided).method, Some(Method::Measured));
    assert_snapshot!(explain(&undecided, line(&undecided), 100), @r#"
OK: squeeze.sweet_spot

why           Undecided: the interval [0.7876, 0.8642] reaches over a bound of 0.8 to 1.25.
seen          Measured 200 -> 165, ratio 0.8250.
interval      [0.7876, 0.8642] at 99 %. The whole run may raise a false alarm with a chance of 5 %
              (`evidence.false_alarm`); a fifth of it is for 1 critical metric, shared by Holm's
              procedure, since one alone fails the run. The metric's own level, 98 %, certifies only
              what lies within its bounds.
bounds        The ratio is held against 0.8 to 1.25, set by the defaults. Only a decrease counts,
              set by rule 1 (`squeeze.*`).
data          A test of its own measures both numbers; there is no series.
power         A ratio of 1.309 would just be hot and a ratio of 0.7637 would just be cold.
weight        Weight 1 in group capacity. Critical: against its direction it fails the run alone.
              Without data for it the run is inconclusive. Without it the score would be the same,
              100.0.
to change it  Bounds of 0.787 to 1.25 would certify it as it is. More steps near what it sustains,
              or repeats of the test, narrow its interval.
"#);
    let missing = report(number(200.0), None);
    assert_snapshot!(explain(&missing, line(&missing), 100), @r#"
NODATA: squeeze.sweet_spot

why           The test of the canary gave no number.
seen          Measured 200 -> -.
bounds        The ratio is held against 0.8 to 1.25, set by the defaults. Only a decrease counts,
              set by rule 1 (`squeeze.*`).
data          A test of its own measures both numbers; there is no series.
weight        Weight 1 in group capacity. Critical: against its direction it fails the run alone.
              Without data for it the run is inconclusive.
to change it  A test of the canary that ends in a number.
"#);
}
