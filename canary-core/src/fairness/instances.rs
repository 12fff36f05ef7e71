//! The instances of both sides, and how steadily they live.

use crate::metric::{Arm, MetricSet};
use crate::report::{Check, Fairness, Outcome};
use crate::stats::{Events, RateRatio};

/// An instance that first reports after this share of the common time was started during the run.
const LATE_START: f64 = 0.05;
/// One-sided p-value from which more restarts on the canary are no chance.
const P_VALUE: f64 = 0.001;

/// How many instances report the most widely reported metric. `None` where the input has none to tell apart.
pub(super) fn instances(metrics: &MetricSet) -> Option<Fairness> {
    let baseline = metrics.iter().map(|pair| pair.baseline.instances()).max()?;
    let canary = metrics.iter().map(|pair| pair.canary.instances()).max()?;
    if baseline.max(canary) < 2 {
        return None;
    }
    let (baseline, canary) = (Some(baseline as f64), Some(canary as f64));
    Some(Fairness { check: Check::Instances, outcome: Outcome::Alike, baseline, canary })
}

/// Instances that were started during the run: a canary that keeps being restarted (crashes, failing
/// health checks) shows young machines against old ones. Held against the baseline by the exact test of
/// two rates. `None` without instances.
pub(super) fn restarts(metrics: &MetricSet) -> Option<Fairness> {
    let widest = metrics.iter().max_by_key(|pair| pair.baseline.instances() + pair.canary.instances())?;
    if widest.baseline.instances().max(widest.canary.instances()) < 2 {
        return None;
    }
    let ticks = metrics.grid().ticks();
    let from = widest.first_common?;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the ticks")]
    let late = from + (LATE_START * ticks.saturating_sub(from) as f64).ceil() as usize;
    let (baseline, canary) = (started_after(&widest.baseline, late, ticks), started_after(&widest.canary, late, ticks));
    let all = (widest.baseline.instances() as f64, widest.canary.instances() as f64);
    // Per instance that was there from the start: a side of few machines restarts less often.
    let from_start = ((all.0 - baseline).max(1.0), (all.1 - canary).max(1.0));
    let ratio = RateRatio::new(Events::new(baseline, from_start.0)?, Events::new(canary, from_start.1)?);
    let outcome = if ratio.p_above(1.0) < P_VALUE { Outcome::NotComparable } else { Outcome::Alike };
    let (baseline, canary) = (Some(baseline / all.0.max(1.0)), Some(canary / all.1.max(1.0)));
    Some(Fairness { check: Check::Restarts, outcome, baseline, canary })
}

fn started_after(arm: &Arm<'_>, tick: usize, ticks: usize) -> f64 {
    let mut series = vec![f64::NAN; ticks];
    let mut started = 0.0;
    for instance in 0..arm.instances() {
        arm.fill(instance, &mut series);
        started +=
            f64::from(u8::from(series.iter().position(|value| !value.is_nan()).is_some_and(|first| first > tick)));
    }
    started
}
