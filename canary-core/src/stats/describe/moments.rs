//! Mean and variance that neither overflow nor drown in a large level.

use super::scale::power_of_two_scale;
use crate::stats::sample::Sample;

/// Mean and variance of a sample in the units of a scale.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments {
    pub(crate) count: f64,
    pub(crate) mean: f64,
    /// With n - 1.
    pub(crate) variance: f64,
}

impl Moments {
    /// Of at least two `values`, each times `scale`. Two passes; deviations are taken from the first
    /// value before the mean is, so that a constant has no variance whatever its rounding.
    pub(crate) fn of(values: &[f64], scale: f64) -> Self {
        let count = values.len() as f64;
        let origin = values.first().map_or(0.0, |value| value * scale);
        let offset = values.iter().map(|value| value * scale - origin).sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value * scale - origin - offset).powi(2)).sum();
        Self { count, mean: origin + offset, variance: squares / (count - 1.0) }
    }
}

/// The variance with n - 1, as R's `var`, in squared units: infinite or 0 where the square leaves the
/// range of doubles. `None` for fewer than two values. Cost: three passes.
#[must_use]
pub fn variance(sample: &Sample) -> Option<f64> {
    sample.at_least(2).ok()?;
    let scale = power_of_two_scale(sample.values());
    Some(Moments::of(sample.values(), scale).variance / scale / scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        let of = |values: &[f64]| variance(&Sample::new(values).unwrap());
        assert_eq!(of(&[1.0]), None);
        assert_eq!(of(&[0.1; 7]), Some(0.0));
        assert_eq!(of(&[1.0, 3.0]), Some(2.0));
        assert_eq!(of(&[1e300, 3e300]), Some(f64::INFINITY));
        assert_eq!(of(&[1e-300, 3e-300]), Some(0.0));
    }
}
