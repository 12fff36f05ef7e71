//! Huber's M-estimate of a straight line.

use super::huber::{HUBER_K, RESOLUTION, centre};
use crate::stats::describe::{MAD_TO_SD, median};
use crate::stats::{LANES, folded};

/// Newton's method takes 1 to 4 steps, mostly 2; this only bounds the worst case.
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
    #[inline(always)]
    fn at(&self, index: usize, count: usize) -> f64 {
        self.rise * place(index, count) + self.middle
    }
}

/// Evenly spaced from -1/2 to 1/2, the middle of each point's share of the window.
#[inline(always)]
fn place(index: usize, count: usize) -> f64 {
    (index as f64 + 0.5) * (1.0 / count as f64) - 0.5
}

/// Huber's M-estimate (k = 1.345) of a line through evenly spaced values, the scale 1.4826 MAD of the
/// residuals of a resistant line (medians of the outer thirds, Tukey 1977). The loss is convex: Newton's method on the
/// residuals that are not clipped, and where that would go up, the residuals clipped and regressed again, which always
/// goes down (Huber & Dutter 1974; Huber 1981, §7.8).
///
/// Infinite values are clipped like any other. `None` for fewer than 9 values, for a start that is not
/// finite, and where more than half of the residuals agree: there is no noise to fit in.
/// `scratch` is overwritten. Cost: O(n) a step, about 2 steps; four selections.
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
    Some(solved(values, line).0)
}

/// The line that solves the equations, from one with its scale, and after how many steps.
fn solved(values: &[f64], mut line: HuberLine) -> (HuberLine, usize) {
    let count = values.len();
    let mut here = clipped(values, line);
    let mut steps = 0;
    while steps < MAX_STEPS {
        let again = here.regressed(count);
        if again.0.abs().max(again.1.abs()) <= TOLERANCE {
            break;
        }
        let newton = here.newton().map(|step| line.moved(step)).map(|line| (line, clipped(values, line)));
        (line, here) = newton.filter(|(_, there)| there.loss <= here.loss).unwrap_or_else(|| {
            let line = line.moved(again);
            (line, clipped(values, line))
        });
        steps += 1;
    }
    (HuberLine { inliers: here.inliers(), ..line }, steps)
}

/// Sums over the residuals of a line, in units of its scale.
#[derive(Clone, Copy)]
struct Clipped {
    /// Of Huber's loss; of infinite residuals the part that depends on the line.
    loss: f64,
    /// Of the clipped residuals, and of those times their place.
    scores: (f64, f64),
    /// Of 1, of the place and of its square, over the residuals that are not clipped.
    inside: [f64; 3],
}

impl Clipped {
    fn inliers(&self) -> usize {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let inliers = self.inside[0] as usize;
        inliers
    }

    /// The line through the clipped residuals, which are as many as all: its middle and its rise.
    fn regressed(&self, count: usize) -> (f64, f64) {
        let count = count as f64;
        // Σ x² over the places, exactly.
        let spread = (count - 1.0 / count) / 12.0;
        (self.scores.0 / count, self.scores.1 / spread)
    }

    /// Newton's step of the middle and the rise; `None` where too few residuals are inside for it.
    fn newton(&self) -> Option<(f64, f64)> {
        let ([count, places, squares], (level, slope)) = (self.inside, self.scores);
        let determinant = count * squares - places * places;
        (determinant > RESOLUTION * count * squares)
            .then(|| ((squares * level - places * slope) / determinant, (count * slope - places * level) / determinant))
    }
}

impl HuberLine {
    /// By a step in units of the scale.
    fn moved(self, (level, slope): (f64, f64)) -> Self {
        Self { middle: self.middle + self.scale * level, rise: self.rise + self.scale * slope, ..self }
    }
}

/// Sums over the residuals of a line. Cost: one pass.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn clipped(values: &[f64], line: HuberLine) -> Clipped {
    let (per_place, per_scale) = (1.0 / values.len() as f64, 1.0 / line.scale);
    let mut lanes = [[0.0; LANES]; 6];
    let mut indices: [f64; LANES] = std::array::from_fn(|lane| lane as f64 + 0.5);
    let mut add = |lane: usize, index: f64, value: f64| {
        let place = index * per_place - 0.5;
        let fitted = line.rise * place + line.middle;
        let residual = (value - fitted) * per_scale;
        let score = residual.clamp(-HUBER_K, HUBER_K);
        let inside = if residual.abs() <= HUBER_K { 1.0 } else { 0.0 };
        let loss =
            if residual.abs() < f64::INFINITY { score * (residual - 0.5 * score) } else { -score * fitted * per_scale };
        for (sums, term) in
            lanes.iter_mut().zip([loss, score, score * place, inside, inside * place, inside * place * place])
        {
            sums[lane] += term;
        }
    };
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for lane in 0..LANES {
            add(lane, indices[lane], chunk[lane]);
            indices[lane] += LANES as f64;
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        add(lane, indices[lane], value);
    }
    let [loss, level, slope, count, places, squares] = lanes.map(folded);
    Clipped { loss, scores: (level, slope), inside: [count, places, squares] }
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
    clipped_residuals(values, line, scores);
    centre(scores);
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn clipped_residuals(values: &[f64], line: &HuberLine, scores: &mut Vec<f64>) {
    let (per_scale, count) = (1.0 / line.scale, values.len());
    let score = |(index, value): (usize, &f64)| ((value - line.at(index, count)) * per_scale).clamp(-HUBER_K, HUBER_K);
    scores.clear();
    scores.extend(values.iter().enumerate().map(score));
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

    /// A quarter of infinite values is the most that the judge hands over.
    #[test]
    fn infinite_values_take_no_more_steps() {
        for (every, expected) in [(usize::MAX, 4), (50, 4), (10, 4), (4, 5)] {
            let value = |i: usize| 1.0 + place(i, 480) + noise(i * 3 + 1) * (1.0 + (i % 7) as f64);
            let mut values: Vec<f64> = (0..480).map(value).collect();
            values.iter_mut().step_by(every).for_each(|value| *value = f64::INFINITY);
            let mut line = resistant(&values, &mut Vec::new()).unwrap();
            line.scale = 0.2;
            let (line, steps) = solved(&values, line);
            assert!(steps <= expected, "one in {every}: {steps}");
            let score = |i: usize| ((values[i] - line.at(i, 480)) / line.scale).clamp(-HUBER_K, HUBER_K);
            assert!((0..480).map(score).sum::<f64>().abs() < 1e-6, "one in {every}");
        }
    }

    #[test]
    fn no_line_without_noise_or_points() {
        assert_eq!(of(&[1.0; 8]), None);
        assert_eq!(of(&[1.0; 50]), None, "all alike");
        assert_eq!(of(&[f64::INFINITY; 50]), None);
    }
}
