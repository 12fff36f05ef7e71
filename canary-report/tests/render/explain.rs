//! One metric explained, read by eye.

use canary_core::config::{BoundsChange, Config, Direction, Rule};
use canary_core::kayenta::{Label, Outcome, Weakness};
use canary_core::report::{Detectable, Flag, Interval, MetricResult, Peer, PeerDifference, Reason, Report, Window};
use canary_core::scalar::Magnitude;
use canary_core::shape::{Shape, ShapeDirection, ShapeFinding};
use canary_core::{Note, NoteCode, Side};
use canary_report::explain;
use insta::assert_snapshot;

use crate::sample;

/// A report that holds `metric` beside two that are ok.
fn with(metric: MetricResult, rules: Vec<Rule>) -> Report {
    let mut report = sample::pass();
    report.metrics.insert(0, metric);
    report.config = Config { rules, ..Config::default() };
    report
}

fn explained(report: &Report) -> String {
    explain(report, report.metrics.first().expect("a metric"), 100)
}

#[test]
fn a_critical_failure_late_in_the_run() {
    let rule = Rule {
        patterns: vec!["http_*".into(), "*5xx*".into(), "*4xx*".into()],
        bounds: Some(BoundsChange { lower: None, upper: Some(1.1) }),
        direction: Some(Direction::Increase),
        floor: Some(Magnitude::new(2.0).expect("a magnitude")),
        ..Rule::default()
    };
    let metric = MetricResult {
        interval: Some(Interval { level: 0.9999, lower: Some(1.311), upper: Some(1.72) }),
        bounds: canary_core::config::Bounds::new(0.8, 1.1).expect("bounds"),
        window: Some(Window::LastQuarter),
        rules: vec![0],
        flags: vec![Flag::LateOnset, Flag::Spread],
        shapes: vec![ShapeFinding {
            shape: Shape::Spread,
            direction: Some(ShapeDirection::Up),
            p_value: Some(0.001),
            size: Some(2.5),
            onset_tick: None,
        }],
        notes: vec![Note::on(Side::Canary, NoteCode::Missing, 3)],
        peer: Some(Label::Pass),
        ..sample::critical(sample::against("http_errors_total", "errors", 1.5))
    };
    let mut report = with(metric, vec![rule]);
    report.peer = Some(Peer {
        score: 100.0,
        classification: Outcome::Pass,
        reason: None,
        differences: vec![PeerDifference {
            metric: "http_errors_total".into(),
            region: None,
            state: canary_core::report::State::Hot,
            label: Label::Pass,
            weaknesses: vec![Weakness::NoPairing, Weakness::LateOnset],
        }],
    });
    assert_snapshot!(explained(&report), @r#"
    HOT: http_errors_total

    why           Too high: the interval [1.311, 1.720] of the last quarter lies above the upper bound
                  1.1. It counts against the canary.
    seen          Average of the last quarter 100 -> 150, ratio 1.500. That part of the run decided: it
                  speaks loudest.
    interval      [1.311, 1.720] at 99.99 %. The whole run may raise a false alarm with a chance of 5 %
                  (`evidence.false_alarm`); a fifth of it is for 1 critical metric, shared by Holm's
                  procedure, since one alone fails the run. What a metric gets is split over the windows
                  of time that it is looked at in. The metric's own level, 98 %, certifies only what
                  lies within its bounds.
    bounds        The ratio is held against 0.8 to 1.1, set by rule 1 (`http_*`, `*5xx*`, 1 more
                  pattern). Only an increase counts, set by rule 1 (`http_*`, `*5xx*`, 1 more pattern).
                  A change of the average below 2 never counts, set by rule 1 (`http_*`, `*5xx*`, 1 more
                  pattern).
    data          480 usable points in the baseline, 480 in the canary. The comparison is worth
                  96.2 independent pairs: neighbouring ones repeat each other.
    also found    The change began late. The noise about the level is wider (2.5 times), p 0.001000.
    dropped       3 values of the canary empty or NaN, taken as missing.
    weight        Weight 1 in group errors. Critical: against its direction it fails the run alone.
                  Without it the score would be the same, 100.0.
    Kayenta       Its rule says Pass. HOT here, Pass there: it does not pair the sides in time, and what
                  moves both blurs the shift; it pools the whole run, which dilutes a late change.
    to change it  `bounds = { upper = 1.32 }` is where it would just not be hot, and certified from
                  about 1.72. A `floor` above 50, the change of the average, would mute it.
    "#);
}

#[test]
fn an_undecided_metric() {
    let metric = MetricResult {
        interval: Some(Interval { level: 0.9997, lower: Some(0.71), upper: Some(1.31) }),
        detectable: Some(Detectable { increase: Some(1.52), decrease: None }),
        minutes_to_decide: Some(412.3),
        ..sample::undecided("p99_ms", "latency", 1.0)
    };
    assert_snapshot!(explained(&with(metric, Vec::new())), @r#"
    OK: p99_ms

    why           Undecided: the interval [0.7100, 1.310] reaches over a bound of 0.8 to 1.25.
    seen          Average 100 -> 100, ratio 1.000.
    interval      [0.7100, 1.310] at 99.97 %. The whole run may raise a false alarm with a chance of 5 %
                  (`evidence.false_alarm`), shared over 4 metrics by Benjamini and Hochberg's procedure.
                  What a metric gets is split over the windows of time that it is looked at in. The
                  metric's own level, 98 %, certifies only what lies within its bounds.
    bounds        The ratio is held against 0.8 to 1.25, set by the defaults. Either direction counts.
    data          480 usable points in the baseline, 480 in the canary. The comparison is worth
                  96.2 independent pairs: neighbouring ones repeat each other.
    power         By now, over the whole run, a ratio of 1.52 would just be hot and no change at all
                  would be cold yet. If the ratio stays as it is, about 413 minutes more would decide.
    weight        Weight 1 in group latency. Without it the score would be the same, 100.0.
    to change it  Bounds of 0.71 to 1.31 would certify it as it is. So would a longer run, or more
                  traffic: an interval narrows with the root of its data.
    "#);
}

#[test]
fn metrics_without_data_say_what_is_missing() {
    let reasons = [
        Reason::MissingInCanary,
        Reason::MissingInBaseline,
        Reason::NoValues,
        Reason::NoCommonTimes,
        Reason::TooFewPoints { found: 7, needed: 12 },
        Reason::LowCoverage { share: 0.31, needed: 0.5 },
        Reason::NotFinite { share: 0.4, limit: 0.1 },
        Reason::OppositeAverages,
    ];
    let way_out = |reason: Reason| {
        let text = explained(&with(sample::nodata("logins", "traffic", reason), Vec::new()));
        let line = text.split("to change it  ").nth(1).expect("a way out");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(reasons.map(way_out).join("\n"), @r#"
    The canary would have to report it: is its name still the same?
    It is new: a baseline that reports it too.
    At least one value that is a number, on each side.
    Values of both sides at the same time; do the clocks agree?
    5 more usable points, 5 minutes of data; or a lower `min_points`.
    The side with fewer points to have 50 % of the other's instead of 31 %; or a lower `min_coverage`.
    Finite values: something divides by zero.
    Values on one side of zero; `judge = "interval"` judges differences where signs are mixed.
    "#);
}

#[test]
fn no_metric_is_without_words_and_no_line_too_long() {
    for report in sample::all() {
        for metric in &report.metrics {
            for width in [40, 80, 120] {
                let text = explain(&report, metric, width);
                assert!(text.contains("\nwhy ") && text.ends_with('\n'), "{text}");
                let longest = text.lines().map(|line| line.chars().count()).max();
                assert!(longest <= Some(width), "{longest:?} of {width}\n{text}");
                assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{text}");
            }
        }
    }
}
