//! The canary's sweet spot against the baseline's.

use serde::{Deserialize, Serialize};

use super::report::{Estimate, SqueezeReport, Status};
use crate::config::Bounds;
use crate::report::{Evidence, Interval, State};

/// Why a comparison has no state, or how it came by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComparisonReason {
    /// The baseline's test gave no sweet spot, nor a bound.
    NoBaseline,
    /// The canary's did not.
    NoCanary,
    /// Both gave only bounds on the same side: nothing follows.
    OnlyBounds,
    /// The whole interval lies above the upper bound.
    AboveUpperBound,
    /// The whole interval lies below the lower bound.
    BelowLowerBound,
    /// The whole interval lies within the bounds.
    WithinBounds,
    /// The interval reaches over a bound.
    Undecided,
}

/// The ratio canary/baseline of the sweet spots, in the words of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SqueezeComparison {
    /// Hot: the canary sustains more. Cold: less. Exactly where the interval lies outside of the bounds.
    pub state: State,
    /// Why.
    pub reason: ComparisonReason,
    /// Canary over baseline; `None` where either is only a bound.
    pub ratio: Option<f64>,
    /// Its interval; an end is `None` where a bound leaves it open.
    pub interval: Option<Interval>,
    /// The bounds it was held against.
    pub bounds: Bounds,
    /// Whether the interval decides.
    pub evidence: Evidence,
}

/// Compares two tests of the same workload, objectives and instance type, which the caller sees to.
///
/// The ratio's interval comes from both intervals on the logarithm, each end with its own distance (MOVER; Zou &
/// Donner 2008), so that unequal sides stay so. A test that gave only a bound gives one end: a canary that sustains at
/// least 300 where the baseline sustains 200 is hot, whatever its capacity.
#[must_use]
pub fn compare(baseline: &SqueezeReport, canary: &SqueezeReport, bounds: Bounds) -> SqueezeComparison {
    let nothing = |reason| SqueezeComparison {
        state: State::NoData,
        reason,
        ratio: None,
        interval: None,
        bounds,
        evidence: Evidence::Undecided,
    };
    let known = |report: &SqueezeReport| {
        report.sweet_spot.filter(|_| !matches!(report.status, Status::Unstable | Status::Unusable))
    };
    let Some(old) = known(baseline) else { return nothing(ComparisonReason::NoBaseline) };
    let Some(new) = known(canary) else { return nothing(ComparisonReason::NoCanary) };
    let (lower, upper) = (lower_end(old, new), upper_end(old, new));
    if lower.is_none() && upper.is_none() {
        return nothing(ComparisonReason::OnlyBounds);
    }
    let above = lower.is_some_and(|lower| lower > bounds.upper());
    let below = upper.is_some_and(|upper| upper < bounds.lower());
    let within =
        lower.is_some_and(|lower| lower >= bounds.lower()) && upper.is_some_and(|upper| upper <= bounds.upper());
    let (state, reason) = match (above, below, within) {
        (true, ..) => (State::Hot, ComparisonReason::AboveUpperBound),
        (_, true, _) => (State::Cold, ComparisonReason::BelowLowerBound),
        (_, _, true) => (State::Ok, ComparisonReason::WithinBounds),
        _ => (State::Ok, ComparisonReason::Undecided),
    };
    let ratio = new.estimate.zip(old.estimate).map(|(new, old)| new / old).filter(|ratio| ratio.is_finite());
    let interval = Some(Interval { level: new.level.min(old.level), lower, upper });
    let evidence = if reason == ComparisonReason::Undecided { Evidence::Undecided } else { Evidence::Certified };
    SqueezeComparison { state, reason, ratio, interval, bounds, evidence }
}

/// The least that the ratio can be: the canary low and the baseline high.
fn lower_end(old: Estimate, new: Estimate) -> Option<f64> {
    end((new.estimate, new.lower), (old.estimate, old.upper), -1.0)
}

/// The most that the ratio can be.
fn upper_end(old: Estimate, new: Estimate) -> Option<f64> {
    end((new.estimate, new.upper), (old.estimate, old.lower), 1.0)
}

/// The end of ln new - ln old in the direction of `sign`, from each estimate and its own end.
fn end(new: (Option<f64>, Option<f64>), old: (Option<f64>, Option<f64>), sign: f64) -> Option<f64> {
    let (new_end, old_end) = (new.1?.ln(), old.1?.ln());
    // Without an estimate its bound stands for it, at no distance.
    let (new, old) = (new.0.map_or(new_end, f64::ln), old.0.map_or(old_end, f64::ln));
    let half = (new_end - new).hypot(old_end - old);
    Some((new - old + sign * half).exp()).filter(|end| end.is_finite())
}

impl SqueezeReport {
    /// This report with its sweet spot held against that of the old build's test.
    #[must_use]
    pub fn against(mut self, baseline: &Self, bounds: Bounds) -> Self {
        self.comparison = Some(compare(baseline, &self, bounds));
        self
    }
}
