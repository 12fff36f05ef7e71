//! The Mann-Whitney test: does one side tend to larger values?

use super::null_distribution::{NullDistribution, common_divisor};
use super::tie_term;
use crate::stats::inference::{Alternative, Continuity, Tails, discrete_z};
use crate::stats::sample::{Group, StatisticError, TwoSamples};

/// Mann and Whitney's U of the canary, with its moments where the sides are alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// Pairs in which the canary is larger; half for a tie.
    pub u: f64,
    /// All pairs.
    pub pairs: f64,
    /// The standard deviation of U given the ties: 0 where all values are tied.
    pub deviation: f64,
}

/// Counts U, as R's `wilcox.test(canary, baseline)` (Mann & Whitney 1947).
///
/// Assumes independent values. Ties count half, and lower the variance. Cost: O(n + m), the samples being
/// sorted.
#[must_use]
pub fn mann_whitney(sides: &TwoSamples) -> MannWhitney {
    let (mut u, mut baseline_below, mut ties) = (0.0, 0.0, 0.0);
    for group in sides.groups() {
        u += group.canary as f64 * (baseline_below + group.baseline as f64 / 2.0);
        baseline_below += group.baseline as f64;
        ties += tie_term(group.size());
    }
    let pairs = sides.baseline.count() * sides.canary.count();
    let total = sides.total() as f64;
    let variance = pairs / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    MannWhitney { u, pairs, deviation: variance.max(0.0).sqrt() }
}

impl MannWhitney {
    /// The share of pairs in which the canary is larger, ties counting half: 0.5 where neither tends to be.
    #[must_use]
    pub fn relative_effect(&self) -> f64 {
        self.u / self.pairs
    }

    /// U in standard deviations from its mean; 0 where all values are tied.
    #[must_use]
    pub fn z(&self, alternative: Alternative, continuity: Continuity) -> f64 {
        discrete_z(self.u - self.pairs / 2.0, self.deviation, alternative, continuity)
    }

    /// The p-value by the normal approximation: fair from 10 values a side on. 1 where all values are
    /// tied and the alternative is two-sided; R has NaN.
    #[must_use]
    pub fn p_value(&self, alternative: Alternative, continuity: Continuity) -> f64 {
        Tails::normal(self.z(alternative, continuity)).p_value(alternative)
    }
}

/// The exact p-value of [`mann_whitney`], conditional on the ties, as R's `exactRankTests::wilcox.exact`.
///
/// Two-sided it is the probability of a U at least as far from its mean; without ties that is twice the
/// smaller tail, as in R's `wilcox.test(exact = TRUE)`. Cost: up to 1e8 additions, an error beyond: 75
/// values a side, or 8 against 1,000.
pub fn mann_whitney_exact(sides: &TwoSamples, alternative: Alternative) -> Result<f64, StatisticError> {
    let groups: Vec<Group> = sides.groups().collect();
    let scores = group_scores(&groups);
    let canary_is_smaller = sides.canary.values().len() <= sides.baseline.values().len();
    let drawn = |group: &Group| if canary_is_smaller { group.canary } else { group.baseline };
    let observed = groups.iter().zip(&scores).map(|(group, score)| drawn(group) * score).sum();
    let each: Vec<usize> =
        groups.iter().zip(&scores).flat_map(|(group, &score)| std::iter::repeat_n(score, group.size())).collect();
    let null = NullDistribution::of_drawn(&each, groups.iter().map(drawn).sum())?;
    if alternative == Alternative::TwoSided {
        return Ok(null.as_far(observed));
    }
    let Tails { at_most, at_least } = null.tails(observed);
    let of_canary =
        if canary_is_smaller { Tails { at_most, at_least } } else { Tails { at_most: at_least, at_least: at_most } };
    Ok(of_canary.p_value(alternative))
}

/// The mid-ranks of the groups as whole numbers from 0, as small as they can be.
fn group_scores(groups: &[Group]) -> Vec<usize> {
    let mut below = 0;
    let mut scores: Vec<usize> = Vec::with_capacity(groups.len());
    for group in groups {
        scores.push(2 * below + group.size() - 1);
        below += group.size();
    }
    let lowest = scores.first().copied().unwrap_or(0);
    let above: Vec<usize> = scores.iter().map(|score| score - lowest).collect();
    let divisor = common_divisor(&above);
    above.into_iter().map(|score| score / divisor).collect()
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small counts are exact")]
mod tests {
    use super::*;
    use crate::stats::Sample;
    use crate::stats::sample::{arrangements, small_pairs};

    fn sides(baseline: &[f64], canary: &[f64]) -> TwoSamples {
        TwoSamples { baseline: Sample::new(baseline).unwrap(), canary: Sample::new(canary).unwrap() }
    }

    #[test]
    fn all_tied_is_no_evidence() {
        let tied = sides(&[5.0; 3], &[5.0; 4]);
        let found = mann_whitney(&tied);
        assert_eq!((found.u, found.deviation), (6.0, 0.0));
        assert_eq!(found.p_value(Alternative::TwoSided, Continuity::Corrected), 1.0);
        assert_eq!(mann_whitney_exact(&tied, Alternative::TwoSided), Ok(1.0));
    }

    #[test]
    fn one_value_a_side_has_a_p_value() {
        let one = sides(&[1.0], &[2.0]);
        assert_eq!(mann_whitney_exact(&one, Alternative::Greater), Ok(0.5));
        assert_eq!(mann_whitney_exact(&one, Alternative::Less), Ok(1.0));
    }

    #[test]
    fn untied_scores_are_ranks_from_zero() {
        let groups: Vec<Group> = sides(&[1.0, 7.0], &[3.0, 9.0]).groups().collect();
        assert_eq!(group_scores(&groups), [0, 1, 2, 3]);
    }

    #[test]
    fn exact_p_values_are_shares_of_all_arrangements() {
        for sides in small_pairs() {
            let (all, observed) = (arrangements(&sides), mann_whitney(&sides));
            let share = |as_far: &dyn Fn(f64) -> bool| {
                all.iter().filter(|other| as_far(mann_whitney(other).u)).count() as f64 / all.len() as f64
            };
            let distance = (observed.u - observed.pairs / 2.0).abs();
            let expected = [
                (Alternative::Less, share(&|u| u <= observed.u)),
                (Alternative::Greater, share(&|u| u >= observed.u)),
                (Alternative::TwoSided, share(&|u| (u - observed.pairs / 2.0).abs() >= distance)),
            ];
            for (alternative, expected) in expected {
                let found = mann_whitney_exact(&sides, alternative).unwrap();
                // Counts below 2^53 and one division.
                assert!((found - expected).abs() <= 1e-15, "{alternative:?} {found} {expected} {sides:?}");
            }
        }
    }
}
