//! A canary that is zero where the baseline is not.

use super::runs::{Run, during, longest_of_zeros};
use super::stuck::{MIN_RUN, RUN_FACTOR};
use super::{Shape, ShapeFinding, ShapeInput};
use crate::stats::median;

/// A run of zeros is by chance if more such runs than this are expected in the series.
const MAX_CHANCE: f64 = 0.001;
/// A canary that is zero off and on is so at half of its values at least,
const MIN_ZERO_SHARE: f64 = 0.5;
/// where the baseline is so at few,
const MAX_BASELINE_ZERO_SHARE: f64 = 0.05;
/// and in between it reaches this share of the baseline's level: otherwise it is the level that fell.
const MIN_ALIVE_LEVEL: f64 = 0.5;

/// Zero for a long time, or zero off and on. Cost: O(n); a selection for the few that are zero off and on.
pub(super) fn find(input: &ShapeInput<'_>) -> Option<ShapeFinding> {
    let (baseline, canary) = (Silence::of(input.baseline), Silence::of(input.canary));
    if canary.zeros < MIN_RUN {
        return None;
    }
    if let Some(run) = long_silence(input, &baseline, &canary) {
        return Some(finding(run.length, run.ticks.0));
    }
    off_and_on(input, &baseline, &canary).then(|| finding(canary.zeros, canary.first))
}

fn finding(values: usize, onset: usize) -> ShapeFinding {
    let (size, onset_tick) = (Some(values as f64), Some(onset));
    ShapeFinding { shape: Shape::Zeroed, direction: None, p_value: None, size, onset_tick }
}

/// How much of a series is zero.
struct Silence {
    values: usize,
    zeros: usize,
    /// The tick of the first zero.
    first: usize,
}

impl Silence {
    fn of(series: &[f64]) -> Self {
        let values = series.iter().filter(|value| value.is_finite()).count();
        let zeros = series.iter().filter(|value| **value == 0.0).count();
        let first = if zeros > 0 { series.iter().position(|value| *value == 0.0) } else { None };
        Self { values, zeros, first: first.unwrap_or(0) }
    }

    fn share(&self) -> f64 {
        self.zeros as f64 / self.values.max(1) as f64
    }
}

/// The canary's longest run of zeros, if the baseline is alive meanwhile and has none like it.
fn long_silence(input: &ShapeInput<'_>, baseline: &Silence, canary: &Silence) -> Option<Run> {
    let run = longest_of_zeros(input.canary).filter(|run| run.length >= MIN_RUN)?;
    let usual = if baseline.zeros > 0 { longest_of_zeros(input.baseline) } else { None };
    let meanwhile = Silence::of(during(input.baseline, &run));
    let odd = run.length > RUN_FACTOR * usual.map_or(0, |run| run.length) && !by_chance(canary, &run);
    (odd && meanwhile.values > 0 && meanwhile.share() < MIN_ZERO_SHARE).then_some(run)
}

/// Whether zeros as frequent as in the rest of the series come in a row like this: a count that fell to a
/// tenth is zero for long, but it has not gone.
fn by_chance(canary: &Silence, run: &Run) -> bool {
    let (zeros, values) = (canary.zeros - run.length, canary.values - run.length);
    // Laplace's rule of succession: a run that is all there is leaves one half.
    let share = (zeros + 1) as f64 / (values + 2) as f64;
    canary.values as f64 * share.powf(run.length as f64) > MAX_CHANCE
}

/// Whether the canary drops out and comes back to where the baseline is.
fn off_and_on(input: &ShapeInput<'_>, baseline: &Silence, canary: &Silence) -> bool {
    if canary.share() < MIN_ZERO_SHARE || baseline.values == 0 || baseline.share() > MAX_BASELINE_ZERO_SHARE {
        return false;
    }
    match (alive_level(input.baseline), alive_level(input.canary)) {
        (Some(baseline), Some(canary)) => canary >= MIN_ALIVE_LEVEL * baseline,
        _ => false,
    }
}

/// The median magnitude of the values that are not zero.
fn alive_level(series: &[f64]) -> Option<f64> {
    let alive = series.iter().filter(|value| value.is_finite() && **value != 0.0);
    median(&mut alive.map(|value| value.abs()).collect::<Vec<f64>>())
}
