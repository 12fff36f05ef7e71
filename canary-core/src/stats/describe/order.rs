//! Median, median absolute deviation and quantiles by selection.

use std::cmp::Ordering;

/// The constant that makes the median absolute deviation estimate a normal standard deviation, as R's `mad`.
pub(crate) const MAD_TO_SD: f64 = 1.4826;

/// The value at 0-based rank `rank`, and the next larger one where there is one. Reorders `values`.
pub(super) fn ranked(values: &mut [f64], rank: usize) -> Option<(f64, f64)> {
    if rank >= values.len() {
        return None;
    }
    let (_, &mut value, above) = values.select_nth_unstable_by(rank, f64::total_cmp);
    // A comparison, not `total_cmp`: it takes several at once. Which of two zeros it finds makes no difference.
    let next = above.iter().copied().reduce(|least, value| if value < least { value } else { least });
    Some((value, next.filter(|next| *next > value).unwrap_or(value)))
}

/// The median, as R's `median`: the mean of the two middle values where their number is even. `None`
/// for no values. Infinities are values; NaN must not occur. Reorders `values`. Cost: O(n).
pub fn median(values: &mut [f64]) -> Option<f64> {
    let count = values.len();
    let (low, high) = ranked(values, count.checked_sub(1)? / 2)?;
    if count % 2 == 1 || low.total_cmp(&high) == Ordering::Equal { Some(low) } else { Some(low / 2.0 + high / 2.0) }
}

/// The median absolute deviation from the median, times 1.4826, as R's `mad`. 0 where more than half of
/// the values are tied. `None` for no values. Overwrites `values` with the absolute deviations. Cost: O(n).
pub fn mad(values: &mut [f64]) -> Option<f64> {
    let centre = median(values)?;
    for value in values.iter_mut() {
        *value = (*value - centre).abs();
    }
    Some(MAD_TO_SD * median(values)?)
}

/// The quantile at `probability` (0 to 1), type 7 of Hyndman & Fan (1996): R's and `NumPy`'s default.
/// `None` for no values or a probability outside 0..=1. NaN must not occur. Reorders `values`. Cost: O(n).
pub fn quantile(values: &mut [f64], probability: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let position = values.len().checked_sub(1)? as f64 * probability;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rank within the slice")]
    let rank = position as usize;
    let fraction = position - rank as f64;
    let (low, high) = ranked(values, rank)?;
    Some(if fraction == 0.0 || low.total_cmp(&high) == Ordering::Equal { low } else { low + fraction * (high - low) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [1.0, 2.0]), Some(1.5));
        assert_eq!(median(&mut [f64::MAX, f64::MAX]), Some(f64::MAX), "no overflow");
        assert_eq!(median(&mut [f64::INFINITY, 1.0, f64::INFINITY]), Some(f64::INFINITY));
        assert_eq!(mad(&mut [1.0, 1.0, 1.0, 9.0]), Some(0.0));
        assert_eq!(quantile(&mut [7.0], 0.5), Some(7.0));
        assert_eq!(quantile(&mut [7.0], 1.1), None);
        assert_eq!(quantile(&mut [7.0], f64::NAN), None);
    }
}
