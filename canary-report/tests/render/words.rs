//! The prose of every code, read by eye.

use canary_core::report::{Flag, MetricResult, Reason, VerdictReason};
use canary_core::{Note, NoteCode, Side};
use canary_report::words::{
    flag_text, note_text, notes_text, reason_label, reason_text, verdict_reason_text, why_text,
};
use insta::assert_snapshot;

use crate::sample;

#[test]
fn reasons_of_metrics() {
    let share = 0.312_5;
    let mut metrics = vec![
        sample::against("m", "g", 1.5),
        sample::against("m", "g", 0.5),
        sample::ok("m", "g", 1.0),
        sample::undecided("m", "g", 1.0),
        sample::baseline_zero("m", "g"),
        MetricResult { reason: Reason::BelowFloor { change: 0.25, floor: 5.0 }, ..sample::against("m", "g", 1.5) },
    ];
    let others = [
        Reason::CanaryZero,
        Reason::BothZero,
        Reason::MissingInCanary,
        Reason::MissingInBaseline,
        Reason::NoValues,
        Reason::NoCommonTimes,
        Reason::TooFewPoints { found: 7, needed: 12 },
        Reason::LowCoverage { share, needed: 0.5 },
        Reason::MixedSigns { share },
        Reason::NotFinite { share, limit: 0.1 },
        Reason::OppositeAverages,
        Reason::NotMeasured { side: Side::Canary },
        Reason::OnlyBounds,
        Reason::DifferentTests,
        Reason::NameTaken,
    ];
    metrics.extend(others.map(|reason| sample::nodata("m", "g", reason)));
    let texts: Vec<String> =
        metrics.iter().map(|metric| format!("{}: {}", reason_label(&metric.reason), reason_text(metric))).collect();
    assert_snapshot!(texts.join("\n"), @r#"
above the upper bound: too high: the interval [1.485, 1.515] lies above the upper bound 1.25
below the lower bound: too low: the interval [0.4950, 0.5050] lies below the lower bound 0.8
within the bounds: the interval [0.9900, 1.010] lies within the bounds 0.8 to 1.25
overlapping a bound: undecided: the interval [0.7000, 1.100] reaches over a bound of 0.8 to 1.25
zero in baseline: too high: the baseline is zero throughout and the canary is not
change below the floor: the interval [1.485, 1.515] lies outside the bounds 0.8 to 1.25, but the change of 0.25 is smaller than the floor 5
zero in canary: too low: the canary is zero throughout and the baseline is not
zero on both sides: both sides are zero throughout
missing in canary: no data in the canary
missing in baseline: no data in the baseline
without values: no usable value on either side
without common times: no time in common
too few points: 7 usable points of 12 needed
low coverage: one side has 31.25 % of the other's points, 50 % needed
mixed signs: values above and below zero (31.25 % of the pairs disagree)
infinite values: 31.25 % of one side's values are infinite, at most 10 % are taken for stray
opposite averages: one average lies above zero and the other below
not measured: the test of the canary gave no number
only bounds: both tests gave only bounds, from which no ratio follows
different tests: the two tests ask for different things: their numbers have no ratio
name taken: another metric has this name
"#);
}

#[test]
fn reasons_of_verdicts() {
    let name = "http_errors_total";
    let reasons = [
        VerdictReason::ScorePasses { pass: 95.0 },
        VerdictReason::ScoreBelowPass { pass: 95.0 },
        VerdictReason::ScoreBelowMarginal { marginal: 75.0 },
        VerdictReason::CriticalFailed { metric: name.into() },
        VerdictReason::RequiredWithoutData { metric: name.into() },
        VerdictReason::RequiredRuleWithoutMetric { rule: 0, patterns: vec!["a*".to_owned(), "b*".to_owned()] },
        VerdictReason::NoData,
        VerdictReason::AllIdle,
        VerdictReason::RequiredEndsEarly { metric: name.into(), side: Side::Canary, share: 0.5, limit: 0.9 },
        VerdictReason::TooMuchEndsEarly { share: 0.8, limit: 0.2 },
        VerdictReason::IdenticalSides { values: 240 },
        VerdictReason::OneSideIdle { side: Side::Canary },
        VerdictReason::StandsStill { side: Side::Baseline, share: 0.5, limit: 0.9 },
        VerdictReason::TooMuchWithoutData { share: 0.200_04, limit: 0.2 },
        VerdictReason::TooMuchUndecided { share: 0.75, limit: 0.5 },
        VerdictReason::EvidenceRequired { undecided: 1 },
    ];
    let texts: Vec<String> = reasons.iter().map(verdict_reason_text).collect();
    assert_snapshot!(texts.join("\n"), @r#"
the score reaches the pass threshold 95
the score is below the pass threshold 95
the score is below the marginal threshold 75
critical metric http_errors_total counts against the canary
required metric http_errors_total has no data
rule 1 requires data and matches no metric (a*, b*)
no metric could be judged
every metric with data is zero on both sides
required metric http_errors_total of the canary ends after 50 % of the time, 90 % needed
80 % of the weight has no data or ends early on one side, 20 % is allowed
both sides hold the same 240 values, as if one input were given twice
every metric with data is zero on the canary
the values of the baseline stand still after 50 % of the time, 90 % needed (or choose the time with --end)
20.004 % of the weight has no data, 20 % is allowed
75 % of the judged weight is undecided, 50 % is allowed
1 metric undecided, and the config requires evidence
"#);
}

#[test]
fn many_reasons_are_one_sentence() {
    let mut report = sample::pass();
    report.reasons = ('a'..='e')
        .map(|name| VerdictReason::CriticalFailed { metric: name.to_string().into() })
        .chain([VerdictReason::ScoreBelowMarginal { marginal: 75.0 }])
        .collect();
    assert_snapshot!(why_text(&report), @r#"
5 critical metrics count against the canary: a, b, c and 2 more; the score is below the marginal threshold 75.
"#);
}

#[test]
fn notes() {
    use NoteCode::{
        BeforeCommonStart, CounterReset, DifferentSteps, GroupWithoutMetric, IrregularTimes, MetricsOnOneSide, Missing,
        NoCommonTime, NotFinite, OddSigns, OnlyOneSide, Outliers, OutsideWindow, RegionOnOneSide, RuleMatchesNothing,
        SeveralPerTick, UnequalMissing, WarmUp,
    };
    let on_a_side = [
        OutsideWindow,
        SeveralPerTick,
        NotFinite,
        Missing,
        WarmUp,
        CounterReset,
        Outliers,
        OnlyOneSide,
        MetricsOnOneSide,
    ];
    let notes = [
        Note::new(DifferentSteps, 1).with_detail("30s and 60s"),
        Note::on(Side::Baseline, IrregularTimes, 12).with_detail("60s"),
        Note::new(NoCommonTime, 1),
        Note::new(BeforeCommonStart, 3),
        Note::new(OddSigns, 5),
        Note::new(UnequalMissing, 4),
        Note::on(Side::Canary, RegionOnOneSide, 1).with_detail("eu-west-1"),
        Note::new(RuleMatchesNothing, 3).with_detail("latency_*"),
        Note::new(GroupWithoutMetric, 1).with_detail("kafka"),
    ];
    let notes = on_a_side.into_iter().map(|code| Note::on(Side::Canary, code, 1)).chain(notes);
    let texts: Vec<String> = notes.map(|note| note_text(&note)).collect();
    assert_snapshot!(texts.join("\n"), @r#"
1 row of the canary outside the chosen window
1 point of the canary with several rows for one metric and instance: the mean was taken
1 value of the canary not finite, taken as missing
1 value of the canary empty or NaN, taken as missing
1 point of the canary dropped as warm-up
1 counter reset of the canary, the points were dropped
1 point of the canary dropped as outliers
1 point of the canary without a counterpart at the same time
1 metric on one side only (the canary)
the two sides have different steps (30s and 60s); the coarser one is the grid
the times of the baseline are not on a regular grid (60s); each was put on the nearest tick
the two sides have no time in common
3 points before both sides are live, left out
5 pairs on the other side of zero, taken for zero
4 metrics of which one side lacks values more often than chance explains
region eu-west-1 stands on one side only (the canary)
rule 3 matches no metric (latency_*)
no metric belongs to group kafka
"#);
}

#[test]
fn notes_of_metrics_are_summed_up_once() {
    let mut report = sample::fail();
    for metric in &mut report.metrics {
        metric.notes = vec![
            Note::on(Side::Canary, NoteCode::CounterReset, 2),
            // The run's own notes already tell of these.
            Note::on(Side::Canary, NoteCode::Missing, 1),
        ];
    }
    assert_snapshot!(notes_text(&report, 1).join("\n"), @r#"
rule 3 matches no metric (latency_*)
2 more notes, all in the JSON report
"#);
    assert_eq!(notes_text(&report, 2), notes_text(&report, 3), "one more note takes no more room than its number");
}

#[test]
fn flags() {
    let texts = [
        Flag::Deterministic,
        Flag::NegativeLevel,
        Flag::MixedSigns,
        Flag::LateOnset,
        Flag::Drift,
        Flag::UnequalMissing,
    ]
    .map(flag_text);
    assert_snapshot!(texts.join("\n"), @r#"
every pair has the same ratio
all values are negative, so hot means further below zero
values on both sides of zero: the difference is judged against the usual magnitude
the change began late
the change grows over the run
one side lacks values more often than chance explains
"#);
}
