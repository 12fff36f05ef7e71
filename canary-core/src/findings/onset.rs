//! When a change began: one change point from "equal" to the changed level, robust, with its likelihood.
//!
//! A canary begins as an equal of its baseline, so the level before the change is known: zero. What is left to find
//! is one tick and one level (or one slope). Least squares finds the tick consistently under autocorrelation too
//! (Bai 1994); what autocorrelation does to its certainty is the long-run variance in place of the variance (Bai
//! 1997). Deviations are clipped two scales beyond the two levels, so that no outlier is worth more than a few ticks.

use super::belief::Belief;
use crate::stats::{MAD_TO_SD, RESOLUTION, autocorrelation_lag1, long_run, median, quantile};

/// The last pairs of a series are no change by themselves.
const MIN_AFTER: usize = 5;
/// Where deviations are clipped, in scales beyond the levels.
const CLIP: f64 = 2.0;
/// A drift must explain this much more than a step, in long-run variances: 2 ln n of 480, as for one parameter more
/// (Schwarz 1978).
const DRIFT_PENALTY: f64 = 12.0;

/// A metric's change in time.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) onset: Belief,
    /// What is left of the deviations without the change, by tick, NaN where missing.
    pub(crate) residuals: Vec<f64>,
    /// Their lag-1 autocorrelation.
    pub(crate) persistence: f64,
    /// What the change explains, in long-run variances: a χ² that the best of all onsets was chosen of.
    pub(crate) strength: f64,
}

/// How the level moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// At once.
    Step,
    /// In a line.
    Drift,
}

/// The change of a series of deviations in `direction` (1 up, −1 down), NaN where missing; infinite ones are
/// clipped. No change before `start`. `None` where nothing moves that way. Cost: O(ticks), and that of one long-run variance.
pub(crate) fn change(deviations: &[f64], start: usize, direction: f64) -> Option<Change> {
    let mut points: Vec<(usize, f64)> = deviations
        .iter()
        .enumerate()
        .filter(|(_, value)| !value.is_nan())
        .map(|(tick, value)| (tick, *value))
        .collect();
    let first = clip_to_most(&mut points)?;
    let rough = best(&scan(&points, Form::Step, direction))?;
    let clipped: Vec<(usize, f64)> = clip_to_levels(&points, &rough)?;
    let step = best(&scan(&clipped, Form::Step, direction))?;
    let drift = best(&scan(&clipped, Form::Drift, direction)).unwrap_or(step);
    let variance = noise(&residuals(&clipped, &step)).min(noise(&residuals(&clipped, &drift)));
    let form = if drift.gain - step.gain > DRIFT_PENALTY * variance { Form::Drift } else { Form::Step };
    let found = if form == Form::Drift { drift } else { step };
    let left = residuals(&clipped, &found);
    let variance = noise(&left).max((RESOLUTION * first).powi(2));
    let gains = scan(&clipped, form, direction);
    let onset = belief(&clipped, &gains, start, variance)?;
    let mut by_tick = vec![f64::NAN; deviations.len()];
    for ((tick, _), value) in clipped.iter().zip(&left) {
        if let Some(cell) = by_tick.get_mut(*tick) {
            *cell = *value;
        }
    }
    Some(Change {
        onset,
        residuals: by_tick,
        persistence: autocorrelation_lag1(&left),
        strength: found.gain / variance,
    })
}

/// Clips what is far beyond most; answers the bound. `None` where nothing deviates.
fn clip_to_most(points: &mut [(usize, f64)]) -> Option<f64> {
    let mut sizes: Vec<f64> = points.iter().map(|(_, value)| value.abs()).filter(|size| size.is_finite()).collect();
    let most = quantile(&mut sizes, 0.95)?;
    let bound = if most > 0.0 { 2.0 * most } else { sizes.iter().copied().reduce(f64::max)? };
    points.iter_mut().for_each(|(_, value)| *value = value.clamp(-bound, bound));
    (bound > 0.0).then_some(bound)
}

/// Clips beyond the band of both levels.
fn clip_to_levels(points: &[(usize, f64)], found: &Fit) -> Option<Vec<(usize, f64)>> {
    let mut left = residuals(points, found);
    let centre = median(&mut left)?;
    left.iter_mut().for_each(|value| *value = (*value - centre).abs());
    let scale = MAD_TO_SD * median(&mut left)?;
    if scale <= 0.0 {
        return Some(points.to_vec());
    }
    let (low, high) = (found.height.min(0.0) - CLIP * scale, found.height.max(0.0) + CLIP * scale);
    Some(points.iter().map(|&(tick, value)| (tick, value.clamp(low, high))).collect())
}

/// A change that begins at one tick.
#[derive(Clone, Copy, Debug)]
struct Fit {
    form: Form,
    tick: usize,
    /// The level after a step, the slope a tick of a drift.
    height: f64,
    /// By how much it lowers the sum of squares.
    gain: f64,
}

/// The best change for every onset, from the last tick to the first: closed form from running sums.
fn scan(points: &[(usize, f64)], form: Form, direction: f64) -> Vec<Fit> {
    let last = points.last().map_or(0, |(tick, _)| *tick);
    // With v the ticks to the end and L those from the onset on, a drift's height at a tick is L − v.
    let (mut count, mut sum, mut back, mut square, mut product) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let one = |&(tick, value): &(usize, f64)| {
        let v = (last - tick) as f64;
        count += 1.0;
        sum += value;
        back += v;
        square += v * v;
        product += v * value;
        let length = v + 1.0;
        let (fitted, norm) = match form {
            Form::Step => (sum, count),
            Form::Drift => (length * sum - product, length * (length * count - 2.0 * back) + square),
        };
        let towards = fitted * direction > 0.0 && norm > 0.0;
        let (height, gain) = if towards { (fitted / norm, fitted * fitted / norm) } else { (0.0, 0.0) };
        Fit { form, tick, height, gain }
    };
    let mut fits: Vec<Fit> = points.iter().rev().map(one).collect();
    fits.reverse();
    let too_late = fits.len().saturating_sub(MIN_AFTER.min(fits.len() / 2)).max(1);
    fits.truncate(too_late);
    fits
}

fn best(fits: &[Fit]) -> Option<Fit> {
    let better = |best: Fit, next: Fit| if next.gain > best.gain { next } else { best };
    fits.iter().copied().reduce(better).filter(|found| found.gain > 0.0)
}

fn residuals(points: &[(usize, f64)], found: &Fit) -> Vec<f64> {
    let fitted = |tick: usize| match (found.form, tick.checked_sub(found.tick)) {
        (_, None) => 0.0,
        (Form::Step, _) => found.height,
        (Form::Drift, Some(since)) => found.height * (since + 1) as f64,
    };
    points.iter().map(|&(tick, value)| value - fitted(tick)).collect()
}

/// The long-run variance of what is left.
fn noise(left: &[f64]) -> f64 {
    let mean = left.iter().sum::<f64>() / left.len().max(1) as f64;
    let centred: Vec<f64> = left.iter().map(|value| value - mean).collect();
    long_run(&centred).variance
}

/// The likelihood of every onset: what the sum of squares loses against the best, over twice the long-run variance.
/// In a gap of the series nothing tells its ticks apart.
fn belief(points: &[(usize, f64)], gains: &[Fit], start: usize, variance: f64) -> Option<Belief> {
    let first = points.first()?.0.min(start);
    let highest = gains.iter().map(|fit| fit.gain).reduce(f64::max)?;
    let mut log_likelihoods = Vec::new();
    let mut from = first;
    for fit in gains {
        let log = (fit.gain - highest) / (2.0 * variance);
        log_likelihoods.extend(std::iter::repeat_n(log, fit.tick + 1 - from));
        from = fit.tick + 1;
    }
    Belief::new(first, &log_likelihoods)
}
