//! A run that is watched: the same as a judge of what came so far.
#![allow(clippy::float_cmp, clippy::unwrap_used, reason = "a test; whole minutes are exact")]

mod rows;
mod support;

use std::sync::Arc;

use canary_core::config::Span;
use canary_core::report::{Report, Verdict};
use canary_core::session::{Sample, Session, SessionPlan};
use canary_core::stats::{AsymptoticSequence, LookPlan, LookSchedule};
use canary_core::{Config, InputError, Judge, MetricSet, Selection, Side};
use rows::{Row, Table, observations};
use support::{Random, config};

const MINUTE: i64 = 60_000;

fn span(minutes: i64) -> Span {
    Span::from_ms(minutes * MINUTE)
}

fn plan(every: i64, horizon: Option<i64>) -> SessionPlan {
    SessionPlan { every: span(every), horizon: horizon.map(span), step: span(1) }
}

fn session(every: i64, horizon: Option<i64>) -> Session {
    Session::new(plan(every, horizon)).unwrap()
}

fn wire(report: &Report) -> String {
    serde_json::to_string(report).unwrap()
}

/// The set of all rows, on a grid of minutes.
fn batch(baseline: &[Row], canary: &[Row]) -> MetricSet {
    let table = |rows: &[Row]| [Table::new(rows, &[])];
    let (baseline, canary) = (table(baseline), table(canary));
    let selection = Selection { step: Some(span(1)), ..Selection::default() };
    MetricSet::from_observations(&observations(&baseline), &observations(&canary), &selection).unwrap()
}

fn observe(session: &mut Session, baseline: &[Row], canary: &[Row]) {
    let (baseline, canary) = ([Table::new(baseline, &[3, 1])], [Table::new(canary, &[])]);
    session.observe(&observations(&baseline), &observations(&canary)).unwrap();
}

/// Written and read, as a caller does that is started anew for every minute.
fn reread(session: &Session) -> Session {
    serde_json::from_str(&serde_json::to_string(session).unwrap()).unwrap()
}

fn minute_of(row: &Row) -> usize {
    usize::try_from(row.time / MINUTE).unwrap()
}

/// Both sides of a run of `ticks` minutes: regions, instances, gaps, duplicates, NaN, infinities; some
/// metrics come late, some stop, and the canary starts late. Every minute has a row on both sides.
fn both_sides(random: &mut Random, ticks: usize) -> (Vec<Row>, Vec<Row>) {
    let mut side = |from: usize| {
        let mut rows: Vec<Row> = (0_i64..).take(ticks).map(|tick| Row::new(0, tick * MINUTE, 7.0)).collect();
        rows.extend(rows::random(random, 9, ticks, 0).into_iter().filter(|row| {
            let late = row.metric % 4 == 2 && minute_of(row) < ticks / 2;
            let over = row.metric % 4 == 1 && minute_of(row) > 2 * ticks / 3;
            row.metric > 0 && minute_of(row) >= from && !late && !over
        }));
        rows
    };
    (side(0), side(ticks / 5))
}

#[test]
fn a_session_is_the_batch_of_what_came_whatever_the_split_and_the_order() {
    let judge = Judge::new(config(rows::CONFIG)).unwrap().with_series(true).with_threads(1);
    for seed in 0..25 {
        let mut random = Random::new(100 + seed);
        let ticks = 10 + random.index(60);
        let (baseline, canary) = both_sides(&mut random, ticks);
        let mut session = session(5, Some(60));
        let mut came = (Vec::new(), Vec::new());
        let mut order: Vec<usize> = (0..ticks).collect();
        if seed % 3 == 2 {
            // Minutes out of order, the first among them: the grid must grow to both ends.
            random.shuffle(&mut order);
        }
        for (count, minute) in order.into_iter().enumerate() {
            let of_minute =
                |rows: &[Row]| rows.iter().filter(|row| minute_of(row) == minute).cloned().collect::<Vec<_>>();
            let (mut now_baseline, mut now_canary) = (of_minute(&baseline), of_minute(&canary));
            random.shuffle(&mut now_baseline);
            random.shuffle(&mut now_canary);
            observe(&mut session, &now_baseline, &now_canary);
            came.0.extend(now_baseline);
            came.1.extend(now_canary);
            session = if count % 7 == 3 { reread(&session) } else { session };
            // A batch of scattered minutes would take them for irregular ones.
            if count % 7 == 3 && seed % 3 != 2 {
                let (seen, expected) = (session.metrics(), batch(&came.0, &came.1));
                assert_eq!(wire(&judge.judge(&seen)), wire(&judge.judge(&expected)), "seed {seed}, {count} minutes");
            }
        }
        let (whole, expected) = (session.metrics(), batch(&baseline, &canary));
        assert_eq!(wire(&judge.judge(&whole)), wire(&judge.judge(&expected)), "seed {seed}");
        let (cut, expected) = (whole.first_ticks(ticks / 2), expected.first_ticks(ticks / 2));
        assert_eq!(wire(&judge.judge(&cut)), wire(&judge.judge(&expected)), "seed {seed}, the first half");
    }
}

/// Minutes of one metric, the canary at `ratio`.
fn metric(name: usize, minutes: std::ops::Range<i64>, ratio: f64) -> (Vec<Row>, Vec<Row>) {
    let load = |minute: i64| 100.0 + (minute * 7 % 11) as f64;
    let noise = |minute: i64| 1.0 + 0.01 * (minute * 5 % 7) as f64;
    let baseline = minutes.clone().map(|minute| Row::new(name, minute * MINUTE, load(minute))).collect();
    let canary = minutes.map(|minute| Row::new(name, minute * MINUTE, ratio * noise(minute) * load(minute))).collect();
    (baseline, canary)
}

#[test]
fn looks_are_taken_when_they_are_due_and_spend_what_the_plan_leaves_them() {
    let judge = Judge::new(Config::default()).unwrap();
    let schedule = Arc::new(LookSchedule::new(&LookPlan::even(4)).unwrap());
    let mut session = session(30, Some(120));
    let (baseline, canary) = metric(1, 0..125, 1.0);
    let mut looks = Vec::new();
    for (baseline, canary) in baseline.iter().zip(&canary) {
        observe(&mut session, std::slice::from_ref(baseline), std::slice::from_ref(canary));
        session = reread(&session);
        if let Some(look) = session.look(&judge).unwrap() {
            let seen = session.metrics().first_ticks(30 * (looks.len() + 1));
            let expected = judge.clone().at_look(Arc::clone(&schedule), looks.len()).judge(&seen);
            assert_eq!(wire(&look.report), wire(&expected));
            assert_eq!((look.stop, session.look(&judge).unwrap()), (None, None), "each look once");
            looks.push((minute_of(baseline) + 1, look.result.minutes, look.is_last));
        }
    }
    assert_eq!(looks, [(30, 30.0, false), (60, 60.0, false), (90, 90.0, false), (120, 120.0, true)]);
    assert_eq!(session.looks_taken(), 4);
}

#[test]
fn after_an_outage_the_last_look_that_is_due_is_taken() {
    let judge = Judge::new(Config::default()).unwrap();
    let mut session = session(10, Some(120));
    let (baseline, canary) = metric(1, 0..55, 1.0);
    observe(&mut session, &baseline, &canary);
    let look = session.look(&judge).unwrap().unwrap();
    assert_eq!((look.result.minutes, look.report.inputs.ticks, session.looks_taken()), (50.0, 50, 5));
    assert_eq!(session.look(&judge).unwrap(), None);
}

#[test]
fn a_late_value_counts_from_the_next_look_on() {
    let judge = Judge::new(Config::default()).unwrap();
    let mut session = session(20, Some(40));
    let (baseline, mut canary) = metric(1, 0..40, 1.0);
    let late = canary.remove(7);
    let first: Vec<Row> = canary.iter().filter(|row| minute_of(row) < 20).cloned().collect();
    observe(&mut session, &baseline[..20], &first);
    let look = session.look(&judge).unwrap().unwrap();
    assert_eq!((look.report.metrics[0].points.baseline, look.report.metrics[0].points.canary), (20, 19));
    observe(&mut session, &baseline[20..], &canary[19..]);
    observe(&mut session, &[], &[late]);
    let look = session.look(&judge).unwrap().unwrap();
    assert_eq!(look.report.metrics[0].points.canary, 40);
}

#[test]
fn without_a_horizon_a_run_is_looked_at_for_ever() {
    let judge = Judge::new(Config::default()).unwrap();
    let mut session = session(30, None);
    let (baseline, canary) = metric(1, 0..300, 1.0);
    let sequence = AsymptoticSequence::tuned(120.0, 0.05).unwrap();
    let mut taken = 0;
    for (baseline, canary) in baseline.iter().zip(&canary) {
        observe(&mut session, std::slice::from_ref(baseline), std::slice::from_ref(canary));
        if let Some(look) = session.look(&judge).unwrap() {
            let ticks = 30 * (taken + 1);
            let expected =
                judge.clone().at_open_look(sequence, taken, ticks).judge(&session.metrics().first_ticks(ticks));
            assert_eq!(wire(&look.report), wire(&expected));
            assert!(!look.is_last && look.stop.is_none());
            taken += 1;
        }
    }
    assert_eq!(taken, 10);
    // What nobody knows the end of needs more evidence than a single look.
    let (baseline, canary) = metric(1, 0..300, 1.27);
    let seen = batch(&baseline, &canary);
    let p_value = |report: Report| report.metrics[0].p_value.unwrap();
    let (open, only) =
        (p_value(judge.clone().at_open_look(sequence, 9, 300).judge(&seen)), p_value(judge.judge(&seen)));
    assert!(open > only && only > 0.0, "{open} {only}");
}

#[test]
fn a_bad_canary_is_stopped_with_a_horizon_and_without() {
    for horizon in [Some(120), None] {
        let judge = Judge::new(Config::default()).unwrap();
        let mut session = session(30, horizon);
        let (baseline, canary) = metric(1, 0..60, 2.0);
        observe(&mut session, &baseline[..30], &canary[..30]);
        let look = session.look(&judge).unwrap().unwrap();
        assert_eq!((look.result.verdict, look.stop.is_some()), (Verdict::Fail, true), "{horizon:?}");
    }
}

#[test]
fn single_values_are_the_same_as_rows() {
    let judge = Judge::new(Config::default()).unwrap();
    let (baseline, canary) = metric(4, 0..40, 1.3);
    let mut single = session(30, Some(120));
    for (side, rows) in [(Side::Baseline, &baseline), (Side::Canary, &canary)] {
        for row in rows {
            let sample =
                Sample { side, metric: "m4", region: None, instance: None, time_ms: row.time, value: row.value };
            single.record(&sample).unwrap();
        }
    }
    let mut whole = session(30, Some(120));
    observe(&mut whole, &baseline, &canary);
    let mut by_rows = judge.judge(&whole.metrics());
    // Rows name a group, values do not.
    by_rows.metrics[0].group = "default".into();
    let by_values = judge.judge(&single.metrics());
    assert_eq!(by_values.metrics[0].interval, by_rows.metrics[0].interval);
    assert_eq!(by_values.inputs, by_rows.inputs);
}

#[test]
fn sides_of_another_phase_and_times_that_jitter_meet_on_one_tick() {
    let mut session = session(30, Some(60));
    let mut random = Random::new(5);
    let (baseline, mut canary) = metric(1, 0..40, 1.0);
    for row in &mut canary {
        // Twenty seconds late, give or take one.
        row.time += 20_000 + i64::try_from(random.index(2000)).unwrap() - 1000;
    }
    for (baseline, canary) in baseline.iter().zip(&canary) {
        observe(&mut session, std::slice::from_ref(baseline), std::slice::from_ref(canary));
    }
    let report = Judge::new(Config::default()).unwrap().judge(&session.metrics());
    assert_eq!(report.inputs.ticks, 40);
    assert_eq!((report.metrics[0].points.baseline, report.metrics[0].points.canary), (40, 40));
    let notes: Vec<String> = report.notes.iter().map(|note| format!("{:?}", note.code)).collect();
    assert_eq!(notes, ["IrregularTimes"]);
}

#[test]
fn a_state_is_text_that_people_can_read_and_nothing_else_reads_as_one() {
    let mut session = session(30, Some(60));
    let (baseline, canary) = metric(1, 0..3, 1.0);
    let mut odd = vec![Row::new(1, 3 * MINUTE, f64::NAN), Row::new(1, 4 * MINUTE, f64::INFINITY)];
    odd.push(Row::new(1, 5 * MINUTE, 1e-300));
    observe(&mut session, &baseline, &canary);
    observe(&mut session, &odd, &[]);
    let text = serde_json::to_string(&session).unwrap();
    assert!(text.contains("\"values\":\"100.0 107.0 103.0 . . 1e-300\""), "{text}");
    assert!(text.contains("\"missing\":[3],\"infinite\":[4]"), "{text}");
    assert_eq!(serde_json::to_string(&reread(&session)).unwrap(), text);
    let broken = text.replace("103.0", "one hundred");
    let error = serde_json::from_str::<Session>(&broken).unwrap_err().to_string();
    assert!(error.contains("found `one`, expected a number"), "{error}");
}

#[test]
fn a_time_of_another_unit_is_refused_and_leaves_the_session_as_it_was() {
    let mut session = session(30, Some(60));
    let (baseline, canary) = metric(1, 29_000_000..29_000_010, 1.0);
    observe(&mut session, &baseline, &canary);
    let before = serde_json::to_string(&session).unwrap();
    let seconds = [Table::new(&[Row::new(1, 29_000_010 * 60, 1.0)], &[])];
    let error = session.observe(&observations(&seconds), &[]).unwrap_err();
    assert!(matches!(error, InputError::TooManyTicks { .. }), "{error}");
    assert_eq!(serde_json::to_string(&session).unwrap(), before);
}

#[test]
fn nothing_is_due_before_both_sides_speak() {
    let judge = Judge::new(Config::default()).unwrap();
    let mut session = session(30, Some(60));
    assert_eq!(session.look(&judge).unwrap(), None);
    assert!(session.metrics().is_empty());
    let (baseline, canary) = metric(1, 0..100, 1.0);
    observe(&mut session, &baseline[..60], &[]);
    assert_eq!(session.look(&judge).unwrap(), None);
    observe(&mut session, &baseline[60..], &canary[60..]);
    // The canary lives from minute 60 on.
    assert_eq!(session.look(&judge).unwrap().unwrap().result.minutes, 30.0);
}

#[test]
fn impossible_plans_are_refused() {
    let refused = |every: i64, horizon: i64| {
        let plan = SessionPlan { every: Span::from_ms(every), horizon: Some(Span::from_ms(horizon)), step: span(1) };
        Session::new(plan).map(drop).unwrap_err().to_string()
    };
    assert!(refused(1000, 3_600_000).contains("expected 1m or more"));
    assert!(refused(60_000, 30_000).contains("expected 1m or more"));
    assert!(refused(60_000, 1000 * MINUTE).contains("at most 256 looks"));
}
