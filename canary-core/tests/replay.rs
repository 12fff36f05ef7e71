//! Looks at a run while it goes on.
#![allow(clippy::float_cmp, clippy::unwrap_used, reason = "a test; whole minutes are exact")]

mod rows;
mod support;

use std::sync::Arc;

use canary_core::config::{JudgeKind, Span};
use canary_core::replay::{Progress, Replay, ReplayError, StopReason, should_stop};
use canary_core::report::{Interval, Report, State, Verdict, VerdictReason};
use canary_core::stats::{LookPlan, LookSchedule};
use canary_core::{Config, Judge, MetricData, MetricSet, Selection};
use rows::{Row, Table, observations};
use support::{Random, config, minutes, report, set};

fn span(minutes: i64) -> Span {
    Span::from_ms(minutes * 60_000)
}

fn set_of(baseline: &[Row], canary: &[Row]) -> MetricSet {
    let table = |rows: &[Row]| [Table::new(rows, &[])];
    let (baseline, canary) = (table(baseline), table(canary));
    MetricSet::from_observations(&observations(&baseline), &observations(&canary), &Selection::default()).unwrap()
}

/// What JSON says of a report: every byte of it.
fn wire(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

/// The rows of the first `ticks` minutes.
fn before(rows: &[Row], ticks: usize) -> Vec<Row> {
    let end = i64::try_from(ticks).unwrap() * 60_000;
    rows.iter().filter(|row| row.time < end).cloned().collect()
}

/// Rows that hold every tick, so that the grid of any part is as long as the part.
fn pacemaker(ticks: usize) -> Vec<Row> {
    (0..).take(ticks).map(|tick: i64| Row::new(0, tick * 60_000, 1.0)).collect()
}

#[test]
fn a_set_cut_at_a_tick_is_the_set_of_the_rows_up_to_it() {
    let judge = Judge::new(config(rows::CONFIG)).unwrap().with_series(true).with_threads(1);
    for seed in 0..40 {
        let mut random = Random::new(seed);
        let ticks = 8 + random.index(60);
        // The canary starts late or ends early, and so do some of its metrics.
        let mut side = |from: usize, to: usize| {
            let mut rows = pacemaker(ticks);
            rows.extend(rows::random(&mut random, 9, ticks, 0).into_iter().filter(|row| {
                let tick = usize::try_from(row.time / 60_000).unwrap();
                row.metric > 0 && (from..to).contains(&tick) && (row.metric % 4 != 2 || tick > ticks / 2)
            }));
            rows
        };
        let (baseline, mut canary) = (side(0, ticks), side(ticks / 4, 3 * ticks / 4));
        if seed % 4 == 0 {
            canary.retain(|row| row.metric > 0);
        }
        let whole = set_of(&baseline, &canary);
        for ticks in [0, 1, 2, ticks / 3, ticks / 2, ticks - 1, ticks, ticks + 5] {
            let cut = judge.judge(&whole.first_ticks(ticks));
            if ticks == 0 {
                assert_eq!((cut.inputs.ticks, cut.counts.total()), (0, 0), "nothing has come yet");
                continue;
            }
            let alone = judge.judge(&set_of(&before(&baseline, ticks), &before(&canary, ticks)));
            assert_eq!(wire(&cut), wire(&alone), "seed {seed}, {ticks} ticks");
            let again = judge.judge(&whole.first_ticks(ticks + 3).first_ticks(ticks));
            assert_eq!(wire(&again), wire(&alone), "seed {seed}, {ticks} ticks, cut twice");
        }
    }
}

#[test]
fn a_set_of_arrays_is_cut_as_its_arrays_are() {
    let judge = Judge::new(Config::default()).unwrap().with_series(true).with_threads(1);
    let mut random = Random::new(7);
    let mut side = || -> Vec<f64> {
        let odd = |value: f64, kind: usize| match kind {
            0 => f64::NAN,
            1 => f64::INFINITY,
            _ => value,
        };
        (0..80).map(|_| odd(random.normal() + 10.0, random.index(12))).collect()
    };
    let (a, b, c) = (side(), side(), side());
    let late: Vec<f64> = (0..80).map(|tick| if tick < 50 { f64::NAN } else { 3.0 + f64::from(tick % 5) }).collect();
    let built = |ticks: usize| {
        let mut builder = MetricSet::builder(minutes(ticks));
        for (name, baseline, canary) in [("both", &a, &b), ("late", &c, &late)] {
            builder.add(&MetricData::new(name).baseline(&baseline[..ticks]).canary(&canary[..ticks])).unwrap();
        }
        builder.build().unwrap()
    };
    let whole = built(80);
    for ticks in [1, 20, 50, 51, 79, 80] {
        assert_eq!(wire(&judge.judge(&whole.first_ticks(ticks))), wire(&judge.judge(&built(ticks))), "{ticks}");
    }
}

#[test]
fn sparse_sets_are_cut_too() {
    // Two million cells, of which few hold a value. So few metrics that each gives its times to the step.
    let rows = |shift: i64| -> Vec<Row> {
        let minute = |metric: usize, tick: i64| Row::new(metric, tick * 60_000, 5.0 + ((tick + shift) % 7) as f64);
        let regular = (0..20_000).map(|tick| minute(0, tick));
        let rare = (1..120).flat_map(|metric| (0..80).map(move |k| minute(metric, 250 * k + 17 * (k % 9))));
        regular.chain(rare).collect()
    };
    let (baseline, canary) = (rows(0), rows(3));
    let whole = set_of(&baseline, &canary);
    let judge = Judge::new(Config::default()).unwrap();
    for ticks in [100, 1000, 19_999] {
        let alone = set_of(&before(&baseline, ticks), &before(&canary, ticks));
        assert_eq!(wire(&judge.judge(&whole.first_ticks(ticks))), wire(&judge.judge(&alone)), "{ticks} ticks");
    }
}

fn noisy(count: usize, ticks: usize, ratio: impl Fn(usize, usize) -> f64, seed: u64) -> MetricSet {
    let mut random = Random::new(seed);
    let mut builder = MetricSet::builder(minutes(ticks).starting_at(1_740_988_800_000));
    for metric in 0..count {
        let baseline = random.noisy(ticks, 100.0, 0.1);
        let canary = random.noisy(ticks, 100.0, 0.1);
        let canary: Vec<f64> = canary.iter().enumerate().map(|(tick, value)| value * ratio(metric, tick)).collect();
        let name = format!("m{metric}");
        builder.add(&MetricData::new(&name).baseline(&baseline).canary(&canary)).unwrap();
    }
    builder.build().unwrap()
}

fn run(config: Config, metrics: &MetricSet, every: i64) -> Replay {
    Replay::run(&Judge::new(config).unwrap(), metrics, span(every), &mut |_| {}).unwrap()
}

#[test]
fn every_look_is_the_judge_of_its_window_with_its_share_of_the_budget() {
    // From minute 70 on a tenth of the metrics is a fifth too high: not enough to stop.
    let metrics = noisy(10, 240, |metric, tick| if metric == 3 && tick >= 70 { 1.6 } else { 1.0 }, 1);
    let mut seen = Vec::new();
    let judge = Judge::new(Config::default()).unwrap();
    let replay = Replay::run(&judge, &metrics, span(60), &mut |progress| seen.push(progress)).unwrap();
    assert_eq!(seen, (1..=4).map(|look| Progress { look, of: 4 }).collect::<Vec<_>>());
    assert_eq!((replay.looks.len(), replay.budget.looks, replay.budget.false_alarm), (4, 4, 0.05));
    assert_eq!(replay.stopped, None);
    let schedule = Arc::new(LookSchedule::new(&LookPlan::even(4)).unwrap());
    for (number, look) in replay.looks.iter().enumerate() {
        let ticks = 60 * (number + 1);
        let report = judge.clone().at_look(Arc::clone(&schedule), number).judge(&metrics.first_ticks(ticks));
        assert_eq!((look.minutes, look.verdict, look.score), (ticks as f64, report.verdict, report.score));
        let hot: Vec<_> = report.metrics.iter().filter(|metric| metric.state == State::Hot).collect();
        assert_eq!(look.hot.len(), hot.len());
    }
    assert_eq!(replay.looks[0].at.as_deref(), Some("2025-03-03T09:00:00Z"));
    assert!(replay.looks[0].hot.is_empty());
    assert_eq!(replay.looks[3].hot, ["m3".into()]);
    let last = judge.at_look(schedule, 3).judge(&metrics);
    assert_eq!(wire(&replay.report), wire(&last));
}

#[test]
fn a_bad_canary_is_stopped_and_a_good_one_is_not() {
    let bad = run(Config::default(), &noisy(10, 240, |_, _| 2.0, 2), 30);
    let stopped = bad.stopped.unwrap();
    assert_eq!((stopped.minutes, stopped.verdict), (30.0, Verdict::Fail));
    assert_eq!(stopped.because, [StopReason::ScoreBelowMarginal]);
    assert_eq!(stopped.at.as_deref(), Some("2025-03-03T08:30:00Z"));
    assert_eq!((bad.looks.len(), bad.budget.looks, bad.report.inputs.ticks), (1, 8, 30));
    let good = run(Config::default(), &noisy(10, 240, |_, _| 1.0, 3), 30);
    assert_eq!((good.stopped, good.looks.len(), good.report.verdict), (None, 8, Verdict::Pass));
}

#[test]
fn a_critical_metric_stops_a_run_that_passes_otherwise() {
    let critical = config("[[rules]]\nmatch = [\"m4\"]\ncritical = true\n");
    let metrics = noisy(40, 240, |metric, tick| if metric == 4 && tick >= 60 { 2.0 } else { 1.0 }, 4);
    let replay = run(critical, &metrics, 30);
    let stopped = replay.stopped.unwrap();
    assert_eq!(stopped.because, [StopReason::CriticalFailed { metric: "m4".into() }]);
    assert!((90.0..=150.0).contains(&stopped.minutes), "{stopped:?}");
    assert_eq!(serde_json::to_value(&stopped).unwrap()["because"], serde_json::json!(["critical_failed: m4"]));
    let looked = replay.looks.last().unwrap();
    assert_eq!((looked.minutes, looked.verdict), (stopped.minutes, Verdict::Fail));
    assert_eq!(run(Config::default(), &metrics, 30).stopped, None);
}

#[test]
fn the_classical_rule_is_repeated_at_each_look() {
    let mut classical = Config::default();
    classical.defaults.judge = JudgeKind::Bounds;
    let metrics = noisy(10, 120, |_, _| 1.3, 5);
    let replay = run(classical.clone(), &metrics, 30);
    assert_eq!(replay.stopped.unwrap().minutes, 30.0);
    assert_eq!(replay.report.metrics, report(classical, &metrics.first_ticks(30)).metrics);
}

#[test]
fn one_look_is_an_ordinary_run() {
    let metrics = noisy(5, 90, |metric, _| if metric == 0 { 1.5 } else { 1.0 }, 6);
    for every in [90, 91, 10_000] {
        let replay = run(Config::default(), &metrics, every);
        assert_eq!((replay.looks.len(), replay.budget.looks, replay.stopped), (1, 1, None));
        let mut alone = report(Config::default(), &metrics);
        // One look at the end spends everything, but for the rounding of logarithms.
        for (a, b) in alone.metrics.iter_mut().zip(&replay.report.metrics) {
            let (p, q) = (a.p_value.take().unwrap(), b.p_value.unwrap());
            assert!((p - q).abs() <= 1e-12 * p.max(q), "{p} {q}");
        }
        assert_eq!(alone.metrics.len(), replay.report.metrics.len());
        assert_eq!((alone.verdict, alone.score), (replay.report.verdict, replay.report.score));
    }
}

#[test]
fn looks_that_do_not_divide_the_run_end_with_one_at_its_end() {
    let metrics = noisy(3, 100, |_, _| 1.0, 8);
    let minutes = |every| run(Config::default(), &metrics, every).looks.iter().map(|l| l.minutes).collect::<Vec<_>>();
    assert_eq!(minutes(30), [30.0, 60.0, 90.0, 100.0]);
    assert_eq!(minutes(50), [50.0, 100.0]);
    assert_eq!(minutes(99), [99.0, 100.0]);
}

#[test]
fn time_counts_from_when_both_sides_live() {
    let rows =
        |from: i64| (from..200).map(|tick| Row::new(0, tick * 60_000, 5.0 + (tick % 7) as f64)).collect::<Vec<_>>();
    let replay = run(Config::default(), &set_of(&rows(0), &rows(100)), 30);
    let looks: Vec<f64> = replay.looks.iter().map(|look| look.minutes).collect();
    assert_eq!(looks, [30.0, 60.0, 90.0, 100.0]);
    assert_eq!(replay.looks[0].at.as_deref(), Some("1970-01-01T02:10:00Z"));
    assert_eq!(replay.report.inputs.ticks, 200);
}

#[test]
fn without_a_clock_looks_have_no_time() {
    let values: Vec<f64> = (0..60).map(|tick| 5.0 + f64::from(tick % 7)).collect();
    let replay = run(Config::default(), &set(&[("m", &values, &values)]), 30);
    assert_eq!(
        replay.looks.iter().map(|look| (look.at.clone(), look.minutes)).collect::<Vec<_>>(),
        [(None, 30.0), (None, 60.0)]
    );
}

#[test]
fn silence_is_looked_at_and_never_stops() {
    let silent = run(Config::default(), &set(&[("m", &[f64::NAN; 60], &[1.0; 60])]), 30);
    assert_eq!((silent.looks.len(), silent.stopped, silent.report.verdict), (2, None, Verdict::Inconclusive));
    let empty = run(Config::default(), &set(&[]), 30);
    assert_eq!((empty.looks.len(), empty.looks[0].minutes, empty.report.verdict), (1, 0.0, Verdict::Inconclusive));
}

#[test]
fn impossible_looks_say_what_is_possible() {
    let judge = Judge::new(Config::default()).unwrap();
    let refused = |metrics: &MetricSet, ms: i64| {
        Replay::run(&judge, metrics, Span::from_ms(ms), &mut |_| {}).map(drop).unwrap_err()
    };
    let metrics = noisy(1, 1000, |_, _| 1.0, 9);
    for ms in [0, 1, 59_999] {
        assert!(matches!(refused(&metrics, ms), ReplayError::TooShort { .. }), "{ms}");
    }
    let error = refused(&metrics, 60_000);
    assert_eq!(
        error.to_string(),
        "found 1m between looks, which is 1000 looks; expected 4m or more: at most 256 looks"
    );
    assert_eq!(run(Config::default(), &metrics, 4).looks.len(), 250, "what the message says is possible");
}

#[test]
fn a_rest_too_short_for_a_look_puts_the_last_one_off() {
    let metrics = noisy(1, 3001, |_, _| 1.0, 10);
    let looks: Vec<f64> = run(Config::default(), &metrics, 1000).looks.iter().map(|look| look.minutes).collect();
    assert_eq!(looks, [1000.0, 2000.0, 3001.0]);
}

#[test]
fn a_run_stops_for_evidence_only() {
    let mut report = report(Config::default(), &noisy(10, 60, |_, _| 2.0, 11));
    assert_eq!(should_stop(&report), Some(vec![StopReason::ScoreBelowMarginal]));
    // A score whose interval reaches above the threshold may rise again.
    report.score_interval = Some(Interval { level: 0.95, lower: Some(0.0), upper: Some(80.0) });
    assert_eq!(should_stop(&report), None);
    report.score_interval = Some(Interval { level: 0.95, lower: Some(0.0), upper: Some(74.9) });
    assert_eq!(should_stop(&report), Some(vec![StopReason::ScoreBelowMarginal]));
    let critical = VerdictReason::CriticalFailed { metric: "m1".into() };
    report.score_interval = Some(Interval { level: 0.95, lower: Some(0.0), upper: None });
    report.regions[0].reasons.push(critical);
    assert_eq!(should_stop(&report), Some(vec![StopReason::CriticalFailed { metric: "m1".into() }]));
    report.regions[0].verdict = Verdict::Inconclusive;
    assert_eq!(should_stop(&report), None);
}

#[test]
fn a_replay_reads_what_it_writes() {
    let replay = run(Config::default(), &noisy(10, 60, |_, _| 2.0, 12), 30);
    let text = serde_json::to_string(&replay).unwrap();
    assert_eq!(serde_json::from_str::<Replay>(&text).unwrap(), replay);
    assert!(serde_json::from_str::<StopReason>("\"boredom\"").is_err());
}
