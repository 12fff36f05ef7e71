//! What must hold for every run.

use canary_core::squeeze::{Estimate, Load, LoadRun, LoadStep, SqueezeReport};
use proptest::prelude::*;

use crate::edges::{RATES, judge, run};

fn close(one: Option<Estimate>, other: Option<Estimate>, factor: f64) -> bool {
    let near = |one: Option<f64>, other: Option<f64>| match (one, other) {
        // A minimum is flat: golden sections find its place to the root of the rounding only.
        (Some(one), Some(other)) => (one * factor / other - 1.0).abs() < 1e-6,
        (None, None) => true,
        _ => false,
    };
    match (one, other) {
        (Some(one), Some(other)) => {
            near(one.estimate, other.estimate) && near(one.lower, other.lower) && near(one.upper, other.upper)
        }
        (None, None) => true,
        _ => false,
    }
}

/// Any numbers a broken parser might hand over.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(-1.0),
        Just(0.0),
        Just(1e-300),
        Just(1e300),
        0.1..1e5_f64,
        any::<f64>()
    ]
}

fn wild_step() -> impl Strategy<Value = LoadStep> {
    (wild(), wild(), 0_u64..3000, 0_u64..3000, 0_u64..500, proptest::option::of(wild()), any::<bool>()).prop_map(
        |(rate, seconds, sent, ok, errors, goodput, closed)| {
            let load = if closed { Load::Closed { clients: sent } } else { Load::Open { rate } };
            let mut step = LoadStep::new(load, seconds);
            (step.sent, step.ok, step.errors.other, step.goodput) = (sent, ok, errors, goodput);
            step.latency.mean_ms = goodput;
            step.latency.quantiles = vec![canary_core::squeeze::Quantile { quantile: rate, ms: seconds }];
            step.started_ms = Some(i64::try_from(sent).unwrap() * 1000);
            step
        },
    )
}

fn finite(report: &SqueezeReport) -> bool {
    let estimates = [report.capacity, report.slo_crossing, report.sweet_spot];
    let ends = estimates.iter().flatten().flat_map(|found| [found.estimate, found.lower, found.upper]);
    ends.flatten().chain(report.knee).chain(report.projection).all(f64::is_finite)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_server_twice_as_fast_under_twice_the_load_has_twice_the_capacity(
        capacity in 60.0..140.0_f64, power in 1_i32..4
    ) {
        // Twice the rate in half the time: the same counts, and every rate twice as large.
        let factor = 2.0_f64.powi(power);
        let slow = run(&RATES, capacity);
        let mut fast = slow.clone();
        for step in &mut fast.steps {
            if let Load::Open { rate } = &mut step.load {
                *rate *= factor;
            }
            step.duration_seconds /= factor;
            step.latency.mean_ms = step.latency.mean_ms.map(|ms| ms / factor);
            step.latency.max_ms = step.latency.max_ms.map(|ms| ms / factor);
            step.latency.quantiles.iter_mut().for_each(|at| at.ms /= factor);
        }
        let (slow, fast) = (judge(&slow, &["errors<1%"]), judge(&fast, &["errors<1%"]));
        prop_assert_eq!(slow.status, fast.status);
        prop_assert!(close(slow.capacity, fast.capacity, factor), "{:?} {:?}", slow.capacity, fast.capacity);
        prop_assert!(close(slow.sweet_spot, fast.sweet_spot, factor));
    }

    #[test]
    fn the_order_of_steps_changes_nothing(
        capacity in 60.0..140.0_f64, order in Just((0..RATES.len()).collect::<Vec<_>>()).prop_shuffle()
    ) {
        let plain = run(&RATES, capacity);
        let shuffled = LoadRun { steps: order.iter().map(|&place| plain.steps[place].clone()).collect(), ..plain.clone() };
        let (plain, shuffled) = (judge(&plain, &["p99<40ms"]), judge(&shuffled, &["p99<40ms"]));
        prop_assert_eq!(
            (plain.status, plain.capacity, plain.slo_crossing, plain.sweet_spot),
            (shuffled.status, shuffled.capacity, shuffled.slo_crossing, shuffled.sweet_spot)
        );
        for (place, &from) in order.iter().enumerate() {
            prop_assert_eq!(&shuffled.steps[place], &plain.steps[from]);
        }
    }

    #[test]
    fn a_faster_server_never_has_a_lower_sweet_spot(capacity in 60.0..120.0_f64, more in 1.02..1.2_f64) {
        let sweet_spot = |capacity: f64| judge(&run(&RATES, capacity), &["p99<40ms"]).sweet_spot.unwrap().estimate.unwrap();
        let (slow, fast) = (sweet_spot(capacity), sweet_spot(capacity * more));
        // Counts are whole and the corner's sharpness is one of a list: half a percent, where two are between the servers.
        prop_assert!(fast >= slow * 0.995, "{slow} {fast}");
    }

    #[test]
    fn a_stricter_objective_never_allows_more(limit in 12.0..90.0_f64, less in 0.5..1.0_f64) {
        let crossing = |limit: f64| {
            let found = judge(&run(&RATES, 100.0), &[&format!("p99<{limit}ms")]).slo_crossing.unwrap();
            found.estimate.or(found.lower).or(found.upper).unwrap()
        };
        prop_assert!(crossing(limit * less) <= crossing(limit) * (1.0 + 1e-9));
    }

    #[test]
    fn no_input_makes_it_panic_or_give_a_number_that_is_none(steps in proptest::collection::vec(wild_step(), 0..9)) {
        let report = judge(&LoadRun { steps, ..LoadRun::default() }, &["p99<40ms", "errors<1%"]);
        prop_assert!(finite(&report), "{:?}", report);
        serde_json::to_string(&report).unwrap();
    }
}
