//! Each side's level, by its own running median, and what is left of the values without it.

use super::ShapeInput;
use super::running_median::running_median;
use crate::stats::{largest_magnitude, power_of_two_below, sum_of};

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
    fn largest(&self) -> f64 {
        largest_magnitude(&self.values)
    }

    fn negative(&self) -> usize {
        self.values.iter().map(|value| usize::from(*value < 0.0)).sum()
    }

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
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(super) fn mean_magnitude(values: &[f64]) -> f64 {
    sum_of(values, f64::abs) / values.len().max(1) as f64
}

/// The ticks at which both sides have a value.
fn both_finite(input: &ShapeInput<'_>) -> impl Iterator<Item = usize> {
    let sides = input.baseline.iter().zip(input.canary).enumerate();
    sides.filter(|(_, (b, c))| b.is_finite() && c.is_finite()).map(|(tick, _)| tick)
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
        ticks.extend(both_finite(input));
        let common = input.baseline.len().min(input.canary.len());
        if ticks.len() == common {
            baseline.values.extend(input.baseline.iter().take(common));
            canary.values.extend(input.canary.iter().take(common));
        } else {
            let at = |series: &[f64], tick: &usize| series.get(*tick).copied();
            baseline.values.extend(ticks.iter().filter_map(|tick| at(input.baseline, tick)));
            canary.values.extend(ticks.iter().filter_map(|tick| at(input.canary, tick)));
        }
        let scale = power_of_two_below(baseline.largest().max(canary.largest()));
        let scale = if baseline.negative() + canary.negative() > ticks.len() { -scale } else { scale };
        baseline.find_level(scale);
        canary.find_level(scale);
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.ticks.len()
    }
}
