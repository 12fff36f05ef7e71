//! The controller against servers that answer each request: a queue before a number of slots. What the drive finds is
//! held against the capacity by the server's law; and whatever a server answers, the drive keeps its promises.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use canary_core::squeeze::{Load, LoadRun, LoadStep, Outcome, Requests, Slo, SqueezeOptions, Status, analyze};
use canary_load::drive::{Action, Controller, Ending, Measured, Plan, Purpose, StepPlan};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// How long a request takes at a slot.
#[derive(Clone, Copy, Debug)]
enum Service {
    Fixed,
    Exponential,
}

/// A server with slots, and a queue of so many places; beyond it requests are refused.
#[derive(Clone, Copy, Debug)]
struct Server {
    slots: usize,
    service_ms: f64,
    service: Service,
    places: usize,
}

impl Server {
    /// Requests a second, by its law.
    fn capacity(self) -> f64 {
        1000.0 * self.slots as f64 / self.service_ms
    }

    /// One step of evenly sent requests, on an idle server.
    fn answer(self, plan: StepPlan, random: &mut Random) -> LoadStep {
        // Microseconds: whole numbers have an order.
        let mut free: BinaryHeap<Reverse<u64>> = (0..self.slots).map(|_| Reverse(0)).collect();
        let mut present: BinaryHeap<Reverse<u64>> = BinaryHeap::new();
        let mut requests = Requests::default();
        let mut number = 0.0;
        while number / plan.rate < plan.seconds {
            let sent = whole(1e6 * number / plan.rate);
            while present.peek().is_some_and(|left| left.0 <= sent) {
                present.pop();
            }
            let (latency_ms, outcome) = if present.len() >= self.slots + self.places {
                (0.3, Outcome::Rejected)
            } else {
                let start = sent.max(free.pop().map_or(0, |slot| slot.0));
                let end = start + whole(1000.0 * self.service_ms * self.draw(random));
                free.push(Reverse(end));
                present.push(Reverse(end));
                ((end - sent) as f64 / 1000.0 + 0.3, Outcome::Ok)
            };
            requests.sent_ms.push(sent as f64 / 1000.0);
            requests.latency_ms.push(latency_ms);
            requests.outcome.push(outcome);
            number += 1.0;
        }
        LoadStep::from_requests(Load::Open { rate: plan.rate }, plan.seconds, requests, &[LIMIT_MS])
    }

    fn draw(self, random: &mut Random) -> f64 {
        match self.service {
            Service::Fixed => 1.0,
            Service::Exponential => -random.next().ln(),
        }
    }
}

fn whole(value: f64) -> u64 {
    format!("{value:.0}").parse().expect("a count")
}

/// Steele's and Vigna's `SplitMix64`, as a number above 0 and at most 1.
struct Random(u64);

impl Random {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((mixed ^ (mixed >> 31)) >> 11) + 1) as f64 / 9_007_199_254_740_992.0
    }
}

const LIMIT_MS: f64 = 400.0;

fn plan(start_rate: f64, max_rate: f64) -> Plan {
    Plan {
        start_rate,
        max_rate,
        max_seconds: 3600.0,
        step_seconds: Some(10.0),
        slo: Slo { objectives: vec!["p99<400ms".parse().expect("an objective")] },
        overload: true,
    }
}

/// No search needs more: 20 climbs from 1 to 10,000, 3 ways down, 9 halvings, rates beyond, 2 repeats, 1 verification.
const MOST_STEPS: usize = 64;

/// Runs to the end; the steps, what they showed, and how it ended.
fn drive(plan: Plan, mut answer: impl FnMut(StepPlan) -> Measured) -> (Vec<(StepPlan, Measured)>, Ending) {
    let mut controller = Controller::new(plan).expect("a plan");
    let (mut taken, mut elapsed) = (Vec::new(), 0.0);
    loop {
        match controller.next(elapsed) {
            Action::Done(ending) => return (taken, ending),
            Action::Step(step) => {
                let measured = answer(step);
                controller.record(step, measured);
                taken.push((step, measured));
                elapsed += step.seconds + 1.0;
                assert!(taken.len() <= MOST_STEPS, "the search does not end: {taken:?}");
            }
        }
    }
}

/// What a drive promises whatever the server answers.
fn promises(plan: &Plan, taken: &[(StepPlan, Measured)]) {
    let mut hot = f64::INFINITY;
    for (step, measured) in taken {
        assert!(step.rate > 0.0 && step.rate <= plan.max_rate, "{step:?} above the cap");
        assert!(step.seconds > 0.0 && step.seconds <= plan.max_seconds, "{step:?}");
        assert!(step.rate < hot, "{step:?}: a fifth failed at {hot} already");
        if measured.error_share > 0.2 {
            hot = hot.min(step.rate);
        }
    }
}

/// A step of ten seconds sees the mean of 2500 exponential times or more within 2 %, of 600 fixed ones exactly.
fn server() -> impl Strategy<Value = Server> {
    let served = prop_oneof![
        (60.0..400.0_f64).prop_map(|capacity| (capacity, Service::Fixed)),
        (250.0..500.0_f64).prop_map(|capacity| (capacity, Service::Exponential)),
    ];
    let places = prop_oneof![Just(10_usize), Just(100), Just(1_000_000)];
    (1_usize..9, served, places).prop_map(|(slots, (capacity, service), places)| Server {
        slots,
        service_ms: 1000.0 * slots as f64 / capacity,
        service,
        places,
    })
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_260_301), failure_persistence: None, ..Default::default() }
}

/// What a broken tool, a dying server or a bug might hand over.
fn odd() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..3.0_f64,
        2 => 0.0..500.0_f64,
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1.0, 0.0, 1e300]),
    ]
}

fn measured() -> impl Strategy<Value = Measured> {
    (odd(), odd(), odd(), odd(), prop::option::of(odd()), prop::option::of(odd()), prop::bool::weighted(0.95)).prop_map(
        |(goodput, sent_share, error_share, strain, p50_ms, p99_ms, any_ok)| Measured {
            goodput,
            sent_share,
            error_share,
            strain,
            p50_ms,
            p99_ms,
            any_ok,
        },
    )
}

proptest! {
    #![proptest_config(config(40))]

    #[test]
    fn the_capacity_of_a_queue_is_found_within_five_percent(
        server in server(), start in 0.05..0.6_f64, beyond in 2.0..8.0_f64, seed in any::<u64>(),
    ) {
        let capacity = server.capacity();
        let plan = plan(capacity * start, capacity * beyond);
        let mut random = Random(seed);
        let mut run = LoadRun::default();
        let (taken, ending) = drive(plan.clone(), |step| {
            let answered = server.answer(step, &mut random);
            let measured = Measured::of(&answered, &plan.slo);
            run.steps.push(answered);
            measured
        });
        promises(&plan, &taken);
        prop_assert_eq!(ending, Ending::Found);
        prop_assert!(taken.len() <= 28, "{} steps", taken.len());
        prop_assert_eq!(taken.last().map(|taken| taken.0.purpose), Some(Purpose::Verify));
        let report = analyze(&run, &plan.slo, &SqueezeOptions::default());
        prop_assert_eq!(report.status, Status::Measured, "{:?}", report.reasons);
        let found = report.capacity.and_then(|capacity| capacity.estimate).unwrap_or_default();
        prop_assert!((found / capacity - 1.0).abs() <= 0.05, "{found} of {capacity}: {:?}", report.capacity);
    }
}

proptest! {
    #![proptest_config(config(400))]

    #[test]
    fn a_drive_keeps_its_promises_whatever_comes(
        start in 0.001..1.0_f64, max_rate in 1.0..10_000.0_f64, overload in any::<bool>(),
        answers in prop::collection::vec(measured(), 1..40),
    ) {
        let plan = Plan { max_seconds: 1e9, overload, ..plan(start * max_rate, max_rate) };
        let mut answers = answers.into_iter().cycle();
        let (taken, _) = drive(plan.clone(), |_| answers.next().expect("it goes round"));
        promises(&plan, &taken);
    }

    #[test]
    fn no_step_begins_that_could_not_end_in_time(
        max_seconds in 50.0..2000.0_f64, chosen in prop::option::of(1.0..10.0_f64),
        answers in prop::collection::vec(measured(), 1..40),
    ) {
        let plan = Plan { max_seconds, step_seconds: chosen, ..plan(20.0, 1000.0) };
        let mut answers = answers.into_iter().cycle();
        let (taken, _) = drive(plan.clone(), |_| answers.next().expect("it goes round"));
        let mut elapsed = 0.0;
        for (step, _) in &taken {
            prop_assert!(elapsed + step.seconds <= max_seconds, "{step:?} after {elapsed} s");
            elapsed += step.seconds + 1.0;
        }
    }
}
