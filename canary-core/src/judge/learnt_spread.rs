//! How much instances differ, learnt from all metrics of the run.
//!
//! Two instances against one leave a metric one degree of freedom for the spread between instances: no change
//! short of a multiple is ever decided. But the same machines serve every metric. Smyth's (2004) empirical
//! Bayes takes the metrics' variances as draws of one scaled inverse χ² with d₀ degrees, finds s₀² and d₀ from
//! how the logarithms of the estimated variances scatter, and adds both to each. Where metrics differ widely in
//! spread, d₀ is small and each stands for itself. Assumes that a metric's spread has nothing to do with
//! whether it changed: spreads are taken within the sides.

use statrs::function::gamma::digamma;

use super::Judged;
use super::estimate::{ByInstance, Estimate, Scale};
use crate::report::Window;
use crate::stats::Spread;

/// Fewer metrics than this teach nothing.
const MIN_METRICS: usize = 20;
/// What the others say never weighs more than this many degrees.
const MOST_DEGREES: f64 = 10.0;

const WINDOWS: [Window; 5] = [Window::Full, Window::LastHalf, Window::LastQuarter, Window::LastEighth, Window::End];

/// Adds to every metric that is judged by instances on Student's t what all of them say of the spread, window by
/// window. Cost: O(metrics).
pub(super) fn learn(judged: &mut [Judged<'_>]) {
    for window in WINDOWS {
        let spreads: Vec<Spread> =
            judged.iter_mut().filter_map(|metric| Some(found(metric, window)?.spread())).collect();
        let Some(learnt) = prior(&spreads) else { continue };
        for found in judged.iter_mut().filter_map(|metric| found(metric, window)) {
            found.learn(learnt);
        }
    }
}

fn found<'a>(metric: &'a mut Judged<'_>, window: Window) -> Option<&'a mut ByInstance> {
    let views = &mut metric.compared.as_mut().ok()?.views;
    let view = views.iter_mut().find(|view| view.window == window)?;
    match &mut view.estimate {
        Estimate::Instances(found) if found.scale == Scale::Log => Some(found),
        _ => None,
    }
}

/// The scaled inverse χ² behind estimated variances, by the moments of their logarithms (Smyth 2004, §6.2, as
/// limma's `fitFDist`). `None` for too few of them.
fn prior(spreads: &[Spread]) -> Option<Spread> {
    let excess = |spread: &Spread| {
        let half = spread.degrees / 2.0;
        (spread.variance > 0.0 && half > 0.0).then(|| spread.variance.ln() - digamma(half) + half.ln())
    };
    let known: Vec<(f64, f64)> =
        spreads.iter().filter_map(|spread| Some((excess(spread)?, trigamma(spread.degrees / 2.0)))).collect();
    if known.len() < MIN_METRICS {
        return None;
    }
    let count = known.len() as f64;
    let mean = known.iter().map(|(excess, _)| excess).sum::<f64>() / count;
    let scatter = known.iter().map(|(excess, _)| (excess - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let of_chance = known.iter().map(|(_, chance)| chance).sum::<f64>() / count;
    let half = inverse_trigamma(scatter - of_chance).min(MOST_DEGREES / 2.0);
    let variance = (mean + digamma(half) - half.ln()).exp();
    (variance > 0.0 && variance.is_finite()).then_some(Spread { variance, degrees: 2.0 * half })
}

/// ψ'(x) for x > 0: the recurrence up to 8, then its asymptotic series (DLMF 5.15.5, 5.15.8) to 1e-11.
fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < 8.0 {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series =
        1.0 / 6.0 + square * (-1.0 / 30.0 + square * (1.0 / 42.0 + square * (-1.0 / 30.0 + square * 5.0 / 66.0)));
    sum + 1.0 / x + square / 2.0 + square / x * series
}

/// The x with ψ'(x) = `value`; infinite where that is zero or less: no scatter but by chance.
fn inverse_trigamma(value: f64) -> f64 {
    if value <= 0.0 {
        return f64::INFINITY;
    }
    // ψ' falls; halving in ln x from 1e-6 to 1e6 ends at 1e-12 relative.
    let (mut low, mut high) = (1e-6_f64.ln(), 1e6_f64.ln());
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if trigamma(middle.exp()) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high).exp()
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;

    #[test]
    fn trigamma_and_its_inverse() {
        // scipy.special.polygamma(1, x).
        for (x, expected) in
            [(0.5, 4.934_802_200_544_679), (1.0, 1.644_934_066_848_226_4), (7.3, 0.146_795_768_131_427_03)]
        {
            // The series ends at 1e-11.
            assert!((trigamma(x) / expected - 1.0).abs() < 1e-10, "{x}");
            assert!((inverse_trigamma(expected) / x - 1.0).abs() < 1e-9, "{x}");
        }
        assert_eq!(inverse_trigamma(-0.1), f64::INFINITY);
    }

    /// Variances without scatter beyond chance: the prior takes as many degrees as it may.
    #[test]
    fn like_spreads_are_pooled_and_unlike_ones_are_not() {
        let spread = |variance| Spread { variance, degrees: 4.0 };
        let like = prior(&[spread(2.0); 40]).unwrap();
        assert_eq!(like.degrees, MOST_DEGREES);
        let unlike: Vec<Spread> = (0..40).map(|power| spread(10_f64.powi(power - 20))).collect();
        assert!(prior(&unlike).unwrap().degrees < 0.1);
        assert_eq!(prior(&[spread(2.0); 19]), None);
    }
}
