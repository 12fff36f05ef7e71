//! Distances in the unit of the values: Wasserstein and energy.

use crate::stats::sample::TwoSamples;

/// The Wasserstein-1 distance, as `scipy.stats.wasserstein_distance`: how far values must move on average
/// to turn one sample into the other. Unit: that of the values. Cost: O(n + m), the samples being sorted.
#[must_use]
pub fn wasserstein_distance(sides: &TwoSamples) -> f64 {
    integral(sides, f64::abs)
}

/// The energy distance, as `scipy.stats.energy_distance` (Székely & Rizzo 2013): the root of
/// 2 E|X - Y| - E|X - X'| - E|Y - Y'|. Unit: the root of that of the values. Cost: as [`wasserstein_distance`].
#[must_use]
pub fn energy_distance(sides: &TwoSamples) -> f64 {
    (2.0 * integral(sides, |gap| gap * gap)).sqrt()
}

/// The integral over the values of a function of the gap between the two distribution functions.
fn integral(sides: &TwoSamples, of_gap: impl Fn(f64) -> f64) -> f64 {
    let (mut sum, mut previous) = (0.0, None);
    // Counts, so that the gap is exactly zero where the shares are equal.
    let (mut baseline_below, mut canary_below) = (0.0, 0.0);
    for group in sides.groups() {
        if let Some(previous) = previous {
            let gap = (canary_below * sides.baseline.count() - baseline_below * sides.canary.count())
                / (sides.baseline.count() * sides.canary.count());
            // A gap of zero counts for nothing, however far the next value is.
            sum += if gap == 0.0 { 0.0 } else { (group.value - previous) * of_gap(gap) };
        }
        baseline_below += group.baseline as f64;
        canary_below += group.canary as f64;
        previous = Some(group.value);
    }
    sum
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small cases are exact")]
mod tests {
    use super::*;
    use crate::stats::Sample;

    fn sides(baseline: &[f64], canary: &[f64]) -> TwoSamples {
        TwoSamples { baseline: Sample::new(baseline).unwrap(), canary: Sample::new(canary).unwrap() }
    }

    #[test]
    fn by_hand() {
        let moved = sides(&[1.0], &[4.0]);
        assert_eq!(wasserstein_distance(&moved), 3.0);
        // 2 E|X - Y| = 6, the other terms are 0.
        assert_eq!(energy_distance(&moved), 6.0_f64.sqrt());
    }

    #[test]
    fn equal_distributions_are_at_no_distance() {
        let equal = sides(&[1.0, 2.0], &[1.0, 1.0, 2.0, 2.0]);
        assert_eq!((wasserstein_distance(&equal), energy_distance(&equal)), (0.0, 0.0));
    }
}
