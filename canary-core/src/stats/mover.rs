//! The ratio of two numbers that are known by their intervals.

use super::tails::{student_quantile, student_sf};

/// A positive number as a test of its own reports it. A missing end is not known; a missing estimate leaves bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracketed {
    /// The likeliest value.
    pub estimate: Option<f64>,
    /// The lower end.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
    /// The confidence level of the ends, 0 to 1.
    pub level: f64,
}

/// The ratio canary/baseline of two [`Bracketed`] numbers, at any level.
///
/// MOVER (Zou & Donner 2008, Statistics in Medicine 27:1693): on the logarithm each end of the ratio has the root of
/// the squares of the distances that lead to it, the canary's lower with the baseline's upper one and the other way
/// round, so that skewed intervals stay skewed. Other levels scale the distances by quantiles of Student's t: few
/// `degrees` make the tails that the two intervals do not show heavy. A number that is only a bound stands for itself,
/// at no distance: at least 300 over 200 known well is a ratio of at least 1.5 with the 200's own error.
///
/// Assumes that the two tests are independent. One end or both are unknown where the numbers leave them open; then no
/// p-value is below 1 and the interval is open. NaN, infinite and non-positive numbers count as unknown. Cost: O(1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RatioOfBracketed {
    /// The likeliest ratio; `None` where either number has no estimate.
    pub ratio: Option<f64>,
    below: Option<End>,
    above: Option<End>,
    degrees: f64,
}

/// What is known of a logarithm on one side of it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct End {
    location: f64,
    error: f64,
}

impl RatioOfBracketed {
    /// Compares, on Student's t with `degrees` > 0, infinite ones too.
    #[must_use]
    pub fn new(baseline: Bracketed, canary: Bracketed, degrees: f64) -> Self {
        let (old, new) = (Known::of(baseline, degrees), Known::of(canary, degrees));
        let end = |new: (Option<f64>, Option<f64>, f64), old: (Option<f64>, Option<f64>, f64)| {
            let ((new_estimate, new_end, new_unit), (old_estimate, old_end, old_unit)) = (new, old);
            let (new_end, old_end) = (new_end?, old_end?);
            let (new, old) = (new_estimate.unwrap_or(new_end), old_estimate.unwrap_or(old_end));
            Some(End { location: new - old, error: ((new_end - new) / new_unit).hypot((old_end - old) / old_unit) })
        };
        Self {
            ratio: canary.estimate.zip(baseline.estimate).map(|(new, old)| new / old).filter(|ratio| is_known(*ratio)),
            below: end((new.estimate, new.lower, new.unit), (old.estimate, old.upper, old.unit)),
            above: end((new.estimate, new.upper, new.unit), (old.estimate, old.lower, old.unit)),
            degrees,
        }
    }

    /// Whether nothing at all is known of it.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.below.is_none() && self.above.is_none()
    }

    /// One-sided p-value of "the true ratio is at most `bound`".
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        self.below.map_or(1.0, |end| self.tail(end.location - bound.ln(), end.error))
    }

    /// One-sided p-value of "the true ratio is at least `bound`".
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        self.above.map_or(1.0, |end| self.tail(bound.ln() - end.location, end.error))
    }

    /// The interval that leaves `alpha`, half of it on each side: from 0 where nothing is known from below, to infinity
    /// where nothing is from above.
    #[must_use]
    pub fn interval(&self, alpha: f64) -> (f64, f64) {
        let quantile = student_quantile(alpha / 2.0, self.degrees);
        // No error at no chance of one: 0 times infinity.
        let margin = |end: End| if end.error > 0.0 { quantile * end.error } else { 0.0 };
        let lower = self.below.map_or(0.0, |end| (end.location - margin(end)).exp());
        let upper = self.above.map_or(f64::INFINITY, |end| (end.location + margin(end)).exp());
        (lower, upper)
    }

    /// The logarithm and its standard error from the side that is known, where only one is.
    pub(crate) fn one_sided(&self) -> Option<(f64, f64)> {
        match (self.below, self.above) {
            (Some(end), None) | (None, Some(end)) => Some((end.location, end.error)),
            _ => None,
        }
    }

    fn tail(&self, distance: f64, error: f64) -> f64 {
        match error > 0.0 {
            true => student_sf(distance / error, self.degrees),
            false if distance > 0.0 => 0.0,
            false => 1.0,
        }
    }
}

/// The logarithms of a number, and the quantile that its ends are worth.
struct Known {
    estimate: Option<f64>,
    lower: Option<f64>,
    upper: Option<f64>,
    unit: f64,
}

impl Known {
    fn of(number: Bracketed, degrees: f64) -> Self {
        let unit = student_quantile((1.0 - number.level) / 2.0, degrees);
        let ln = |value: Option<f64>| value.filter(|value| is_known(*value) && unit > 0.0).map(f64::ln);
        Self { estimate: ln(number.estimate), lower: ln(number.lower), upper: ln(number.upper), unit }
    }
}

fn is_known(value: f64) -> bool {
    value > 0.0 && value < f64::INFINITY
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn number(lower: f64, estimate: f64, upper: f64) -> Bracketed {
        Bracketed { estimate: Some(estimate), lower: Some(lower), upper: Some(upper), level: 0.95 }
    }

    /// Symmetric intervals on the logarithm are the textbook case: errors add by their squares, and with infinite
    /// degrees the p-value is the normal one.
    #[test]
    fn equal_distances_are_the_normal_theory() {
        let (old_error, new_error) = (0.02_f64, 0.03_f64);
        let of = |centre: f64, error: f64| {
            let half = (1.959_963_984_540_054 * error).exp();
            number(centre / half, centre, centre * half)
        };
        let found = RatioOfBracketed::new(of(200.0, old_error), of(180.0, new_error), f64::INFINITY);
        let (location, error) = (0.9_f64.ln(), old_error.hypot(new_error));
        assert!((found.ratio.unwrap() - 0.9).abs() < 1e-15);
        for (alpha, z) in [(0.05, 1.959_963_984_540_054), (0.001, 3.290_526_731_491_926)] {
            let (lower, upper) = found.interval(alpha);
            // qnorm of R to its last digits; the logarithm and back lose some.
            assert!((lower.ln() - (location - z * error)).abs() < 1e-12);
            assert!((upper.ln() - (location + z * error)).abs() < 1e-12);
        }
        let expected = super::super::normal_sf(-location / error);
        assert!((found.p_below(1.0) / expected - 1.0).abs() < 1e-10);
        assert!((found.p_above(1.0) - (1.0 - expected)).abs() < 1e-10);
    }

    #[test]
    fn skewed_intervals_stay_skewed() {
        let found = RatioOfBracketed::new(number(99.0, 100.0, 110.0), number(80.0, 100.0, 101.0), 4.0);
        let (lower, upper) = found.interval(0.05);
        // Down: the canary's lower with the baseline's upper distance, by hand.
        assert!((lower.ln() + 0.8_f64.ln().hypot(1.1_f64.ln())).abs() < 1e-12);
        assert!((upper.ln() - 1.01_f64.ln().hypot(0.99_f64.ln())).abs() < 1e-12);
    }

    #[test]
    fn a_bound_leaves_one_end_open() {
        let known = number(98.0, 100.0, 102.0);
        let at_least = Bracketed { estimate: None, lower: Some(150.0), upper: None, level: 0.95 };
        let found = RatioOfBracketed::new(known, at_least, 4.0);
        let (lower, upper) = found.interval(0.05);
        assert_eq!((found.ratio, upper, found.p_below(0.1)), (None, f64::INFINITY, 1.0));
        assert!((lower - 1.5 / 1.02).abs() < 1e-12 && found.p_above(1.2) < 0.01);
        let found = RatioOfBracketed::new(at_least, known, 4.0);
        assert_eq!((found.interval(0.05).0, found.p_above(0.1)), (0.0, 1.0));
        assert!((found.interval(0.05).1 - 1.02 / 1.5).abs() < 1e-12);
        assert!(RatioOfBracketed::new(at_least, at_least, 4.0).is_unknown());
        // Two bounds that meet: certain at any level.
        let at_most = Bracketed { estimate: None, lower: None, upper: Some(100.0), level: 0.95 };
        let found = RatioOfBracketed::new(at_most, at_least, 4.0);
        assert!((found.interval(0.0).0 - 1.5).abs() < 1e-12, "{:?}", found.interval(0.0));
        assert_eq!((found.p_above(1.4), found.p_above(1.6)), (0.0, 1.0));
    }

    #[test]
    fn what_is_no_number_is_unknown() {
        let good = number(98.0, 100.0, 102.0);
        for bad in [f64::NAN, f64::INFINITY, 0.0, -5.0] {
            let found = RatioOfBracketed::new(good, number(bad, bad, bad), 4.0);
            assert!(found.is_unknown() && found.ratio.is_none(), "{bad}");
        }
        for level in [f64::NAN, 0.0, -1.0, 2.0] {
            let found = RatioOfBracketed::new(good, Bracketed { level, ..good }, 4.0);
            assert!(found.is_unknown(), "{level}: {found:?}");
        }
    }

    fn bracketed() -> impl Strategy<Value = Bracketed> {
        let ends = (1.0_f64..1e4, 0.0_f64..0.5, 0.0_f64..0.5, 0.5_f64..0.999);
        (ends, any::<[bool; 3]>()).prop_map(|((centre, down, up, level), known)| Bracketed {
            estimate: known[0].then_some(centre),
            lower: known[1].then_some(centre * (-down).exp()),
            upper: known[2].then_some(centre * up.exp()),
            level,
        })
    }

    proptest! {
        /// "p ≤ α/2 at a bound" and "the interval at 1 - α lies beyond the bound" are one statement.
        #[test]
        fn p_values_and_intervals_decide_alike(
            old in bracketed(), new in bracketed(), bound in 0.1_f64..10.0, ln_alpha in -20.0_f64..-0.1,
        ) {
            let (found, alpha) = (RatioOfBracketed::new(old, new, 4.0), ln_alpha.exp());
            let (lower, upper) = found.interval(alpha);
            prop_assert!(lower <= upper || found.ratio.is_none());
            // Rounding where they meet.
            let apart = |end: f64| (end / bound - 1.0).abs() > 1e-9;
            if apart(lower) {
                prop_assert_eq!(found.p_above(bound) <= alpha / 2.0, lower > bound);
            }
            if apart(upper) {
                prop_assert_eq!(found.p_below(bound) <= alpha / 2.0, upper < bound);
            }
        }

        /// Swapping the sides inverts everything.
        #[test]
        fn swapping_the_sides_inverts(old in bracketed(), new in bracketed(), bound in 0.1_f64..10.0) {
            let (one, other) = (RatioOfBracketed::new(old, new, 7.0), RatioOfBracketed::new(new, old, 7.0));
            prop_assert!((one.p_above(bound) - other.p_below(1.0 / bound)).abs() < 1e-9);
            let ((lower, _), (_, upper)) = (one.interval(0.1), other.interval(0.1));
            prop_assert!(lower == 0.0 && upper.is_infinite() || (lower * upper - 1.0).abs() < 1e-9);
        }
    }
}
