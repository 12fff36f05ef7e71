//! One side's values before the test: missing values, outliers, and what is reported of them.

use super::rule::{NanStrategy, OutlierStrategy, Rule};
use crate::stats::{mean, quantile};

/// What is reported of one side's values; all zero where there are none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SampleStats {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The arithmetic mean.
    pub mean: f64,
    /// The standard deviation with n - 1; 0 for one value.
    pub std: f64,
    /// How many.
    pub count: usize,
}

impl SampleStats {
    /// Cost: two passes.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let Some(mean) = mean(values) else { return Self::default() };
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        let degrees = values.len() as f64 - 1.0;
        Self {
            min: values.iter().copied().fold(f64::INFINITY, f64::min),
            max: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            mean,
            std: if degrees > 0.0 { (squares / degrees).sqrt() } else { 0.0 },
            count: values.len(),
        }
    }
}

/// The values without NaN. Infinities stay.
#[must_use]
pub fn without_nan(values: &[f64]) -> Vec<f64> {
    values.iter().copied().filter(|value| !value.is_nan()).collect()
}

/// The values with `replacement` for NaN.
#[must_use]
pub fn nan_replaced(values: &[f64], replacement: f64) -> Vec<f64> {
    values.iter().map(|&value| if value.is_nan() { replacement } else { value }).collect()
}

/// How easily the quartile fences call a value an outlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sensitivity {
    /// Beyond the fences.
    Full,
    /// Beyond the fences and beyond the 1st or 99th percentile: at most one value in a hundred on each end.
    Reduced,
}

/// Which values lie more than `factor` interquartile ranges from the quartiles (Tukey 1977; quantiles of type 7,
/// R's default). NaN must not occur. Cost: O(n).
#[must_use]
pub fn beyond_quartiles(values: &[f64], factor: f64, sensitivity: Sensitivity) -> Vec<bool> {
    let mut scratch = values.to_vec();
    let mut at = |probability| quantile(&mut scratch, probability).unwrap_or(f64::NAN);
    let (first, third) = (at(0.25), at(0.75));
    let range = third - first;
    let (mut lower, mut upper) = (first - factor * range, third + factor * range);
    if sensitivity == Sensitivity::Reduced {
        (lower, upper) = (lower.min(at(0.01)), upper.max(at(0.99)));
    }
    values.iter().map(|&value| value < lower || value > upper).collect()
}

/// Which values lie more than `factor` standard deviations (with n) from the mean. The judge itself does
/// not use it.
#[must_use]
pub fn beyond_deviations(values: &[f64], factor: f64) -> Vec<bool> {
    let count = values.len() as f64;
    let mean = mean(values).unwrap_or(0.0);
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
    values.iter().map(|value| (value - mean).abs() > factor * deviation).collect()
}

/// The values that are no outliers.
#[must_use]
pub fn without_outliers(values: &[f64], outlier: &[bool]) -> Vec<f64> {
    values.iter().zip(outlier).filter(|(_, outlier)| !**outlier).map(|(&value, _)| value).collect()
}

/// One side as the test sees it: missing values first, then outliers.
pub(super) fn cleaned(values: &[f64], rule: &Rule) -> Vec<f64> {
    let present = match rule.nan_strategy {
        NanStrategy::Remove => without_nan(values),
        NanStrategy::Replace => nan_replaced(values, 0.0),
    };
    match rule.outliers {
        OutlierStrategy::Keep => present,
        OutlierStrategy::Remove { factor } => {
            let outlier = beyond_quartiles(&present, factor, Sensitivity::Reduced);
            without_outliers(&present, &outlier)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reduced_sensitivity_keeps_what_the_percentiles_hold() {
        // Of 400 values 8 are ones: the 99th percentile is 1, so fences without width take nothing.
        let mut values = vec![0.0; 392];
        values.extend([1.0; 8]);
        assert!(!beyond_quartiles(&values, 3.0, Sensitivity::Reduced).contains(&true));
        assert_eq!(beyond_quartiles(&values, 3.0, Sensitivity::Full).iter().filter(|outlier| **outlier).count(), 8);
    }

    #[test]
    fn edges() {
        assert!(beyond_deviations(&[], 3.0).is_empty());
        assert_eq!(beyond_deviations(&[5.0], 3.0), [false]);
        assert_eq!(beyond_quartiles(&[5.0], 3.0, Sensitivity::Reduced), [false]);
        assert!(SampleStats::of(&[2.0]).std == 0.0);
    }
}
