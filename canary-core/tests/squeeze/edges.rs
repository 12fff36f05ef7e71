//! Input without evidence: a status, never a number and never a panic.

use canary_core::squeeze::{
    Estimate, Latency, Load, LoadRun, LoadStep, Outcome, Pacing, Quantile, Reason, Requests, Slo, SqueezeOptions,
    SqueezeReport, Status, StepReason, analyze,
};

/// A server that answers up to `capacity`, and queues the rest.
pub(crate) fn step(rate: f64, capacity: f64) -> LoadStep {
    let mut step = LoadStep::new(Load::Open { rate }, 10.0);
    let count = |rate: f64| format!("{:.0}", rate * 10.0).parse::<u64>().unwrap();
    step.sent = count(rate);
    step.ok = count(rate.min(capacity));
    step.unfinished = step.sent - step.ok;
    let slow = if rate > capacity { 50.0 * (rate / capacity) } else { 10.0 };
    let quantile = |quantile: f64, factor: f64| Quantile { quantile, ms: slow * factor };
    step.latency = Latency {
        mean_ms: Some(slow),
        max_ms: Some(2.0 * slow),
        quantiles: vec![quantile(0.5, 1.0), quantile(0.9, 1.2), quantile(0.99, 1.5)],
        ..Latency::default()
    };
    step
}

pub(crate) fn run(rates: &[f64], capacity: f64) -> LoadRun {
    LoadRun { steps: rates.iter().map(|&rate| step(rate, capacity)).collect(), ..LoadRun::default() }
}

pub(crate) const RATES: [f64; 8] = [20.0, 40.0, 60.0, 80.0, 90.0, 110.0, 130.0, 150.0];

pub(crate) fn judge(run: &LoadRun, objectives: &[&str]) -> SqueezeReport {
    let slo = Slo { objectives: objectives.iter().map(|text| text.parse().unwrap()).collect() };
    analyze(run, &slo, &SqueezeOptions::default())
}

#[track_caller]
fn unusable(run: &LoadRun, reason: Reason) {
    let report = judge(run, &["p99<40ms"]);
    assert_eq!((report.status, report.reasons[0]), (Status::Unusable, reason));
    assert_eq!((report.capacity, report.slo_crossing, report.sweet_spot), (None, None, None));
    assert_eq!(report.steps.len(), run.steps.len());
}

#[test]
fn nothing_one_step_and_two() {
    unusable(&LoadRun::default(), Reason::TooFewSteps);
    unusable(&run(&[50.0], 100.0), Reason::TooFewSteps);
    unusable(&run(&[50.0, 150.0], 100.0), Reason::TooFewSteps);
}

#[test]
fn zero_goodput() {
    let mut dead = run(&RATES, 100.0);
    for step in &mut dead.steps {
        step.errors.connection = step.sent;
        (step.ok, step.unfinished) = (0, 0);
    }
    unusable(&dead, Reason::NoGoodReplies);
}

#[test]
fn clocks_that_go_back() {
    let mut negative = run(&RATES, 100.0);
    negative.steps[2].duration_seconds = -1.0;
    unusable(&negative, Reason::ClockBack);
    let mut overlapping = run(&RATES, 100.0);
    for (place, step) in overlapping.steps.iter_mut().enumerate() {
        step.started_ms = Some(1_000 * i64::try_from(place).unwrap());
    }
    unusable(&overlapping, Reason::ClockBack);
    let mut early = run(&RATES, 100.0);
    early.steps[0].requests = Some(Requests { sent_ms: vec![5.0], latency_ms: vec![-3.0], outcome: vec![Outcome::Ok] });
    unusable(&early, Reason::ClockBack);
    // Two repeats may run at the same time, and one after the other in any order of rows.
    let mut fine = run(&RATES, 100.0);
    for (place, step) in fine.steps.iter_mut().enumerate() {
        step.started_ms = Some(100_000 - 11_000 * i64::try_from(place).unwrap());
    }
    assert_eq!(judge(&fine, &[]).status, Status::Measured);
}

#[test]
fn numbers_that_cannot_be() {
    for bad in [f64::NAN, f64::INFINITY, 0.0, -5.0] {
        let mut odd = run(&RATES, 100.0);
        odd.steps[3].load = Load::Open { rate: bad };
        let report = judge(&odd, &["p99<40ms"]);
        assert_eq!(
            (report.steps[3].used, report.steps[3].reason),
            (false, Some(StepReason::ImpossibleNumbers)),
            "{bad}"
        );
        assert_eq!(report.status, Status::Measured, "the other steps still hold");
        assert!(odd.steps[3].load != Load::Open { rate: 80.0 } && report.steps[3].goodput.is_none());
    }
    let mut all = run(&RATES, 100.0);
    all.steps.iter_mut().for_each(|step| step.duration_seconds = f64::NAN);
    unusable(&all, Reason::ImpossibleNumbers);
    let mut more = run(&RATES, 100.0);
    more.steps.iter_mut().for_each(|step| step.ok_in_window = Some(step.ok + 1));
    unusable(&more, Reason::ImpossibleNumbers);
}

#[test]
fn more_than_was_asked_for_is_another_clock_or_another_unit() {
    // Two requests an iteration, and a rate in iterations: half of the plateau would look like all of it.
    let mut iterations = run(&RATES, 100.0);
    for step in &mut iterations.steps {
        let Load::Open { rate } = step.load else { panic!("an open loop") };
        step.load = Load::Open { rate: rate / 2.0 };
    }
    unusable(&iterations, Reason::ImpossibleNumbers);
    // Random arrivals are now and then more than their mean.
    let mut random = run(&RATES, 100.0);
    random.steps.iter_mut().take(5).for_each(|step| step.sent += 3 * step.sent.isqrt());
    assert!(judge(&random, &[]).steps.iter().all(|step| step.reason != Some(StepReason::ImpossibleNumbers)));
}

#[test]
fn loops_are_not_mixed() {
    let mut mixed = run(&RATES, 100.0);
    mixed.steps[7].load = Load::Closed { clients: 8 };
    unusable(&mixed, Reason::MixedLoops);
}

#[test]
fn an_objective_on_latency_without_latencies_is_no_crossing() {
    let mut silent = run(&RATES, 100.0);
    silent.steps.iter_mut().for_each(|step| step.latency = Latency::default());
    let report = judge(&silent, &["p99<40ms"]);
    assert_eq!((report.status, report.slo_crossing), (Status::Measured, None));
    // Capacity is known, and the objective may break at any rate below it.
    assert_eq!(report.reasons[0], Reason::ObjectiveUntested);
    let sweet = report.sweet_spot.unwrap();
    assert_eq!((sweet.estimate, sweet.lower, sweet.upper), (None, None, report.capacity.unwrap().upper));
    // Errors need none.
    let report = judge(&silent, &["errors<1%"]);
    assert!(report.slo_crossing.is_some() && report.sweet_spot.unwrap().lower.is_some());
    assert!(!report.reasons.contains(&Reason::ObjectiveUntested));
    // Some latencies are better than none, and said to be some.
    silent.steps[0].latency = step(20.0, 100.0).latency;
    let report = judge(&silent, &["p99<40ms"]);
    assert!(report.reasons.contains(&Reason::LatencyMissing) || report.reasons.contains(&Reason::ObjectiveUntested));
}

#[test]
fn errors_that_nobody_counted_are_not_none() {
    let mut uncounted = run(&RATES, 100.0);
    uncounted.steps.iter_mut().for_each(|step| step.errors_unknown = true);
    let report = judge(&uncounted, &["errors<1%"]);
    assert_eq!((report.reasons[0], report.sweet_spot.unwrap().lower), (Reason::ObjectiveUntested, None));
    assert!(report.steps.iter().all(|step| step.bad_share.is_none()));
    // Without an objective on errors nothing is missing.
    assert!(judge(&uncounted, &[]).sweet_spot.unwrap().lower.is_some());
}

#[test]
fn repeats_of_different_loops_are_no_test() {
    let mut both = run(&RATES, 100.0);
    both.steps.iter_mut().for_each(|step| step.repeat = Some(0));
    let closed = scaling(&CLIENTS).steps.into_iter().map(|step| LoadStep { repeat: Some(1), ..step });
    both.steps.extend(closed);
    unusable(&both, Reason::MixedLoops);
}

#[test]
fn a_required_rate_is_met_missed_or_undecided_by_the_interval() {
    let mut report = judge(&run(&RATES, 100.0), &[]);
    let sweet = report.sweet_spot.unwrap();
    let (lower, upper) = (sweet.lower.unwrap(), sweet.upper.unwrap());
    assert_eq!(report.meets(), None, "nothing is required");
    for (required, met) in
        [(lower, Some(true)), (0.5 * (lower + upper), None), (upper, None), (1.001 * upper, Some(false))]
    {
        report.required = Some(required);
        assert_eq!(report.meets(), met, "{required} of {lower} to {upper}");
    }
    report.withdraw(Status::Unusable, Reason::GuardFailed);
    assert_eq!((report.meets(), report.sweet_spot, report.reasons[0]), (None, None, Reason::GuardFailed));
}

#[test]
fn quantiles_that_slide_over_other_steps_are_not_believed() {
    let mut sliding = run(&RATES, 100.0);
    sliding.steps.iter_mut().for_each(|step| step.latency.sliding_seconds = Some(10.0));
    assert_eq!(judge(&sliding, &["p99<40ms"]).slo_crossing, None);
}

#[test]
fn a_generator_that_falls_behind_is_not_the_server() {
    // From 90 a second on the tool sends 85, and every reply is as fast as before.
    let mut behind = run(&RATES, 1000.0);
    for step in &mut behind.steps {
        if step.sent > 900 {
            (step.sent, step.ok) = (850, 850);
        }
    }
    let report = judge(&behind, &["p99<40ms"]);
    assert_eq!((report.status, report.reasons[0]), (Status::GeneratorLimited, Reason::GeneratorBehind));
    assert_eq!(report.capacity.unwrap().estimate, None);
    assert_eq!(report.capacity.unwrap().upper, None);
    assert_eq!(report.steps[7].reason, Some(StepReason::GeneratorBehind));
}

#[test]
fn one_disturbed_step_is_left_out_and_named() {
    let mut disturbed = run(&RATES, 100.0);
    disturbed.steps[2].ok = 300;
    let report = judge(&disturbed, &[]);
    assert_eq!(report.status, Status::Measured);
    assert_eq!((report.steps[2].used, report.steps[2].reason), (false, Some(StepReason::Outlier)));
    assert!(report.reasons.contains(&Reason::OutlierSteps));
    let found = report.capacity.unwrap().estimate.unwrap();
    // Without noise the only error is the rounding of the corner.
    assert!((found / 100.0 - 1.0).abs() < 0.005, "{found}");
}

#[test]
fn throughput_that_falls_onto_a_shelf_is_unstable_and_one_that_goes_on_falling_has_a_peak() {
    let with = |goodputs: [u64; 4]| {
        let mut run = run(&RATES, 100.0);
        run.steps.iter_mut().skip(4).zip(goodputs).for_each(|(step, ok)| step.ok = ok);
        judge(&run, &[])
    };
    let shelf = with([900, 1000, 600, 600]);
    assert_eq!((shelf.status, shelf.reasons[0]), (Status::Unstable, Reason::FellToShelf));
    let peak = with([900, 1000, 900, 750]);
    assert_eq!(peak.kind, Some(canary_core::squeeze::Kind::Retrograde));
    assert_eq!(peak.capacity.unwrap().estimate, Some(100.0));
}

#[test]
fn a_share_of_errors_at_every_rate_is_the_test_s_fault_not_saturation() {
    let mut missing = run(&RATES, 100.0);
    for step in &mut missing.steps {
        let lost = step.ok / 20;
        step.ok -= lost;
        step.errors.client = lost;
    }
    let report = judge(&missing, &[]);
    let found = report.capacity.unwrap().estimate.unwrap();
    assert_eq!(report.status, Status::Measured);
    // 95 of 100 a second are good.
    assert!((found / 95.0 - 1.0).abs() < 0.01, "{found}");
    assert_eq!(report.steps[0].reason, None);
}

#[test]
fn waves_are_said() {
    let mut waves = run(&RATES, 100.0);
    waves.steps.iter_mut().for_each(|step| step.generator.pacing = Pacing::Waves);
    assert!(judge(&waves, &[]).reasons.contains(&Reason::ArrivalsInWaves));
}

#[test]
fn repeats_and_instances_are_units() {
    let mut both = LoadRun::default();
    for (instance, capacity) in [("a", 100.0), ("b", 110.0)] {
        let mut one = run(&RATES, capacity);
        one.steps.iter_mut().for_each(|step| step.instance = Some(instance.to_owned()));
        both.steps.extend(one.steps);
    }
    let report = judge(&both, &[]);
    assert_eq!((report.status, report.units.len()), (Status::Measured, 2));
    let Estimate { estimate, lower, upper, .. } = report.capacity.unwrap();
    // The geometric mean; and two instances that differ say little about a third.
    assert!((estimate.unwrap() / 11_000.0_f64.sqrt() - 1.0).abs() < 0.005, "{estimate:?}");
    assert!(lower.unwrap() < 100.0 && upper.unwrap() > 110.0 && report.reasons.contains(&Reason::UnitsDiffer));
    // Repeats that agree are narrower than one of them.
    let mut repeats = LoadRun::default();
    for repeat in 1..=4 {
        let mut one = run(&RATES, 100.0);
        one.steps.iter_mut().for_each(|step| step.repeat = Some(repeat));
        repeats.steps.extend(one.steps);
    }
    let report = judge(&repeats, &[]);
    let alone = report.units[0].capacity.unwrap();
    let width = |found: Estimate| found.upper.unwrap() / found.lower.unwrap();
    assert!(width(report.capacity.unwrap()) < width(alone) && !report.reasons.contains(&Reason::UnitsDiffer));
}

#[test]
fn the_report_is_finite_json_that_reads_back() {
    let report = judge(&run(&RATES, 100.0), &["p99<40ms", "errors<1%"]);
    let text = serde_json::to_string(&report).unwrap();
    assert_eq!(serde_json::from_str::<SqueezeReport>(&text).unwrap(), report);
    for word in
        ["\"schema_version\":1", "\"status\":\"measured\"", "\"kind\":\"hard\"", "\"loop\":\"open\"", "\"level\":0.95"]
    {
        assert!(text.contains(word), "{word}: {text}");
    }
    assert!(report.reasons.iter().all(|reason| serde_json::to_value(reason).unwrap().is_string()));
}

/// One place without a queue: Erlang's loss formula gives a·C/(a + C) of a rate a, which never becomes a plateau. Rates
/// that are all beyond C look like one by their spread alone.
#[test]
fn a_server_that_sheds_from_the_start_has_no_plateau() {
    let capacity = 100.0;
    let shedding = |rate: f64| {
        let mut step = step(rate, capacity);
        let count = |rate: f64| format!("{:.0}", rate * 60.0).parse::<u64>().unwrap();
        (step.duration_seconds, step.sent, step.unfinished) = (60.0, count(rate), 0);
        step.ok = count(rate * capacity / (rate + capacity));
        step.errors.rejected = step.sent - step.ok;
        step
    };
    let rates = [110.0, 130.0, 150.0, 180.0, 210.0];
    let run = LoadRun { steps: rates.into_iter().map(shedding).collect(), ..LoadRun::default() };
    let report = judge(&run, &[]);
    assert_eq!(report.status, Status::SaturatedFromStart);
    assert_eq!(report.reasons, [Reason::LowestRateSaturated, Reason::PlateauExtrapolated]);
    let found = report.capacity.unwrap();
    // What was answered at the highest rate is 67.7 a second, less the chance in 4,065 replies.
    assert!(found.estimate.is_none() && found.upper.is_none());
    assert!((65.0..67.8).contains(&found.lower.unwrap()), "{found:?}");
    assert_eq!(report.sweet_spot.unwrap().upper, Some(110.0));
    // A queue in front of the same place answers as much at every rate: a plateau.
    let queueing = |rate: f64| {
        let mut step = shedding(rate);
        step.ok = 6000;
        step.errors.rejected = step.sent - step.ok;
        step
    };
    let run = LoadRun { steps: rates.into_iter().map(queueing).collect(), ..LoadRun::default() };
    let found = judge(&run, &[]).capacity.unwrap();
    assert!(found.lower.unwrap() <= 100.0 && found.upper.unwrap() >= 100.0, "{found:?}");
    assert!((found.estimate.unwrap() - 100.0).abs() < 1e-9, "{found:?}");
}

/// A server that follows the universal scalability law, each of whose replies takes what Little's law says: 110 a second
/// with one client, σ = 0.03, κ = 0.0008, so that the peak is at 34.8 clients.
fn scaling(clients: &[u64]) -> LoadRun {
    let step = |&clients: &u64| {
        let mut step = LoadStep::new(Load::Closed { clients }, 10.0);
        let rate = scaled(clients as f64);
        step.ok = format!("{:.0}", rate * 10.0).parse().unwrap();
        step.sent = step.ok;
        let ms = 1000.0 * clients as f64 / rate;
        let quantile = |quantile: f64| Quantile { quantile, ms };
        step.latency = Latency {
            mean_ms: Some(ms),
            max_ms: Some(ms),
            quantiles: vec![quantile(0.5), quantile(0.9), quantile(0.99)],
            ..Latency::default()
        };
        step
    };
    LoadRun { steps: clients.iter().map(step).collect(), ..LoadRun::default() }
}

fn scaled(clients: f64) -> f64 {
    110.0 * clients / (1.0 + 0.03 * (clients - 1.0) + 0.0008 * clients * (clients - 1.0))
}

const CLIENTS: [u64; 11] = [1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96];

#[test]
fn an_objective_that_breaks_beyond_the_peak_does_not_limit_the_rate() {
    // 56 ms with 64 clients and 101 ms with 96: it holds at every rate that the server has, the highest one included.
    let peak = scaled(34.8);
    let report = judge(&scaling(&CLIENTS), &["p99<60ms"]);
    let (crossing, sweet) = (report.slo_crossing.unwrap(), report.sweet_spot.unwrap());
    assert_eq!((report.status, crossing.estimate, crossing.upper), (Status::Measured, None, None));
    // Counts are rounded to whole replies of ten seconds; the intervals hold the spread of real steps.
    assert!((sweet.estimate.unwrap() / peak - 1.0).abs() < 1e-3, "{sweet:?} of {peak}");
    assert!(sweet.lower.unwrap() < peak && sweet.upper.unwrap() > peak, "{sweet:?}");
    let never = judge(&scaling(&CLIENTS), &["p99<1s"]);
    assert_eq!(never.sweet_spot, report.sweet_spot);
    assert!(never.reasons.contains(&Reason::SloNeverBroken) && !report.reasons.contains(&Reason::SloNeverBroken));
}

#[test]
fn an_objective_that_breaks_on_the_way_up_is_a_rate_between_the_steps_beside_it() {
    // 11.4 ms with 8 clients, 13.1 ms with 12.
    let report = judge(&scaling(&CLIENTS), &["p99<12.5ms"]);
    let sweet = report.sweet_spot.unwrap();
    let (rate, lower, upper) = (sweet.estimate.unwrap(), sweet.lower.unwrap(), sweet.upper.unwrap());
    assert!(rate > scaled(8.0) && rate < scaled(12.0), "{sweet:?}");
    assert!(lower < rate && rate < upper, "an interval of no width says that nothing is unsure: {sweet:?}");
}
