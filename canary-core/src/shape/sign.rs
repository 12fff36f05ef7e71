//! Which of two sides has more of something: the sign test, and the same under autocorrelation.

use statrs::function::beta::checked_beta_reg;

use crate::stats::{long_run, student_sf};

/// How often one side has something that the other side does not have at the same tick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Discordant {
    pub(super) baseline: u32,
    pub(super) canary: u32,
}

impl Discordant {
    pub(super) fn of(signs: impl Iterator<Item = i32>) -> Self {
        let (mut difference, mut total) = (0_i32, 0_u32);
        for sign in signs {
            difference += sign;
            total += sign.unsigned_abs();
        }
        let canary = total.saturating_add_signed(difference) / 2;
        Self { baseline: total - canary, canary }
    }

    pub(super) fn more(self) -> u32 {
        self.baseline.max(self.canary)
    }

    pub(super) fn fewer(self) -> u32 {
        self.baseline.min(self.canary)
    }

    /// Two-sided exact p-value of "neither side is more than `odds` times as likely", as R's
    /// `2 * pbinom(fewer, more + fewer, 1 / (1 + odds))` and, at odds of 1, as `binom.test`.
    pub(super) fn p_value(self, odds: f64) -> f64 {
        let (more, fewer) = (f64::from(self.more()), f64::from(self.fewer()));
        let tail = checked_beta_reg(more, fewer + 1.0, odds / (1.0 + odds)).unwrap_or(1.0);
        (2.0 * tail).min(1.0)
    }
}

/// Two-sided p-value of "the mean is not above zero" with a long-run standard error that is no smaller than
/// that of independent values. Overwrites `values`. Cost: that of [`long_run`].
pub(super) fn p_of_mean(values: &mut [f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    for value in values.iter_mut() {
        *value -= mean;
    }
    let found = long_run(values);
    let independent = values.iter().map(|value| value * value).sum::<f64>() / count;
    let error = (found.variance.max(independent) / count).sqrt();
    2.0 * student_sf(mean / error, found.degrees)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(baseline: u32, canary: u32, odds: f64) -> f64 {
        Discordant { baseline, canary }.p_value(odds)
    }

    #[test]
    fn counts_by_side() {
        let found = Discordant::of([1, 1, 0, -1, 1, 0].into_iter());
        assert_eq!(found, Discordant { baseline: 1, canary: 3 });
        assert_eq!(Discordant::of([].into_iter()), Discordant::default());
    }

    #[test]
    fn agrees_with_the_binomial_distribution() {
        // scipy.stats.binomtest(many, few + many).pvalue and 2 * scipy.stats.binom.cdf(few, few + many, 0.4);
        // the incomplete beta is good to 1e-12.
        let cases = [
            (0, 6, 0.031_25, 0.093_312),
            (2, 9, 0.065_429_687_5, 0.237_833_625_6),
            (12, 36, 7.172_696_733_945_829e-4, 0.043_809_489_363_937),
        ];
        for (few, many, even, margin) in cases {
            for (odds, expected) in [(1.0, even), (1.5, margin)] {
                assert!((p(few, many, odds) / expected - 1.0).abs() < 1e-10, "{few} {many} {odds}");
                assert!((p(many, few, odds) / expected - 1.0).abs() < 1e-10, "{few} {many} {odds}");
            }
        }
        assert!((p(5, 5, 1.0) - 1.0).abs() < 1e-15);
    }
}
