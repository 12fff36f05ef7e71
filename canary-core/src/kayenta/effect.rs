//! Effect sizes.

use super::rank_test::RankTest;
use super::sample::SampleStats;
use crate::stats::mean;

/// The canary's mean over the baseline's; `None` where a side is empty, its mean is exactly 0, or both
/// are infinite.
#[must_use]
pub fn mean_ratio(baseline: &[f64], canary: &[f64]) -> Option<f64> {
    let (baseline, canary) = (mean(baseline)?, mean(canary)?);
    Some(canary / baseline).filter(|ratio| baseline != 0.0 && canary != 0.0 && !ratio.is_nan())
}

/// The probability that a canary value exceeds a baseline value, ties counted half (Wolfe & Hogg 1971).
/// `None` where a side is empty. Cost: a sort.
#[must_use]
pub fn superiority(baseline: &[f64], canary: &[f64]) -> Option<f64> {
    Some(RankTest::new(baseline, canary)?.superiority())
}

/// Cohen's (1988) d: the distance of the means in pooled standard deviations. Not a number where neither side
/// varies. The judge itself does not use it.
#[must_use]
pub fn cohens_d(baseline: &[f64], canary: &[f64]) -> f64 {
    let (baseline, canary) = (SampleStats::of(baseline), SampleStats::of(canary));
    let (n, m) = (baseline.count as f64, canary.count as f64);
    let squares = (n - 1.0) * baseline.std.powi(2) + (m - 1.0) * canary.std.powi(2);
    (canary.mean - baseline.mean).abs() / (squares / (n + m - 2.0)).sqrt()
}
