//! What the exit code says of a squeeze test.

use canary_core::report::{Evidence, State};
use canary_core::squeeze::{SqueezeComparison, SqueezeReport, Status};

use crate::exit::Exit;

/// Of the test, held against the old build's where there is one, and against the throughput that is required.
pub(super) fn exit(report: &SqueezeReport) -> Exit {
    match &report.comparison {
        None => alone(report),
        Some(comparison) if report.required.is_none() => compared(comparison, report),
        Some(comparison) => compared(comparison, report).or(alone(report)),
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

/// 0 for a number, or for what reaches the throughput required; 1 for what does not; 2 for none; 3 for what is undecided.
fn alone(report: &SqueezeReport) -> Exit {
    let is_number =
        report.status == Status::Measured && report.sweet_spot.is_some_and(|sweet| sweet.estimate.is_some());
    match (report.status, report.required, report.meets()) {
        (Status::Unstable | Status::Unusable, ..) => Exit::NoVerdict,
        (_, Some(_), Some(true)) => Exit::Pass,
        (_, Some(_), Some(false)) => Exit::Fail,
        (_, None, _) if is_number => Exit::Pass,
        _ => Exit::Undecided,
    }
}
