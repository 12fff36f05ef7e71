//! Huber's M-estimate of location.

use crate::stats::describe::{MAD_TO_SD, median, quantile};
use crate::stats::sum_of;

/// Where scores are clipped, in units of the scale: 95 % efficient at the normal (Huber 1964).
pub const HUBER_K: f64 = 1.345;

/// Differences of logarithms below this are rounding, not data: the logarithm of a quotient of doubles
/// carries about 1e-16, and up to 1e-13 where the values are near the ends of the range.
pub const RESOLUTION: f64 = 1e-12;

/// The 90 % point of the absolute deviations of a normal sample, in standard deviations.
const NORMAL_Q90: f64 = 1.645;
/// Newton's method takes under 10 steps on real data; this only bounds the worst case.
const MAX_STEPS: usize = 100;
const TOLERANCE: f64 = 1e-13;

/// A location and the scale it was found with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HuberLocation {
    /// The estimate.
    pub location: f64,
    /// The scale, held fixed: 0 where all values agree to within [`RESOLUTION`].
    pub scale: f64,
    /// How many values were not clipped.
    pub inliers: usize,
}

/// Huber's M-estimate of location with k = 1.345 and a fixed scale, as R's `MASS::huber(y, 1.345)`.
///
/// The scale is 1.4826 MAD. Where more than half of the values are tied (R refuses) it is the 90 % point
/// of the absolute deviations over 1.645, then the standard deviation of the finite values; where that is
/// zero too, the result is the median with scale 0. Infinite values are clipped like any other; `None`
/// for no values or where the median itself is infinite. NaN must not occur.
///
/// `scratch` is overwritten. Cost: O(n) a step, under 10 steps; selection for the scale.
pub fn huber_location(values: &[f64], scratch: &mut Vec<f64>) -> Option<HuberLocation> {
    scratch.clear();
    scratch.extend_from_slice(values);
    let centre = median(scratch).filter(|centre| centre.is_finite())?;
    let scale = scale(values, centre, scratch);
    if scale <= RESOLUTION {
        return Some(HuberLocation { location: centre, scale: 0.0, inliers: values.len() });
    }
    Some(solve(values, centre, scale))
}

fn scale(values: &[f64], centre: f64, scratch: &mut Vec<f64>) -> f64 {
    scratch.clear();
    scratch.extend(values.iter().map(|value| (value - centre).abs()));
    let mad = MAD_TO_SD * median(scratch).unwrap_or(0.0);
    if mad > RESOLUTION && mad.is_finite() {
        return mad;
    }
    let wide = quantile(scratch, 0.9).unwrap_or(0.0) / NORMAL_Q90;
    if wide > RESOLUTION && wide.is_finite() {
        return wide;
    }
    scratch.clear();
    scratch.extend(values.iter().filter(|value| value.is_finite()));
    let mean = scratch.iter().sum::<f64>() / scratch.len() as f64;
    (scratch.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / scratch.len() as f64).sqrt()
}

/// The root of the summed scores, which fall in the location: Newton's method, kept inside a bracket.
fn solve(values: &[f64], start: f64, scale: f64) -> HuberLocation {
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    let (mut location, mut inliers) = (start, values.len());
    for _ in 0..MAX_STEPS {
        let (sum, unclipped) = summed_scores(values, location, scale);
        inliers = unclipped;
        if sum > 0.0 {
            low = location;
        } else {
            high = location;
        }
        let newton = location + scale * sum / unclipped.max(1) as f64;
        let next =
            if newton > low && newton < high { newton } else { f64::midpoint(low.max(newton), high.min(newton)) };
        let moved = (next - location).abs();
        if moved <= TOLERANCE || !next.is_finite() {
            break;
        }
        location = next;
    }
    HuberLocation { location, scale, inliers }
}

/// The sum of the clipped residuals, in units of the scale, and how many are not clipped.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn summed_scores(values: &[f64], location: f64, scale: f64) -> (f64, usize) {
    let per_scale = 1.0 / scale;
    let residual = |value: f64| (value - location) * per_scale;
    let sum = sum_of(values, |value| residual(value).clamp(-HUBER_K, HUBER_K));
    let unclipped = sum_of(values, |value| if residual(value).abs() <= HUBER_K { 1.0 } else { 0.0 });
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
    let unclipped = unclipped as usize;
    (sum, unclipped)
}

/// The clipped scores of `values` about a location, less their mean: what the standard error is made of.
pub fn huber_scores(values: &[f64], found: &HuberLocation, scores: &mut Vec<f64>) {
    clipped_scores(values, found, scores);
    centre(scores);
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn clipped_scores(values: &[f64], found: &HuberLocation, scores: &mut Vec<f64>) {
    let per_scale = 1.0 / found.scale;
    scores.clear();
    scores.extend(values.iter().map(|value| ((value - found.location) * per_scale).clamp(-HUBER_K, HUBER_K)));
}

/// Takes the mean off.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(super) fn centre(scores: &mut [f64]) {
    let mean = sum_of(scores, |score| score) / scores.len().max(1) as f64;
    for score in scores.iter_mut() {
        *score -= mean;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Option<HuberLocation> {
        huber_location(values, &mut Vec::new())
    }

    #[test]
    fn edges() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[3.0; 5]), Some(HuberLocation { location: 3.0, scale: 0.0, inliers: 5 }));
        assert_eq!(of(&[f64::INFINITY; 3]), None);
    }

    #[test]
    fn one_infinite_value_is_clipped_not_dropped() {
        let values = [1.0, 2.0, 3.0, 4.0, 5.0];
        let mut more = values.to_vec();
        more.push(f64::INFINITY);
        let (without, with) = (of(&values).unwrap(), of(&more).unwrap());
        assert!(with.location > without.location && with.location.is_finite());
    }

    #[test]
    fn more_than_half_tied_has_a_scale_all_the_same() {
        let values: Vec<f64> = (0..100).map(|i| if i < 60 { 1.0 } else { f64::from(i) }).collect();
        assert!(of(&values).unwrap().scale > 0.0);
    }
}
