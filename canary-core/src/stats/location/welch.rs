//! Welch's t test: the difference of two means.

use crate::scalar::Fraction;
use crate::stats::describe::Moments;
use crate::stats::describe::power_of_two_scale;
use crate::stats::inference::{Alternative, Limits, Tails};
use crate::stats::sample::{StatisticError, TwoSamples};
use crate::stats::tails::{student_quantile, student_sf};

/// The difference of two means in standard errors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WelchT {
    /// Mean of the canary less mean of the baseline, in the unit of the values.
    pub difference: f64,
    /// The standard error of the difference, same unit.
    pub standard_error: f64,
    /// Difference over standard error: infinite where only the error is 0, 0 where both are.
    pub t: f64,
    /// Degrees of freedom by Welch and Satterthwaite; those of the smaller sample where the error is 0.
    pub degrees: f64,
}

/// Welch's t test, as R's `t.test(canary, baseline)` (Welch 1947).
///
/// Assumes independent values and means near to normal; variances may differ. Unlike R it answers for
/// constant samples and for values whose squares leave the range of doubles. At least two values a side.
/// Cost: O(n).
pub fn welch_t(sides: &TwoSamples) -> Result<WelchT, StatisticError> {
    sides.baseline.at_least(2)?;
    sides.canary.at_least(2)?;
    let scale = power_of_two_scale(sides.baseline.values().iter().chain(sides.canary.values()));
    let baseline = Moments::of(sides.baseline.values(), scale);
    let canary = Moments::of(sides.canary.values(), scale);
    let (from_baseline, from_canary) = (baseline.variance / baseline.count, canary.variance / canary.count);
    let squared_error = from_baseline + from_canary;
    let (difference, standard_error) = (canary.mean - baseline.mean, squared_error.sqrt());
    let degrees = if squared_error > 0.0 {
        let share = |part: f64, count: f64| (part / squared_error).powi(2) / (count - 1.0);
        1.0 / (share(from_baseline, baseline.count) + share(from_canary, canary.count))
    } else {
        baseline.count.min(canary.count) - 1.0
    };
    let t = if difference == 0.0 { 0.0 } else { difference / standard_error };
    Ok(WelchT { difference: difference / scale, standard_error: standard_error / scale, t, degrees })
}

impl WelchT {
    /// The probability of a t this far out where the means are equal.
    #[must_use]
    pub fn p_value(&self, alternative: Alternative) -> f64 {
        let tails = Tails { at_most: student_sf(-self.t, self.degrees), at_least: student_sf(self.t, self.degrees) };
        tails.p_value(alternative)
    }

    /// The confidence interval of the difference for the two-sided `alpha`.
    #[must_use]
    pub fn interval(&self, alpha: Fraction) -> Limits {
        let margin = student_quantile(alpha.get() / 2.0, self.degrees) * self.standard_error;
        Limits { lower: self.difference - margin, upper: self.difference + margin }
    }
}
