//! Huber's M-estimate of a straight line.

use super::huber::{HUBER_K, RESOLUTION};
use crate::stats::describe::{MAD_TO_SD, median};

/// The steps shrink by the share of clipped residuals, a fifth at the normal: 20 of them reach rounding.
const MAX_STEPS: usize = 60;
/// In units of the scale.
const TOLERANCE: f64 = 1e-10;
/// A line through fewer points has no residuals to speak of.
const MIN_POINTS: usize = 9;

/// A line over evenly spaced points, and the scale it was found with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HuberLine {
    /// Height in the middle of the window.
    pub middle: f64,
    /// Rise over the whole window.
    pub rise: f64,
    /// The scale of the residuals, held fixed.
    pub scale: f64,
    /// How many residuals were not clipped.
    pub inliers: usize,
}

impl HuberLine {
    /// Height at the end of the window.
    #[must_use]
    pub fn end(&self) -> f64 {
        self.middle + self.rise / 2.0
    }

    /// Height at point `index` of `count`.
    fn at(&self, index: usize, count: usize) -> f64 {
        self.rise.mul_add(place(index, count), self.middle)
    }
}

/// Evenly spaced from -1/2 to 1/2, the middle of each point's share of the window.
fn place(index: usize, count: usize) -> f64 {
    (index as f64 + 0.5) / count as f64 - 0.5
}

/// Huber's M-estimate (k = 1.345) of a line through evenly spaced values, the scale 1.4826 MAD of the
/// residuals of a resistant line (medians of the outer thirds, Tukey 1977). Solved by residuals clipped
/// and regressed again, which always converges (Huber & Dutter 1974; Huber 1981, §7.8).
///
/// Infinite values are clipped like any other. `None` for fewer than 9 values, for a start that is not
/// finite, and where more than half of the residuals agree: there is no noise to fit in.
/// `scratch` is overwritten. Cost: O(n) a step, about 20 steps.
pub fn huber_line(values: &[f64], scratch: &mut Vec<f64>) -> Option<HuberLine> {
    let count = values.len();
    if count < MIN_POINTS {
        return None;
    }
    let mut line = resistant(values, scratch)?;
    scratch.clear();
    scratch.extend(values.iter().enumerate().map(|(index, value)| (value - line.at(index, count)).abs()));
    line.scale = MAD_TO_SD * median(scratch)?;
    if !(line.scale > RESOLUTION && line.scale.is_finite()) {
        return None;
    }
    // Σ x² over the places, exactly.
    let spread = (count as f64 - 1.0 / count as f64) / 12.0;
    for _ in 0..MAX_STEPS {
        let (mut level, mut slope) = (0.0, 0.0);
        line.inliers = 0;
        for (index, value) in values.iter().enumerate() {
            let place = place(index, count);
            let residual = (value - line.rise.mul_add(place, line.middle)) / line.scale;
            let score = residual.clamp(-HUBER_K, HUBER_K);
            line.inliers += usize::from(residual.abs() <= HUBER_K);
            level += score;
            slope += score * place;
        }
        let (level, slope) = (level / count as f64, slope / spread);
        line.middle += line.scale * level;
        line.rise += line.scale * slope;
        if level.abs().max(slope.abs()) <= TOLERANCE {
            break;
        }
    }
    Some(line)
}

/// Through the medians of the outer thirds.
fn resistant(values: &[f64], scratch: &mut Vec<f64>) -> Option<HuberLine> {
    let (count, third) = (values.len(), values.len() / 3);
    let mut middle_of = |part: &[f64]| {
        scratch.clear();
        scratch.extend_from_slice(part);
        median(scratch)
    };
    let left = middle_of(values.get(..third)?)?;
    let right = middle_of(values.get(count - third..)?)?;
    let rise = (right - left) * count as f64 / (count - third) as f64;
    let flat = HuberLine { middle: 0.0, rise, scale: 0.0, inliers: count };
    scratch.clear();
    scratch.extend(values.iter().enumerate().map(|(index, value)| value - flat.at(index, count)));
    let line = HuberLine { middle: median(scratch)?, ..flat };
    (line.middle.is_finite() && line.rise.is_finite()).then_some(line)
}

/// The clipped residuals about a line, in units of its scale, less their mean.
pub fn huber_line_scores(values: &[f64], line: &HuberLine, scores: &mut Vec<f64>) {
    scores.clear();
    let count = values.len();
    let score = |(index, value): (usize, &f64)| ((value - line.at(index, count)) / line.scale).clamp(-HUBER_K, HUBER_K);
    scores.extend(values.iter().enumerate().map(score));
    let mean = scores.iter().sum::<f64>() / count.max(1) as f64;
    for score in scores.iter_mut() {
        *score -= mean;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(index: usize) -> f64 {
        ((index * 7919 % 1009) as f64 / 1009.0 - 0.5) * 0.2
    }

    fn of(values: &[f64]) -> Option<HuberLine> {
        huber_line(values, &mut Vec::new())
    }

    #[test]
    fn finds_a_line_through_noise_and_outliers() {
        let mut values: Vec<f64> = (0..300).map(|i| 1.0 + place(i, 300) + noise(i)).collect();
        for outlier in values.iter_mut().step_by(20) {
            *outlier = f64::INFINITY;
        }
        let line = of(&values).unwrap();
        // A twentieth of the points pulls up by at most k scales each: 1.345 × 0.075 / 20 = 0.005.
        assert!((line.middle - 1.0).abs() < 0.02 && (line.rise - 1.0).abs() < 0.04, "{line:?}");
    }

    /// The equations that define the estimate (Huber 1964): the clipped residuals sum to zero, alone and
    /// times the place.
    #[test]
    fn solves_its_equations() {
        let values: Vec<f64> = (0..97).map(|i| (i % 13) as f64 * noise(i * 3 + 1)).collect();
        let line = of(&values).unwrap();
        let score = |i: usize| ((values[i] - line.at(i, 97)) / line.scale).clamp(-HUBER_K, HUBER_K);
        let level: f64 = (0..97).map(score).sum();
        let slope: f64 = (0..97).map(|i| score(i) * place(i, 97)).sum();
        assert!(level.abs() < 1e-7 && slope.abs() < 1e-7, "{level} {slope}");
    }

    #[test]
    fn no_line_without_noise_or_points() {
        assert_eq!(of(&[1.0; 8]), None);
        assert_eq!(of(&[1.0; 50]), None, "all alike");
        assert_eq!(of(&[f64::INFINITY; 50]), None);
    }
}
