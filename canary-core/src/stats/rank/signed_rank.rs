//! Wilcoxon's signed-rank test: do differences lean to one side of zero?

use super::null_distribution::{NullDistribution, common_divisor};
use super::tie_terms;
use crate::stats::inference::{Alternative, Continuity, Tails, discrete_z};
use crate::stats::sample::{Sample, StatisticError};

/// Wilcoxon's V, with its moments where the differences are symmetric about zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SignedRank {
    /// The sum of the ranks of the positive differences by size.
    pub v: f64,
    /// Differences that are not zero.
    pub used: usize,
    /// The standard deviation of V given the ties.
    pub deviation: f64,
}

/// Ranks differences (canary less baseline) by size, as R's `wilcox.test(paired = TRUE)` (Wilcoxon 1945).
///
/// Assumes independent differences, symmetric about their centre. Zeros are dropped, ties share their
/// mean rank and lower the variance. Cost: O(n log n).
#[must_use]
pub fn signed_rank(differences: &Sample) -> SignedRank {
    let sizes = Sizes::of(differences);
    let count = sizes.magnitudes.len() as f64;
    let v = sizes.groups().map(|group| group.positive as f64 * group.doubled_rank as f64 / 2.0).sum();
    let variance = count * (count + 1.0) * (2.0 * count + 1.0) / 24.0 - tie_terms(&sizes.magnitudes) / 48.0;
    SignedRank { v, used: sizes.magnitudes.len(), deviation: variance.max(0.0).sqrt() }
}

impl SignedRank {
    /// V in standard deviations from its mean; 0 where there is no difference.
    #[must_use]
    pub fn z(&self, alternative: Alternative, continuity: Continuity) -> f64 {
        let count = self.used as f64;
        discrete_z(self.v - count * (count + 1.0) / 4.0, self.deviation, alternative, continuity)
    }

    /// The p-value by the normal approximation: fair from 20 differences on.
    #[must_use]
    pub fn p_value(&self, alternative: Alternative, continuity: Continuity) -> f64 {
        Tails::normal(self.z(alternative, continuity)).p_value(alternative)
    }
}

/// The exact p-value of [`signed_rank`], conditional on the ties; without ties and zeros that of R's
/// `wilcox.test(paired = TRUE, exact = TRUE)`. Cost: n³/2 additions, an error beyond 1e8 (580 differences).
pub fn signed_rank_exact(differences: &Sample, alternative: Alternative) -> Result<f64, StatisticError> {
    let sizes = Sizes::of(differences);
    let groups: Vec<SizeGroup> = sizes.groups().collect();
    let divisor = common_divisor(&groups.iter().map(|group| group.doubled_rank).collect::<Vec<_>>());
    let scores: Vec<usize> =
        groups.iter().flat_map(|group| std::iter::repeat_n(group.doubled_rank / divisor, group.size)).collect();
    let observed = groups.iter().map(|group| group.positive * group.doubled_rank / divisor).sum();
    Ok(NullDistribution::of_signed(&scores)?.tails(observed).p_value(alternative))
}

/// The sizes of the differences that are not zero.
struct Sizes {
    /// In rising order.
    magnitudes: Vec<f64>,
    /// Those of the positive differences, in rising order.
    positive: Vec<f64>,
}

/// Differences of one size.
struct SizeGroup {
    size: usize,
    positive: usize,
    /// Twice the mean rank, from 1: a whole number.
    doubled_rank: usize,
}

impl Sizes {
    fn of(differences: &Sample) -> Self {
        let mut magnitudes: Vec<f64> =
            differences.values().iter().map(|value| value.abs()).filter(|&value| value > 0.0).collect();
        magnitudes.sort_unstable_by(f64::total_cmp);
        Self { magnitudes, positive: differences.values().iter().copied().filter(|&value| value > 0.0).collect() }
    }

    fn groups(&self) -> impl Iterator<Item = SizeGroup> {
        let (mut below, mut positive) = (0, self.positive.as_slice());
        #[allow(clippy::float_cmp, reason = "a tie is an equal value")]
        self.magnitudes.chunk_by(|one, other| one == other).map(move |group| {
            let of_this_size = positive.iter().take_while(|value| group.first() == Some(value)).count();
            positive = positive.get(of_this_size..).unwrap_or_default();
            let doubled_rank = 2 * below + group.len() + 1;
            below += group.len();
            SizeGroup { size: group.len(), positive: of_this_size, doubled_rank }
        })
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small counts are exact")]
mod tests {
    use super::*;

    #[test]
    fn ties_share_ranks_and_zeros_are_dropped() {
        // Sizes 1 1 2: ranks 1.5 1.5 3; positive are one 1 and the 2.
        let found = signed_rank(&Sample::new(&[0.0, 1.0, -1.0, 2.0]).unwrap());
        assert_eq!((found.v, found.used), (4.5, 3));
    }

    #[test]
    fn no_difference_is_no_evidence() {
        let none = Sample::new(&[0.0; 4]).unwrap();
        assert_eq!(signed_rank(&none).p_value(Alternative::TwoSided, Continuity::Corrected), 1.0);
        assert_eq!(signed_rank_exact(&none, Alternative::TwoSided), Ok(1.0));
    }

    #[test]
    fn exact_with_ties_by_hand() {
        // Sizes 1 1 2, doubled ranks 3 3 6, all positive: one of 8 sign patterns.
        let all = Sample::new(&[1.0, 1.0, 2.0]).unwrap();
        assert_eq!(signed_rank_exact(&all, Alternative::Greater), Ok(0.125));
    }
}
