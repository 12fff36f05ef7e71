//! How long a block of flips has to be.

use super::sign_flip::SignFlips;
use crate::stats::ar1;

/// A block of flips is never longer than this share of the series: ten blocks at least.
const MIN_BLOCKS: usize = 10;

/// The sign flips of pairs of magnitudes, in blocks as long as their autocorrelation asks for.
pub(crate) fn sign_flips(magnitudes: &[(f64, f64)]) -> SignFlips {
    SignFlips::new(magnitudes, block_length(magnitudes))
}

/// n^(1/3) ticks, longer where the differences are autocorrelated, but ten blocks at least.
fn block_length(pairs: &[(f64, f64)]) -> usize {
    let count = pairs.len();
    let mean = pairs.iter().map(|(b, c)| c - b).sum::<f64>() / count.max(1) as f64;
    let centred: Vec<f64> = pairs.iter().map(|(b, c)| c - b - mean).collect();
    let per_independent = count as f64 / ar1(&centred).effective.max(1.0);
    let length = (count as f64).cbrt().max(per_independent).round();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most the number of pairs")]
    let length = length as usize;
    length.min(count / MIN_BLOCKS).max(1)
}
