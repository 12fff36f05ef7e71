//! The long-run variance of an autocorrelated series: what its mean's standard error is made of.

use std::f64::consts::PI;

use crate::stats::{sum_of, sum_of_pairs};

/// Degrees of the cosine estimator a sample of n gets: 0.41 n^(2/3) (Lazarus, Lewis, Stock & Watson 2018).
const EWC_FACTOR: f64 = 0.41;
/// Lag-1 autocorrelation is not believed to exceed this: the variance would have no bound.
const MAX_AUTOCORRELATION: f64 = 0.99;
/// A fit never takes more than nine tenths of the variance with it.
const LEAST_SEEN: f64 = 0.1;
/// Persistence is looked for within blocks of about as many points,
const BLOCK: usize = 60;
/// and at most so many of them.
const MOST_BLOCKS: usize = 8;
/// The AR(1) estimate counts for at most this many times the cosine estimator's degrees.
const AR1_DEGREES: f64 = 4.0;

/// A long-run variance with the degrees of freedom of its t distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongRun {
    /// n times the variance of the mean.
    pub variance: f64,
    /// Degrees of freedom, at least 1.
    pub degrees: f64,
    /// How many independent values the series is worth, at most n.
    pub effective: f64,
}

/// An AR(1) fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ar1 {
    /// Lag-1 autocorrelation with Kendall's and Marriott & Pope's (1954) bias correction, within 0..=0.99.
    pub correlation: f64,
    /// n (1 - r) / (1 + r).
    pub effective: f64,
    /// Mean square times (1 + r) / (1 - r).
    pub variance: f64,
}

/// Lag-1 autocorrelation about the mean, as R's `acf(x, 1)`. 0 for a constant or fewer than 2 values.
/// Squares must not leave the range of doubles: scale first.
///
/// Deviations are taken from the first value before the mean is: at a level of 1e9 and a spread of 1 a
/// rounded mean costs R eight digits of the result.
#[must_use]
pub fn autocorrelation_lag1(values: &[f64]) -> f64 {
    let Deviations { squares, products } = deviations(values, values.first().copied().unwrap_or(0.0));
    if squares > 0.0 { products / squares } else { 0.0 }
}

/// Sums over the deviations of a series from its mean.
struct Deviations {
    /// Of their squares.
    squares: f64,
    /// Of the products of neighbours.
    products: f64,
}

/// The deviations of `values` from their mean, which is taken of their distances from `origin`.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn deviations(values: &[f64], origin: f64) -> Deviations {
    let mean = sum_of(values, |value| value - origin) / values.len().max(1) as f64;
    let deviation = |value: f64| value - origin - mean;
    let squares = sum_of(values, |value| deviation(value) * deviation(value));
    let later = values.get(1..).unwrap_or_default();
    Deviations { squares, products: sum_of_pairs(values, later, |now, next| deviation(now) * deviation(next)) }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn sum_of_squares(values: &[f64]) -> f64 {
    sum_of(values, |value| value * value)
}

/// Fits an AR(1) to a centred series. Negative autocorrelation counts as none: it is not rewarded.
#[must_use]
pub fn ar1(centred: &[f64]) -> Ar1 {
    let count = centred.len().max(1) as f64;
    let raw = autocorrelation_lag1(centred);
    let correlation = (raw + (1.0 + 3.0 * raw) / count).clamp(0.0, MAX_AUTOCORRELATION);
    let mean_square = sum_of_squares(centred) / count;
    let odds = (1.0 + correlation) / (1.0 - correlation);
    Ar1 { correlation, effective: count / odds, variance: mean_square * odds }
}

/// The degrees of the cosine estimator for `count` values: at least 2, at most `count` - 2.
#[must_use]
pub fn ewc_degrees(count: usize) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below count")]
    let rule = (EWC_FACTOR * (count as f64).powf(2.0 / 3.0)).floor() as usize;
    rule.min(count.saturating_sub(2)).max(2)
}

/// Long-run variance as the equal-weighted mean of the first `degrees` squared type-II cosine
/// transforms (EWC; Müller 2007; Lazarus, Lewis, Stock & Watson 2018), `scipy.fft.dct` to 1e-9.
///
/// 0 for a constant or an empty series. Cost: O(n × degrees), two additions and two multiplications a point and
/// frequency: cos(j+2)φ = 2 cos 2φ cos jφ - cos(j-2)φ, from one angle a point.
#[must_use]
pub fn ewc_variance(centred: &[f64], degrees: usize) -> f64 {
    let count = centred.len();
    if count == 0 || degrees == 0 {
        return 0.0;
    }
    // cos(πj(t-½)/n) is even about the middle for even j and odd for odd j: half of the series each.
    let half = count / 2;
    let (early, late) = centred.split_at(half);
    let folded = |sign: f64| early.iter().zip(late.iter().rev()).map(|(a, b)| a + sign * b).collect::<Vec<f64>>();
    let single = quarter_turn_cosines(half, count);
    let twice: Vec<f64> = single.iter().map(|cosine| 4.0 * cosine * cosine - 2.0).collect();
    let double: Vec<f64> = twice.iter().map(|twice| 0.5 * twice).collect();
    // The transforms at 1, 3, … and those at 2, 4, …, with the frequencies before: cos(-φ) = cos φ and cos 0 = 1.
    let odd = squared_transforms(&folded(-1.0), single.clone(), single, &twice, &vec![0.0; degrees.div_ceil(2)]);
    let middle = if count % 2 == 1 { late.first().copied().unwrap_or(0.0) } else { 0.0 };
    let at_middle: Vec<f64> = (0..degrees / 2).map(|j| if j % 2 == 0 { -middle } else { middle }).collect();
    let even = squared_transforms(&folded(1.0), vec![1.0; half], double, &twice, &at_middle);
    2.0 / count as f64 * (odd + even) / degrees as f64
}

/// Points between which cosines are taken from the formula for a sum of angles.
const STRIDE: usize = 16;

/// cos(π(t+½)/`count`) for t from 0 to `points`.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn quarter_turn_cosines(points: usize, count: usize) -> Vec<f64> {
    let turn = PI / count as f64;
    let (mut sines, mut cosines) = ([0.0; STRIDE], [0.0; STRIDE]);
    let ((mut sine, mut cosine), (turn_sine, turn_cosine)) = ((turn / 2.0).sin_cos(), turn.sin_cos());
    for (near_sine, near_cosine) in sines.iter_mut().zip(&mut cosines) {
        (*near_sine, *near_cosine) = (sine, cosine);
        (sine, cosine) = (sine * turn_cosine + cosine * turn_sine, cosine * turn_cosine - sine * turn_sine);
    }
    let mut out = vec![0.0; points];
    for (stride, out) in out.chunks_mut(STRIDE).enumerate() {
        let (sine, cosine) = (turn * (stride * STRIDE) as f64).sin_cos();
        for ((out, near_cosine), near_sine) in out.iter_mut().zip(&cosines).zip(&sines) {
            *out = cosine * near_cosine - sine * near_sine;
        }
    }
    out
}

/// The sum of the squared transforms of a folded series at every second frequency, as many as `at_middle`, which holds
/// what the point in the middle adds to each. `now` and `before` hold the cosines of the first frequency and of the one
/// before it, `twice` 2 cos 2φ.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn squared_transforms(folded: &[f64], before: Vec<f64>, now: Vec<f64>, twice: &[f64], at_middle: &[f64]) -> f64 {
    let (mut before, mut now) = (before, now);
    let mut sum = 0.0;
    for middle in at_middle {
        let transform = middle + sum_of_pairs(folded, &now, |value, cosine| value * cosine);
        sum += transform * transform;
        for ((before, now), twice) in before.iter_mut().zip(&now).zip(twice) {
            *before = twice * now - *before;
        }
        std::mem::swap(&mut before, &mut now);
    }
    sum
}

/// The long-run variance of a centred series: the larger of the cosine and the AR(1) estimate, each with
/// its own degrees of freedom.
///
/// Neither alone keeps its level: the cosines miss persistence beyond n/25 points, the AR(1) misses
/// anything but geometric decay. Cost: that of [`ewc_variance`].
#[must_use]
pub fn long_run(centred: &[f64]) -> LongRun {
    larger(centred, ar1(centred))
}

/// The same where a longer stretch of the series is known to have the lag-1 autocorrelation `persistence`,
/// and `fitted` numbers (a mean is one, a line is two) were taken off.
///
/// Within 60 points at an autocorrelation of 0.9 hardly any of the wandering is seen: the correlation comes out
/// too low, and fitting takes the variance of 1/odds of the points per number fitted with it, which is put back.
#[must_use]
pub fn long_run_given(centred: &[f64], persistence: f64, fitted: usize) -> LongRun {
    let own = ar1(centred);
    let count = centred.len().max(1) as f64;
    let correlation = own.correlation.max(persistence).clamp(0.0, MAX_AUTOCORRELATION);
    let odds = (1.0 + correlation) / (1.0 - correlation);
    let own_odds = (1.0 + own.correlation) / (1.0 - own.correlation);
    let seen = (1.0 - fitted as f64 * odds / count).max(LEAST_SEEN);
    let variance = own.variance / own_odds * odds / seen;
    larger(centred, Ar1 { correlation, effective: count / odds, variance })
}

/// The lag-1 autocorrelation of a long series as its blocks show it, each about its own mean, with the bias
/// correction of [`ar1`] for their length and one standard error on the safe side: a change of level between
/// blocks does not pass for persistence.
/// Blocks of about 60 points, at most 8. 0 for fewer than 2 points. Cost: one pass.
#[must_use]
pub fn persistence(series: &[f64]) -> f64 {
    let blocks = (series.len() / BLOCK).clamp(1, MOST_BLOCKS);
    let length = series.len().div_ceil(blocks).max(1);
    let (mut products, mut squares) = (0.0, 0.0);
    for block in series.chunks(length) {
        let found = deviations(block, 0.0);
        squares += found.squares;
        products += found.products;
    }
    if squares <= 0.0 {
        return 0.0;
    }
    let raw = products / squares;
    let likely = (raw + (1.0 + 3.0 * raw) / length as f64).clamp(0.0, MAX_AUTOCORRELATION);
    // One standard error of it (Bartlett 1946): a correlation that is too low by chance makes an alarm, one that is
    // too high a wait.
    let error = ((1.0 - likely * likely) / series.len() as f64).sqrt();
    (likely + error).min(MAX_AUTOCORRELATION)
}

fn larger(centred: &[f64], ar1: Ar1) -> LongRun {
    let degrees = ewc_degrees(centred.len());
    let cosine = ewc_variance(centred, degrees);
    let cosine_degrees = degrees as f64;
    let beyond_one = ar1.effective - 1.0;
    if cosine >= ar1.variance {
        LongRun { variance: cosine, degrees: cosine_degrees.min(beyond_one).max(1.0), effective: ar1.effective }
    } else {
        let degrees = beyond_one.min(AR1_DEGREES * cosine_degrees).max(1.0);
        LongRun { variance: ar1.variance, degrees, effective: ar1.effective }
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    /// The definition, term by term: the oracle of the recurrence.
    fn slow(series: &[f64], degrees: usize) -> f64 {
        let count = series.len() as f64;
        let transform = |frequency: usize| -> f64 {
            let angle = |index: usize| PI * frequency as f64 * (index as f64 + 0.5) / count;
            series.iter().enumerate().map(|(index, value)| value * angle(index).cos()).sum()
        };
        (1..=degrees).map(|frequency| 2.0 / count * transform(frequency).powi(2)).sum::<f64>() / degrees as f64
    }

    #[test]
    fn the_recurrence_agrees_with_the_definition() {
        for (count, degrees) in [(1, 1), (2, 1), (3, 2), (12, 2), (60, 6), (479, 25), (480, 25), (10_080, 191)] {
            let series: Vec<f64> = (0..count).map(|i| f64::from(i * 7919 % 1009) / 1009.0 - 0.5).collect();
            let (fast, slow) = (ewc_variance(&series, degrees), slow(&series, degrees));
            // A cosine loses under 1e-11 over all frequencies of the longest series.
            assert!((fast - slow).abs() <= 1e-11 * slow.max(1e-3), "{count}: {fast} {slow}");
        }
    }

    #[test]
    fn negative_autocorrelation_is_capped_at_n() {
        let series: Vec<f64> = (0..100).map(|i| if i % 2 == 0 { 1.0 } else { -1.0 }).collect();
        // Kendall's correction of r = -0.99 stays below 0.
        assert!((ar1(&series).effective - 100.0).abs() < 1e-9);
    }

    /// An AR(1) of known correlation, with and without a step in the middle: within three standard errors of
    /// the correlation and the one that is added, √((1 - r²)/n), and the remaining bias of the correction, of the order of 1/60.
    #[test]
    fn a_change_of_level_is_no_persistence() {
        for correlation in [0.0_f64, 0.5, 0.9] {
            let mut state = 0.0;
            let mut seed = 12_345_u64;
            let mut noise = || {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (seed >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
            };
            let mut series: Vec<f64> = (0..4800)
                .map(|_| {
                    state = correlation * state + noise();
                    state
                })
                .collect();
            series.truncate(480);
            let allowed = 4.0 * ((1.0 - correlation * correlation) / 480.0).sqrt() + 1.0 / 60.0;
            assert!((persistence(&series) - correlation).abs() < allowed, "{correlation}: {}", persistence(&series));
            for late in series.iter_mut().skip(240) {
                *late += 10.0;
            }
            assert!((persistence(&series) - correlation).abs() < allowed, "{correlation} with a step");
            assert!(ar1(&series).correlation > 0.95, "which the whole series takes for persistence");
        }
    }

    #[test]
    fn a_constant_has_no_variance() {
        assert_eq!(ewc_variance(&[0.0; 50], 5), 0.0);
        assert_eq!(autocorrelation_lag1(&[2.0; 5]), 0.0);
        assert_eq!(autocorrelation_lag1(&[]), 0.0);
    }
}
