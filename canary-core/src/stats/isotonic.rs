//! Isotonic regression: the nearest sequence that never falls.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// One value and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted {
    /// The value.
    pub value: f64,
    /// Its weight, above 0.
    pub weight: f64,
}

/// The non-decreasing sequence nearest to `values` in weighted squares, as scikit-learn's `IsotonicRegression`
/// (pool adjacent violators; Barlow, Bartholomew, Bremner & Brunk 1972).
///
/// Values must be finite and weights above 0. Empty in, empty out. Cost: O(n).
#[must_use]
pub fn isotonic_mean(values: &[Weighted]) -> Vec<f64> {
    // Blocks of (mean, weight, length); a block that lies below the one before it is joined to it.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(values.len());
    for &Weighted { value, weight } in values {
        let mut block = (value, weight, 1);
        while let Some(&before) = blocks.last().filter(|before| before.0 >= block.0) {
            let total = before.1 + block.1;
            block = (before.0 + (block.0 - before.0) * (block.1 / total), total, before.2 + block.2);
            blocks.pop();
        }
        blocks.push(block);
    }
    blocks.into_iter().flat_map(|(mean, _, length)| std::iter::repeat_n(mean, length)).collect()
}

/// The non-decreasing sequence nearest to `values` in weighted absolute distances: in each block of equal values the
/// weighted median, so that one wild value does not move its neighbours (Robertson & Waltman 1968).
///
/// Where several sequences are equally near, the lowest. Values must be finite and weights above 0. Empty in, empty
/// out. Cost: O(n log n), by the slope trick: the fit's sum of distances is a convex function of the last value, kept
/// as the places where its slope changes.
#[must_use]
pub fn isotonic_median(values: &[Weighted]) -> Vec<f64> {
    let mut changes: BinaryHeap<Change> = BinaryHeap::with_capacity(values.len());
    let mut fit: Vec<f64> = Vec::with_capacity(values.len());
    for &Weighted { value, weight } in values {
        changes.push(Change { place: value, slope: 2.0 * weight });
        // Later values may only be higher: what rises to the right of the least place becomes flat.
        let mut rising = weight;
        while let Some(mut top) = changes.peek_mut() {
            if top.slope > rising {
                top.slope -= rising;
                break;
            }
            rising -= top.slope;
            std::collections::binary_heap::PeekMut::pop(top);
        }
        fit.push(changes.peek().map_or(value, |change| change.place));
    }
    let mut highest = f64::INFINITY;
    for value in fit.iter_mut().rev() {
        highest = highest.min(*value);
        *value = highest;
    }
    fit
}

/// A place at which the slope of a convex function rises by `slope`.
#[derive(Clone, Copy, Debug)]
struct Change {
    place: f64,
    slope: f64,
}

impl PartialEq for Change {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Change {}

impl PartialOrd for Change {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Change {
    fn cmp(&self, other: &Self) -> Ordering {
        self.place.total_cmp(&other.place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn distance(values: &[Weighted], fit: &[f64]) -> f64 {
        values.iter().zip(fit).map(|(at, fitted)| at.weight * (at.value - fitted).abs()).sum()
    }

    /// The least distance of any non-decreasing sequence, by dynamic programming over the values themselves: some
    /// nearest sequence takes no others.
    fn least_distance(values: &[Weighted]) -> f64 {
        let mut levels: Vec<f64> = values.iter().map(|at| at.value).collect();
        levels.sort_by(f64::total_cmp);
        let mut costs = vec![0.0; levels.len()];
        for at in values {
            let mut least = f64::INFINITY;
            for (cost, level) in costs.iter_mut().zip(&levels) {
                least = f64::min(least, *cost);
                *cost = least + at.weight * (at.value - level).abs();
            }
        }
        costs.into_iter().fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn nothing_and_one_value() {
        assert!(isotonic_mean(&[]).is_empty() && isotonic_median(&[]).is_empty());
        let one = [Weighted { value: 3.0, weight: 0.5 }];
        assert_eq!((isotonic_mean(&one), isotonic_median(&one)), (vec![3.0], vec![3.0]));
    }

    #[test]
    fn one_wild_value_moves_the_mean_and_not_the_median() {
        let values = [0.0, 0.0, 0.9, 0.01, 0.02, 0.03].map(|value| Weighted { value, weight: 1.0 });
        assert_eq!(isotonic_median(&values), [0.0, 0.0, 0.02, 0.02, 0.02, 0.03]);
        assert!(isotonic_mean(&values)[2] > 0.2);
    }

    proptest! {
        #[test]
        fn the_median_fit_is_as_near_as_any(
            values in prop::collection::vec((0_i32..6, 1_i32..5), 1..12)
        ) {
            let values: Vec<Weighted> =
                values.iter().map(|&(value, weight)| Weighted { value: value.into(), weight: weight.into() }).collect();
            let fit = isotonic_median(&values);
            prop_assert!(fit.windows(2).all(|pair| pair[0] <= pair[1]));
            // Whole numbers: sums are exact.
            prop_assert_eq!(distance(&values, &fit), least_distance(&values));
        }
    }
}
