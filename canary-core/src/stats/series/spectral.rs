//! The spectrum at frequency zero from an autoregression: how many independent values a series is worth.

use crate::stats::describe::Moments;
use crate::stats::describe::power_of_two_scale;

/// An autoregression, its order chosen by Akaike's criterion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ArSpectrum {
    /// The order.
    pub order: usize,
    /// The spectrum at frequency zero: n times the variance of the mean, in squared units.
    pub at_zero: f64,
    /// n times the variance over the spectrum at zero. Above n for negative autocorrelation.
    pub effective: f64,
}

/// The effective number of values, as `coda::effectiveSize` in R: Yule-Walker equations by Levinson's and
/// Durbin's recursion, order 0 to 10 log10(n) by AIC, as R's `ar`.
///
/// Assumes a stationary series. The number jumps where another order is chosen: [`super::long_run`] is
/// what the judge uses. `None` for fewer than two values, a constant, or a value that is not finite; coda
/// takes a spread below 1.5e-8 for a constant, whatever the unit. Cost: O(n log n).
#[must_use]
pub fn ar_spectrum_at_zero(series: &[f64]) -> Option<ArSpectrum> {
    if series.len() < 2 || !series.iter().all(|value| value.is_finite()) {
        return None;
    }
    let scale = power_of_two_scale(series);
    let moments = Moments::of(series, scale);
    if moments.variance <= 0.0 {
        return None;
    }
    let fit = yule_walker(&autocovariances(series, scale));
    let count = moments.count;
    let innovations = fit.variance * count / (count - (fit.coefficients.len() as f64 + 1.0));
    let at_zero = innovations / (1.0 - fit.coefficients.iter().sum::<f64>()).powi(2);
    Some(ArSpectrum {
        order: fit.coefficients.len(),
        at_zero: at_zero / scale / scale,
        effective: count * moments.variance / at_zero,
    })
}

/// Autocovariances with divisor n, from lag 0 to the largest order.
fn autocovariances(series: &[f64], scale: f64) -> Autocovariances {
    let count = series.len() as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens")]
    let largest = ((10.0 * count.log10()).floor() as usize).min(series.len() - 1);
    let origin = series.first().map_or(0.0, |value| value * scale);
    let offset = series.iter().map(|value| value * scale - origin).sum::<f64>() / count;
    let centred: Vec<f64> = series.iter().map(|value| value * scale - origin - offset).collect();
    let at = |lag: usize| centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum::<f64>() / count;
    Autocovariances { count, at_zero: at(0), from_one: (1..=largest).map(at).collect() }
}

struct Autocovariances {
    count: f64,
    at_zero: f64,
    from_one: Vec<f64>,
}

/// The chosen autoregression.
struct Fit {
    coefficients: Vec<f64>,
    /// Of the innovations, without correction for the order.
    variance: f64,
}

/// Levinson's and Durbin's recursion; the order with the smallest AIC, the lower one of equals.
fn yule_walker(autocovariances: &Autocovariances) -> Fit {
    let criterion = |variance: f64, order: usize| autocovariances.count * variance.ln() + 2.0 * order as f64;
    let (mut coefficients, mut variance) = (Vec::<f64>::new(), autocovariances.at_zero);
    let mut best = Fit { coefficients: Vec::new(), variance };
    let mut lowest = criterion(variance, 0);
    for (order, next) in autocovariances.from_one.iter().enumerate() {
        let known = autocovariances.from_one.iter().take(order).rev();
        let predicted: f64 = coefficients.iter().zip(known).map(|(coefficient, at)| coefficient * at).sum();
        let reflection = (next - predicted) / variance;
        let reversed: Vec<f64> = coefficients.iter().rev().copied().collect();
        coefficients.iter_mut().zip(reversed).for_each(|(one, other)| *one -= reflection * other);
        coefficients.push(reflection);
        variance *= 1.0 - reflection * reflection;
        if variance <= 0.0 {
            break;
        }
        let found = criterion(variance, order + 1);
        if found < lowest {
            lowest = found;
            best = Fit { coefficients: coefficients.clone(), variance };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(ar_spectrum_at_zero(&[]), None);
        assert_eq!(ar_spectrum_at_zero(&[0.1; 20]), None);
        assert_eq!(ar_spectrum_at_zero(&[1.0, f64::NAN, 2.0]), None);
        assert!(ar_spectrum_at_zero(&[1.0, 2.0]).is_some_and(|found| found.effective.is_finite()));
    }
}
