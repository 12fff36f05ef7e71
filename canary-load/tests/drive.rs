//! The controller against servers that are arithmetic: a capacity, a queue, a latency.

use canary_core::squeeze::Slo;
use canary_load::drive::{Action, Controller, Ending, Measured, Plan, PlanError, Purpose, StepPlan};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// A server that answers up to its capacity, queues or sheds the rest, and is slow from `slow_from` on.
#[derive(Clone, Copy, Debug)]
struct Server {
    capacity: f64,
    slow_from: f64,
    sheds: bool,
}

impl Server {
    fn answer(self, step: StepPlan) -> Measured {
        let goodput = step.rate.min(self.capacity);
        let error_share = if self.sheds { 1.0 - goodput / step.rate } else { 0.0 };
        let busy = (step.rate / self.capacity).min(0.999);
        let p50_ms = if step.rate > self.capacity && !self.sheds { 1000.0 } else { 20.0 * (1.0 + 0.1 * busy) };
        Measured {
            goodput,
            sent_share: 1.0,
            error_share,
            strain: if step.rate > self.slow_from { 3.0 } else { 0.2 },
            p50_ms: Some(p50_ms),
            p99_ms: Some(p50_ms * 1.5),
            any_ok: true,
        }
    }
}

fn plan(max_rate: f64) -> Plan {
    Plan {
        start_rate: 10.0,
        max_rate,
        max_seconds: 1200.0,
        step_seconds: Some(10.0),
        slo: Slo { objectives: vec!["p99<120ms".parse().expect("an objective")] },
        overload: true,
    }
}

/// Runs to the end; the steps taken, and how it ended. Between two steps lies a second.
fn drive(plan: Plan, answer: impl Fn(StepPlan, usize) -> Measured) -> (Vec<StepPlan>, Ending, Controller) {
    let mut controller = Controller::new(plan).expect("a plan");
    let (mut steps, mut elapsed) = (Vec::new(), 0.0);
    loop {
        match controller.next(elapsed) {
            Action::Done(ending) => return (steps, ending, controller),
            Action::Step(step) => {
                controller.record(step, answer(step, steps.len()));
                steps.push(step);
                elapsed += step.seconds + 1.0;
                assert!(steps.len() < 100, "the search does not end");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { rng_seed: RngSeed::Fixed(20_260_301), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_limit_is_bracketed_within_four_percent(
        capacity in 20.0..900.0_f64, slow in 0.5..1.2_f64, sheds in any::<bool>(), start in 1.0..15.0_f64,
    ) {
        let server = Server { capacity, slow_from: capacity * slow, sheds };
        let plan = Plan { start_rate: start, ..plan(2000.0) };
        let (steps, ending, controller) = drive(plan, |step, _| server.answer(step));
        prop_assert_eq!(ending, Ending::Found);
        let (Some(low), Some(high)) = controller.bracket() else { panic!("no bracket") };
        // The controller calls a step saturated from 3 % on, less what is under way: 22 ms and one request of 10 s.
        let limit = server.slow_from.min(capacity / 0.97);
        prop_assert!(low <= limit * 1.01 && limit <= high * 1.01, "{} in {}..{}", limit, low, high);
        prop_assert!(high / low <= 1.04 + 1e-9);
        prop_assert!(steps.len() <= 28, "{} steps", steps.len());
        prop_assert_eq!(steps.last().map(|step| step.purpose), Some(Purpose::Verify));
    }

    #[test]
    fn no_step_offers_more_than_the_cap_or_ends_after_the_limit(
        capacity in 1.0..5000.0_f64, max_rate in 10.0..500.0_f64, max_seconds in 50.0..400.0_f64, sheds in any::<bool>(),
    ) {
        let server = Server { capacity, slow_from: capacity, sheds };
        let plan = Plan { max_seconds, ..plan(max_rate) };
        let (steps, ..) = drive(plan, |step, _| server.answer(step));
        let mut elapsed = 0.0;
        for step in steps {
            prop_assert!(step.rate <= max_rate);
            elapsed += step.seconds;
            prop_assert!(elapsed <= max_seconds);
            elapsed += 1.0;
        }
    }
}

#[test]
fn a_server_that_holds_the_cap_is_a_lower_bound() {
    let server = Server { capacity: 1e6, slow_from: 1e6, sheds: false };
    let (steps, ending, controller) = drive(plan(300.0), |step, _| server.answer(step));
    assert_eq!(ending, Ending::RateCap);
    assert_eq!(controller.bracket(), (Some(300.0), None));
    assert!(steps.iter().any(|step| step.rate.total_cmp(&300.0).is_eq()));
}

#[test]
fn a_first_rate_that_is_too_high_is_left_downwards() {
    let server = Server { capacity: 40.0, slow_from: 40.0, sheds: false };
    let (_, ending, controller) = drive(Plan { start_rate: 200.0, ..plan(400.0) }, |step, _| server.answer(step));
    assert_eq!(ending, Ending::Found);
    assert!(controller.bracket().0.is_some_and(|low| low > 37.0 && low <= 41.3), "{:?}", controller.bracket());
    let server = Server { capacity: 0.001, slow_from: 0.001, sheds: false };
    let (steps, ending, _) = drive(Plan { start_rate: 200.0, ..plan(400.0) }, |step, _| server.answer(step));
    assert_eq!((steps.len(), ending), (4, Ending::NothingHolds));
}

#[test]
fn a_server_that_fails_outright_is_not_pressed_as_hard_again() {
    let server = Server { capacity: 100.0, slow_from: 100.0, sheds: true };
    let (steps, ending, _) = drive(plan(1000.0), |step, _| server.answer(step));
    assert_eq!(ending, Ending::Found);
    let hot: Vec<f64> = steps.iter().map(|step| step.rate).filter(|rate| 100.0 / rate < 0.8).collect();
    assert!(hot.len() <= 1, "a fifth of its requests fails at each of {hot:?}");
}

#[test]
fn a_server_that_collapses_beyond_its_limit_is_pushed_over_it_once_at_each_rate_and_ever_lower() {
    let collapses = |step: StepPlan, _| {
        let up = step.rate <= 100.0;
        Measured {
            goodput: if up { step.rate } else { 20.0 },
            sent_share: 1.0,
            error_share: if up { 0.0 } else { 1.0 - 20.0 / step.rate },
            strain: if up { 0.2 } else { 50.0 },
            p50_ms: Some(if up { 20.0 } else { 900.0 }),
            p99_ms: Some(if up { 30.0 } else { 2000.0 }),
            any_ok: true,
        }
    };
    let (steps, ending, controller) = drive(plan(1000.0), collapses);
    assert_eq!(ending, Ending::Found);
    let beyond: Vec<f64> = steps.iter().map(|step| step.rate).filter(|rate| *rate > 100.0).collect();
    assert!(beyond.windows(2).all(|pair| pair[1] < pair[0]), "{beyond:?}");
    let (Some(low), Some(high)) = controller.bracket() else { panic!("no bracket") };
    assert!(low <= 100.0 && high > 100.0 && high / low <= 1.04 + 1e-9, "{low} to {high}");
    assert!(steps.iter().filter(|step| step.purpose == Purpose::Repeat).all(|step| step.rate <= 100.0));
}

#[test]
fn a_first_rate_near_the_limit_is_verified_at_a_lower_one() {
    let server = Server { capacity: 22.5, slow_from: 15.4, sheds: false };
    let (steps, ending, _) = drive(Plan { start_rate: 14.2, ..plan(2000.0) }, |step, _| server.answer(step));
    assert_eq!(ending, Ending::Found);
    let last = steps.last().expect("steps");
    assert!(last.purpose == Purpose::Verify && last.rate < 14.2 / 1.2, "{last:?}");
}

#[test]
fn without_overload_nothing_lies_beyond_the_first_failure() {
    let server = Server { capacity: 300.0, slow_from: 100.0, sheds: false };
    let (steps, ending, _) = drive(Plan { overload: false, ..plan(1000.0) }, |step, _| server.answer(step));
    assert_eq!(ending, Ending::Found);
    let first = steps.iter().map(|step| step.rate).find(|rate| *rate > 100.0).expect("a rate that fails");
    assert!(steps.iter().all(|step| step.rate <= first), "{steps:?}");
}

#[test]
fn other_surroundings_at_the_end_are_said() {
    let server = Server { capacity: 100.0, slow_from: 100.0, sheds: false };
    let slower = |step: StepPlan, _| {
        let measured = server.answer(step);
        match step.purpose {
            Purpose::Verify => Measured { p50_ms: measured.p50_ms.map(|ms| ms * 1.5), ..measured },
            _ => measured,
        }
    };
    assert_eq!(drive(plan(1000.0), slower).1, Ending::SurroundingsChanged);
}

#[test]
fn a_dead_target_and_a_slow_tool_stop_at_once() {
    let server = Server { capacity: 100.0, slow_from: 100.0, sheds: false };
    let dies = |step: StepPlan, taken: usize| Measured { any_ok: taken < 3, ..server.answer(step) };
    let (steps, ending, _) = drive(plan(1000.0), dies);
    assert_eq!((steps.len(), ending), (4, Ending::TargetFailed));
    let tool = |step: StepPlan, _| {
        let sent = step.rate.min(50.0);
        Measured { goodput: sent, sent_share: sent / step.rate, ..server.answer(StepPlan { rate: sent, ..step }) }
    };
    let (steps, ending, _) = drive(plan(1000.0), tool);
    assert_eq!(ending, Ending::GeneratorLimited);
    assert!(steps.last().is_some_and(|step| step.rate > 50.0 && step.rate < 90.0), "{steps:?}");
}

#[test]
fn one_disturbed_step_does_not_hide_the_limit() {
    let server = Server { capacity: 200.0, slow_from: 200.0, sheds: false };
    // The third step on the way up fails for a reason of the machine's.
    let disturbed = |step: StepPlan, taken: usize| {
        let measured = server.answer(step);
        if taken == 2 { Measured { strain: 5.0, ..measured } } else { measured }
    };
    let (_, ending, controller) = drive(plan(1000.0), disturbed);
    assert_eq!(ending, Ending::Found);
    assert!(controller.bracket().0.is_some_and(|low| low > 190.0), "{:?}", controller.bracket());
}

#[test]
fn steps_are_as_long_as_their_rate_needs() {
    let server = Server { capacity: 1e6, slow_from: 1e6, sheds: false };
    let (steps, ..) = drive(Plan { step_seconds: None, ..plan(1000.0) }, |step, _| server.answer(step));
    for step in steps {
        // A thousand requests, ten seconds, twenty times a p99 of 30 ms.
        assert!((step.seconds - f64::max(10.0, 1000.0 / step.rate)).abs() < 1e-9, "{step:?}");
    }
}

#[test]
fn impossible_limits_are_refused() {
    let with = |change: &dyn Fn(&mut Plan)| {
        let mut plan = plan(100.0);
        change(&mut plan);
        Controller::new(plan).map(|_| ())
    };
    assert!(matches!(with(&|plan| plan.max_rate = f64::NAN), Err(PlanError::MaxRate { .. })));
    assert!(matches!(with(&|plan| plan.start_rate = 101.0), Err(PlanError::StartRate { .. })));
    assert!(matches!(with(&|plan| plan.start_rate = 0.0), Err(PlanError::StartRate { .. })));
    assert!(matches!(with(&|plan| plan.step_seconds = Some(0.5)), Err(PlanError::StepSeconds { .. })));
    assert!(matches!(with(&|plan| plan.max_seconds = 49.0), Err(PlanError::MaxSeconds { .. })));
    assert_eq!(with(&|_| {}), Ok(()));
}
