//! Whether there is enough to compare, and whether both sides miss values alike.

use statrs::function::beta::checked_beta_reg;

use super::{Prepared, Role};
use crate::config::Settings;
use crate::metric::{Arm, MetricPair};
use crate::report::Reason;

/// Up to this share of infinite values is taken for stray; beyond it, what computes them is broken.
const MAX_INFINITE_SHARE: f64 = 0.1;
/// Missing values are called unequal below this p-value.
const UNEQUAL_P_VALUE: f64 = 0.001;

/// Why a metric cannot be judged at all, if so.
pub(crate) fn unjudgeable(pair: &MetricPair<'_>, prepared: &Prepared, settings: &Settings) -> Option<Reason> {
    let (baseline, canary) = (prepared.baseline_points, prepared.canary_points);
    let share = infinite_share(&pair.baseline, baseline).max(infinite_share(&pair.canary, canary));
    if share > MAX_INFINITE_SHARE {
        return Some(Reason::NotFinite { share, limit: MAX_INFINITE_SHARE });
    }
    // Counts are added up over time: their sides need no common ticks.
    let counted = prepared.role == Role::Exposure;
    let found = if counted { baseline.min(canary) } else { prepared.pairs.len() };
    match (baseline, canary) {
        (0, 0) => return Some(Reason::NoValues),
        (_, 0) => return Some(Reason::MissingInCanary),
        (0, _) => return Some(Reason::MissingInBaseline),
        _ if prepared.lacking.is_some() => return prepared.lacking.clone(),
        _ if found == 0 => return Some(Reason::NoCommonTimes),
        _ => {}
    }
    if found < settings.min_points as usize {
        return Some(Reason::TooFewPoints { found: found as u64, needed: u64::from(settings.min_points) });
    }
    // The shorter side's points over the longer one's, so that swapping the sides changes nothing. Where it
    // is known at which ticks a side had requests, those are what it has to cover.
    let by_points = || baseline.min(canary) as f64 / baseline.max(canary) as f64;
    let share = prepared.covered.unwrap_or_else(by_points);
    let needed = settings.min_coverage.get();
    (share < needed).then_some(Reason::LowCoverage { share, needed })
}

fn infinite_share(arm: &Arm<'_>, points: usize) -> f64 {
    let infinite = arm.counts().infinite as f64;
    if infinite > 0.0 { infinite / (infinite + points as f64) } else { 0.0 }
}

/// Whether one side lacks values at more ticks than chance explains: the two-sided sign test on the ticks
/// that only one side has (R's `binom.test`). A canary that drops out under load is no longer compared
/// where it matters.
pub(crate) fn missing_unequally(prepared: &Prepared) -> bool {
    let alone = |points: usize| points.saturating_sub(prepared.pairs.len()) as f64;
    let (baseline, canary) = (alone(prepared.baseline_points), alone(prepared.canary_points));
    let (more, fewer) = (baseline.max(canary), baseline.min(canary));
    // P(X >= more) of a fair coin over all lonely ticks, as an incomplete beta function.
    more > fewer && 2.0 * checked_beta_reg(more, fewer + 1.0, 0.5).unwrap_or(1.0) < UNEQUAL_P_VALUE
}
