//! Metrics that were measured beside the series: one more metric each, and never a silent pass.
#![allow(
    clippy::float_cmp,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    reason = "a test; what is exact is compared as such, and a number may be missing"
)]

mod support;

use canary_core::config::Span;
use canary_core::replay::Replay;
use canary_core::report::{Evidence, Method, MetricResult, Reason, Report, State, Verdict, VerdictReason};
use canary_core::session::{Sample, Session, SessionPlan};
use canary_core::squeeze::{Estimate, SWEET_SPOT};
use canary_core::stats::student_quantile;
use canary_core::{Config, Judge, Measured, MetricData, MetricSet, NoteCode, Side, schema};
use proptest::prelude::*;
use support::{Random, config, minutes, set};

/// A number known to 2 % either way.
fn number(rate: f64) -> Option<Estimate> {
    Some(Estimate { estimate: Some(rate), lower: Some(rate / 1.02), upper: Some(1.02 * rate), level: 0.95 })
}

fn at_least(rate: f64) -> Option<Estimate> {
    Some(Estimate { estimate: None, lower: Some(rate), upper: None, level: 0.95 })
}

fn at_most(rate: f64) -> Option<Estimate> {
    Some(Estimate { estimate: None, lower: None, upper: Some(rate), level: 0.95 })
}

fn sweet_spot(baseline: Option<Estimate>, canary: Option<Estimate>) -> Measured {
    Measured::new(SWEET_SPOT, baseline, canary).unwrap()
}

/// Metrics that agree, 1 % of noise.
fn calm(count: u64, seed: u64) -> MetricSet {
    let noise = |seed| Random::new(seed).noisy(60, 100.0, 0.01);
    let metrics: Vec<(String, Vec<f64>, Vec<f64>)> = (0..count)
        .map(|index| (format!("metric_{index}"), noise(2 * (seed + index)), noise(2 * (seed + index) + 1)))
        .collect();
    let pairs: Vec<_> = metrics.iter().map(|(name, old, new)| (name.as_str(), &old[..], &new[..])).collect();
    set(&pairs)
}

fn judged(toml: &str, metrics: &MetricSet, measured: Measured) -> Report {
    let report = Judge::new(config(toml)).unwrap().with_measured(vec![measured]).judge(metrics);
    follows_the_schema(&report);
    report
}

/// JSON and back, and by the schema.
fn follows_the_schema(report: &Report) {
    let value = serde_json::to_value(report).unwrap();
    let schema = serde_json::to_value(schema::report()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(&serde_json::from_value::<Report>(value).unwrap(), report);
}

fn line(report: &Report) -> &MetricResult {
    let mut found = report.metrics.iter().filter(|metric| *metric.name == *SWEET_SPOT);
    let line = found.next().unwrap();
    assert!(found.next().is_none(), "one line");
    line
}

const CRITICAL: &str =
    "[[rules]]\nmatch = [\"squeeze.*\"]\ngroup = \"capacity\"\ndirection = \"decrease\"\ncritical = true\n";

#[test]
fn a_build_that_sustains_less_fails_the_run_where_the_config_says_so() {
    let report = judged(CRITICAL, &calm(20, 1), sweet_spot(number(200.0), number(120.0)));
    let line = line(&report);
    assert_eq!((report.verdict, line.state, &*line.group), (Verdict::Fail, State::Cold, "capacity"));
    // Alone in its group, which weighs as much as the other one: half of the score.
    let by_score = VerdictReason::ScoreBelowMarginal { marginal: 75.0 };
    assert_eq!(report.reasons, [VerdictReason::CriticalFailed { metric: SWEET_SPOT.into() }, by_score]);
    assert_eq!(report.score_uncapped, Some(50.0));
    assert_eq!((line.ratio, line.average.baseline, line.average.canary), (Some(0.6), Some(200.0), Some(120.0)));
    assert_eq!((line.method, &line.series, line.points.baseline), (Some(Method::Measured), &None, 0));
    assert_eq!((line.minutes_to_decide, line.instances_to_decide), (None, None), "no minute tells more of it");
    assert_eq!(line.rules, [0]);
    assert_eq!(report.counts.total(), 21);
    assert!(line.p_value.unwrap() < 0.01);
    // Without it the run would pass: the explanation names it.
    let tipping = report.tipping.as_ref().unwrap();
    assert_eq!((tipping.verdict, tipping.metrics.len(), &*tipping.metrics[0].name), (Verdict::Pass, 1, SWEET_SPOT));
    assert!(report.findings.is_empty(), "it has no onset, and moved with nothing");
    assert_eq!(report.score_without(line), Some(100.0));
}

/// One of 100 metrics that lies outside has its interval at 1 - 0.05/100, on Student's t with four degrees, whose
/// quantile at 0.00025 is 10.30625468180776 by its closed form; the 95 % interval is 2.776445105197794 errors wide.
#[test]
fn its_interval_is_that_of_the_runs_budget() {
    let report = judged("", &calm(99, 1), sweet_spot(number(200.0), number(100.0)));
    let line = line(&report);
    let interval = line.interval.unwrap();
    assert!((interval.level - 0.9995).abs() < 1e-12, "{interval:?}");
    let half = 1.02_f64.ln() * 2.0_f64.sqrt() * 10.306_254_681_807_76 / 2.776_445_105_197_794;
    // The quantile is accurate to 1e-10.
    assert!((interval.lower.unwrap().ln() - (0.5_f64.ln() - half)).abs() < 1e-9, "{interval:?}");
    assert!((interval.upper.unwrap().ln() - (0.5_f64.ln() + half)).abs() < 1e-9);
    assert_eq!((line.state, line.weight, line.critical), (State::Cold, 1.0, false));
    // 99 of 100.
    assert_eq!((report.verdict, report.score_uncapped), (Verdict::Pass, Some(99.0)));
}

#[test]
fn ok_undecided_harmless_and_below_the_floor() {
    let metrics = calm(20, 1);
    let at = |toml: &str, canary: f64| {
        let report = judged(toml, &metrics, sweet_spot(number(200.0), number(canary)));
        let line = line(&report).clone();
        (line, report)
    };
    let (ok, report) = at("[defaults]\nlevel = 0.95", 200.0);
    assert_eq!((ok.state, ok.evidence, ok.reason), (State::Ok, Evidence::Certified, Reason::WithinBounds));
    assert_eq!(report.verdict, Verdict::Pass);
    // At its own level the interval is that of the comparison: errors add by their squares.
    let half = 1.02_f64.ln() * 2.0_f64.sqrt();
    assert!((ok.interval.unwrap().upper.unwrap().ln() - half).abs() < 1e-12);
    let (undecided, _) = at("", 162.0);
    assert_eq!((undecided.state, undecided.evidence), (State::Ok, Evidence::Undecided));
    assert!(undecided.detectable.unwrap().decrease.unwrap() < 0.8);
    let (hot, report) = at(CRITICAL, 400.0);
    assert_eq!((hot.state, hot.counts_against, report.verdict), (State::Hot, false, Verdict::Pass));
    let (muted, _) = at("[[rules]]\nmatch = [\"squeeze.*\"]\nfloor = 150", 100.0);
    assert_eq!((muted.state, muted.reason), (State::Ok, Reason::BelowFloor { change: -100.0, floor: 150.0 }));
}

#[test]
fn a_bound_decides_where_it_can_and_is_undecided_where_not() {
    let metrics = calm(20, 1);
    let at = |baseline, canary| line(&judged("", &metrics, sweet_spot(baseline, canary))).clone();
    let hot = at(number(100.0), at_least(300.0));
    assert_eq!((hot.state, hot.ratio, hot.average.canary), (State::Hot, None, None));
    assert_eq!((hot.interval.unwrap().upper, hot.detectable), (None, None));
    let cold = at(number(300.0), at_most(100.0));
    assert_eq!((cold.state, cold.ratio, cold.reason), (State::Cold, None, Reason::BelowLowerBound));
    let open = at(number(100.0), at_least(100.0));
    assert_eq!((open.state, open.evidence, open.reason), (State::Ok, Evidence::Undecided, Reason::OverlapsBound));
    // Bounds that meet are certain, at any level.
    assert_eq!(at(at_most(100.0), at_least(300.0)).p_value, Some(0.0));
}

#[test]
fn no_number_is_no_data_and_no_pass() {
    let metrics = calm(20, 1);
    let without_data = VerdictReason::RequiredWithoutData { metric: SWEET_SPOT.into() };
    for (baseline, canary, reason) in [
        (None, None, Reason::NotMeasured { side: Side::Baseline }),
        (None, number(200.0), Reason::NotMeasured { side: Side::Baseline }),
        (number(200.0), None, Reason::NotMeasured { side: Side::Canary }),
        (at_least(200.0), at_least(100.0), Reason::OnlyBounds),
        (at_most(200.0), at_most(100.0), Reason::OnlyBounds),
    ] {
        // One of 21 series may be without data; what somebody had measured may not.
        let report = judged("", &metrics, sweet_spot(baseline, canary));
        assert_eq!((line(&report).state, &line(&report).reason, report.counts.nodata), (State::NoData, &reason, 1));
        assert_eq!((report.verdict, &report.reasons[..]), (Verdict::Inconclusive, &[without_data.clone()][..]));
        assert_eq!(report.tipping.unwrap().verdict, Verdict::Pass);
        let report = judged(CRITICAL, &metrics, sweet_spot(baseline, canary));
        assert_eq!((report.verdict, &report.reasons[..]), (Verdict::Inconclusive, &[without_data.clone()][..]));
    }
}

#[test]
fn numbers_of_different_tests_have_no_ratio() {
    let different = sweet_spot(number(200.0), number(120.0)).of_different_tests();
    let report = judged(CRITICAL, &calm(20, 1), different);
    let line = line(&report);
    assert_eq!((line.state, &line.reason, line.ratio), (State::NoData, &Reason::DifferentTests, None));
    assert_eq!((line.average.baseline, report.verdict), (Some(200.0), Verdict::Inconclusive));
}

#[test]
fn one_that_the_config_expects_and_nobody_measured_is_missed() {
    let report = Judge::new(config(CRITICAL)).unwrap().judge(&calm(20, 1));
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert!(matches!(&report.reasons[..], [VerdictReason::RequiredRuleWithoutMetric { rule: 0, .. }]));
    // One that is not required leaves a note.
    let optional = "[[rules]]\nmatch = [\"squeeze.*\"]\nweight = 3";
    let report = Judge::new(config(optional)).unwrap().judge(&calm(20, 1));
    assert_eq!(report.verdict, Verdict::Pass);
    assert!(report.notes.iter().any(|note| note.code == NoteCode::RuleMatchesNothing));
}

#[test]
fn silent_series_are_silent_beside_it() {
    let good = || sweet_spot(number(200.0), number(200.0));
    let nothing = MetricSet::builder(minutes(60)).build().unwrap();
    let report = judged("", &nothing, good());
    assert_eq!((report.verdict, &report.reasons[..]), (Verdict::Inconclusive, &[VerdictReason::NoData][..]));
    let gone = [f64::NAN; 60];
    let report = judged("", &set(&[("metric", &gone, &gone)]), good());
    assert_eq!((report.verdict, &report.reasons[..]), (Verdict::Inconclusive, &[VerdictReason::NoData][..]));
    let idle = [0.0; 60];
    let report = judged("", &set(&[("metric", &idle, &idle)]), good());
    assert_eq!((report.verdict, &report.reasons[..]), (Verdict::Inconclusive, &[VerdictReason::AllIdle][..]));
    // A series given twice.
    let same = Random::new(3).noisy(60, 100.0, 0.01);
    let report = judged("", &set(&[("metric", &same, &same)]), good());
    assert!(matches!(report.reasons[..], [VerdictReason::IdenticalSides { values: 60 }]), "{:?}", report.reasons);
}

fn two_regions() -> MetricSet {
    let mut builder = MetricSet::builder(minutes(60));
    for (seed, region) in [(1, "eu"), (3, "us")] {
        let (old, new) = (Random::new(seed).noisy(60, 10.0, 0.01), Random::new(seed + 1).noisy(60, 10.0, 0.01));
        builder.add(&MetricData::new("latency").region(region).baseline(&old).canary(&new)).unwrap();
    }
    builder.build().unwrap()
}

#[test]
fn it_is_of_every_region_or_of_one() {
    let metrics = two_regions();
    let everywhere =
        Judge::new(config(CRITICAL)).unwrap().with_measured(vec![sweet_spot(number(200.0), number(120.0))]);
    let report = everywhere.judge(&metrics);
    let regions: Vec<_> =
        report.metrics.iter().filter(|line| *line.name == *SWEET_SPOT).map(|line| &line.region).collect();
    assert_eq!(regions, [&Some("eu".into()), &Some("us".into())]);
    assert!(report.regions.iter().all(|region| region.verdict == Verdict::Fail) && report.regions.len() == 2);
    let here = sweet_spot(number(200.0), number(120.0)).in_region("us");
    assert_eq!((here.name(), here.region()), (SWEET_SPOT, Some("us")));
    let report = Judge::new(config("")).unwrap().with_measured(vec![here]).judge(&metrics);
    assert_eq!((report.counts.total(), report.regions[0].counts.total()), (3, 1));
    assert_eq!((report.worst_region.as_deref(), report.verdict), (Some("us"), Verdict::Fail));
}

#[test]
fn a_name_that_is_taken_is_refused_as_no_data() {
    let old = Random::new(1).noisy(60, 10.0, 0.01);
    let new = Random::new(2).noisy(60, 10.0, 0.01);
    let taken = set(&[(SWEET_SPOT, &old, &new)]);
    let report = judged("", &taken, sweet_spot(number(200.0), number(120.0))).metrics;
    let states: Vec<_> = report.iter().map(|line| (line.state, line.method)).collect();
    assert_eq!(states, [(State::Ok, Some(Method::PairedHuber)), (State::NoData, None)]);
    assert_eq!(report[1].reason, Reason::NameTaken);
    let twice = vec![sweet_spot(number(200.0), number(200.0)), sweet_spot(number(200.0), number(100.0))];
    let report = Judge::new(Config::default()).unwrap().with_measured(twice).judge(&calm(3, 1));
    assert_eq!((report.counts.ok, report.counts.nodata), (4, 1));
}

#[test]
fn rules_without_noise_hold_the_ratio_itself() {
    let metrics = calm(20, 1);
    for judge in ["bounds", "kayenta"] {
        let toml = format!("[[rules]]\nmatch = [\"squeeze.*\"]\njudge = \"{judge}\"");
        let at = |baseline, canary| line(&judged(&toml, &metrics, sweet_spot(baseline, canary))).clone();
        let cold = at(number(200.0), number(159.0));
        assert_eq!((cold.state, cold.interval, cold.p_value), (State::Cold, None, None), "0.795 is below 0.8");
        assert_eq!(at(number(200.0), number(161.0)).state, State::Ok);
        assert_eq!(at(number(200.0), at_least(251.0)).state, State::Hot);
        assert_eq!(at(number(200.0), at_most(159.0)).state, State::Cold);
        assert_eq!(at(number(200.0), at_least(200.0)).reason, Reason::OnlyBounds);
    }
}

#[test]
fn a_control_says_nothing_of_it() {
    let measured = || vec![sweet_spot(number(200.0), number(150.0))];
    let (metrics, judge) = (calm(40, 1), Judge::new(Config::default()).unwrap());
    // Machines 5 % apart.
    let noise = |seed, level| Random::new(seed).noisy(60, level, 0.01);
    let apart: Vec<(String, Vec<f64>, Vec<f64>)> = (0..40)
        .map(|index| (format!("metric_{index}"), noise(2 * index, 100.0), noise(2 * index + 1, 105.0)))
        .collect();
    let pairs: Vec<_> = apart.iter().map(|(name, old, new)| (name.as_str(), &old[..], &new[..])).collect();
    let without = judge.judge_with_control(&metrics, &set(&pairs));
    let with = judge.with_measured(measured()).judge_with_control(&metrics, &set(&pairs));
    assert!(with.noise.widening > 2.0 && with.noise == without.noise, "{:?}", with.noise);
    let interval = line(&with).interval.unwrap();
    let half = 1.02_f64.ln() * 2.0_f64.sqrt() / student_quantile(0.025, 4.0);
    let expected = half * student_quantile((1.0 - interval.level) / 2.0, 4.0);
    assert!((interval.upper.unwrap().ln() - 0.75_f64.ln() - expected).abs() < 1e-9, "{interval:?}");
}

fn span(minutes: i64) -> Span {
    Span::from_ms(minutes * 60_000)
}

#[test]
fn every_look_at_a_run_has_it() {
    let noise = |seed| Random::new(seed).noisy(240, 100.0, 0.01);
    let metrics = set(&[("metric_0", &noise(1), &noise(2)), ("metric_1", &noise(3), &noise(4))]);
    let judge = Judge::new(config(CRITICAL)).unwrap();
    let bad = judge.clone().with_measured(vec![sweet_spot(number(200.0), number(60.0))]);
    let replay = Replay::run(&bad, &metrics, span(60), &mut |_| {}).unwrap();
    assert!(replay.looks.iter().any(|look| look.cold.iter().any(|name| &**name == SWEET_SPOT)), "{replay:#?}");
    assert!(replay.stopped.is_some());
    let good = judge.with_measured(vec![sweet_spot(number(200.0), number(200.0))]);
    let replay = Replay::run(&good, &metrics, span(60), &mut |_| {}).unwrap();
    assert_eq!((replay.looks.len(), replay.report.verdict), (4, Verdict::Pass));
    // A session says the same, look by look.
    let plan = SessionPlan { every: span(60), horizon: Some(span(240)), step: span(1) };
    let mut session = Session::new(plan).unwrap();
    let mut looks = Vec::new();
    for minute in 0..240 {
        for (side, seeds) in [(Side::Baseline, [1, 3]), (Side::Canary, [2, 4])] {
            for (metric, seed) in ["metric_0", "metric_1"].into_iter().zip(seeds) {
                let value = noise(seed)[minute];
                let time_ms = i64::try_from(minute).unwrap() * 60_000;
                session.record(&Sample { side, metric, region: None, instance: None, time_ms, value }).unwrap();
            }
        }
        if let Some(look) = session.look(&good).unwrap() {
            looks.push(look.result);
        }
    }
    let said = |look: &canary_core::replay::LookResult| (look.verdict, look.score, look.cold.clone());
    assert_eq!(looks.iter().map(said).collect::<Vec<_>>(), replay.looks.iter().map(said).collect::<Vec<_>>());
}

#[test]
fn numbers_that_are_none_are_refused_by_name() {
    let refused = |estimate: Option<f64>, lower: Option<f64>, upper: Option<f64>, level: f64| {
        let number = Estimate { estimate, lower, upper, level };
        Measured::new("spot", self::number(200.0), Some(number)).unwrap_err().to_string()
    };
    let text = refused(Some(100.0), Some(150.0), None, 0.95);
    assert_eq!(
        text,
        "metric `spot`, canary: found estimate 100, lower 150, upper -, level 0.95; expected 0 < lower <= estimate <= \
         upper, finite, at a level between 0 and 1"
    );
    for (estimate, lower, upper, level) in [
        (Some(0.0), None, None, 0.95),
        (Some(f64::NAN), None, None, 0.95),
        (None, Some(-1.0), None, 0.95),
        (None, None, Some(f64::INFINITY), 0.95),
        (None, Some(2.0), Some(1.0), 0.95),
        (Some(1.0), None, None, 1.0),
        (Some(1.0), None, None, f64::NAN),
    ] {
        assert!(refused(estimate, lower, upper, level).contains("canary: found"));
    }
    assert!(Measured::new("spot", Some(Estimate { level: 0.0, ..number(1.0).unwrap() }), None).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever was measured: JSON that follows the schema, the same bytes on any number of threads, and the states by
    /// the bounds.
    #[test]
    fn any_two_numbers_are_judged_alike_on_any_threads(
        baseline in numbers(), canary in numbers(), weight in 0_u8..3, regions in any::<bool>(), judge in 0_usize..3,
    ) {
        let judge = ["interval", "bounds", "kayenta"][judge];
        let toml = format!("[[rules]]\nmatch = [\"squeeze.*\"]\nweight = {weight}\njudge = \"{judge}\"");
        let metrics = if regions { two_regions() } else { calm(5, 9) };
        let of = |threads| {
            let judge = Judge::new(config(&toml)).unwrap().with_threads(threads).with_kayenta(true).with_series(true);
            judge.with_measured(vec![sweet_spot(baseline, canary)]).judge(&metrics)
        };
        let report = of(1);
        let bytes = serde_json::to_string(&report).unwrap();
        prop_assert_eq!(&serde_json::to_string(&of(2)).unwrap(), &bytes);
        prop_assert_eq!(&serde_json::to_string(&of(7)).unwrap(), &bytes);
        follows_the_schema(&report);
        for line in report.metrics.iter().filter(|line| line.method == Some(Method::Measured)) {
            let Some(interval) = line.interval else { continue };
            let above = interval.lower.is_some_and(|lower| lower > line.bounds.upper() * (1.0 + 1e-9));
            let below = interval.upper.is_some_and(|upper| upper < line.bounds.lower() * (1.0 - 1e-9));
            prop_assert_eq!(line.state == State::Hot, above, "{:?}", line);
            prop_assert_eq!(line.state == State::Cold, below, "{:?}", line);
        }
    }
}

/// Every form that a test's number has.
fn numbers() -> impl Strategy<Value = Option<Estimate>> {
    let parts = (any::<[bool; 4]>(), 10.0_f64..1000.0, 0.0_f64..0.5, 0.0_f64..0.5, 0.8_f64..0.999);
    parts.prop_map(|([some, estimate, lower, upper], rate, down, up, level)| {
        some.then(|| Estimate {
            estimate: estimate.then_some(rate),
            lower: lower.then_some(rate * (-down).exp()),
            upper: upper.then_some(rate * up.exp()),
            level,
        })
    })
}
