//! The distribution of true log ratios over the metrics of a run, and what it says about each.

use super::mixture::shares;
use crate::stats::student_quantile;
use crate::stats::tails::{normal_isf, normal_sf};

/// What one metric says about its true log ratio, and where it should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimated log ratio; infinite only where certain.
    pub log_ratio: f64,
    /// Its standard error on the normal scale ([`normal_equivalent_error`]); 0 where the ratio is certain.
    pub error: f64,
    /// The lower bound's logarithm; -infinite where being low does not count.
    pub lower: f64,
    /// The upper bound's logarithm; infinite where being high does not count.
    pub upper: f64,
    /// The weight in the score, zero or more; zero counts in nothing.
    pub weight: f64,
    /// Metrics that move together, such as the quantiles of one operation's latency, share a number.
    pub group: u32,
}

impl Estimate {
    /// With an error that spreads it. An error that is no number spreads it without limit.
    fn is_uncertain(&self) -> bool {
        self.error != 0.0 && self.log_ratio.is_finite()
    }
}

/// The standard error whose normal 95 % interval is as wide as Student's with `degrees` of freedom.
#[must_use]
pub fn normal_equivalent_error(error: f64, degrees: f64) -> f64 {
    error * student_quantile(0.025, degrees) / normal_isf(0.025)
}

/// A share of the metrics whose true log ratios are normal about zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Component {
    /// The standard deviation.
    pub scale: f64,
    /// The share of all metrics.
    pub share: f64,
}

/// The probability that a metric is beyond a bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beyond {
    /// Below the lower bound.
    pub below: f64,
    /// Above the upper bound.
    pub above: f64,
}

impl Beyond {
    /// Beyond either bound.
    #[must_use]
    pub fn either(&self) -> f64 {
        (self.below + self.above).min(1.0)
    }
}

/// Normal components; with the point mass the prior of [`Prior::fit`] has one more.
pub(super) const SCALES: usize = 24;
/// The narrowest scale is this part of the smallest error: from there on a component is like the point mass.
const NARROWEST: f64 = 0.1;
/// The widest scale is this multiple of the widest true effect that the estimates suggest.
const WIDEST: f64 = 2.0;
/// Where no estimate exceeds its error, the widest scale is this multiple of the narrowest.
const WIDEST_WITHOUT_EFFECT: f64 = 8.0;
/// More estimates are thinned for the fit: shares of 1 % are then known to 0.2 %.
const MOST_FITTED: usize = 2000;
/// Components with less of a metric's posterior change no digit that is shown.
const NEGLIGIBLE: f64 = 1e-9;

/// Adaptive shrinkage: a mixture of a point mass at zero and normal distributions about zero, fitted to
/// all estimates of a run.
///
/// Where most metrics show nothing, one that stands alone is believed less than its own interval says;
/// where many moved, more. Assumes independent estimates and that small effects are as likely up as
/// down. Source: Stephens 2017, "False discovery rates: a new deal", without the penalty that its package
/// `ashr` puts on the shares. Cost: linear; 2,000 estimates at most enter the fit, evenly from all in the
/// order of their z-scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// The share of metrics with no effect at all.
    pub null: f64,
    /// From the narrowest to the widest; empty where no estimate is uncertain.
    pub components: Vec<Component>,
}

impl Prior {
    /// The shares under which the estimates are likeliest, at 24 scales in geometric steps. Certain
    /// estimates and those without a finite error take no part; without any other all mass is at zero.
    #[must_use]
    pub fn fit(estimates: &[Estimate]) -> Self {
        let fitted = thinned(estimates);
        let scales = scales(&fitted);
        if scales.is_empty() {
            return Self { null: 1.0, components: Vec::new() };
        }
        let log_density = |scale: f64| -> Vec<f64> {
            fitted.iter().map(|one| log_density(one.log_ratio, one.error.hypot(scale))).collect()
        };
        let columns = std::iter::once(0.0).chain(scales.iter().copied()).map(log_density).collect();
        let shares = shares(columns);
        let null = shares.first().copied().unwrap_or(1.0);
        let components = scales.iter().zip(shares.iter().skip(1)).map(|(&scale, &share)| Component { scale, share });
        Self { null, components: components.collect() }
    }

    /// The probabilities that the true log ratio is beyond the bounds. A certain one is or is not; one with
    /// an infinite error is like the average metric. Cost: 25
    /// exponentials, and at most twice as many error functions.
    #[must_use]
    pub fn beyond(&self, one: &Estimate) -> Beyond {
        if !one.is_uncertain() {
            return decided(one.log_ratio, one);
        }
        let mut parts = self.posterior(one);
        let largest = parts.iter().map(|part| part.share).fold(0.0, f64::max);
        parts.retain(|part| part.share > NEGLIGIBLE * largest);
        let mut sum = Beyond { below: 0.0, above: 0.0 };
        for part in &parts {
            let beyond = beyond_in(part.scale, one);
            sum.below += part.share * beyond.below;
            sum.above += part.share * beyond.above;
        }
        let total: f64 = parts.iter().map(|part| part.share).sum();
        Beyond { below: sum.below / total, above: sum.above / total }
    }

    /// The shares that the components have in one metric, but for a factor.
    fn posterior(&self, one: &Estimate) -> Vec<Component> {
        let null = Component { scale: 0.0, share: self.null };
        let mut parts: Vec<Component> = std::iter::once(null).chain(self.components.iter().copied()).collect();
        parts.retain(|part| part.share > 0.0);
        // An infinite error makes all components as likely.
        if one.error.is_finite() {
            let log = |part: &Component| log_density(one.log_ratio, one.error.hypot(part.scale));
            let logs: Vec<f64> = parts.iter().map(log).collect();
            let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (part, log) in parts.iter_mut().zip(logs) {
                part.share *= (log - largest).exp();
            }
        }
        parts
    }
}

/// The posterior of one component: normal, shrunk towards zero.
fn beyond_in(scale: f64, one: &Estimate) -> Beyond {
    if scale == 0.0 {
        return decided(0.0, one);
    }
    // σ²/(s² + σ²), which is 0 where the error is infinite: then the prior itself remains.
    let ratio = one.error / scale;
    let kept = if ratio.is_finite() { 1.0 / (1.0 + ratio * ratio) } else { 0.0 };
    let mean = kept * one.log_ratio;
    let spread = if ratio.is_finite() { one.error * kept.sqrt() } else { scale };
    Beyond { below: normal_sf((mean - one.lower) / spread), above: normal_sf((one.upper - mean) / spread) }
}

fn decided(log_ratio: f64, one: &Estimate) -> Beyond {
    let certainly = |is: bool| if is { 1.0 } else { 0.0 };
    Beyond { below: certainly(log_ratio < one.lower), above: certainly(log_ratio > one.upper) }
}

/// Of a normal distribution about zero, but for a constant.
fn log_density(value: f64, deviation: f64) -> f64 {
    // Limited so that the square is finite: differences of infinite ones would be no number.
    let z = (value / deviation).clamp(-1e150, 1e150);
    -0.5 * z * z - deviation.ln()
}

/// The estimates that enter the fit.
fn thinned(estimates: &[Estimate]) -> Vec<Estimate> {
    let usable = |one: &&Estimate| one.is_uncertain() && one.error.is_finite() && one.error > 0.0;
    let mut found: Vec<Estimate> = estimates.iter().filter(usable).copied().collect();
    if found.len() <= MOST_FITTED {
        return found;
    }
    let z = |one: &Estimate| (one.log_ratio / one.error).abs();
    found.sort_unstable_by(|a, b| z(a).total_cmp(&z(b)).then(a.error.total_cmp(&b.error)));
    // The middle of each of 2,000 equal parts.
    let at = |part: usize| found.get((2 * part + 1) * found.len() / (2 * MOST_FITTED)).copied();
    (0..MOST_FITTED).filter_map(at).collect()
}

/// 24 standard deviations in geometric steps; none without estimates.
fn scales(estimates: &[Estimate]) -> Vec<f64> {
    let smallest_error = estimates.iter().map(|one| one.error).fold(f64::INFINITY, f64::min);
    if !smallest_error.is_finite() {
        return Vec::new();
    }
    let square = |one: &Estimate| (one.log_ratio.abs() - one.error) * (one.log_ratio.abs() + one.error);
    let effect = estimates.iter().map(square).fold(0.0, f64::max).sqrt();
    let narrowest = NARROWEST * smallest_error;
    let widest = if effect > 0.0 { (WIDEST * effect).max(2.0 * narrowest) } else { WIDEST_WITHOUT_EFFECT * narrowest };
    let step = (widest / narrowest).ln() / (SCALES - 1) as f64;
    (0..SCALES).map(|index| narrowest * (step * index as f64).exp()).collect()
}
