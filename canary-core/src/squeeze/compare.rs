//! The canary's sweet spot against the baseline's.

use serde::{Deserialize, Serialize};

use super::report::{Estimate, SqueezeReport, Status};
use crate::config::Bounds;
use crate::error::InputError;
use crate::measured::Measured;
use crate::report::{Evidence, Interval, State};
use crate::stats::{Bracketed, RatioOfBracketed};

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
    /// The tests differ in their objectives, in what they count, or in their loop.
    DifferentTests,
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
    /// The baseline's sweet spot; `None` where its test gave none.
    pub baseline: Option<Estimate>,
    /// The canary's.
    pub canary: Option<Estimate>,
}

/// Degrees of freedom of Student's t by which the ratio's interval is carried to other levels than its own. Few steps
/// beyond capacity decide a test, so the tails are heavier than the normal ones; measured by `squeeze_accuracy --ratio`.
pub(crate) const DEGREES: f64 = 4.0;

/// The name under which a sweet spot is judged among the metrics of a canary.
pub const SWEET_SPOT: &str = "squeeze.sweet_spot";

impl From<Estimate> for Bracketed {
    fn from(number: Estimate) -> Self {
        Self { estimate: number.estimate, lower: number.lower, upper: number.upper, level: number.level }
    }
}

/// Compares two tests of the same workload and instance type, which the caller sees to. Of other objectives, another
/// unit or the other loop they are not compared.
///
/// The ratio's interval comes from both intervals ([`RatioOfBracketed`]). A test that gave only a bound gives one end: a
/// canary that sustains at least 300 where the baseline sustains 200 is hot, whatever its capacity.
#[must_use]
pub fn compare(baseline: &SqueezeReport, canary: &SqueezeReport, bounds: Bounds) -> SqueezeComparison {
    let known = |report: &SqueezeReport| {
        report.sweet_spot.filter(|_| !matches!(report.status, Status::Unstable | Status::Unusable))
    };
    let differ = baseline.slo != canary.slo || baseline.unit != canary.unit || baseline.load_loop != canary.load_loop;
    let (baseline, canary) = (known(baseline), known(canary));
    let nothing = |reason| SqueezeComparison {
        state: State::NoData,
        reason,
        ratio: None,
        interval: None,
        bounds,
        evidence: Evidence::Undecided,
        baseline,
        canary,
    };
    let Some(old) = baseline else { return nothing(ComparisonReason::NoBaseline) };
    let Some(new) = canary else { return nothing(ComparisonReason::NoCanary) };
    if differ {
        return nothing(ComparisonReason::DifferentTests);
    }
    let found = RatioOfBracketed::new(old.into(), new.into(), DEGREES);
    if found.is_unknown() {
        return nothing(ComparisonReason::OnlyBounds);
    }
    let level = new.level.min(old.level);
    let (lower, upper) = found.interval(1.0 - level);
    let (state, reason) = if lower > bounds.upper() {
        (State::Hot, ComparisonReason::AboveUpperBound)
    } else if upper < bounds.lower() {
        (State::Cold, ComparisonReason::BelowLowerBound)
    } else if lower >= bounds.lower() && upper <= bounds.upper() {
        (State::Ok, ComparisonReason::WithinBounds)
    } else {
        (State::Ok, ComparisonReason::Undecided)
    };
    let end = |end: f64| Some(end).filter(|end| *end > 0.0 && end.is_finite());
    SqueezeComparison {
        state,
        reason,
        ratio: found.ratio,
        interval: Some(Interval { level, lower: end(lower), upper: end(upper) }),
        bounds,
        evidence: if reason == ComparisonReason::Undecided { Evidence::Undecided } else { Evidence::Certified },
        baseline,
        canary,
    }
}

impl SqueezeComparison {
    /// The sweet spots as one more metric of a canary, for [`Judge::with_measured`](crate::Judge::with_measured): the
    /// bounds are those of its rules, not those of this comparison. `name` is [`SWEET_SPOT`] unless there are several.
    /// Errors: numbers that are none, which a comparison made here does not hold.
    pub fn measured(&self, name: &str) -> Result<Measured, InputError> {
        let measured = Measured::new(name, self.baseline, self.canary)?;
        Ok(if self.reason == ComparisonReason::DifferentTests { measured.of_different_tests() } else { measured })
    }
}

impl SqueezeReport {
    /// This report with its sweet spot held against that of the old build's test.
    #[must_use]
    pub fn against(mut self, baseline: &Self, bounds: Bounds) -> Self {
        self.comparison = Some(compare(baseline, &self, bounds));
        self
    }
}
