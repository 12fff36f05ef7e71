//! The long-run variance of an autocorrelated series: what its mean's standard error is made of.

use std::f64::consts::PI;

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
    let origin = values.first().copied().unwrap_or(0.0);
    let mean = values.iter().map(|value| value - origin).sum::<f64>() / values.len().max(1) as f64;
    let deviation = |value: f64| value - origin - mean;
    let total: f64 = values.iter().map(|&value| deviation(value).powi(2)).sum();
    let lagged = |pair: &[f64]| match pair {
        [now, next] => deviation(*now) * deviation(*next),
        _ => 0.0,
    };
    let products: f64 = values.windows(2).map(lagged).sum();
    if total > 0.0 { products / total } else { 0.0 }
}

/// Fits an AR(1) to a centred series. Negative autocorrelation counts as none: it is not rewarded.
#[must_use]
pub fn ar1(centred: &[f64]) -> Ar1 {
    let count = centred.len().max(1) as f64;
    let raw = autocorrelation_lag1(centred);
    let correlation = (raw + (1.0 + 3.0 * raw) / count).clamp(0.0, MAX_AUTOCORRELATION);
    let mean_square = centred.iter().map(|value| value * value).sum::<f64>() / count;
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
/// transforms (EWC; Müller 2007; Lazarus, Lewis, Stock & Watson 2018), `scipy.fft.dct` to rounding.
///
/// 0 for a constant or an empty series. Cost: O(n × degrees) multiplications and no trigonometry in the
/// loop: the cosines come from rotations, four frequencies at a time.
#[must_use]
pub fn ewc_variance(centred: &[f64], degrees: usize) -> f64 {
    if centred.is_empty() || degrees == 0 {
        return 0.0;
    }
    // cos(πj(t-½)/n) is even about the middle for even j and odd for odd j: half of the loop each.
    let squares = |first: usize| -> f64 {
        let frequencies: Vec<usize> = (first..=degrees).step_by(2).collect();
        frequencies.chunks(LANES).map(|lanes| squared_transforms(centred, lanes)).sum()
    };
    let (odd, even) = (squares(1), squares(2));
    2.0 / centred.len() as f64 * (odd + even) / degrees as f64
}

/// As many frequencies go through the series together: their state just fits the registers of any x86-64.
const LANES: usize = 4;

/// The sum of the squared cosine sums at up to four frequencies of one parity.
fn squared_transforms(series: &[f64], frequencies: &[usize]) -> f64 {
    let count = series.len();
    let odd = frequencies.first().is_some_and(|frequency| frequency % 2 == 1);
    let (mut cosine, mut sine) = ([0.0; LANES], [0.0; LANES]);
    let (mut turn_cosine, mut turn_sine) = ([1.0; LANES], [0.0; LANES]);
    for (lane, &frequency) in frequencies.iter().enumerate().take(LANES) {
        let turn = PI * frequency as f64 / count as f64;
        (sine[lane], cosine[lane]) = (turn / 2.0).sin_cos();
        (turn_sine[lane], turn_cosine[lane]) = turn.sin_cos();
    }
    let mut sums = [0.0; LANES];
    for (&early, &late) in series.iter().zip(series.iter().rev()).take(count / 2) {
        let value = if odd { early - late } else { early + late };
        for lane in 0..LANES {
            let (c, s) = (cosine[lane], sine[lane]);
            sums[lane] += value * c;
            cosine[lane] = c * turn_cosine[lane] - s * turn_sine[lane];
            sine[lane] = s * turn_cosine[lane] + c * turn_sine[lane];
        }
    }
    let middle = if count % 2 == 1 && !odd { series.get(count / 2).copied().unwrap_or(0.0) } else { 0.0 };
    let at_middle = |frequency: usize| if frequency.is_multiple_of(4) { middle } else { -middle };
    frequencies.iter().zip(sums).map(|(&frequency, sum)| (sum + at_middle(frequency)).powi(2)).sum()
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
        let mean = block.iter().sum::<f64>() / block.len() as f64;
        squares += block.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        products += block.iter().zip(block.iter().skip(1)).map(|(now, next)| (now - mean) * (next - mean)).sum::<f64>();
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

    /// The definition, term by term: the oracle of the rotations.
    fn slow(series: &[f64], degrees: usize) -> f64 {
        let count = series.len() as f64;
        let transform = |frequency: usize| -> f64 {
            let angle = |index: usize| PI * frequency as f64 * (index as f64 + 0.5) / count;
            series.iter().enumerate().map(|(index, value)| value * angle(index).cos()).sum()
        };
        (1..=degrees).map(|frequency| 2.0 / count * transform(frequency).powi(2)).sum::<f64>() / degrees as f64
    }

    #[test]
    fn rotations_agree_with_the_definition() {
        for (count, degrees) in [(1, 1), (2, 1), (3, 2), (12, 2), (60, 6), (479, 25), (480, 25), (10_080, 191)] {
            let series: Vec<f64> = (0..count).map(|i| f64::from(i * 7919 % 1009) / 1009.0 - 0.5).collect();
            let (fast, slow) = (ewc_variance(&series, degrees), slow(&series, degrees));
            // Rotations add one rounding a step: 1e4 steps of 1e-16, squared sums.
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
