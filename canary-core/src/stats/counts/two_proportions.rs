//! Two shares of successes: their difference and their ratio.

use super::proportion::Proportion;
use crate::stats::root::sign_change;
use crate::stats::tails::normal_isf;

/// Of the logarithm of an end.
const END_TOLERANCE: f64 = 1e-12;
/// Doublings of the first step in ln ρ, which is 1: beyond the range of doubles.
const MAX_DOUBLINGS: usize = 12;

/// The canary's share of successes against the baseline's, from independent trials.
///
/// For rates of rare events [`super::RateRatio`] is exact; these also hold for shares near 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TwoProportions {
    /// The old build's.
    pub baseline: Proportion,
    /// The new build's.
    pub canary: Proportion,
}

impl TwoProportions {
    /// The interval of the canary's share less the baseline's for the two-sided `alpha`: Newcombe's (1998,
    /// method 10), of two Wilson intervals, as statsmodels' `confint_proportions_2indep(method="newcomb")`.
    /// -1 to 1 where a side has no trials. Cost: two quantiles.
    #[must_use]
    pub fn difference_interval(&self, alpha: f64) -> (f64, f64) {
        let (baseline, canary) = (self.baseline.share(), self.canary.share());
        if baseline.is_nan() || canary.is_nan() {
            return (-1.0, 1.0);
        }
        let (of_baseline, of_canary) = (self.baseline.wilson(alpha), self.canary.wilson(alpha));
        let difference = canary - baseline;
        (
            difference - (canary - of_canary.0).hypot(of_baseline.1 - baseline),
            difference + (of_canary.1 - canary).hypot(baseline - of_baseline.0),
        )
    }

    /// The interval of the canary's share over the baseline's for the two-sided `alpha`: the ratios that the
    /// score test does not reject (Miettinen & Nurminen 1985), as statsmodels'
    /// `confint_proportions_2indep(compare="ratio", method="score")`. From 0 where the canary has no
    /// success, to infinite where the baseline has none. Cost: about 20 scores.
    #[must_use]
    pub fn ratio_interval(&self, alpha: f64) -> (f64, f64) {
        let z = normal_isf((alpha / 2.0).clamp(0.0, 0.5));
        let swapped = Self { baseline: self.canary, canary: self.baseline };
        (self.lower_ratio(z), 1.0 / swapped.lower_ratio(z))
    }

    /// The ratio at which the score is `z`. The score falls from infinity to minus infinity in the ratio.
    fn lower_ratio(&self, z: f64) -> f64 {
        if self.canary.successes() == 0.0 || self.baseline.trials() == 0.0 || z.is_infinite() {
            return 0.0;
        }
        let excess = |log_ratio: f64| self.score(log_ratio.exp()) - z;
        let near = |side: Proportion| (side.successes() + 0.5) / side.trials();
        let centre = (near(self.canary) / near(self.baseline)).ln();
        let (mut above, mut below) = ((centre, excess(centre)), (centre, excess(centre)));
        let mut step = 1.0;
        for _ in 0..MAX_DOUBLINGS {
            if above.1 <= 0.0 {
                above = (centre - step, excess(centre - step));
            } else if below.1 > 0.0 {
                below = (centre + step, excess(centre + step));
            } else {
                return sign_change(excess, above, below, END_TOLERANCE).exp();
            }
            step *= 2.0;
        }
        0.0
    }

    /// The distance of the shares from a true ratio of `ratio` in standard deviations, which are those at the
    /// likeliest shares of that ratio.
    fn score(&self, ratio: f64) -> f64 {
        let distance = self.canary.share() - ratio * self.baseline.share();
        if distance == 0.0 {
            return 0.0;
        }
        let (of_baseline, of_canary) = (self.baseline.trials(), self.canary.trials());
        let total = of_baseline + of_canary;
        let successes = self.baseline.successes() + self.canary.successes();
        // The likeliest share b of the baseline is the smaller root of N ρ b² - half b + successes = 0.
        let half = of_canary * ratio + self.canary.successes() + of_baseline + self.baseline.successes() * ratio;
        let root = (half * half - 4.0 * total * ratio * successes).max(0.0).sqrt();
        let baseline = 2.0 * successes / (half + root);
        let canary = ratio * baseline;
        let variance = canary * (1.0 - canary) / of_canary + ratio * ratio * baseline * (1.0 - baseline) / of_baseline;
        distance / (variance.max(0.0) * total / (total - 1.0)).sqrt()
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    fn of(baseline: (u64, u64), canary: (u64, u64)) -> TwoProportions {
        let side = |(successes, trials)| Proportion::new(successes, trials).unwrap();
        TwoProportions { baseline: side(baseline), canary: side(canary) }
    }

    #[test]
    fn nothing_known_on_a_side() {
        for nothing in [of((0, 0), (3, 9)), of((3, 9), (0, 0)), of((0, 9), (0, 8))] {
            assert_eq!(nothing.ratio_interval(0.05), (0.0, f64::INFINITY), "{nothing:?}");
        }
        assert_eq!(of((0, 0), (3, 9)).difference_interval(0.05), (-1.0, 1.0));
        assert_eq!(of((2, 9), (3, 9)).ratio_interval(0.0), (0.0, f64::INFINITY));
    }

    #[test]
    fn all_trials_succeed() {
        // Where both shares are 1 the ratio is held to 1 from both sides, alike.
        let (lower, upper) = of((50, 50), (50, 50)).ratio_interval(0.05);
        assert!((lower * upper - 1.0).abs() < 1e-11 && 0.9 < lower && lower < 1.0, "{lower} {upper}");
    }
}
