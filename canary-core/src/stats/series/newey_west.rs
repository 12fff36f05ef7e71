//! Newey & West's variance of a mean, and the ratio of two means with it.

use crate::stats::describe::power_of_two_scale;

/// The variance of the mean of a series, in squared units, with Bartlett's weights up to `lag`: R's
/// `sandwich::NeweyWest(lm(x ~ 1), lag, prewhite = FALSE, adjust = FALSE)` (Newey & West 1987).
///
/// Counts autocorrelation up to the lag, and less of it the nearer the lag; never negative. Too small for
/// short series: [`super::long_run`] is what the judge uses. `None` for no values or where one is not
/// finite. Infinite or 0 where squares leave the range of doubles. Cost: O(n × lag).
#[must_use]
pub fn newey_west_variance_of_mean(series: &[f64], lag: usize) -> Option<f64> {
    if series.is_empty() || !series.iter().all(|value| value.is_finite()) {
        return None;
    }
    let scale = power_of_two_scale(series);
    let count = series.len() as f64;
    // From the first value, so that a large level costs no digits.
    let origin = series.first().map_or(0.0, |value| value * scale);
    let offset = series.iter().map(|value| value * scale - origin).sum::<f64>() / count;
    let centred: Vec<f64> = series.iter().map(|value| value * scale - origin - offset).collect();
    let products = |apart: usize| -> f64 {
        centred.iter().zip(centred.iter().skip(apart)).map(|(early, late)| early * late).sum()
    };
    let weight = |apart: usize| 1.0 - apart as f64 / (lag as f64 + 1.0);
    let lags = 1..=lag.min(series.len() - 1);
    let sum = products(0) + 2.0 * lags.map(|apart| weight(apart) * products(apart)).sum::<f64>();
    // Bartlett's weights keep the sum from being negative but for rounding.
    Some(sum.max(0.0) / count / count / scale / scale)
}

/// The logarithm of the ratio of two paired means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogRatioOfMeans {
    /// ln(mean of the canary / mean of the baseline).
    pub log_ratio: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// The log ratio of the means of `pairs` (baseline, canary), its standard error by the delta method from
/// [`newey_west_variance_of_mean`] of the differences canary/mean - baseline/mean.
///
/// `None` unless there are pairs, all values are finite and both means are above zero. Cost: O(n × lag).
#[must_use]
pub fn log_ratio_of_means(pairs: &[(f64, f64)], lag: usize) -> Option<LogRatioOfMeans> {
    let mean = |side: fn(&(f64, f64)) -> f64| crate::stats::mean(&pairs.iter().map(side).collect::<Vec<_>>());
    let (baseline, canary) = (mean(|pair| pair.0)?, mean(|pair| pair.1)?);
    if !(baseline > 0.0 && canary > 0.0) {
        return None;
    }
    let relative: Vec<f64> = pairs.iter().map(|pair| pair.1 / canary - pair.0 / baseline).collect();
    let standard_error = newey_west_variance_of_mean(&relative, lag)?.sqrt();
    // Two logarithms: the quotient of the means may leave the range of doubles.
    Some(LogRatioOfMeans { log_ratio: canary.ln() - baseline.ln(), standard_error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(newey_west_variance_of_mean(&[], 1), None);
        assert_eq!(newey_west_variance_of_mean(&[1.0, f64::NAN], 1), None);
        assert_eq!(newey_west_variance_of_mean(&[0.1; 9], 100), Some(0.0));
        assert_eq!(log_ratio_of_means(&[(0.0, 1.0)], 1), None);
        assert_eq!(log_ratio_of_means(&[], 1), None);
    }
}
