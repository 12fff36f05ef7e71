//! The nine sample quantiles of Hyndman & Fan, and the five-number summary.

use std::cmp::Ordering;

use super::order::ranked;
use crate::stats::sample::Sample;

/// Which sample quantile, in the numbering of Hyndman & Fan (1996), named as `NumPy` names its methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum QuantileType {
    /// 1: the inverse of the empirical distribution.
    InvertedCdf,
    /// 2: as 1, with the mean of both values at a step.
    AveragedInvertedCdf,
    /// 3: the nearest order statistic, the even one where two are equally near.
    ClosestObservation,
    /// 4: straight lines through the empirical distribution.
    InterpolatedInvertedCdf,
    /// 5: steps at their middles (Hazen).
    Hazen,
    /// 6: (n + 1) p (Weibull).
    Weibull,
    /// 7: 1 + (n - 1) p: the default here, in R and in `NumPy`.
    #[default]
    Linear,
    /// 8: unbiased for the median, whatever the distribution: what Hyndman & Fan recommend.
    MedianUnbiased,
    /// 9: unbiased for normal data, approximately.
    NormalUnbiased,
}

/// A position this near to a rank is the rank: `n * p` is rounded. As R has it.
const FUZZ: f64 = 4.0 * f64::EPSILON;

/// The quantile at `probability` (0 to 1) of the type `kind`, as R's `quantile(x, p, type = kind)`.
/// `None` for no values or a probability outside 0..=1. NaN must not occur. Reorders `values`. Cost: O(n).
pub fn quantile_of_type(values: &mut [f64], probability: f64, kind: QuantileType) -> Option<f64> {
    if !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let (below, weight) = position(values.len() as f64, probability, kind);
    let last = values.len().checked_sub(1)?;
    if below < 1.0 {
        return Some(ranked(values, 0)?.0);
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1, at most n + 1")]
    let rank = (below as usize - 1).min(last);
    let (low, high) = ranked(values, rank)?;
    // A weight of 0 or 1 is exact, and equal values stay what they are.
    #[allow(clippy::float_cmp, reason = "weights of steps are exactly 0 or 1")]
    Some(if weight == 0.0 || low.total_cmp(&high) == Ordering::Equal {
        low
    } else if weight == 1.0 {
        high
    } else {
        (1.0 - weight) * low + weight * high
    })
}

/// The 1-based rank below the quantile, and the weight of the value after it.
fn position(count: f64, probability: f64, kind: QuantileType) -> (f64, f64) {
    let split = |position: f64| {
        let below = (position + FUZZ).floor();
        let weight = position - below;
        (below, if weight.abs() < FUZZ { 0.0 } else { weight })
    };
    // Plotting positions (k - a) / (n + 1 - a - b).
    let continuous = |a: f64, b: f64| split(a + probability * (count + 1.0 - a - b));
    match kind {
        QuantileType::InvertedCdf => {
            let (below, weight) = split(count * probability);
            (below, if weight > 0.0 { 1.0 } else { 0.0 })
        }
        QuantileType::AveragedInvertedCdf => {
            let (below, weight) = split(count * probability);
            (below, if weight > 0.0 { 1.0 } else { 0.5 })
        }
        QuantileType::ClosestObservation => {
            let (below, weight) = split(count * probability - 0.5);
            (below, if weight == 0.0 && below % 2.0 == 0.0 { 0.0 } else { 1.0 })
        }
        QuantileType::InterpolatedInvertedCdf => continuous(0.0, 1.0),
        QuantileType::Hazen => continuous(0.5, 0.5),
        QuantileType::Weibull => continuous(0.0, 0.0),
        QuantileType::Linear => continuous(1.0, 1.0),
        QuantileType::MedianUnbiased => continuous(1.0 / 3.0, 1.0 / 3.0),
        QuantileType::NormalUnbiased => continuous(0.375, 0.375),
    }
}

/// Tukey's five numbers, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiveNumbers {
    /// The smallest value.
    pub minimum: f64,
    /// The median of the lower half, which has the middle value where the number is odd.
    pub lower_hinge: f64,
    /// The median.
    pub median: f64,
    /// The median of the upper half.
    pub upper_hinge: f64,
    /// The largest value.
    pub maximum: f64,
}

/// Tukey's five-number summary, as R's `fivenum` (Tukey 1977). Cost: O(1): the sample is sorted.
#[must_use]
pub fn five_numbers(sample: &Sample) -> FiveNumbers {
    let values = sample.values();
    let middle = |values: &[f64]| {
        let half = values.len() / 2;
        let high = values.get(half).copied().unwrap_or(0.0);
        let low = if values.len() % 2 == 1 { high } else { values.get(half.wrapping_sub(1)).copied().unwrap_or(high) };
        f64::midpoint(low, high)
    };
    let half = values.len().div_ceil(2);
    FiveNumbers {
        minimum: values.first().copied().unwrap_or(0.0),
        lower_hinge: middle(values.get(..half).unwrap_or(values)),
        median: middle(values),
        upper_hinge: middle(values.get(values.len() - half..).unwrap_or(values)),
        maximum: values.last().copied().unwrap_or(0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(quantile_of_type(&mut [], 0.5, QuantileType::Hazen), None);
        assert_eq!(quantile_of_type(&mut [1.0], f64::NAN, QuantileType::Hazen), None);
        for kind in [QuantileType::InvertedCdf, QuantileType::ClosestObservation, QuantileType::MedianUnbiased] {
            assert_eq!(quantile_of_type(&mut [7.0], 1.0, kind), Some(7.0));
            assert_eq!(quantile_of_type(&mut [7.0], 0.0, kind), Some(7.0));
        }
        // R: quantile(c(1, 2), 0.5, type = 3). The position is 0.5, which is no rank.
        assert_eq!(quantile_of_type(&mut [1.0, 2.0], 0.5, QuantileType::ClosestObservation), Some(1.0));
    }

    #[test]
    fn one_value_is_its_own_summary() {
        let one = five_numbers(&Sample::new(&[4.0]).unwrap());
        assert_eq!((one.minimum, one.lower_hinge, one.median, one.upper_hinge, one.maximum), (4.0, 4.0, 4.0, 4.0, 4.0));
    }
}
