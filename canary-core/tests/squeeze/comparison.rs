//! The canary's sweet spot against the baseline's.

use canary_core::config::Bounds;
use canary_core::report::{Evidence, State};
use canary_core::squeeze::{ComparisonReason, Estimate, LoadLoop, SWEET_SPOT, Slo, SqueezeReport, Status, compare};

use crate::edges::{RATES, judge, run};

fn with(estimate: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> SqueezeReport {
    let mut report = judge(&run(&RATES, 100.0), &[]);
    report.sweet_spot = Some(Estimate { estimate, lower, upper, level: 0.95 });
    report
}

fn bounds() -> Bounds {
    Bounds::new(0.95, 1.2).unwrap()
}

#[test]
fn states_follow_the_interval() {
    let old = with(Some(100.0), Some(98.0), Some(102.0));
    for (estimate, state, reason) in [
        (100.0, State::Ok, ComparisonReason::WithinBounds),
        (80.0, State::Cold, ComparisonReason::BelowLowerBound),
        (130.0, State::Hot, ComparisonReason::AboveUpperBound),
        (95.0, State::Ok, ComparisonReason::Undecided),
    ] {
        let new = with(Some(estimate), Some(0.98 * estimate), Some(1.02 * estimate));
        let found = compare(&old, &new, bounds());
        assert_eq!((found.state, found.reason), (state, reason), "{estimate}: {found:?}");
        assert_eq!(found.evidence == Evidence::Undecided, reason == ComparisonReason::Undecided);
        // MOVER: half widths of the logarithms add by their squares.
        let half = (0.98_f64.ln().hypot(1.02_f64.ln())).exp();
        let interval = found.interval.unwrap();
        assert!((interval.lower.unwrap() / (estimate / 100.0 / half) - 1.0).abs() < 1e-12);
        assert!((interval.upper.unwrap() / (estimate / 100.0 * half) - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_bound_is_enough_where_it_decides() {
    let old = with(Some(100.0), Some(98.0), Some(102.0));
    let fast = with(None, Some(150.0), None);
    let found = compare(&old, &fast, bounds());
    assert_eq!((found.state, found.ratio), (State::Hot, None));
    assert_eq!(found.interval.unwrap().upper, None);
    let slow = with(None, None, Some(60.0));
    assert_eq!(compare(&old, &slow, bounds()).state, State::Cold);
    let undecided = compare(&old, &with(None, Some(100.0), None), bounds());
    assert_eq!((undecided.state, undecided.reason), (State::Ok, ComparisonReason::Undecided));
    assert_eq!(compare(&fast, &fast, bounds()).reason, ComparisonReason::OnlyBounds);
}

#[test]
fn no_number_is_nodata_that_names_its_side() {
    let good = with(Some(100.0), Some(98.0), Some(102.0));
    let mut bad = good.clone();
    bad.status = Status::Unstable;
    assert_eq!(compare(&bad, &good, bounds()).reason, ComparisonReason::NoBaseline);
    let found = compare(&good, &bad, bounds());
    assert_eq!((found.state, found.reason, found.interval), (State::NoData, ComparisonReason::NoCanary, None));
}

#[test]
fn different_tests_are_not_compared() {
    let good = with(Some(100.0), Some(98.0), Some(102.0));
    let other_objective =
        SqueezeReport { slo: "p99<40ms".parse().map(|one| Slo { objectives: vec![one] }).unwrap(), ..good.clone() };
    let other_unit = SqueezeReport { unit: Some("jobs".to_owned()), ..good.clone() };
    let other_loop = SqueezeReport { load_loop: Some(LoadLoop::Closed), ..good.clone() };
    for other in [other_objective, other_unit, other_loop] {
        let found = compare(&good, &other, bounds());
        assert_eq!((found.state, found.reason), (State::NoData, ComparisonReason::DifferentTests));
        assert_eq!((found.ratio, found.baseline), (None, good.sweet_spot), "the numbers stand, their ratio does not");
        let measured = found.measured(SWEET_SPOT).unwrap();
        assert_eq!(measured, measured.clone().of_different_tests());
        assert_ne!(measured, compare(&good, &good, bounds()).measured(SWEET_SPOT).unwrap());
    }
}
