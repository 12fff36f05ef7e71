//! Scaling by powers of two, so that no sum overflows and a change of unit changes no bit of a result.

use crate::stats::sums::{larger_magnitude, sum_of};

/// The largest exponent by which a double can be scaled in one multiplication.
const MAX_EXPONENT: i32 = 1000;

/// The power of two to multiply `values` with so that the largest magnitude lies in [1, 2) (or near it
/// for values below 1e-301). 1 where all values are zero. NaN must not occur. Cost: one pass.
#[must_use]
pub fn power_of_two_scale<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    power_of_two_below(values.into_iter().fold(0.0, |largest, &value| larger_magnitude(largest, value)))
}

/// The same for values of which the largest magnitude is known.
pub(crate) fn power_of_two_below(largest: f64) -> f64 {
    if largest == 0.0 || !largest.is_finite() {
        return 1.0;
    }
    #[allow(clippy::cast_possible_truncation, reason = "the exponent of a double fits 12 bits")]
    let exponent = largest.log2().floor() as i32;
    2.0_f64.powi((-exponent).clamp(-MAX_EXPONENT, MAX_EXPONENT))
}

/// The arithmetic mean; finite for any finite values. `None` for no values. Cost: one pass, three where
/// the plain sum overflows, underflows or is zero.
#[must_use]
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let plain = sum(values);
    if plain.is_normal() {
        return Some(plain / values.len() as f64);
    }
    let scale = power_of_two_scale(values);
    let sum: f64 = values.iter().map(|value| value * scale).sum();
    Some(sum / values.len() as f64 / scale)
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn sum(values: &[f64]) -> f64 {
    sum_of(values, |value| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_overflow_and_no_underflow() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[0.0, 0.0]), Some(0.0));
        assert_eq!(mean(&[1.5e308, 1.5e308]), Some(1.5e308));
        assert_eq!(mean(&[5e-324, 5e-324]), Some(5e-324));
        assert_eq!(mean(&[-2.0, 4.0]), Some(1.0));
    }
}
