//! The two-sample Kolmogorov-Smirnov test: the largest gap between the distribution functions.

use std::f64::consts::PI;

use crate::stats::sample::{Group, StatisticError, TwoSamples};

/// Lattice points that the exact distribution may visit: about 50 ms. 3,000 values a side come near it.
const MAX_WORK: f64 = 1e7;

/// The largest gap between two distribution functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KolmogorovSmirnov {
    /// The gap, 0 to 1.
    pub d: f64,
    /// The gap times √(nm / (n + m)): what the limiting distribution is about.
    pub scaled: f64,
}

/// The gap D, as R's `ks.test` and `scipy.stats.ks_2samp` (Smirnov 1939).
///
/// Assumes independent values. Cost: O(n + m), the samples being sorted.
#[must_use]
pub fn kolmogorov_smirnov(sides: &TwoSamples) -> KolmogorovSmirnov {
    let (baseline, canary) = (sides.baseline.count(), sides.canary.count());
    let d = largest_gap(sides) as f64 / (baseline * canary);
    KolmogorovSmirnov { d, scaled: d * (baseline * canary / (baseline + canary)).sqrt() }
}

impl KolmogorovSmirnov {
    /// The p-value by Kolmogorov's (1933) limiting distribution, as R's `ks.test(exact = FALSE)`. Too
    /// large below some 50 values a side, and with ties.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        kolmogorov_sf(self.scaled)
    }
}

/// The exact two-sided p-value of [`kolmogorov_smirnov`], conditional on the ties, as R's
/// `ks.test(exact = TRUE)` since 4.2; `SciPy`'s exact mode ignores ties.
///
/// Every arrangement of the pooled values is a path through the lattice of counts. The probability of
/// having met a gap as large is averaged over the two points that a point is reached from (Hodges 1958;
/// ties after Schröer & Trenkler 1995): sums of positive terms, accurate in the tail. Cost: nm points, an
/// error beyond 1e7.
pub fn kolmogorov_smirnov_exact(sides: &TwoSamples) -> Result<f64, StatisticError> {
    let work = sides.baseline.count() * sides.canary.count();
    if work > MAX_WORK {
        return Err(StatisticError::TooLarge { work, limit: MAX_WORK });
    }
    let (observed, ends) = (largest_gap(sides), group_ends(sides));
    let (baseline, canary) = (sides.baseline.values().len(), sides.canary.values().len());
    let total = (baseline as u64, canary as u64);
    let meets = |from_baseline: usize, from_canary: usize| {
        let inside_a_tie = !ends.get(from_baseline + from_canary).copied().unwrap_or(true);
        !inside_a_tie && gap((from_baseline, from_canary), total) >= observed
    };
    // Of the current row, the canary's count running along it.
    let mut met = vec![0.0; canary + 1];
    for from_baseline in 0..=baseline {
        let mut left = 0.0;
        for (from_canary, met) in met.iter_mut().enumerate() {
            let above = *met;
            let steps = (from_baseline + from_canary).max(1) as f64;
            *met = if meets(from_baseline, from_canary) {
                1.0
            } else {
                (above * from_baseline as f64 + left * from_canary as f64) / steps
            };
            left = *met;
        }
    }
    Ok(met.last().copied().unwrap_or(1.0))
}

/// The gap at so many values of the baseline and the canary, as a whole number of 1/(nm): comparisons are
/// exact.
fn gap(below: (usize, usize), total: (u64, u64)) -> u64 {
    (below.1 as u64 * total.0).abs_diff(below.0 as u64 * total.1)
}

fn largest_gap(sides: &TwoSamples) -> u64 {
    let total = (sides.baseline.values().len() as u64, sides.canary.values().len() as u64);
    let mut below = (0, 0);
    let gap_after = |group: Group| {
        below = (below.0 + group.baseline, below.1 + group.canary);
        gap(below, total)
    };
    sides.groups().map(gap_after).max().unwrap_or(0)
}

/// For each number of pooled values whether a group of equal values ends there: only there the
/// distribution functions have a gap.
fn group_ends(sides: &TwoSamples) -> Vec<bool> {
    let mut ends = vec![false; sides.total() + 1];
    let mut below = 0;
    for group in sides.groups() {
        below += group.size();
        if let Some(end) = ends.get_mut(below) {
            *end = true;
        }
    }
    // Before the first value there is no gap either; where D is 0 that is gap enough.
    if let Some(start) = ends.first_mut() {
        *start = true;
    }
    ends
}

/// Terms of either series: the last one is below 1e-16 of the first.
const TERMS: i32 = 8;

/// P(K > x) of Kolmogorov's distribution: the alternating series from 1 on, below it the theta function
/// that converges there.
fn kolmogorov_sf(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    if x >= 1.0 {
        let term = |k: i32| if k % 2 == 1 { 2.0 } else { -2.0 } * (-2.0 * (x * f64::from(k)).powi(2)).exp();
        return (1..=TERMS).map(term).sum();
    }
    let term = |k: i32| (-(f64::from(2 * k - 1) * PI / x).powi(2) / 8.0).exp();
    1.0 - (2.0 * PI).sqrt() / x * (1..=TERMS).map(term).sum::<f64>()
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
    fn equal_samples_have_no_gap() {
        let equal = sides(&[1.0, 1.0], &[1.0, 1.0]);
        assert_eq!(kolmogorov_smirnov(&equal).d, 0.0);
        assert_eq!(kolmogorov_smirnov(&equal).p_value(), 1.0);
        assert_eq!(kolmogorov_smirnov_exact(&equal), Ok(1.0));
    }

    #[test]
    fn separated_pairs_are_two_of_six_arrangements() {
        let found = kolmogorov_smirnov_exact(&sides(&[1.0, 2.0], &[3.0, 4.0])).unwrap();
        assert!((found - 2.0 / 6.0).abs() < 1e-15);
    }

    #[test]
    fn both_series_agree_where_they_meet() {
        // scipy.special.kolmogorov(1.0); both series are exact to rounding there.
        assert!((kolmogorov_sf(1.0) - 0.269_999_671_677_354_6).abs() < 1e-15);
        assert!((kolmogorov_sf(1.0_f64.next_down()) - kolmogorov_sf(1.0)).abs() < 1e-14);
    }

    #[test]
    fn what_would_not_end_is_refused() {
        let many: Vec<f64> = (0..4000).map(f64::from).collect();
        assert!(matches!(kolmogorov_smirnov_exact(&sides(&many, &many)), Err(StatisticError::TooLarge { .. })));
    }

    #[test]
    fn exact_p_values_are_shares_of_all_arrangements() {
        for sides in small_pairs() {
            let (all, observed) = (arrangements(&sides), largest_gap(&sides));
            let as_large = all.iter().filter(|other| largest_gap(other) >= observed).count();
            let (found, expected) = (kolmogorov_smirnov_exact(&sides).unwrap(), as_large as f64 / all.len() as f64);
            // 30 means of positive numbers.
            assert!((found - expected).abs() <= 1e-14, "{found} {expected} {sides:?}");
        }
    }
}
