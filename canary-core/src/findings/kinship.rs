//! Whether two metrics moved for one cause, as the chance that two unrelated ones would look so.
//!
//! Three things speak for it, each with the chance that it comes about by itself: that the changes began together, that
//! what is left of the deviations goes up and down together, and that the names share what few names share. Names are
//! a help, never the ground: without the first or the second they count for nothing.

use super::mover::Mover;
use super::name::{Count, Names};
use crate::stats::normal_sf;

/// Ground enough: beginning together and moving together, by chance less often than this.
const GROUND: f64 = 0.2;
/// A delay is no longer than this share of the run.
const LONGEST_DELAY: f64 = 1.0 / 12.0;
/// Names that share a part of which more metrics moved than chance explains, at this level.
const TOGETHER: f64 = 0.01;
/// Two metrics are kin where all of it together has a smaller chance than this.
const KIN: f64 = 0.005;
/// No single pair is worth more than this many decades for or against.
const MOST_FOR: f64 = 4.0;
const MOST_AGAINST: f64 = 2.0;
/// A correlation is never surer than this: neighbours share more than a cause.
const LEAST_CHANCE: f64 = 1e-4;
/// Fewer common values say nothing of a correlation.
const MIN_COMMON: usize = 30;

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
        let chance = binomial_sf(count.moved, count.metrics, share);
        if chance <= TOGETHER { chance.max(LEAST_CHANCE) } else { 1.0 }
    }
}

/// The chance of `least` or more of `count` at `share`: O(count).
fn binomial_sf(least: usize, count: usize, share: f64) -> f64 {
    if share >= 1.0 {
        return 1.0;
    }
    let odds = share / (1.0 - share);
    let mut term = (count as f64 * (1.0 - share).ln()).exp();
    let (mut below, mut above) = (0.0, 0.0);
    for events in 0..=count {
        if events < least {
            below += term;
        } else {
            above += term;
        }
        term *= (count - events) as f64 / (events + 1) as f64 * odds;
    }
    if below + above > 0.0 { above / (below + above) } else { 1.0 }
}

/// The chance of a correlation like theirs, one-sided: of metrics that moved in opposite directions the deviations
/// oppose. Fisher's z on as many values as autocorrelation leaves (Bartlett 1946).
fn moved_together(one: &Mover, other: &Mover) -> f64 {
    let (mut count, mut sums, mut squares, mut product) = (0_usize, (0.0, 0.0), (0.0, 0.0), 0.0);
    for (a, b) in one.residuals.iter().zip(&other.residuals).filter(|(a, b)| !a.is_nan() && !b.is_nan()) {
        count += 1;
        sums = (sums.0 + a, sums.1 + b);
        squares = (squares.0 + a * a, squares.1 + b * b);
        product += a * b;
    }
    let n = count as f64;
    let spread = ((squares.0 - sums.0 * sums.0 / n) * (squares.1 - sums.1 * sums.1 / n)).sqrt();
    if count < MIN_COMMON || spread <= 0.0 {
        return 1.0;
    }
    let correlation = (product - sums.0 * sums.1 / n) / spread * one.direction * other.direction;
    let shared = (one.persistence * other.persistence).clamp(0.0, 0.99);
    let effective = n * (1.0 - shared) / (1.0 + shared);
    let z = correlation.clamp(-0.999_999, 0.999_999).atanh() * (effective - 3.0).max(0.0).sqrt();
    // A correlation the wrong way is no evidence against: what is left is mostly each metric's own noise.
    (2.0 * normal_sf(z)).clamp(LEAST_CHANCE, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomial_tails() {
        // By hand: 1 − 0.95^20; 1 − Σ of the first three terms of 10 at 0.1; all, none, and certain.
        let cases = [
            (1, 20, 0.05, 1.0 - 0.95_f64.powi(20)),
            (3, 10, 0.1, 0.070_190_826_4),
            (0, 10, 0.1, 1.0),
            (10, 10, 0.5, 0.5_f64.powi(10)),
            (3, 3, 1.0, 1.0),
        ];
        for (least, count, share, expected) in cases {
            let found = binomial_sf(least, count, share);
            // Ten digits stand in the table.
            assert!((found - expected).abs() < 1e-10, "{least} of {count} at {share}: {found}");
        }
    }
}
