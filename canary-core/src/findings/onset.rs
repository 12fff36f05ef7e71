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
    /// What is left of the deviations without the change, by tick, NaN where missing; in a unit of their own.
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
    clip_to_most(&mut points)?;
    let rough = best(&scan(&points, Form::Step, direction))?;
    let clipped: Vec<(usize, f64)> = clip_to_levels(&points, &rough)?;
    let step = best(&scan(&clipped, Form::Step, direction))?;
    let drift = best(&scan(&clipped, Form::Drift, direction)).unwrap_or(step);
    let variance = noise(&residuals(&clipped, &step)).min(noise(&residuals(&clipped, &drift)));
    let form = if drift.gain - step.gain > DRIFT_PENALTY * variance { Form::Drift } else { Form::Step };
    let found = if form == Form::Drift { drift } else { step };
    let left = residuals(&clipped, &found);
    let variance = noise(&left).max(RESOLUTION * RESOLUTION);
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

/// Clips what is far beyond most, and takes that bound for the unit: no square overflows. `None` where nothing deviates.
fn clip_to_most(points: &mut [(usize, f64)]) -> Option<()> {
    let mut sizes: Vec<f64> = points.iter().map(|(_, value)| value.abs()).filter(|size| size.is_finite()).collect();
    let most = quantile(&mut sizes, 0.95)?;
    let bound = if most > 0.0 { (2.0 * most).min(f64::MAX) } else { sizes.iter().copied().reduce(f64::max)? };
    if !(bound > 0.0 && bound.is_finite()) {
        return None;
    }
    for (_, value) in points.iter_mut() {
        *value = value.clamp(-bound, bound) / bound;
    }
    Some(())
}

/// Clips beyond the band of both levels.
fn clip_to_levels(points: &[(usize, f64)], found: &Fit) -> Option<Vec<(usize, f64)>> {
    let mut left = residuals(points, found);
    let centre = median(&mut left)?;
    for value in &mut left {
        *value = (*value - centre).abs();
    }
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

#[cfg(test)]
mod tests {
    use rand_pcg::Pcg64Mcg;
    use rand_pcg::rand_core::{Rng, SeedableRng};

    use super::*;

    struct Noise(Pcg64Mcg);

    impl Noise {
        fn new(seed: u64) -> Self {
            Self(Pcg64Mcg::seed_from_u64(seed))
        }

        fn uniform(&mut self) -> f64 {
            ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            (-2.0 * self.uniform().ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
        }

        fn ar1(&mut self, rho: f64, count: usize) -> Vec<f64> {
            let mut value = self.normal();
            let mut next = || {
                value = rho * value + (1.0 - rho * rho).sqrt() * self.normal();
                value
            };
            (0..count).map(|_| next()).collect()
        }
    }

    /// A step of `height` from tick `onset` on, over noise of unit variance.
    fn step(height: f64, onset: usize, rho: f64, ticks: usize, noise: &mut Noise) -> Vec<f64> {
        let mut series = noise.ar1(rho, ticks);
        series.iter_mut().skip(onset).for_each(|value| *value += height);
        series
    }

    /// The definition: the best height by its own regression at every onset, the oracle of the running sums.
    fn slow(points: &[(usize, f64)], form: Form, onset: usize) -> (f64, f64) {
        let height = |tick: usize| match form {
            _ if tick < onset => 0.0,
            Form::Step => 1.0,
            Form::Drift => (tick - onset + 1) as f64,
        };
        let product: f64 = points.iter().map(|&(tick, value)| height(tick) * value).sum();
        let norm: f64 = points.iter().map(|&(tick, _)| height(tick).powi(2)).sum();
        let squares =
            |fitted: f64| -> f64 { points.iter().map(|&(tick, value)| (value - fitted * height(tick)).powi(2)).sum() };
        (product / norm, squares(0.0) - squares(product / norm))
    }

    #[test]
    fn running_sums_agree_with_regressions() {
        let mut noise = Noise::new(1);
        for ticks in [12, 60, 240] {
            let mut series = step(1.0, ticks / 3, 0.3, ticks, &mut noise);
            series[ticks / 2] = f64::NAN;
            let points: Vec<(usize, f64)> =
                series.into_iter().enumerate().filter(|(_, value)| !value.is_nan()).collect();
            for form in [Form::Step, Form::Drift] {
                for fit in scan(&points, form, 1.0) {
                    let (height, gain) = slow(&points, form, fit.tick);
                    let expected = if height > 0.0 { (height, gain) } else { (0.0, 0.0) };
                    // Sums of 240 squares of 240 at most: 1e7 roundings of 1e-16.
                    let close = |a: f64, b: f64| (a - b).abs() <= 1e-9 * (1.0 + b.abs());
                    assert!(
                        close(fit.height, expected.0) && close(fit.gain, expected.1),
                        "{form:?} {fit:?} {expected:?}"
                    );
                }
            }
        }
    }

    /// The 95 % confidence set holds the onset in 95 of 100 runs, or more: the long-run variance of 240 points is the
    /// larger of two estimates. With 200 runs three standard errors are 0.046.
    #[test]
    fn the_confidence_set_keeps_its_level() {
        for (rho, height) in [(0.0, 0.5), (0.0, 1.0), (0.0, 2.0), (0.5, 1.0), (0.5, 2.0), (0.8, 2.0)] {
            let mut noise = Noise::new(2);
            let runs = 200;
            let held = (0..runs).filter(|run| {
                let onset = 40 + run % 160;
                let found = change(&step(height, onset, rho, 240, &mut noise), 0, 1.0);
                found.is_some_and(|found| found.onset.allows(onset))
            });
            let share = held.count() as f64 / runs as f64;
            assert!(share >= 0.95 - 0.046, "rho {rho}, a step of {height}: {share}");
        }
    }

    /// What decides whether an ok metric moved: 500 series a row, of which at most one in 100 should reach it; three
    /// standard errors are 0.013.
    #[test]
    fn few_series_without_a_change_seem_to_have_one() {
        for rho in [0.0, 0.5, 0.8] {
            let mut noise = Noise::new(7);
            let reach = (0..500).filter(|_| {
                let series = noise.ar1(rho, 240);
                let strength = |direction| change(&series, 0, direction).map_or(0.0, |found| found.strength);
                strength(1.0).max(strength(-1.0)) >= crate::findings::cause::SURE
            });
            let share = reach.count() as f64 / 500.0;
            assert!(share <= 0.01 + 0.013, "rho {rho}: {share}");
        }
    }

    #[test]
    fn a_clear_step_is_found_to_the_tick_whatever_lies_about_it() {
        let mut noise = Noise::new(3);
        let clear = step(8.0, 100, 0.0, 240, &mut noise);
        let best = |series: &[f64]| change(series, 0, 1.0).unwrap().onset.best();
        assert_eq!(best(&clear), 100);
        // Outliers before it, infinite ones too, and missing ticks.
        let mut hostile = clear.clone();
        hostile[30] = 1e9;
        hostile[60] = f64::INFINITY;
        hostile[150] = f64::NEG_INFINITY;
        hostile[101] = f64::NAN;
        assert_eq!(best(&hostile), 100);
        // Another unit; time moved along.
        let scaled: Vec<f64> = clear.iter().map(|value| value * 1024.0).collect();
        assert_eq!(best(&scaled), 100);
        let mut later = vec![f64::NAN; 13];
        later.extend(&clear);
        assert_eq!(change(&later, 13, 1.0).unwrap().onset.best(), 113);
        // The other way there is nothing like it.
        let down = change(&clear, 0, -1.0).map_or(0.0, |found| found.strength);
        assert!(down < 0.01 * change(&clear, 0, 1.0).unwrap().strength, "{down}");
    }

    #[test]
    fn in_a_gap_nothing_tells_its_ticks_apart() {
        let mut series = step(8.0, 100, 0.0, 240, &mut Noise::new(4));
        series[90..110].fill(f64::NAN);
        let onset = change(&series, 0, 1.0).unwrap().onset;
        assert_eq!(onset.best(), 110, "the first changed value");
        assert!((90..=110).all(|tick| onset.allows(tick)) && !onset.allows(89) && !onset.allows(111));
    }

    #[test]
    fn what_was_there_all_along_began_at_the_start() {
        assert!(change(&step(4.0, 0, 0.0, 240, &mut Noise::new(5)), 0, 1.0).unwrap().onset.allows(0));
        // Without noise, and where the series begins later than the run.
        assert_eq!(change(&[2.0; 60], 0, 1.0).unwrap().onset.best(), 0);
        let mut late = vec![f64::NAN; 5];
        late.extend([2.0; 55]);
        assert!(change(&late, 0, 1.0).unwrap().onset.allows(0));
    }

    #[test]
    fn a_drift_begins_where_its_line_does() {
        let mut noise = Noise::new(6);
        let mut series = noise.ar1(0.0, 480);
        series.iter_mut().enumerate().skip(200).for_each(|(tick, value)| *value += 0.05 * (tick - 199) as f64);
        let onset = change(&series, 0, 1.0).unwrap().onset;
        // By the line's own regression the knee's standard error is some 5 ticks; a step would be put at about 300.
        assert!(onset.best().abs_diff(200) <= 15, "{}", onset.best());
    }

    #[test]
    fn nothing_to_see() {
        assert!(change(&[], 0, 1.0).is_none());
        assert!(change(&[f64::NAN; 50], 0, 1.0).is_none());
        assert!(change(&[0.0; 50], 0, 1.0).is_none());
        assert!(change(&[-1.0; 50], 0, 1.0).is_none());
        assert!(change(&[1.0], 0, 1.0).is_some());
    }
}
