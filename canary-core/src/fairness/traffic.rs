//! The requests of both sides.

use super::mean_series;
use crate::config::{FairnessSettings, Patterns};
use crate::metric::{Arm, MetricSet};
use crate::report::{Check, Fairness, Outcome};

/// Beyond this ratio of requests, either way, counts mean nothing unless they are normalised, and tails
/// of small samples are biased.
const ODD: f64 = 2.0;

/// The requests a tick of both sides, over all metrics that `fairness.traffic` matches. `None` without
/// such a pattern. A pattern that matches nothing, or a side without a request, cannot be compared.
pub(super) fn traffic(metrics: &MetricSet, settings: &FairnessSettings) -> Option<Fairness> {
    let patterns = Patterns::new(std::slice::from_ref(settings.traffic.as_ref()?)).ok()?;
    let ticks = metrics.grid().ticks();
    let (mut baseline, mut canary) = (0.0, 0.0);
    for pair in metrics.iter().filter(|pair| patterns.matches(pair.name)) {
        baseline += total(&pair.baseline, ticks);
        canary += total(&pair.canary, ticks);
    }
    let ratio = canary / baseline;
    let outcome = if !(baseline > 0.0 && canary > 0.0) {
        Outcome::NotComparable
    } else if (1.0 / ODD..=ODD).contains(&ratio) {
        Outcome::Alike
    } else {
        Outcome::Odd
    };
    let a_tick = |total: f64| Some(total / ticks.max(1) as f64).filter(|number| number.is_finite());
    Some(Fairness { check: Check::Traffic, outcome, baseline: a_tick(baseline), canary: a_tick(canary) })
}

/// Over all instances, whose mean is what is at hand tick by tick.
fn total(arm: &Arm<'_>, ticks: usize) -> f64 {
    let instances = arm.instances() as f64;
    mean_series(arm, ticks).iter().filter(|value| value.is_finite()).sum::<f64>() * instances
}
