//! Each side's level, by its own running median, and what is left of the values without it.

use super::ShapeInput;
use super::running_median::running_median;
use crate::stats::power_of_two_scale;

/// One side at the ticks where both have a value.
#[derive(Debug, Default)]
pub(super) struct Side {
    /// The values, in a unit that is a power of two of the metric's.
    pub(super) values: Vec<f64>,
    /// The running median.
    pub(super) level: Vec<f64>,
    /// Value minus level.
    pub(super) excess: Vec<f64>,
}

impl Side {
    fn find_level(&mut self, scale: f64) {
        self.values.iter_mut().for_each(|value| *value *= scale);
        running_median(&self.values, &mut self.level);
        self.excess.clear();
        self.excess.extend(self.values.iter().zip(&self.level).map(|(value, level)| value - level));
    }

    /// Whether half of the running medians are zero.
    pub(super) fn is_mostly_zero(&self) -> bool {
        2 * self.level.iter().filter(|level| **level == 0.0).count() > self.level.len()
    }
}

/// The mean of the magnitudes; 0 for no values.
pub(super) fn mean_magnitude(values: &[f64]) -> f64 {
    values.iter().map(|value| value.abs()).sum::<f64>() / values.len().max(1) as f64
}

/// Both sides with their levels, at the ticks where both have a value.
#[derive(Debug, Default)]
pub(super) struct Sides {
    pub(super) baseline: Side,
    pub(super) canary: Side,
    /// The tick of the grid of every pair.
    pub(super) ticks: Vec<usize>,
}

impl Sides {
    /// Takes the pairs of a metric. A metric whose values are mostly negative is turned upside down: `up`
    /// is further from zero, as it is for the ratio.
    pub(super) fn read(&mut self, input: &ShapeInput<'_>) {
        let Self { baseline, canary, ticks } = self;
        baseline.values.clear();
        canary.values.clear();
        ticks.clear();
        let mut negative = 0;
        for (tick, (&b, &c)) in input.baseline.iter().zip(input.canary).enumerate() {
            if b.is_finite() && c.is_finite() {
                baseline.values.push(b);
                canary.values.push(c);
                ticks.push(tick);
                negative += usize::from(b < 0.0) + usize::from(c < 0.0);
            }
        }
        let scale = power_of_two_scale(baseline.values.iter().chain(&canary.values));
        let scale = if negative > ticks.len() { -scale } else { scale };
        baseline.find_level(scale);
        canary.find_level(scale);
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.ticks.len()
    }
}
