//! Samples as the classical statistics take them: finite, sorted, not empty.

use super::describe::median;

/// Why a classical statistic has no value.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StatisticError {
    /// A sample is too small for the statistic.
    #[error("found {found} finite values, expected {expected} or more")]
    TooFew {
        /// The finite values that there are.
        found: usize,
        /// How many the statistic needs.
        expected: usize,
    },
    /// The exact distribution would take too long; the approximation of the same statistic always works.
    #[error("the exact distribution takes {work:.1e} steps, at most {limit:.0e} are made: use the approximation")]
    TooLarge {
        /// Additions that it would take.
        work: f64,
        /// Additions that are allowed.
        limit: f64,
    },
}

/// The finite values of a sample in rising order: at least one. NaN and infinities are missing ticks.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample(Vec<f64>);

impl Sample {
    /// Drops what is not finite and sorts the rest. Cost: O(n log n).
    pub fn new(values: &[f64]) -> Result<Self, StatisticError> {
        let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        finite.sort_unstable_by(f64::total_cmp);
        if finite.is_empty() {
            return Err(StatisticError::TooFew { found: 0, expected: 1 });
        }
        Ok(Self(finite))
    }

    /// The values in rising order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// How many values there are.
    pub(super) fn count(&self) -> f64 {
        self.0.len() as f64
    }

    /// The distances of the values from their median, as a sample of its own.
    pub(super) fn deviations(&self) -> Self {
        let centre = median(&mut self.0.clone()).unwrap_or(0.0);
        let mut deviations: Vec<f64> = self.0.iter().map(|value| (value - centre).abs()).collect();
        deviations.sort_unstable_by(f64::total_cmp);
        Self(deviations)
    }

    pub(super) fn at_least(&self, expected: usize) -> Result<(), StatisticError> {
        let found = self.0.len();
        if found >= expected { Ok(()) } else { Err(StatisticError::TooFew { found, expected }) }
    }
}

/// The two sides of a comparison, as independent samples.
///
/// The classical tests assume independent values. Neighbouring minutes are not: there their p-values are
/// too small, and the judge does not use them. They serve instances, requests and runs.
#[derive(Clone, Debug, PartialEq)]
pub struct TwoSamples {
    /// The old build.
    pub baseline: Sample,
    /// The new build.
    pub canary: Sample,
}

/// One distinct value of the pooled samples, and how often each side has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Group {
    pub(super) value: f64,
    pub(super) baseline: usize,
    pub(super) canary: usize,
}

impl Group {
    pub(super) fn size(&self) -> usize {
        self.baseline + self.canary
    }
}

impl TwoSamples {
    /// The distinct values in rising order: what every statistic of ranks or distributions is made of.
    pub(super) fn groups(&self) -> impl Iterator<Item = Group> {
        let (mut baseline, mut canary) = (self.baseline.values(), self.canary.values());
        std::iter::from_fn(move || {
            let value = match (baseline.first(), canary.first()) {
                (Some(&from_baseline), Some(&from_canary)) => from_baseline.min(from_canary),
                (Some(&value), None) | (None, Some(&value)) => value,
                (None, None) => return None,
            };
            Some(Group { value, baseline: split_equal(&mut baseline, value), canary: split_equal(&mut canary, value) })
        })
    }

    /// Values on both sides.
    pub(super) fn total(&self) -> usize {
        self.baseline.0.len() + self.canary.0.len()
    }
}

/// Takes the values that equal `value` off the front; how many there were. Zeros of either sign are equal.
fn split_equal(values: &mut &[f64], value: f64) -> usize {
    #[allow(clippy::float_cmp, reason = "a tie is an equal value")]
    let count = values.iter().take_while(|&&other| other == value).count();
    *values = values.get(count..).unwrap_or_default();
    count
}

/// Every way to give the canary as many of the pooled values as it has: what exact p-values are shares of.
#[cfg(test)]
pub(super) fn arrangements(sides: &TwoSamples) -> Vec<TwoSamples> {
    let pooled = [sides.baseline.values(), sides.canary.values()].concat();
    let side = |choice: u32, taken: bool| {
        let of_side = |&(index, _): &(usize, &f64)| (choice >> index & 1 == 1) == taken;
        let values: Vec<f64> = pooled.iter().enumerate().filter(of_side).map(|(_, &value)| value).collect();
        Sample::new(&values).unwrap()
    };
    let choices =
        (0..1_u32 << pooled.len()).filter(|choice| choice.count_ones() as usize == sides.canary.values().len());
    choices.map(|choice| TwoSamples { baseline: side(choice, false), canary: side(choice, true) }).collect()
}

/// Pairs of small samples, with and without ties, for oracles that enumerate.
#[cfg(test)]
pub(super) fn small_pairs() -> Vec<TwoSamples> {
    let value =
        |seed: u64, index: u64, distinct: u64| ((seed * 7919 + index * index * 104_729 + index * 31) % distinct) as f64;
    let side = |seed: u64, count: u64, distinct: u64| {
        Sample::new(&(0..count).map(|index| value(seed, index, distinct)).collect::<Vec<_>>()).unwrap()
    };
    let sizes = [(1, 1), (1, 6), (5, 2), (4, 4), (3, 7), (6, 5)];
    let pair = |(seed, (baseline, canary)): (usize, (u64, u64)), distinct: u64| TwoSamples {
        baseline: side(seed as u64 + 1, baseline, distinct),
        canary: side(seed as u64 + 101, canary, distinct),
    };
    let of_distinct = |distinct: u64| sizes.into_iter().enumerate().map(move |sizes| pair(sizes, distinct));
    [2, 4, 1009].into_iter().flat_map(of_distinct).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finite_values_are_kept_and_none_is_an_error() {
        let sample = Sample::new(&[3.0, f64::NAN, 1.0, f64::INFINITY]).unwrap();
        assert_eq!(sample.values(), [1.0, 3.0]);
        assert_eq!(Sample::new(&[f64::NAN]), Err(StatisticError::TooFew { found: 0, expected: 1 }));
    }

    #[test]
    fn groups_count_ties_within_and_across_sides_and_zeros_of_either_sign() {
        let sides = TwoSamples {
            baseline: Sample::new(&[2.0, 0.0, 2.0]).unwrap(),
            canary: Sample::new(&[-0.0, 3.0, 2.0]).unwrap(),
        };
        let counts: Vec<_> = sides.groups().map(|group| (group.baseline, group.canary)).collect();
        assert_eq!(counts, [(1, 1), (2, 1), (0, 1)]);
    }
}
