//! The Brunner-Munzel test: who is larger, without assuming equal spreads.

use crate::stats::inference::{Alternative, Tails};
use crate::stats::sample::{StatisticError, TwoSamples};
use crate::stats::tails::student_sf;

/// The relative effect in standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BrunnerMunzel {
    /// The share of pairs in which the canary is larger, ties counting half.
    pub relative_effect: f64,
    /// The effect less 0.5, over its standard error: positive where the canary tends to be larger,
    /// infinite where the samples are separated.
    pub statistic: f64,
    /// Satterthwaite's degrees of freedom; those of the smaller sample where the samples are separated.
    pub degrees: f64,
    /// The samples do not overlap: the standard error is 0 and says nothing. The p-value is then 0, which
    /// no number of values justifies; use an exact test.
    pub separated: bool,
}

/// The test of Brunner & Munzel (2000), as `scipy.stats.brunnermunzel(baseline, canary)`: `SciPy` counts
/// positive where its second argument is larger.
///
/// Assumes independent values; spreads and shapes may differ. `SciPy` has NaN where all values are tied;
/// here there is no evidence then, p = 1. At least two values a side. Cost: O(n + m), the samples being sorted.
pub fn brunner_munzel(sides: &TwoSamples) -> Result<BrunnerMunzel, StatisticError> {
    sides.baseline.at_least(2)?;
    sides.canary.at_least(2)?;
    let (baseline_count, canary_count) = (sides.baseline.count(), sides.canary.count());
    let [mut baseline, mut canary] = [Placements::default(); 2];
    let (mut baseline_below, mut canary_below) = (0.0, 0.0);
    for group in sides.groups() {
        let (from_baseline, from_canary) = (group.baseline as f64, group.canary as f64);
        baseline.add((canary_below + from_canary / 2.0) / canary_count, from_baseline);
        canary.add((baseline_below + from_baseline / 2.0) / baseline_count, from_canary);
        baseline_below += from_baseline;
        canary_below += from_canary;
    }
    let relative_effect = canary.mean;
    let (from_baseline, from_canary) = (baseline.variance() / baseline_count, canary.variance() / canary_count);
    let squared_error = from_baseline + from_canary;
    let excess = relative_effect - 0.5;
    let degrees = if squared_error > 0.0 {
        let share = |part: f64, count: f64| (part / squared_error).powi(2) / (count - 1.0);
        1.0 / (share(from_baseline, baseline_count) + share(from_canary, canary_count))
    } else {
        baseline_count.min(canary_count) - 1.0
    };
    let statistic = if excess == 0.0 { 0.0 } else { excess / squared_error.sqrt() };
    Ok(BrunnerMunzel { relative_effect, statistic, degrees, separated: statistic.is_infinite() })
}

impl BrunnerMunzel {
    /// The p-value by Student's t, which Brunner & Munzel recommend below 50 values a side.
    #[must_use]
    pub fn p_value(&self, alternative: Alternative) -> f64 {
        let (t, degrees) = (self.statistic, self.degrees);
        Tails { at_most: student_sf(-t, degrees), at_least: student_sf(t, degrees) }.p_value(alternative)
    }

    /// The p-value by the normal distribution.
    #[must_use]
    pub fn p_value_normal(&self, alternative: Alternative) -> f64 {
        Tails::normal(self.statistic).p_value(alternative)
    }
}

/// Running mean and squares (Welford 1962) of one side's placements: the share of the other side that
/// lies below each value.
#[derive(Clone, Copy, Default)]
struct Placements {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Placements {
    fn add(&mut self, placement: f64, times: f64) {
        if times == 0.0 {
            return;
        }
        self.count += times;
        let step = placement - self.mean;
        self.mean += step * times / self.count;
        self.squares += times * step * (placement - self.mean);
    }

    fn variance(&self) -> f64 {
        self.squares / (self.count - 1.0)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;
    use crate::stats::Sample;

    fn of(baseline: &[f64], canary: &[f64]) -> Result<BrunnerMunzel, StatisticError> {
        let sides = TwoSamples { baseline: Sample::new(baseline)?, canary: Sample::new(canary)? };
        brunner_munzel(&sides)
    }

    #[test]
    fn separated_samples_say_so_and_tied_ones_are_no_evidence() {
        let apart = of(&[4.0, 5.0, 6.0], &[1.0, 2.0, 3.0]).unwrap();
        assert_eq!((apart.statistic, apart.separated), (f64::NEG_INFINITY, true));
        assert_eq!(apart.p_value(Alternative::TwoSided), 0.0);
        let tied = of(&[5.0; 3], &[5.0; 3]).unwrap();
        assert_eq!((tied.statistic, tied.separated, tied.p_value(Alternative::TwoSided)), (0.0, false, 1.0));
    }

    #[test]
    fn one_value_has_no_variance() {
        assert_eq!(of(&[1.0], &[1.0, 2.0]), Err(StatisticError::TooFew { found: 1, expected: 2 }));
    }
}
