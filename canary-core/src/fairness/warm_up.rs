//! Whether the canary's first minutes differ from its later ones: caches that fill, code that is compiled.

use super::{mean_series, sample};
use crate::metric::{MetricPair, MetricSet};
use crate::report::{Check, Fairness, Outcome};
use crate::stats::{mad, median};

/// What counts as the first minutes.
const FIRST_MINUTES: f64 = 10.0;
/// The later part must be this many times as long.
const MIN_LATER: usize = 3;
/// Fewer pairs at the start say nothing of their median.
const MIN_FIRST: usize = 5;
/// So many scales from the later median is far: the median of 10 values is rarely off by one.
const FAR: f64 = 3.0;
/// The share of metrics far from their later level from which a warm-up is to be left out.
const ODD: f64 = 0.2;

/// The share of metrics whose log ratio in the first 10 minutes is far from the later one. `None` where
/// the run is too short to have a start, or no metric can tell. Cost: O(ticks) for at most 200 metrics.
pub(super) fn warm_up(metrics: &MetricSet) -> Option<Fairness> {
    let minute_ticks = 60_000.0 / metrics.grid().step().ms().max(1) as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few ticks")]
    let first = (FIRST_MINUTES * minute_ticks).round() as usize;
    let (mut far, mut counted) = (0.0, 0.0);
    for pair in sample(metrics) {
        if let Some(is_far) = starts_far(&pair, metrics.grid().ticks(), first) {
            counted += 1.0;
            far += f64::from(u8::from(is_far));
        }
    }
    if counted == 0.0 {
        return None;
    }
    let share = far / counted;
    let outcome = if share > ODD { Outcome::Odd } else { Outcome::Alike };
    Some(Fairness { check: Check::WarmUp, outcome, baseline: None, canary: Some(share) })
}

fn starts_far(pair: &MetricPair<'_>, ticks: usize, first: usize) -> Option<bool> {
    let from = pair.first_common?;
    let (baseline, canary) = (mean_series(&pair.baseline, ticks), mean_series(&pair.canary, ticks));
    let ratios: Vec<f64> = baseline.iter().zip(&canary).skip(from).map(|(b, c)| (c / b).ln()).collect();
    let finite = |part: &[f64]| -> Vec<f64> { part.iter().copied().filter(|ratio| ratio.is_finite()).collect() };
    let (mut start, mut later) = (finite(ratios.get(..first)?), finite(ratios.get(first..)?));
    if start.len() < MIN_FIRST || later.len() < MIN_LATER * first {
        return None;
    }
    let (begins, stays) = (median(&mut start)?, median(&mut later)?);
    let scale = mad(&mut later).filter(|scale| *scale > 0.0)?;
    // The median of n values has a standard error of 1.25 scales over the root of n.
    let error = 1.25 * scale / (start.len() as f64).sqrt();
    Some((begins - stays).abs() > FAR * error.max(scale / 2.0))
}
