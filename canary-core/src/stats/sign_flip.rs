//! The ratio of two sums with an interval by block sign flips: for series full of zeros.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::huber::RESOLUTION;

/// Flips drawn where there are too many to enumerate.
const DRAWN_FLIPS: usize = 999;
/// Up to this many blocks all 2^blocks flips are enumerated.
const ENUMERATED_BLOCKS: usize = 9;
/// Sums over subsets of this many blocks are tabulated, so that a flip costs one look-up a byte.
const BLOCKS_PER_TABLE: usize = 8;

/// The randomisation distribution of the ratio of two sums under swaps of the sides, block by block.
///
/// Let A and B be the sums over all ticks, and `A_f`, `B_f` the same with each block's sign flipped at
/// random. At a true ratio ρ the blocks of `c - ρ b` are symmetric about zero, so `A_f - ρ B_f` is as
/// likely as `A - ρ B`. For values that are not negative `B_f <= B`, so a flip exceeds the observed sum
/// exactly where ρ >= `(A - A_f) / (B - B_f)`: one quotient a flip holds the test at every ρ, and the
/// quantiles of the quotients are the confidence limits. (Typical values: Hartigan 1969; sign flips:
/// Fisher 1935, §21.) Blocks keep the autocorrelation within them.
///
/// Assumes values that are not negative. Exact under symmetry, whatever the tails. Cost: 999 look-ups
/// for 8 blocks each, and a selection.
#[derive(Clone, Debug)]
pub struct SignFlips {
    /// Sum of the canary over the sum of the baseline: 0 to infinite; NaN where both are zero.
    pub ratio: f64,
    /// Blocks that are not zero on both sides.
    pub blocks: usize,
    /// The quotients without the undefined ones, in any order.
    quotients: Vec<f64>,
    /// Flips that change neither sum, with the observed one: they count against any conclusion.
    unmoved: usize,
}

impl SignFlips {
    /// Flips the pairs (baseline, canary) in blocks of `block` ticks. Same seed, same result.
    #[must_use]
    pub fn new(pairs: &[(f64, f64)], block: usize, seed: u64) -> Self {
        let mut blocks: Vec<(f64, f64)> = pairs
            .chunks(block.max(1))
            .map(|block| block.iter().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1)))
            .collect();
        // A block that is zero on both sides is the same under either sign.
        blocks.retain(|&(baseline, canary)| baseline != 0.0 || canary != 0.0);
        let total = blocks.iter().fold((0.0, 0.0), |sum, block| (sum.0 + block.0, sum.1 + block.1));
        let tables: Vec<SubsetSums> = blocks.chunks(BLOCKS_PER_TABLE).map(SubsetSums::new).collect();
        let (mut quotients, mut unmoved) = (Vec::new(), 0);
        let mut count = |flipped: (f64, f64)| {
            // `A - A_f` is twice the sum over the flipped blocks; the factor cancels.
            let quotient = flipped.1 / flipped.0;
            if quotient.is_nan() { unmoved += 1 } else { quotients.push(quotient) }
        };
        if blocks.len() <= ENUMERATED_BLOCKS {
            for flips in 0..1_u64 << blocks.len() {
                count(flipped_sum(&tables, flips));
            }
        } else {
            unmoved_observation(&mut count);
            draw(&tables, seed, &mut count);
        }
        Self { ratio: total.1 / total.0, blocks: blocks.len(), quotients, unmoved }
    }

    fn flips(&self) -> f64 {
        (self.quotients.len() + self.unmoved) as f64
    }

    /// One-sided p-value of "the true ratio is at most `bound`". Quotients within rounding of the bound
    /// count against the conclusion, so that a change of unit changes nothing.
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        let bound = bound * (1.0 + RESOLUTION);
        let at_most = self.quotients.iter().filter(|&&quotient| quotient <= bound).count();
        (self.unmoved + at_most) as f64 / self.flips()
    }

    /// One-sided p-value of "the true ratio is at least `bound`", as [`SignFlips::p_above`].
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        let bound = bound * (1.0 - RESOLUTION);
        let less = self.quotients.iter().filter(|&&quotient| quotient < bound).count();
        (self.unmoved + self.quotients.len() - less) as f64 / self.flips()
    }

    /// The two-sided interval at `level`: all ratios whose one-sided p-values exceed half of 1 - level.
    /// From 0 to infinite where the blocks are too few to exclude anything.
    #[must_use]
    pub fn interval(&mut self, level: f64) -> (f64, f64) {
        let allowed = f64::midpoint(1.0, -level) * self.flips() + f64::EPSILON * self.flips();
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of flips")]
        let allowed = allowed.floor().max(0.0) as usize;
        let Some(beyond) = allowed.checked_sub(self.unmoved) else { return (0.0, f64::INFINITY) };
        let upper_rank = self.quotients.len().checked_sub(1 + beyond);
        let lower = self.ranked(beyond).unwrap_or(0.0);
        let upper = upper_rank.and_then(|rank| self.ranked(rank)).unwrap_or(f64::INFINITY);
        (lower, upper)
    }

    /// The quotient at 0-based rank `rank`.
    fn ranked(&mut self, rank: usize) -> Option<f64> {
        if rank >= self.quotients.len() {
            return None;
        }
        Some(*self.quotients.select_nth_unstable_by(rank, f64::total_cmp).1)
    }
}

/// The observed arrangement is one of the flips.
fn unmoved_observation(count: &mut impl FnMut((f64, f64))) {
    count((0.0, 0.0));
}

fn draw(tables: &[SubsetSums], seed: u64, count: &mut impl FnMut((f64, f64))) {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    for _ in 0..DRAWN_FLIPS {
        let mut sum = (0.0, 0.0);
        for tables in tables.chunks(BLOCKS_PER_TABLE) {
            let part = flipped_sum(tables, random.next_u64());
            sum = (sum.0 + part.0, sum.1 + part.1);
        }
        count(sum);
    }
}

/// The sums over the blocks whose bit is set: byte i of `flips` is for table i.
fn flipped_sum(tables: &[SubsetSums], flips: u64) -> (f64, f64) {
    tables.iter().zip(flips.to_le_bytes()).fold((0.0, 0.0), |sum, (table, byte)| {
        let part = table.0.get(usize::from(byte)).copied().unwrap_or_default();
        (sum.0 + part.0, sum.1 + part.1)
    })
}

/// For each subset of up to eight blocks its sums.
struct SubsetSums(Vec<(f64, f64)>);

impl SubsetSums {
    fn new(blocks: &[(f64, f64)]) -> Self {
        let mut sums = vec![(0.0, 0.0)];
        for &(baseline, canary) in blocks {
            let with_block: Vec<_> = sums.iter().map(|sum| (sum.0 + baseline, sum.1 + canary)).collect();
            sums.extend(with_block);
        }
        // A byte may have bits beyond the last block; they flip nothing.
        let period = sums.len();
        let repeated =
            (period..1 << BLOCKS_PER_TABLE).map(|index| sums.get(index % period).copied().unwrap_or_default());
        let rest: Vec<_> = repeated.collect();
        sums.extend(rest);
        Self(sums)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    #[test]
    fn enumerates_all_flips_of_few_blocks() {
        // Two blocks (1, 2) and (1, 4): flips {} {1} {2} {1,2}, quotients undefined, 2, 4, 3.
        let mut flips = SignFlips::new(&[(1.0, 2.0), (1.0, 4.0)], 1, 0);
        assert_eq!([0, 1, 2, 3].map(|rank| flips.ranked(rank)), [Some(2.0), Some(3.0), Some(4.0), None]);
        assert_eq!(flips.unmoved, 1);
        assert_eq!(flips.ratio, 3.0);
        assert_eq!((flips.p_above(1.0), flips.p_above(2.0), flips.p_below(5.0)), (0.25, 0.5, 0.25));
        assert_eq!(flips.interval(0.5), (2.0, 4.0));
        assert_eq!(flips.interval(0.98), (0.0, f64::INFINITY), "two blocks decide nothing");
    }

    #[test]
    fn errors_in_every_second_minute_against_none() {
        let pairs: Vec<(f64, f64)> = (0..480).map(|i| (0.0, f64::from(i % 2))).collect();
        let mut flips = SignFlips::new(&pairs, 8, 0);
        assert_eq!(flips.ratio, f64::INFINITY);
        assert_eq!(flips.interval(0.98), (f64::INFINITY, f64::INFINITY));
        assert!(flips.p_above(1.25) <= 0.01 && flips.p_below(0.8) > 0.9);
    }

    #[test]
    fn swapping_the_sides_inverts_the_interval() {
        let pairs: Vec<(f64, f64)> = (0..200).map(|i| (f64::from(i * 7 % 5), f64::from(i * 11 % 9))).collect();
        let swapped: Vec<(f64, f64)> = pairs.iter().map(|&(b, c)| (c, b)).collect();
        let (mut there, mut back) = (SignFlips::new(&pairs, 4, 7), SignFlips::new(&swapped, 4, 7));
        let ((lower, upper), (back_lower, back_upper)) = (there.interval(0.98), back.interval(0.98));
        // One division each way: a few units in the last place.
        assert!((lower * back_upper - 1.0).abs() < 1e-12 && (upper * back_lower - 1.0).abs() < 1e-12);
        assert_eq!(there.p_above(1.25), back.p_below(0.8));
    }
}
