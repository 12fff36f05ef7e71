//! How far two distributions lie apart.

mod anderson_darling;
mod kolmogorov_smirnov;
mod transport;

pub use anderson_darling::{AndersonDarling, TieRule, anderson_darling};
pub use kolmogorov_smirnov::{KolmogorovSmirnov, kolmogorov_smirnov, kolmogorov_smirnov_exact};
pub use transport::{energy_distance, wasserstein_distance};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::sample::{TwoSamples, small_pairs};

    #[test]
    fn no_distance_knows_which_side_is_which() {
        for sides in small_pairs() {
            let other = TwoSamples { baseline: sides.canary.clone(), canary: sides.baseline.clone() };
            let distances = |sides: &TwoSamples| {
                let anderson_darling = anderson_darling(sides, TieRule::MidRank).map_or(0.0, |found| found.statistic);
                [wasserstein_distance(sides), energy_distance(sides), kolmogorov_smirnov(sides).d, anderson_darling]
            };
            for (one, two) in distances(&sides).into_iter().zip(distances(&other)) {
                // Sums of some ten terms in another order.
                assert!((one - two).abs() <= 1e-12 * one.abs(), "{one} {two} {sides:?}");
            }
        }
    }
}
