//! Statistics of ranks: tests of who is larger, and the estimates that belong to them.

mod brunner_munzel;
mod hodges_lehmann;
mod mann_whitney;
mod null_distribution;
mod pair_matrix;
mod sign_test;
mod signed_rank;

pub use brunner_munzel::{BrunnerMunzel, brunner_munzel};
pub use hodges_lehmann::{
    IntervalMethod, LocationInterval, hodges_lehmann_shift, hodges_lehmann_shift_interval, pseudomedian,
    pseudomedian_interval,
};
pub use mann_whitney::{MannWhitney, mann_whitney, mann_whitney_exact};
pub use sign_test::{SignTest, sign_test};
pub use signed_rank::{SignedRank, signed_rank, signed_rank_exact};

/// t³ - t for a group of t tied values: what ties take from the variance of a rank sum.
fn tie_term(size: usize) -> f64 {
    let size = size as f64;
    size * (size - 1.0) * (size + 1.0)
}

/// The sum of [`tie_term`] over the groups of equal values in a sorted slice.
fn tie_terms(sorted: &[f64]) -> f64 {
    #[allow(clippy::float_cmp, reason = "a tie is an equal value")]
    let groups = sorted.chunk_by(|one, other| one == other);
    groups.map(|group| tie_term(group.len())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::inference::{Alternative, Continuity};
    use crate::stats::sample::{Sample, TwoSamples, small_pairs};

    fn swapped(sides: &TwoSamples) -> TwoSamples {
        TwoSamples { baseline: sides.canary.clone(), canary: sides.baseline.clone() }
    }

    fn close(found: f64, expected: f64) {
        // Sums of at most 11 terms of size 1: a few units of rounding.
        assert!((found - expected).abs() <= 1e-13, "{found} {expected}");
    }

    #[test]
    fn swapping_the_sides_swaps_less_and_greater() {
        for sides in small_pairs() {
            let other = swapped(&sides);
            let (one, two) = (mann_whitney(&sides), mann_whitney(&other));
            close(one.u + two.u, one.pairs);
            close(
                one.p_value(Alternative::Less, Continuity::Corrected),
                two.p_value(Alternative::Greater, Continuity::Corrected),
            );
            let exact = |sides, alternative| mann_whitney_exact(sides, alternative).unwrap();
            close(exact(&sides, Alternative::Less), exact(&other, Alternative::Greater));
            close(exact(&sides, Alternative::TwoSided), exact(&other, Alternative::TwoSided));
            close(hodges_lehmann_shift(&sides), -hodges_lehmann_shift(&other));
            if let (Ok(one), Ok(two)) = (brunner_munzel(&sides), brunner_munzel(&other)) {
                close(one.p_value(Alternative::Less), two.p_value(Alternative::Greater));
            }
        }
    }

    #[test]
    fn an_interval_holds_its_estimate_and_grows_as_alpha_falls() {
        let alpha = |alpha| crate::scalar::Fraction::new(alpha).unwrap();
        for sides in small_pairs() {
            for method in [IntervalMethod::Exact, IntervalMethod::Normal(Continuity::Corrected)] {
                let narrow = hodges_lehmann_shift_interval(&sides, alpha(0.5), method).unwrap();
                let wide = hodges_lehmann_shift_interval(&sides, alpha(0.1), method).unwrap();
                let ends = [wide.lower, narrow.lower, narrow.estimate, narrow.upper, wide.upper];
                assert!(ends.is_sorted(), "{method:?} {ends:?} {sides:?}");
            }
        }
    }

    #[test]
    fn reversing_the_signs_of_differences_reverses_the_signed_ranks() {
        for sides in small_pairs() {
            let values = [sides.baseline.values(), sides.canary.values()].concat();
            let centre = values.iter().sum::<f64>() / values.len() as f64;
            let signed =
                |sign: f64| Sample::new(&values.iter().map(|v| sign * (v - centre)).collect::<Vec<_>>()).unwrap();
            let (one, two) = (signed(1.0), signed(-1.0));
            let exact = |sample, alternative| signed_rank_exact(sample, alternative).unwrap();
            close(exact(&one, Alternative::Less), exact(&two, Alternative::Greater));
            close(pseudomedian(&one), -pseudomedian(&two));
            assert_eq!(sign_test(&one).positive + sign_test(&two).positive, sign_test(&one).used);
        }
    }
}
