//! Numbers that a load test can have.

use crate::error::Fault;

/// The value where it is a finite number of at least zero.
pub(crate) fn not_negative(key: &str, value: f64) -> Result<f64, Fault> {
    if value >= 0.0 && value.is_finite() { Ok(value) } else { Err(Fault::key(key, value, "a number of 0 or more")) }
}

/// The value where it is a finite number above zero.
pub(crate) fn positive(key: &str, value: f64) -> Result<f64, Fault> {
    if value > 0.0 && value.is_finite() { Ok(value) } else { Err(Fault::key(key, value, "a number above 0")) }
}

/// A time, where there is one, in milliseconds; `unit_ms` of them are in its unit.
pub(crate) fn milliseconds(key: &str, value: Option<f64>, unit_ms: f64) -> Result<Option<f64>, Fault> {
    value.map(|value| not_negative(key, value).map(|value| value * unit_ms)).transpose()
}

/// A count out of a float, which is one where it is whole or nearly so.
pub(crate) fn count(value: f64) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be within")]
    let whole = (0.0..9.0e15).contains(&value).then(|| value.round() as u64);
    whole.filter(|&whole| (whole as f64 - value).abs() < 1e-6)
}

/// The nearest count, zero for what is below.
pub(crate) fn nearest_count(value: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates")]
    let whole = value.round().max(0.0) as u64;
    whole
}

/// Milliseconds since 1970 as the whole number that a step holds.
pub(crate) fn whole_ms(ms: f64) -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "a cast of floats saturates")]
    let whole = ms.round() as i64;
    whole
}
