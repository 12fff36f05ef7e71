//! Whether both clocks agree: load that both sides share must move at the same time.

use super::{mean_series, sample};
use crate::metric::MetricSet;
use crate::report::{Check, Fairness, Outcome};
use crate::stats::{mad, median, sum_of_pairs};

/// Ticks that one side may be late against the other.
const MAX_LAG: usize = 10;
/// Shorter series correlate by chance.
const MIN_PAIRS: usize = 60;
/// Steps beyond this many scales are clipped: one spike must not make a correlation.
const CLIP: f64 = 3.0;
/// The mean correlation at the best lag from which it is believed,
const MIN_CORRELATION: f64 = 0.2;
/// and how many times that at no lag it must be.
const MIN_ADVANTAGE: f64 = 2.0;
/// A correlation at no lag below this is as good as none.
const FLOOR: f64 = 0.05;

/// Correlates the steps from tick to tick of both sides at every lag. `None` where too little moves
/// together to tell. Cost: 21 products a tick of at most 200 metrics.
pub(super) fn skew(metrics: &MetricSet) -> Option<Fairness> {
    let ticks = metrics.grid().ticks();
    let mut sums = [0.0; 2 * MAX_LAG + 1];
    let mut counted = 0.0;
    for pair in sample(metrics) {
        let sides = (steps(&mean_series(&pair.baseline, ticks)), steps(&mean_series(&pair.canary, ticks)));
        let (Some(baseline), Some(canary)) = sides else { continue };
        counted += 1.0;
        for (lag, sum) in sums.iter_mut().enumerate() {
            *sum += correlation(&baseline, &canary, lag);
        }
    }
    let at_none = sums.get(MAX_LAG)? / counted;
    let (lag, best) = sums.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1))?;
    let best = best / counted;
    if best.is_nan() || best < MIN_CORRELATION {
        return None;
    }
    let skewed = lag != MAX_LAG && best >= MIN_ADVANTAGE * at_none.max(FLOOR);
    let late = if skewed { lag as f64 - MAX_LAG as f64 } else { 0.0 };
    let outcome = if skewed { Outcome::NotComparable } else { Outcome::Alike };
    let (baseline, canary) = (Some((-late).max(0.0)), Some(late.max(0.0)));
    Some(Fairness { check: Check::ClockSkew, outcome, baseline, canary })
}

/// Steps from tick to tick in units of their scale, clipped; 0 where one end is missing.
fn steps(series: &[f64]) -> Option<Vec<f64>> {
    let mut steps: Vec<f64> =
        series.windows(2).map(|pair| pair.iter().rev().copied().reduce(|b, a| b - a).unwrap_or(f64::NAN)).collect();
    let mut present: Vec<f64> = steps.iter().copied().filter(|step| step.is_finite()).collect();
    if present.len() < MIN_PAIRS {
        return None;
    }
    let centre = median(&mut present)?;
    let scale = mad(&mut present).filter(|scale| *scale > 0.0)?;
    for step in &mut steps {
        let standardised = (*step - centre) / scale;
        *step = if standardised.is_nan() { 0.0 } else { standardised.clamp(-CLIP, CLIP) };
    }
    Some(steps)
}

/// The correlation of the baseline with the canary `lag` - [`MAX_LAG`] ticks later.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn correlation(baseline: &[f64], canary: &[f64], lag: usize) -> f64 {
    let (skip_baseline, skip_canary) = (MAX_LAG.saturating_sub(lag), lag.saturating_sub(MAX_LAG));
    let (baseline, canary) =
        (baseline.get(skip_baseline..).unwrap_or_default(), canary.get(skip_canary..).unwrap_or_default());
    let product = sum_of_pairs(baseline, canary, |b, c| b * c);
    let of_baseline = sum_of_pairs(baseline, canary, |b, _| b * b);
    let of_canary = sum_of_pairs(baseline, canary, |_, c| c * c);
    let size = (of_baseline * of_canary).sqrt();
    if size > 0.0 { product / size } else { 0.0 }
}
