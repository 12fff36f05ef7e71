//! Whether two metrics moved for one cause, as the chance that two unrelated ones would look so.
//!
//! Three things speak for it, each with the chance that it comes about by itself: that the changes began together, that
//! what is left of the deviations goes up and down together, and that the names share what few names share. Names are
//! a help, never the ground: without the first or the second they count for nothing.

use super::mover::Mover;
use super::name::{Count, Names};
use crate::stats::{Proportion, normal_sf, sum_of_pairs};

/// Ground enough: beginning together and moving together, by chance less often than this.
const GROUND: f64 = 0.2;
/// A delay is no longer than this share of the run.
const LONGEST_DELAY: f64 = 1.0 / 12.0;
/// Names that share a part of which more metrics moved than chance explains, at this level,
const TOGETHER: f64 = 0.01;
/// and so many times as many: of thousands of metrics any difference is significant.
const TIMES_CHANCE: f64 = 2.0;
/// Two metrics are kin where all of it together has a smaller chance than this.
const KIN: f64 = 0.005;
/// No single pair is worth more than this many decades for or against.
const MOST_FOR: f64 = 4.0;
const MOST_AGAINST: f64 = 2.0;
/// A correlation is never surer than this: neighbours share more than a cause.
const LEAST_CHANCE: f64 = 1e-4;
/// Fewer common values say nothing of a correlation.
const MIN_COMMON: f64 = 30.0;

/// What all pairs of a region are weighed by.
#[derive(Debug)]
pub(crate) struct Kinship<'a> {
    pub(crate) names: &'a Names<'a>,
    /// Ticks of the grid on which both sides live.
    pub(crate) ticks: usize,
    /// The first of them: a change that may have been there from it on says nothing by its onset.
    pub(crate) start: usize,
}

impl Kinship<'_> {
    /// For one cause (positive) or against it, in decades of chance. Cost: O(ticks).
    pub(crate) fn evidence(&self, one: (&Mover, &str), other: (&Mover, &str)) -> f64 {
        if self.began_apart(one.0, other.0) {
            return -MOST_AGAINST;
        }
        let common = self.names.rarest(one.1, other.1);
        let from_start = one.0.onset.allows(self.start) && other.0.onset.allows(self.start);
        let together = if from_start { self.enriched(common) } else { self.began_together(one.0, other.0) };
        let ground = together * moved_together(one.0, other.0);
        if ground > GROUND {
            return -MOST_AGAINST;
        }
        let by_name = common.map_or(1.0, |count| self.share_name(count));
        (KIN / (ground * by_name)).log10().clamp(-MOST_AGAINST, MOST_FOR)
    }

    /// Whether one began so much later that it is no delay, whatever else they share.
    fn began_apart(&self, one: &Mover, other: &Mover) -> bool {
        let apart = one.onset.best().abs_diff(other.onset.best()) as f64;
        apart > LONGEST_DELAY * self.ticks as f64 + 2.0 * (one.onset.spread() + other.onset.spread())
    }

    /// The chance that two onsets, each anywhere in the run, lie as near as this.
    fn began_together(&self, one: &Mover, other: &Mover) -> f64 {
        let apart = one.onset.best().abs_diff(other.onset.best()) as f64;
        let reach = apart + one.onset.spread() + other.onset.spread();
        ((2.0 * reach + 1.0) / self.ticks.max(1) as f64).min(1.0)
    }

    /// The chance that another metric shares the part that these two share.
    fn share_name(&self, count: Count) -> f64 {
        (count.metrics.saturating_sub(1).max(1) as f64 / self.names.metrics().saturating_sub(1).max(1) as f64).min(1.0)
    }

    /// The chance that so many of the metrics that share a part moved, if any could: 1 unless it is small.
    fn enriched(&self, common: Option<Count>) -> f64 {
        let Some(count) = common else { return 1.0 };
        let share = self.names.moved() as f64 / self.names.metrics().max(1) as f64;
        if (count.moved as f64) < TIMES_CHANCE * share * count.metrics as f64 {
            return 1.0;
        }
        let of_metrics = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let moved = Proportion::new(of_metrics(count.moved), of_metrics(count.metrics));
        let chance = moved.map_or(1.0, |moved| moved.p_above(share));
        if chance <= TOGETHER { chance.max(LEAST_CHANCE) } else { 1.0 }
    }
}

/// The chance of a correlation like theirs, one-sided: of metrics that moved in opposite directions the deviations
/// oppose. Fisher's z on as many values as autocorrelation leaves (Bartlett 1946).
fn moved_together(one: &Mover, other: &Mover) -> f64 {
    let [n, sum, other_sum, squares, other_squares, product] = common_sums(&one.residuals, &other.residuals);
    let spread = ((squares - sum * sum / n) * (other_squares - other_sum * other_sum / n)).sqrt();
    if n < MIN_COMMON || spread <= 0.0 {
        return 1.0;
    }
    let correlation = (product - sum * other_sum / n) / spread * one.direction * other.direction;
    let shared = (one.persistence * other.persistence).clamp(0.0, 0.99);
    let effective = n * (1.0 - shared) / (1.0 + shared);
    let z = correlation.clamp(-0.999_999, 0.999_999).atanh() * (effective - 3.0).max(0.0).sqrt();
    // A correlation the wrong way is no evidence against: what is left is mostly each metric's own noise.
    (2.0 * normal_sf(z)).clamp(LEAST_CHANCE, 1.0)
}

/// Over the ticks at which both have a value: how many there are, and the sums of each, of their squares and of their
/// products.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn common_sums(one: &[f64], other: &[f64]) -> [f64; 6] {
    let sum = |term: fn(f64, f64) -> f64| {
        sum_of_pairs(one, other, |a, b| if a.is_nan() || b.is_nan() { 0.0 } else { term(a, b) })
    };
    [sum(|_, _| 1.0), sum(|a, _| a), sum(|_, b| b), sum(|a, _| a * a), sum(|_, b| b * b), sum(|a, b| a * b)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_over_common_ticks_alone() {
        // 1 to 19 and 19 to 1 but for the ticks 3 and 11: by hand of Σk = 190, Σk² = 2,470, Σk(20 - k) = 1,330.
        let mut one: Vec<f64> = (1..20).map(f64::from).collect();
        let mut other: Vec<f64> = one.iter().rev().copied().collect();
        (one[3], other[11]) = (f64::NAN, f64::NAN);
        other.push(7.0);
        let expected = [17.0, 174.0, 166.0, 2310.0, 2150.0, 1170.0];
        assert_eq!(common_sums(&one, &other).map(f64::to_bits), expected.map(f64::to_bits));
    }
}
