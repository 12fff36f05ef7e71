//! Hot, cold, ok or nodata, and why.

use super::comparison::Comparison;
use super::position::{above, below, within};
use crate::config::{Direction, Settings};
use crate::report::{Evidence, Reason, State};
use crate::stats::RESOLUTION;

/// What one metric's comparison comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Classified {
    pub(super) state: State,
    pub(super) evidence: Evidence,
    pub(super) reason: Reason,
    pub(super) counts_against: bool,
}

/// Holds the interval (or the bare ratio, where the judge has none) against the bounds, and the change
/// against the floor.
pub(super) fn classify(compared: &Result<Comparison, Reason>, settings: &Settings) -> Classified {
    let comparison = match compared {
        Ok(comparison) => comparison,
        Err(reason) => {
            let (state, evidence) = (State::NoData, Evidence::Undecided);
            return Classified { state, evidence, reason: reason.clone(), counts_against: false };
        }
    };
    let bounds = settings.bounds;
    let (lower, upper) = comparison.interval.unwrap_or((comparison.ratio, comparison.ratio));
    let special = comparison.special.clone();
    let (state, evidence, reason) = if above(lower, bounds) {
        (State::Hot, Evidence::Certified, special.unwrap_or(Reason::AboveUpperBound))
    } else if below(upper, bounds) {
        (State::Cold, Evidence::Certified, special.unwrap_or(Reason::BelowLowerBound))
    } else if within(lower, bounds) && within(upper, bounds) {
        (State::Ok, Evidence::Certified, special.unwrap_or(Reason::WithinBounds))
    } else {
        (State::Ok, Evidence::Undecided, Reason::OverlapsBound)
    };
    match below_floor(comparison, settings) {
        Some(reason) if state != State::Ok => Classified { state: State::Ok, evidence, reason, counts_against: false },
        _ => Classified { state, evidence, reason, counts_against: is_failure(state, settings.direction) },
    }
}

fn below_floor(comparison: &Comparison, settings: &Settings) -> Option<Reason> {
    let (baseline, canary) = (comparison.average.baseline?, comparison.average.canary?);
    let (change, floor) = (canary - baseline, settings.floor?.get());
    // By more than rounding, as the bounds: a difference carries the rounding of what it is taken from.
    let rounding = RESOLUTION * floor.max(baseline.abs()).max(canary.abs());
    (change.abs() < floor - rounding).then_some(Reason::BelowFloor { change, floor })
}

fn is_failure(state: State, direction: Direction) -> bool {
    match state {
        State::Hot => direction != Direction::Decrease,
        State::Cold => direction != Direction::Increase,
        State::Ok | State::NoData => false,
    }
}
