//! The judge by example. Expected numbers are worked out by hand or come from theory.
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use canary_core::report::{Evidence, Flag, MetricResult, Reason, Report, State, Verdict, VerdictReason};
use canary_core::stats::{huber_location, student_quantile};
use canary_core::{Config, Judge, MetricData, MetricSet, NoteCode, Side, ndarray};
use support::{Pair, Random, config, minutes, one, report, set};

/// Sixty minutes of the same value.
fn flat(value: f64) -> Vec<f64> {
    vec![value; 60]
}

/// Sixty minutes about a level, 1 % of noise: well decided at any bounds in these tests.
fn calm(seed: u64, level: f64) -> Vec<f64> {
    Random::new(seed).noisy(60, level, 0.01)
}

/// Sixty minutes of noise so wide that bounds of 0.8 to 1.25 stay undecided.
fn wild(seed: u64) -> Vec<f64> {
    Random::new(seed).noisy(60, 100.0, 1.5)
}

fn close(found: Option<f64>, expected: f64) {
    // A few additions and one division of doubles.
    assert!((found.unwrap() - expected).abs() <= 1e-12 * expected.abs(), "{found:?} {expected}");
}

fn find<'a>(report: &'a Report, name: &str) -> &'a MetricResult {
    report.metrics.iter().find(|result| *result.name == *name).unwrap()
}

#[test]
fn the_classical_report_line() {
    // Averages of 2000 and 2401: a ratio of 1.2005, just above an upper bound of 1.2.
    let baseline: Vec<f64> = (0..60).map(|minute| 2000.0 + f64::from(minute % 2 * 20 - 10)).collect();
    let canary: Vec<f64> = (0..60).map(|minute| 2401.0 + f64::from(minute % 3 * 30 - 30)).collect();
    let settings = config("[defaults]\njudge = \"bounds\"\nbounds = { lower = 0.8, upper = 1.2 }");
    let report = report(settings, &set(&[("OpenFileDescriptorCount", &baseline, &canary)]));
    let line = find(&report, "OpenFileDescriptorCount");
    assert_eq!((line.average.baseline, line.average.canary), (Some(2000.0), Some(2401.0)));
    close(line.ratio, 1.2005);
    assert_eq!((line.state, &line.reason, line.evidence), (State::Hot, &Reason::AboveUpperBound, Evidence::Certified));
    assert_eq!((line.interval, line.p_value), (None, None), "the classical rule knows no interval");
    assert_eq!((report.verdict, report.score), (Verdict::Fail, Some(0.0)));
}

/// Baseline and canary, then state, ratio and reason.
type Expected<'a> = (&'a [f64], &'a [f64], State, Option<f64>, Reason);

#[test]
fn averages_of_zero_and_of_either_sign() {
    let gone = flat(f64::NAN);
    let cases: [Expected<'_>; 8] = [
        (&flat(0.0), &flat(3.0), State::Hot, None, Reason::BaselineZero),
        (&flat(3.0), &flat(0.0), State::Cold, Some(0.0), Reason::CanaryZero),
        (&flat(0.0), &flat(0.0), State::Ok, Some(1.0), Reason::BothZero),
        (&gone, &flat(3.0), State::NoData, None, Reason::MissingInBaseline),
        (&flat(3.0), &gone, State::NoData, None, Reason::MissingInCanary),
        (&gone, &gone, State::NoData, None, Reason::NoValues),
        (&flat(-1.0), &flat(-2.0), State::Hot, Some(2.0), Reason::AboveUpperBound),
        (&flat(3.0), &flat(3.0), State::Ok, Some(1.0), Reason::WithinBounds),
    ];
    for judge in ["interval", "bounds"] {
        let settings = config(&format!("[defaults]\njudge = \"{judge}\""));
        for (baseline, canary, state, ratio, reason) in &cases {
            let result = one(settings.clone(), baseline, canary);
            assert_eq!((result.state, &result.reason), (*state, reason), "{judge} {result:?}");
            match ratio {
                Some(ratio) => assert!((result.ratio.unwrap() - ratio).abs() < 1e-12, "{judge} {result:?}"),
                None => assert_eq!(result.ratio, None, "{judge}"),
            }
        }
        assert!(one(settings, &flat(-1.0), &flat(-2.0)).flags.contains(&Flag::NegativeLevel));
    }
    let opposite = |judge: &str| one(config(&format!("[defaults]\njudge = \"{judge}\"")), &flat(-1.0), &flat(2.0));
    assert_eq!(opposite("bounds").reason, Reason::OppositeAverages);
    // The interval judge takes the difference: three from -1 to 2, twice the level of 1.5.
    let result = opposite("interval");
    assert_eq!((result.state, result.ratio, result.flags.contains(&Flag::MixedSigns)), (State::Hot, None, true));
}

#[test]
fn series_that_never_meet_have_no_pairs() {
    let every_other =
        |first: usize| (0..60).map(|tick| if tick % 2 == first { 1.0 } else { f64::NAN }).collect::<Vec<_>>();
    let result = one(Config::default(), &every_other(0), &every_other(1));
    assert_eq!((result.state, result.reason), (State::NoData, Reason::NoCommonTimes));
}

#[test]
fn a_change_below_the_floor_never_counts() {
    let judged =
        |floor: f64| one(config(&format!("[[rules]]\nmatch = [\"*\"]\nfloor = {floor}")), &flat(2.0), &flat(4.0));
    assert_eq!(judged(2.5).state, State::Ok);
    assert_eq!(judged(2.5).reason, Reason::BelowFloor { change: 2.0, floor: 2.5 });
    assert_eq!(judged(2.0).state, State::Hot, "a change as large as the floor counts");
}

#[test]
fn the_direction_says_what_counts_against() {
    for (direction, hot, cold) in [("increase", true, false), ("decrease", false, true), ("either", true, true)] {
        let settings = config(&format!("[defaults]\ndirection = \"{direction}\""));
        let up = one(settings.clone(), &flat(1.0), &flat(2.0));
        let down = one(settings.clone(), &flat(2.0), &flat(1.0));
        assert_eq!((up.state, up.counts_against), (State::Hot, hot), "{direction}");
        assert_eq!((down.state, down.counts_against), (State::Cold, cold), "{direction}");
        let score = report(settings, &set(&[("m", &flat(1.0), &flat(2.0))])).score;
        assert_eq!(
            score,
            Some(if hot { 0.0 } else { 100.0 }),
            "{direction}: the state is shown, the score is not lowered"
        );
    }
}

/// `ok` metrics at ratio 1, then one named `hot` at ratio 2.
fn mostly_ok(ok: usize) -> MetricSet {
    let names: Vec<String> = (0..ok).map(|index| format!("ok_{index:02}")).collect();
    let (one, two) = (flat(1.0), flat(2.0));
    let mut metrics: Vec<support::Pair<'_>> = names.iter().map(|name| (name.as_str(), &one[..], &one[..])).collect();
    metrics.push(("hot", &one, &two));
    set(&metrics)
}

#[test]
fn the_score_is_held_against_both_thresholds() {
    // 19 of 20 are ok: 95, which reaches 95. 9 of 10: marginal. 2 of 3: 66.7, below 75.
    for (ok, verdict, reason) in [
        (19, Verdict::Pass, VerdictReason::ScorePasses { pass: 95.0 }),
        (9, Verdict::Marginal, VerdictReason::ScoreBelowPass { pass: 95.0 }),
        (2, Verdict::Fail, VerdictReason::ScoreBelowMarginal { marginal: 75.0 }),
    ] {
        let report = report(Config::default(), &mostly_ok(ok));
        close(report.score, 100.0 * ok as f64 / (ok as f64 + 1.0));
        assert_eq!((report.verdict, report.reasons), (verdict, vec![reason]));
    }
}

#[test]
fn a_critical_metric_fails_the_run_and_caps_the_score() {
    let critical = config("[[rules]]\nmatch = [\"hot\"]\ncritical = true");
    let report = report(critical, &mostly_ok(99));
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(report.score_uncapped, Some(99.0));
    assert_eq!(report.score, Some(74.99), "just below marginal, so that no caller takes it for a pass");
    assert_eq!(report.reasons, [VerdictReason::CriticalFailed { metric: "hot".into() }]);
    assert_eq!(*report.metrics[0].name, *"hot", "critical metrics come first");
}

#[test]
fn a_critical_metric_in_a_harmless_direction_fails_nothing() {
    let harmless = config("[[rules]]\nmatch = [\"hot\"]\ncritical = true\ndirection = \"decrease\"");
    assert_eq!(report(harmless, &mostly_ok(9)).verdict, Verdict::Pass);
}

#[test]
fn silence_of_a_required_metric_is_inconclusive() {
    let (live, gone) = (flat(1.0), flat(f64::NAN));
    let metrics =
        set(&[("a", &live, &live), ("b", &live, &live), ("c", &live, &gone), ("d", &live, &live), ("e", &live, &live)]);
    assert_eq!(report(Config::default(), &metrics).verdict, Verdict::Pass, "a fifth without data is no more than 20 %");
    for key in ["must_have_data", "critical"] {
        let report = report(config(&format!("[[rules]]\nmatch = [\"c\"]\n{key} = true")), &metrics);
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert_eq!(report.reasons, [VerdictReason::RequiredWithoutData { metric: "c".into() }]);
        assert_eq!((report.score_uncapped, report.score), (Some(100.0), Some(94.99)));
    }
    for key in ["must_have_data", "critical"] {
        let report = report(config(&format!("[[rules]]\nmatch = [\"absent_*\"]\n{key} = true")), &metrics);
        assert_eq!(report.verdict, Verdict::Inconclusive);
        let reason = VerdictReason::RequiredRuleWithoutMetric { rule: 0, patterns: vec!["absent_*".into()] };
        assert_eq!(report.reasons, [reason]);
        assert!(report.notes.iter().any(|note| note.code == NoteCode::RuleMatchesNothing && note.count == 1));
    }
}

#[test]
fn a_failure_is_a_failure_whatever_is_silent() {
    let settings =
        config("[[rules]]\nmatch = [\"hot\"]\ncritical = true\n[[rules]]\nmatch = [\"absent\"]\ncritical = true");
    assert_eq!(report(settings, &mostly_ok(9)).verdict, Verdict::Fail);
}

#[test]
fn too_much_without_data_is_inconclusive() {
    let (live, gone) = (flat(1.0), flat(f64::NAN));
    let metrics = set(&[("a", &live, &live), ("b", &live, &live), ("c", &live, &gone)]);
    let judged = report(Config::default(), &metrics);
    assert_eq!(judged.verdict, Verdict::Inconclusive);
    assert_eq!(judged.reasons, [VerdictReason::TooMuchWithoutData { share: 1.0 / 3.0, limit: 0.2 }]);
    let light = config("[[rules]]\nmatch = [\"c\"]\nweight = 0.4");
    assert_eq!(report(light, &metrics).verdict, Verdict::Pass, "0.4 of 2.4 is less than a fifth of the weight");
}

#[test]
fn too_much_undecided_is_inconclusive() {
    let (baseline, canary) = (calm(1, 100.0), calm(2, 100.0));
    let (restless, other) = (wild(3), wild(4));
    let metrics = set(&[("a", &restless, &other), ("b", &other, &restless), ("c", &baseline, &canary)]);
    let judged = report(Config::default(), &metrics);
    assert_eq!(judged.counts.undecided, 2);
    assert_eq!(judged.verdict, Verdict::Inconclusive);
    assert_eq!(judged.reasons, [VerdictReason::TooMuchUndecided { share: 2.0 / 3.0, limit: 0.5 }]);
    let even = set(&[("a", &restless, &other), ("c", &baseline, &canary)]);
    assert_eq!(report(Config::default(), &even).verdict, Verdict::Pass, "half is not more than half");
    let strict = report(config("[evidence]\nrequire = true"), &even);
    assert_eq!(strict.reasons, [VerdictReason::EvidenceRequired { undecided: 1 }]);
}

#[test]
fn all_idle_is_inconclusive() {
    let idle = flat(0.0);
    let judged = report(Config::default(), &set(&[("a", &idle, &idle), ("b", &idle, &idle)]));
    assert_eq!((judged.verdict, judged.reasons), (Verdict::Inconclusive, vec![VerdictReason::AllIdle]));
    let live = flat(1.0);
    let with_shown = set(&[("a", &idle, &idle), ("uptime", &live, &live)]);
    assert_eq!(report(Config::default(), &with_shown).verdict, Verdict::Pass);
    let not_counted = report(config("[[rules]]\nmatch = [\"uptime\"]\nweight = 0"), &with_shown);
    assert_eq!(not_counted.reasons, [VerdictReason::AllIdle], "what has no weight is no sign of life");
}

#[test]
fn nothing_at_all_is_inconclusive() {
    let judged = report(Config::default(), &MetricSet::builder(minutes(60)).build().unwrap());
    assert_eq!((judged.verdict, judged.score), (Verdict::Inconclusive, None));
    assert_eq!(judged.reasons, [VerdictReason::NoData]);
    let (one, gone) = (flat(1.0), flat(f64::NAN));
    let no_weight = config("[defaults]\nweight = 0");
    let judged = report(no_weight, &set(&[("a", &one, &one), ("b", &gone, &one)]));
    assert_eq!((judged.verdict, judged.score), (Verdict::Inconclusive, None), "nothing counts, so nothing passes");
}

#[test]
fn scores_of_groups_and_weights() {
    // latency: 3 ok against 1 hot, weights 1 and 3: 50. errors: 100. Weights 3 and 1: (3·50 + 100) / 4 = 62.5.
    let settings = config(
        "[[rules]]\nmatch = [\"lat_*\"]\ngroup = \"latency\"\n[[rules]]\nmatch = [\"err\"]\ngroup = \"errors\"\n\
         [[rules]]\nmatch = [\"lat_hot\"]\nweight = 3\n[groups.latency]\nweight = 3\n[groups.unused]\nweight = 9",
    );
    let (low, high) = (flat(1.0), flat(2.0));
    let names = ["lat_a", "lat_b", "lat_c", "err"];
    let mut metrics: Vec<support::Pair<'_>> = names.iter().map(|name| (*name, &low[..], &low[..])).collect();
    metrics.push(("lat_hot", &low, &high));
    let judged = report(settings, &set(&metrics));
    let groups: Vec<_> =
        judged.groups.iter().map(|group| (group.name.to_string(), group.weight, group.score)).collect();
    assert_eq!(groups, [("errors".to_owned(), 1.0, Some(100.0)), ("latency".to_owned(), 3.0, Some(50.0))]);
    assert_eq!(judged.score_uncapped, Some(62.5));
    assert!(judged.notes.iter().any(|note| note.code == NoteCode::GroupWithoutMetric));
}

#[test]
fn the_group_of_the_input_stands_until_a_rule_says_otherwise() {
    let values = flat(1.0);
    let mut builder = MetricSet::builder(minutes(60));
    builder.add(&MetricData::new("cpu").group("host").baseline(&values).canary(&values)).unwrap();
    let metrics = builder.build().unwrap();
    assert_eq!(*report(Config::default(), &metrics).groups[0].name, *"host");
    assert_eq!(*report(config("[[rules]]\nmatch = [\"*\"]\ngroup = \"mine\""), &metrics).groups[0].name, *"mine");
}

/// One metric in two regions: `us` is well, `eu` is as given.
fn two_regions(baseline: Option<&[f64]>, canary: Option<&[f64]>) -> MetricSet {
    let well = flat(1.0);
    let mut builder = MetricSet::builder(minutes(60));
    builder.add(&MetricData::new("m").region("us").baseline(&well).canary(&well)).unwrap();
    let mut eu = MetricData::new("m").region("eu");
    if let Some(values) = baseline {
        eu = eu.baseline(values);
    }
    if let Some(values) = canary {
        eu = eu.canary(values);
    }
    builder.add(&eu).unwrap();
    builder.build().unwrap()
}

#[test]
fn the_worst_region_decides() {
    let judged = report(Config::default(), &two_regions(Some(&flat(1.0)), Some(&flat(2.0))));
    let verdicts: Vec<_> = judged.regions.iter().map(|region| (region.name.as_deref(), region.verdict)).collect();
    assert_eq!(verdicts, [(Some("eu"), Verdict::Fail), (Some("us"), Verdict::Pass)]);
    assert_eq!((judged.verdict, judged.worst_region.as_deref()), (Verdict::Fail, Some("eu")));
    assert_eq!((judged.score, judged.score_all), (Some(0.0), Some(50.0)));
}

#[test]
fn a_region_on_one_side_is_inconclusive() {
    let values = flat(1.0);
    for (baseline, canary, side) in [(Some(&values[..]), None, Side::Baseline), (None, Some(&values[..]), Side::Canary)]
    {
        let judged = report(Config::default(), &two_regions(baseline, canary));
        assert_eq!((judged.verdict, judged.worst_region.as_deref()), (Verdict::Inconclusive, Some("eu")));
        let note = judged.notes.iter().find(|note| note.code == NoteCode::RegionOnOneSide).unwrap();
        assert_eq!((note.side, note.detail.as_deref()), (Some(side), Some("eu")));
    }
}

#[test]
fn warm_up_leaves_the_start_of_the_canary_out_on_both_sides() {
    // The canary starts ten minutes late and needs twenty to warm up; warm, it is as the baseline.
    let warming = |minute: usize| match minute {
        0..10 => f64::NAN,
        10..30 => 50.0,
        _ => 10.0,
    };
    let (baseline, canary): (Vec<f64>, Vec<f64>) = (0..60).map(|minute| (10.0, warming(minute))).unzip();
    let judged = |warmup: &str| {
        one(config(&format!("[defaults]\njudge = \"bounds\"\nwarmup = \"{warmup}\"")), &baseline, &canary)
    };
    assert_eq!(judged("0s").state, State::Hot);
    let warm = judged("20m");
    assert_eq!((warm.state, warm.ratio, warm.points.baseline, warm.points.canary), (State::Ok, Some(1.0), 30, 30));
    let dropped = |side| warm.notes.iter().find(|note| note.code == NoteCode::WarmUp && note.side == Some(side));
    assert_eq!(dropped(Side::Canary).unwrap().count, 20);
    let early = warm.notes.iter().find(|note| note.code == NoteCode::BeforeCommonStart).unwrap();
    assert_eq!((early.side, early.count), (Some(Side::Baseline), 10));
}

#[test]
fn counters_are_judged_by_their_increase() {
    // Both grow by 5 a minute, from far apart; the canary restarts once.
    let baseline: Vec<f64> = (0..60).map(|minute| 1000.0 + 5.0 * f64::from(minute)).collect();
    let canary: Vec<f64> =
        (0..60).map(|minute| 5.0 * f64::from(if minute < 30 { minute } else { minute - 30 })).collect();
    assert_eq!(one(config("[defaults]\njudge = \"bounds\""), &baseline, &canary).state, State::Cold, "as a gauge");
    let result = one(config("[[rules]]\nmatch = [\"*\"]\nkind = \"counter\""), &baseline, &canary);
    assert_eq!((result.state, result.ratio), (State::Ok, Some(1.0)));
    assert_eq!((result.average.baseline, result.average.canary), (Some(5.0), Some(5.0)));
    assert_eq!((result.points.baseline, result.points.canary), (59, 58));
    let reset = result.notes.iter().find(|note| note.code == NoteCode::CounterReset).unwrap();
    assert_eq!((reset.side, reset.count), (Some(Side::Canary), 1));
}

#[test]
fn instances_are_averaged_at_each_tick() {
    // Instances at 1 and 3 average 2; where one is silent the other stands alone.
    let mut baseline = ndarray::Array2::from_shape_fn((2, 60), |(instance, _)| [1.0, 3.0][instance]);
    baseline[[1, 59]] = f64::NAN;
    let canary = ndarray::Array2::from_elem((3, 60), 2.0);
    let mut builder = MetricSet::builder(minutes(60));
    builder.add(&MetricData::new("m").baseline_instances(baseline.view()).canary_instances(canary.view())).unwrap();
    let judged = report(config("[defaults]\njudge = \"bounds\""), &builder.build().unwrap());
    close(judged.metrics[0].average.baseline, (59.0 * 2.0 + 1.0) / 60.0);
    assert_eq!(judged.metrics[0].average.canary, Some(2.0));
    assert_eq!((judged.inputs.baseline.instances, judged.inputs.canary.instances), (2, 3));
}

#[test]
fn outliers_are_dropped_where_asked_for() {
    let baseline: Vec<f64> = (0..60).map(|minute| 10.0 + f64::from(minute % 5)).collect();
    let mut canary = baseline.clone();
    canary[7] = 10_000.0;
    let judged = |outliers: &str| {
        one(config(&format!("[defaults]\njudge = \"bounds\"\noutliers = \"{outliers}\"")), &baseline, &canary)
    };
    assert_eq!(judged("keep").state, State::Hot);
    let dropped = judged("drop");
    assert_eq!((dropped.state, dropped.points.canary), (State::Ok, 59));
    assert!(dropped.notes.iter().any(|note| note.code == NoteCode::Outliers && note.count == 1));
    let robust = one(Config::default(), &baseline, &canary);
    assert_eq!(
        (robust.state, robust.evidence),
        (State::Ok, Evidence::Certified),
        "the interval judge needs no such help"
    );
}

#[test]
fn too_few_points_and_too_little_coverage_are_nodata() {
    let (eleven, twelve) = (vec![1.0; 11], vec![1.0; 12]);
    assert_eq!(one(Config::default(), &eleven, &eleven).reason, Reason::TooFewPoints { found: 11, needed: 12 });
    assert_eq!(one(Config::default(), &twelve, &twelve).state, State::Ok);
    let sparse: Vec<f64> = (0..60).map(|minute| if minute % 3 == 0 { 1.0 } else { f64::NAN }).collect();
    for (baseline, canary) in [(&flat(1.0), &sparse), (&sparse, &flat(1.0))] {
        let result = one(Config::default(), baseline, canary);
        assert_eq!(result.reason, Reason::LowCoverage { share: 20.0 / 60.0, needed: 0.5 });
    }
}

#[test]
fn errors_in_every_second_minute_against_none_are_hot() {
    let (none, errors) = (vec![0.0; 480], (0..480).map(|minute| f64::from(minute % 2)).collect::<Vec<_>>());
    let result = one(Config::default(), &none, &errors);
    assert_eq!((result.state, &result.reason, result.ratio), (State::Hot, &Reason::BaselineZero, None));
    assert!(result.p_value.unwrap() < 0.02, "{result:?}");
    let mended = one(Config::default(), &errors, &none);
    assert_eq!((mended.state, mended.reason, mended.ratio), (State::Cold, Reason::CanaryZero, Some(0.0)));
}

#[test]
fn one_error_in_eight_hours_is_no_regression() {
    let mut errors = vec![0.0; 480];
    errors[100] = 1.0;
    let result = one(Config::default(), &vec![0.0; 480], &errors);
    assert_eq!((result.state, result.evidence), (State::Ok, Evidence::Undecided));
}

#[test]
fn autocorrelated_noise_keeps_the_level() {
    const METRICS: u64 = 400;
    // Bounds of nothing: every flag on two sides of the same law is a false one.
    let settings = config("[defaults]\nbounds = { lower = 0.999999, upper = 1.000001 }\nlevel = 0.98");
    let (mut flagged, mut naive) = (0_u32, 0_u32);
    for seed in 0..METRICS {
        let mut random = Random::new(1000 + seed);
        let mut side =
            || -> Vec<f64> { random.ar1(480, 0.8).iter().map(|noise| 100.0 * (0.1 * noise).exp()).collect() };
        let (baseline, canary) = (side(), side());
        flagged += u32::from(one(settings.clone(), &baseline, &canary).state != State::Ok);
        naive += u32::from(independent_interval_excludes_one(&baseline, &canary));
    }
    // docs/method.md: 2.2 % at 480 points; 4 % is 2.5 standard errors above it.
    assert!(flagged < 16, "{flagged} of {METRICS} flagged");
    // The same interval with the standard error of independent points: 45 %.
    assert!(naive > 120, "{naive} of {METRICS} flagged by the naive interval");
}

fn independent_interval_excludes_one(baseline: &[f64], canary: &[f64]) -> bool {
    let logs: Vec<f64> = baseline.iter().zip(canary).map(|(b, c)| (c / b).ln()).collect();
    let found = huber_location(&logs, &mut Vec::new()).unwrap();
    let count = logs.len() as f64;
    let mean = logs.iter().sum::<f64>() / count;
    let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / (count - 1.0);
    found.location.abs() > student_quantile(0.01, count - 1.0) * (variance / count).sqrt()
}

/// What a config decides, without the config itself and what is copied from it.
fn decided(toml: &str, metrics: &MetricSet) -> Report {
    let thresholds = Config::default().thresholds;
    let mut report = report(config(toml), metrics);
    report.reasons.clear();
    report.regions.clear();
    report.notes.clear();
    for result in &mut report.metrics {
        result.rules.clear();
    }
    Report { config: Config::default(), thresholds, ..report }
}

/// Metrics on which every key has something to decide: see the names.
fn everything() -> MetricSet {
    let mut random = Random::new(77);
    let level = |ratio: f64| flat(ratio);
    let gaps: Vec<f64> = (0..60).map(|minute| if minute % 3 == 0 { 1.0 } else { f64::NAN }).collect();
    let late: Vec<f64> = (0..60).map(|minute| if minute < 20 { 9.0 } else { 1.0 }).collect();
    let wandering: Vec<f64> = (0..60).map(|minute| f64::from(minute % 5) + 10.0).collect();
    let still: Vec<f64> = (0..60).map(|minute| if minute < 15 { f64::from(minute % 5) + 10.0 } else { 12.0 }).collect();
    let spiked: Vec<f64> = (0..60).map(|minute| if minute == 7 { 1e4 } else { f64::from(minute % 5) + 10.0 }).collect();
    let sums: Vec<f64> = (0..60).map(|minute| 7.0 + f64::from(minute)).collect();
    let more: Vec<f64> = (0..60).map(|minute| 700.0 + f64::from(minute)).collect();
    let (noise, other) = (random.noisy(60, 1.0, 0.3), random.noisy(60, 1.15, 0.3));
    let machines = ndarray::Array2::from_shape_fn((3, 60), |(machine, minute)| 10.0 + (machine + minute % 3) as f64);
    let mut builder = MetricSet::builder(minutes(60));
    let metrics: [Pair<'_>; 9] = [
        ("request_latency", &level(1.0), &level(1.3)),
        ("ok_a", &level(1.0), &level(1.0)),
        ("ok_b", &level(1.0), &level(1.0)),
        ("gaps", &level(1.0), &gaps),
        ("late", &level(1.0), &late),
        ("spiked", &level(12.0), &spiked),
        ("still", &wandering, &still),
        ("sums", &sums, &more),
        ("noise", &noise, &other),
    ];
    for (name, baseline, canary) in metrics {
        builder.add(&MetricData::new(name).baseline(baseline).canary(canary)).unwrap();
    }
    builder.add(&MetricData::new("machines").baseline_instances(machines.view()).canary(&level(13.0))).unwrap();
    builder.build().unwrap()
}

/// Without `request_latency` against it the run passes: there evidence decides.
const PASSES: &str = "[defaults]\ndirection = \"decrease\"\n";
/// A group of its own for the metrics that are ok.
const FRONT: &str = "[[rules]]\nmatch = [\"ok_*\"]\ngroup = \"front\"\n";

/// A count per minute.
const COUNT: &str = "[[rules]]\nmatch = [\"sums\"]\nkind = \"count\"\n";

/// One line a key: its path in the schema, a config, and what is added to it to set the key.
const KEYS: [(&str, &str, &str); 41] = [
    ("thresholds.pass", "", "[thresholds]\npass = 76"),
    ("thresholds.marginal", "", "[thresholds]\nmarginal = 90"),
    ("defaults.bounds.lower", "", "[defaults.bounds]\nlower = 0.999"),
    ("defaults.bounds.upper", "", "[defaults.bounds]\nupper = 1.4"),
    ("defaults.direction", "", "[defaults]\ndirection = \"decrease\""),
    ("defaults.weight", "", "[defaults]\nweight = 0"),
    ("defaults.judge", "", "[defaults]\njudge = \"bounds\""),
    ("defaults.level", "", "[defaults]\nlevel = 0.5"),
    ("defaults.min_points", "", "[defaults]\nmin_points = 61"),
    ("defaults.min_coverage", "", "[defaults]\nmin_coverage = 0.3"),
    ("defaults.outliers", "", "[defaults]\noutliers = \"drop\""),
    ("defaults.warmup", "", "[defaults]\nwarmup = \"20m\""),
    ("rules.match", "", "[[rules]]\nmatch = [\"ok_*\"]\nweight = 5"),
    ("rules.preset", "", "[[rules]]\npreset = \"latency\""),
    ("rules.group", "", "[[rules]]\nmatch = [\"ok_*\"]\ngroup = \"front\""),
    ("rules.bounds.lower", "", "[[rules]]\nmatch = [\"noise\"]\nbounds = { lower = 0.1 }"),
    ("rules.bounds.upper", "", "[[rules]]\nmatch = [\"request_*\"]\nbounds = { upper = 1.4 }"),
    ("rules.direction", "", "[[rules]]\nmatch = [\"request_*\"]\ndirection = \"decrease\""),
    ("rules.weight", "", "[[rules]]\nmatch = [\"request_*\"]\nweight = 9"),
    ("rules.critical", "", "[[rules]]\nmatch = [\"request_*\"]\ncritical = true"),
    ("rules.must_have_data", PASSES, "[[rules]]\nmatch = [\"gaps\"]\nmust_have_data = true"),
    ("rules.floor", "", "[[rules]]\nmatch = [\"request_*\"]\nfloor = 0.5"),
    ("rules.judge", "", "[[rules]]\nmatch = [\"spiked\"]\njudge = \"bounds\""),
    ("rules.kind", "", "[[rules]]\nmatch = [\"sums\"]\nkind = \"counter\""),
    ("rules.shapes", "", "[[rules]]\nmatch = [\"still\"]\nshapes = [\"stuck\"]"),
    ("rules.denominator", COUNT, "denominator = \"noise\""),
    ("rules.requests", "", "[[rules]]\nmatch = [\"noise\"]\nrequests = \"late\""),
    ("rules.quantile", "[[rules]]\nmatch = [\"noise\"]\nrequests = \"late\"\n", "quantile = 0.99"),
    ("rules.normalise_by", "", "[[rules]]\nmatch = [\"noise\"]\nnormalise_by = \"su*\""),
    ("rules.unit", "", "[[rules]]\nmatch = [\"machines\"]\nunit = \"minute\""),
    ("rules.level", "", "[[rules]]\nmatch = [\"noise\"]\nlevel = 0.5"),
    ("rules.min_points", "", "[[rules]]\nmatch = [\"ok_a\"]\nmin_points = 61"),
    ("rules.min_coverage", "", "[[rules]]\nmatch = [\"gaps\"]\nmin_coverage = 0.3"),
    ("rules.outliers", "", "[[rules]]\nmatch = [\"spiked\"]\noutliers = \"drop\""),
    ("groups.weight", FRONT, "[groups.front]\nweight = 9"),
    ("evidence.false_alarm", "", "[evidence]\nfalse_alarm = 0.0001"),
    ("fairness.traffic", PASSES, "[fairness]\ntraffic = \"nothing\""),
    ("fairness.ignore", "[fairness]\ntraffic = \"nothing\"\n", "ignore = [\"traffic\"]"),
    ("evidence.max_nodata", PASSES, "[evidence]\nmax_nodata = 0.01"),
    ("evidence.max_undecided", PASSES, "[evidence]\nmax_undecided = 0.01"),
    ("evidence.require", PASSES, "[evidence]\nrequire = true"),
];

#[test]
fn every_config_key_changes_a_result() {
    let metrics = everything();
    for (key, without, added) in KEYS {
        assert_ne!(decided(without, &metrics), decided(&format!("{without}{added}"), &metrics), "{key}");
    }
}

/// The keys of the schema, as paths: a key that is added here needs a line above.
#[test]
fn no_config_key_is_forgotten() {
    let schema = serde_json::to_value(canary_core::schema::config()).unwrap();
    let mut known = Vec::new();
    keys(&schema, &schema, "", &mut known);
    known.sort();
    let mut tested: Vec<String> = KEYS.iter().map(|(key, ..)| (*key).to_owned()).collect();
    tested.sort();
    assert_eq!(known, tested);
}

fn keys(root: &serde_json::Value, node: &serde_json::Value, path: &str, found: &mut Vec<String>) {
    if let Some(name) = node["$ref"].as_str() {
        let target = name.rsplit('/').next().unwrap();
        return keys(root, &root["$defs"][target], path, found);
    }
    let choices = node["anyOf"].as_array().into_iter().chain(node["allOf"].as_array()).flatten();
    let inner: Vec<&serde_json::Value> = choices
        .filter(|choice| choice["type"] != "null")
        .chain([&node["items"], &node["additionalProperties"]])
        .collect();
    if let Some(properties) = node["properties"].as_object() {
        for (key, value) in properties {
            keys(root, value, format!("{path}.{key}").trim_start_matches('.'), found);
        }
    } else if let Some(inner) = inner.into_iter().find(|inner| has_keys(root, inner)) {
        keys(root, inner, path, found);
    } else {
        found.push(path.to_owned());
    }
}

fn has_keys(root: &serde_json::Value, node: &serde_json::Value) -> bool {
    let mut found = Vec::new();
    if node.is_object() {
        keys(root, node, "", &mut found);
    }
    found.iter().any(|key| !key.is_empty())
}

/// Ten minutes into the run the canary gets its build. Its machine was always a third slower: that is no
/// change. A doubling after the deployment is one.
#[test]
fn what_separated_the_sides_before_the_deployment_is_no_change() {
    let (ticks, deployed) = (360, 120);
    let mut random = Random::new(7);
    let noisy = |level: f64, random: &mut Random| level * (0.05 * random.normal()).exp();
    let mut metrics = MetricSet::builder(minutes(ticks).starting_at(0));
    for index in 0..40 {
        let machine = if index % 2 == 0 { 1.35 } else { 0.75 };
        let change = if index == 0 { 2.0 } else { 1.0 };
        let baseline: Vec<f64> = (0..ticks).map(|_| noisy(100.0, &mut random)).collect();
        let after = |tick: usize| if tick < deployed { 1.0 } else { change };
        let canary: Vec<f64> = (0..ticks).map(|tick| noisy(100.0 * machine * after(tick), &mut random)).collect();
        metrics.add(&MetricData::new(&format!("m{index}")).baseline(&baseline).canary(&canary)).unwrap();
    }
    let metrics = metrics.build().unwrap();
    let judge = Judge::new(Config::default()).unwrap();
    let flagged = |report: &Report| report.counts.hot + report.counts.cold;
    assert_eq!(flagged(&judge.judge(&metrics)), 40, "the machines differ beyond the bounds");
    let report = judge.deployed_at(i64::try_from(deployed).unwrap() * 60_000).judge(&metrics);
    assert_eq!(flagged(&report), 1);
    let changed = report.metrics.iter().find(|metric| *metric.name == *"m0").unwrap();
    assert_eq!(changed.state, State::Hot);
    // Twice, with an error of 5 % over the root of 120 and 240 minutes and the shrinkage towards no past.
    assert!((changed.ratio.unwrap() / 2.0 - 1.0).abs() < 0.03, "{changed:?}");
    assert!(changed.flags.contains(&Flag::AdjustedByPast) && changed.points.canary == 240, "{changed:?}");
}

/// Equal machines that differ more than their minutes explain: the control says so, and the intervals know.
#[test]
fn a_control_widens_by_how_much_equal_machines_differ() {
    let ticks = 240;
    let mut random = Random::new(11);
    let machine = |random: &mut Random| (0.3 * random.normal()).exp();
    let (mut run, mut control) = (MetricSet::builder(minutes(ticks)), MetricSet::builder(minutes(ticks)));
    for index in 0..60 {
        let name = format!("m{index}");
        let series = |level: f64, random: &mut Random| -> Vec<f64> {
            (0..ticks).map(|_| level * (0.1 * random.normal()).exp()).collect()
        };
        let [old, new, other] = [0; 3].map(|_| machine(&mut random));
        let baseline = series(old, &mut random);
        let (canary, production) = (series(new, &mut random), series(other, &mut random));
        run.add(&MetricData::new(&name).baseline(&baseline).canary(&canary)).unwrap();
        control.add(&MetricData::new(&name).baseline(&baseline).canary(&production)).unwrap();
    }
    let (run, control) = (run.build().unwrap(), control.build().unwrap());
    let judge = Judge::new(Config::default()).unwrap();
    let alone = judge.judge(&run);
    assert!(alone.counts.hot + alone.counts.cold > 10, "minutes understate the noise: {:?}", alone.counts);
    let known = judge.judge_with_control(&run, &control);
    assert!(known.noise.widening > 10.0, "{:?}", known.noise);
    assert_eq!(known.counts.hot + known.counts.cold, 0, "{:?}", known.counts);
}
