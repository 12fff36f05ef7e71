//! What the exit code says of a squeeze test.

use canary_core::report::{Evidence, State};
use canary_core::squeeze::{SqueezeComparison, SqueezeReport, Status};

use crate::exit::Exit;

/// Of the test, held against the old build's where there is one, and against the throughput that is required.
pub(super) fn exit(report: &SqueezeReport, min: Option<f64>) -> Exit {
    match (&report.comparison, min) {
        (None, min) => alone(report, min),
        (Some(comparison), None) => compared(comparison, report),
        (Some(comparison), min) => compared(comparison, report).or(alone(report, min)),
    }
}

/// What the comparison alone comes to. A bound on the canary is enough where it decides.
fn compared(comparison: &SqueezeComparison, report: &SqueezeReport) -> Exit {
    match (comparison.state, comparison.evidence) {
        (State::Cold, _) => Exit::Fail,
        (State::NoData, _) if matches!(report.status, Status::Unstable | Status::Unusable) => Exit::NoVerdict,
        (State::NoData, _) | (_, Evidence::Undecided) => Exit::Undecided,
        (State::Hot | State::Ok, Evidence::Certified) => Exit::Pass,
    }
}

/// 0 for a number that suffices, 1 for one that does not, 2 for none, 3 for a bound.
fn alone(report: &SqueezeReport, min: Option<f64>) -> Exit {
    let sweet = report.sweet_spot;
    let most = sweet.and_then(|sweet| sweet.estimate.or(sweet.upper));
    let least = sweet.and_then(|sweet| sweet.estimate.or(sweet.lower));
    let met = min.is_none_or(|min| least.is_some_and(|rate| rate >= min));
    let missed = min.is_some_and(|min| most.is_some_and(|rate| rate < min));
    match report.status {
        Status::Unstable | Status::Unusable => Exit::NoVerdict,
        _ if missed => Exit::Fail,
        Status::Measured if met && sweet.is_some_and(|sweet| sweet.estimate.is_some()) => Exit::Pass,
        Status::LowerBound | Status::GeneratorLimited if min.is_some() && met => Exit::Pass,
        _ => Exit::Undecided,
    }
}
