//! Sums and maxima in lanes, as many terms at once as processors add, in an order that is the same on all of them.
//!
//! One running sum waits four cycles for each addition. Eight wait no longer, and a function marked with
//! `multiversion` that calls these gets them in the registers of the processor at hand. No sum is reordered for that:
//! the bits are the same everywhere.

/// Sums that run side by side.
pub(crate) const LANES: usize = 8;

/// The sum of `term` over `values`.
#[inline(always)]
pub(crate) fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane += term(value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane += term(value);
    }
    folded(lanes)
}

/// The sum of `term` over the values of two slices, side by side, as far as the shorter one goes.
#[inline(always)]
pub(crate) fn sum_of_pairs(a: &[f64], b: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let ((a_chunks, a_rest), (b_chunks, b_rest)) =
        (common(a, b).as_chunks::<LANES>(), common(b, a).as_chunks::<LANES>());
    let mut lanes = [0.0; LANES];
    for (a, b) in a_chunks.iter().zip(b_chunks) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += term(a, b);
        }
    }
    for ((lane, &a), &b) in lanes.iter_mut().zip(a_rest).zip(b_rest) {
        *lane += term(a, b);
    }
    folded(lanes)
}

/// The largest magnitude among `values`, 0 for none. NaN counts for nothing.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(crate) fn largest_magnitude(values: &[f64]) -> f64 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = larger_magnitude(*lane, value);
        }
    }
    rest.iter().chain(&lanes).fold(0.0, |largest, &value| larger_magnitude(largest, value))
}

/// `largest` or the magnitude of `value`. A comparison, not `f64::max`: that one looks after NaN and costs three times
/// as much.
#[inline(always)]
pub(crate) fn larger_magnitude(largest: f64, value: f64) -> f64 {
    if value.abs() > largest { value.abs() } else { largest }
}

/// The sum of all lanes: halves onto halves.
#[inline(always)]
pub(crate) fn folded(lanes: [f64; LANES]) -> f64 {
    let [s0, s1, s2, s3, s4, s5, s6, s7] = lanes;
    ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7))
}

/// As much of `values` as `other` has.
#[inline(always)]
fn common<'a>(values: &'a [f64], other: &[f64]) -> &'a [f64] {
    values.get(..other.len()).unwrap_or(values)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "whole numbers add up exactly")]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_taken_once_whatever_the_length() {
        for count in [0_u32, 1, 7, 8, 9, 31, 480] {
            let values: Vec<f64> = (1..=count).map(f64::from).collect();
            // The sums of the first whole numbers and of their squares (Euclid, Archimedes).
            let n = f64::from(count);
            assert_eq!(sum_of(&values, |value| value), n * (n + 1.0) / 2.0);
            assert_eq!(sum_of_pairs(&values, &values, |a, b| a * b), n * (n + 1.0) * (2.0 * n + 1.0) / 6.0);
            let negative: Vec<f64> = values.iter().map(|value| -value).collect();
            assert_eq!(largest_magnitude(&negative), n);
            let longer = [values.as_slice(), &[1000.0]].concat();
            assert_eq!(sum_of_pairs(&longer, &values, |a, b| a - b), 0.0);
            assert_eq!(largest_magnitude(&values), n);
        }
    }
}
