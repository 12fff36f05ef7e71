//! The share of successes among trials.

use super::rate_ratio::{Atom, Events, RateRatio, ln_atom};
use crate::stats::tails::{Beta, Share, normal_isf};

/// Outcomes this much likelier than the observed one count as equally likely: rounding of their logarithms. R's.
const EQUALLY_LIKELY: f64 = 1e-7;

/// Successes among independent trials of one probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    successes: u64,
    trials: u64,
}

impl Proportion {
    /// `None` where there are more successes than trials.
    #[must_use]
    pub fn new(successes: u64, trials: u64) -> Option<Self> {
        (successes <= trials).then_some(Self { successes, trials })
    }

    /// Successes over trials, 0 to 1; NaN without trials.
    #[must_use]
    pub fn share(self) -> f64 {
        self.successes() / self.trials()
    }

    /// Two-sided p-value of "the true share is `share`": the probability of all outcomes that are not likelier
    /// than the observed one, as R's `binom.test`. NaN for a share outside 0..=1.
    ///
    /// For events of two sides, `successes` being the canary's and `share` its part of the exposure, the
    /// p-value of R's `poisson.test`. Cost: log₂(trials) probabilities, two incomplete betas.
    #[must_use]
    pub fn p_value(self, share: f64) -> f64 {
        if !(0.0..=1.0).contains(&share) {
            return f64::NAN;
        }
        if share <= 0.0 || share >= 1.0 {
            let certain = if share <= 0.0 { 0 } else { self.trials };
            return if self.successes == certain { 1.0 } else { 0.0 };
        }
        let odds = Share::from_odds(share / (1.0 - share));
        // The likeliest outcome; the same is done from above with successes and failures swapped.
        let likeliest = ((self.trials() + 1.0) * share).floor();
        if self.successes() > likeliest {
            return self.failures().p_value(1.0 - share);
        }
        let ln_probability = |outcome: f64| ln_atom(self.trials() - outcome, outcome, odds);
        let limit = ln_probability(self.successes()) + EQUALLY_LIKELY;
        if ln_probability(likeliest) <= limit {
            return 1.0;
        }
        let beyond = first_whole(likeliest, self.trials() + 1.0, |outcome| ln_probability(outcome) <= limit);
        // P(X <= k) is the upper tail of Beta(k+1, n-k).
        let below = Beta::new(self.successes() + 1.0, self.trials() - self.successes()).tails(odds).ln_upper.exp();
        let above = if beyond > self.trials() { 0.0 } else { self.at_least(beyond, odds) };
        (below + above).min(1.0)
    }

    /// One-sided p-value of "the true share is at most `share`": the probability of as many successes or more, as
    /// `scipy.stats.binom.sf(successes - 1, trials, share)`. NaN for a share outside 0..=1. Cost: one incomplete beta.
    #[must_use]
    pub fn p_above(self, share: f64) -> f64 {
        if !(0.0..=1.0).contains(&share) {
            return f64::NAN;
        }
        if self.successes == 0 || share >= 1.0 {
            return 1.0;
        }
        self.at_least(self.successes(), Share::from_odds(share / (1.0 - share)))
    }

    /// P(X >= j) for j from 1 to n: the lower tail of Beta(j, n-j+1).
    fn at_least(self, outcome: f64, share: Share) -> f64 {
        Beta::new(outcome, self.trials() - outcome + 1.0).tails(share).ln_lower.exp()
    }

    /// Clopper & Pearson's (1934) interval of the two-sided `alpha`, as R's `binom.test`: never covers less
    /// often than 1 - alpha. 0 to 1 without trials. Cost: as [`RateRatio::interval`].
    #[must_use]
    pub fn clopper_pearson(self, alpha: f64) -> (f64, f64) {
        // Successes and failures at equal exposure: the ratio of their rates is the odds.
        let events = |count: f64| Events { count, exposure: 1.0 };
        let ratio = RateRatio::new(events(self.failures().successes()), events(self.successes()));
        let (lower, upper) = ratio.with_atom(Atom::Whole).interval(alpha);
        (Share::from_odds(lower).x, Share::from_odds(upper).x)
    }

    /// Wilson's (1927) score interval of the two-sided `alpha`, as R's `prop.test(correct = FALSE)`: covers
    /// 1 - alpha of the time on average over shares. 0 to 1 without trials. Cost: one quantile.
    #[must_use]
    pub fn wilson(self, alpha: f64) -> (f64, f64) {
        let square = normal_isf((alpha / 2.0).clamp(0.0, 0.5)).powi(2);
        if self.trials == 0 || square.is_infinite() {
            return (0.0, 1.0);
        }
        // The roots π of (p - π)² n = z² π (1 - π). The smaller one is the product of both over the larger,
        // so that few successes lose no digits; the larger one by way of the failures.
        let lower = |of: Self| {
            let half = 2.0 * of.successes() + square;
            let spread = (square * (square + 4.0 * of.successes() * (1.0 - of.share()))).sqrt();
            2.0 * of.successes() * of.share() / (half + spread)
        };
        (lower(self), 1.0 - lower(self.failures()))
    }

    fn failures(self) -> Self {
        Self { successes: self.trials - self.successes, trials: self.trials }
    }

    pub(super) fn successes(self) -> f64 {
        self.successes as f64
    }

    pub(super) fn trials(self) -> f64 {
        self.trials as f64
    }
}

/// The first whole number above `low`, and at most `high`, at which `holds`, which then holds beyond.
fn first_whole(mut low: f64, mut high: f64, holds: impl Fn(f64) -> bool) -> f64 {
    while high - low > 1.0 {
        let middle = f64::midpoint(low, high).floor();
        if holds(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(Proportion::new(2, 1), None);
        let none = Proportion::new(0, 0).unwrap();
        assert!(none.share().is_nan());
        assert_eq!((none.p_value(0.3), none.wilson(0.05), none.clopper_pearson(0.05)), (1.0, (0.0, 1.0), (0.0, 1.0)));
        let all = Proportion::new(4, 4).unwrap();
        assert_eq!((all.p_value(1.0), all.p_value(0.0), all.wilson(0.0)), (1.0, 0.0, (0.0, 1.0)));
        assert!(all.p_value(f64::NAN).is_nan() && all.p_value(1.5).is_nan());
    }

    #[test]
    fn as_many_or_more() {
        // scipy.stats.binom.sf(successes - 1, trials, share); 1 - 0.95^20; none, all, and certain.
        let cases = [
            (3050, 100_000, 0.03, 0.179_288_887_952_844_48),
            (40, 50, 0.03, 9.279_396_401_128_431e-52),
            (2100, 4000, 0.5, 0.000_824_633_187_567_863_2),
            (3, 10, 0.1, 0.070_190_826_4),
            (1, 20, 0.05, 1.0 - 0.95_f64.powi(20)),
            (0, 10, 0.1, 1.0),
            (10, 10, 0.5, 0.5_f64.powi(10)),
            (3, 3, 1.0, 1.0),
        ];
        for (successes, trials, share, expected) in cases {
            let found = Proportion::new(successes, trials).unwrap().p_above(share);
            // The incomplete beta is good to 1e-10.
            assert!((found / expected - 1.0).abs() < 1e-10, "{successes} of {trials} at {share}: {found}");
        }
        let one = Proportion::new(1, 5).unwrap();
        assert_eq!(one.p_above(0.0), 0.0);
        assert!(one.p_above(1.5).is_nan());
    }

    #[test]
    fn p_values_are_sums_over_all_outcomes() {
        const TRIALS: u32 = 13;
        for share in [0.05, 0.31, 0.5, 0.92] {
            let choose = |k: u32| (1..=k).map(|i| f64::from(TRIALS + 1 - i) / f64::from(i)).product::<f64>();
            let probability =
                |k: u32| choose(k) * f64::powf(share, f64::from(k)) * f64::powf(1.0 - share, f64::from(TRIALS - k));
            for successes in 0..=TRIALS {
                let observed = probability(successes) * (1.0 + EQUALLY_LIKELY);
                let expected: f64 = (0..=TRIALS).map(probability).filter(|other| *other <= observed).sum();
                let found = Proportion::new(successes.into(), TRIALS.into()).unwrap().p_value(share);
                // The incomplete beta is good to 1e-10.
                assert!((found / expected - 1.0).abs() < 1e-10, "{successes} {share}: {found} {expected}");
            }
        }
    }
}
