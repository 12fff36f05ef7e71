//! Results that are only bounds, used as what they are.

use std::cmp::Ordering;

use crate::stats::median;

/// One result of a series, as a logarithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Known {
    Exactly(f64),
    AtLeast(f64),
    AtMost(f64),
}

impl Known {
    /// The bound or the value.
    pub(super) fn place(self) -> f64 {
        match self {
            Self::Exactly(place) | Self::AtLeast(place) | Self::AtMost(place) => place,
        }
    }

    /// Which of the two is surely smaller; `Equal` where that is not known.
    fn against(self, other: Self) -> Ordering {
        let smaller = match (self, other) {
            (Self::AtLeast(_), _) | (_, Self::AtMost(_)) => false,
            (Self::Exactly(one) | Self::AtMost(one), Self::Exactly(other) | Self::AtLeast(other)) => one < other,
        };
        let larger = match (self, other) {
            (Self::AtMost(_), _) | (_, Self::AtLeast(_)) => false,
            (Self::Exactly(one) | Self::AtLeast(one), Self::Exactly(other) | Self::AtMost(other)) => one > other,
        };
        match (smaller, larger) {
            (true, _) => Ordering::Less,
            (_, true) => Ordering::Greater,
            _ => Ordering::Equal,
        }
    }
}

/// Scores about zero: half of (how many are surely smaller less how many are surely larger), after Gehan (1965).
/// Without bounds they are the mid-ranks less their mean. Cost: O(n log n) without bounds, O(n²) with.
pub(super) fn scores(values: &[Known]) -> Vec<f64> {
    if values.iter().all(|value| matches!(value, Known::Exactly(_))) {
        return mid_ranks(values);
    }
    let score = |one: &Known| {
        let beyond: i64 = values.iter().map(|other| one.against(*other) as i64).sum();
        beyond as f64 / 2.0
    };
    values.iter().map(score).collect()
}

fn mid_ranks(values: &[Known]) -> Vec<f64> {
    let mut order: Vec<(f64, usize)> = values.iter().enumerate().map(|(at, value)| (value.place(), at)).collect();
    order.sort_by(|one, other| one.0.total_cmp(&other.0));
    let centre = f64::midpoint(values.len() as f64, 1.0);
    let mut scores = vec![0.0; values.len()];
    let mut below = 0;
    for ties in order.chunk_by(|one, other| one.0.total_cmp(&other.0).is_eq()) {
        let rank = below as f64 + f64::midpoint(ties.len() as f64, 1.0);
        below += ties.len();
        for &(_, at) in ties {
            if let Some(score) = scores.get_mut(at) {
                *score = rank - centre;
            }
        }
    }
    scores
}

/// The median of a level: the plain one without lower bounds, else that of Kaplan and Meier (1958); and whether it is
/// only a lower bound, as where half of the level is not known to end. Upper bounds count as values. `None` when empty.
pub(super) fn level(values: &[Known]) -> Option<(f64, bool)> {
    if values.iter().all(|value| !matches!(value, Known::AtLeast(_))) {
        return median(&mut values.iter().map(|value| value.place()).collect::<Vec<f64>>()).map(|found| (found, false));
    }
    let mut sorted: Vec<Known> = values.to_vec();
    // A bound at the same place as a value lies above it.
    let is_bound = |value: &Known| matches!(value, Known::AtLeast(_));
    sorted.sort_by(|one, other| one.place().total_cmp(&other.place()).then(is_bound(one).cmp(&is_bound(other))));
    let mut above = 1.0;
    for (place, value) in sorted.iter().enumerate() {
        if !is_bound(value) {
            above *= 1.0 - 1.0 / (sorted.len() - place) as f64;
        }
        // Half, but for rounding of the product.
        if above <= 0.5 + 1e-12 {
            return Some((value.place(), false));
        }
    }
    sorted.last().map(|last| (last.place(), true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_without_bounds_are_centred_mid_ranks() {
        let values = [3.0, 1.0, 3.0, 2.0].map(Known::Exactly);
        assert_eq!(scores(&values), [1.0, -1.5, 1.0, -0.5]);
        // The slow way says the same.
        let slow = |one: &Known| values.iter().map(|other| one.against(*other) as i64).sum::<i64>() as f64 / 2.0;
        assert_eq!(scores(&values), values.iter().map(slow).collect::<Vec<_>>());
    }

    #[test]
    fn a_bound_says_nothing_about_what_lies_beyond_it() {
        let values = [Known::Exactly(1.0), Known::AtLeast(2.0), Known::Exactly(3.0), Known::AtMost(2.5)];
        // 1 is surely below "at least 2" and 3; "at least 2" and "at most 2.5" may be either way round.
        assert_eq!(scores(&values), [-1.0, 0.5, 1.0, -0.5]);
    }

    #[test]
    fn the_level_of_bounds_is_a_bound() {
        assert_eq!(level(&[Known::AtLeast(2.0), Known::AtLeast(1.0)]), Some((2.0, true)));
        assert_eq!(level(&[Known::Exactly(2.0), Known::Exactly(4.0)]), Some((3.0, false)));
        // Kaplan and Meier by hand: 1 - 1/4, times 1 - 1/2 at 3.
        let values = [Known::Exactly(1.0), Known::AtLeast(2.0), Known::Exactly(3.0), Known::AtLeast(5.0)];
        assert_eq!(level(&values), Some((3.0, false)));
        assert_eq!(level(&[]), None);
    }
}
