//! The two-sample Anderson-Darling test: all gaps between the distribution functions, weighted so that
//! the tails count.

use std::f64::consts::{FRAC_PI_2, PI};

use crate::stats::sample::{Group, StatisticError, TwoSamples};

/// How the distribution functions are read at tied values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TieRule {
    /// After the step, as continuous data would have it: version 1 of R's `kSamples::ad.test`,
    /// `midrank = False` of `scipy.stats.anderson_ksamp`.
    RightContinuous,
    /// In the middle of the step: version 2 of `kSamples::ad.test`, `SciPy`'s default.
    #[default]
    MidRank,
}

/// The rank statistic of Anderson and Darling for two samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AndersonDarling {
    /// The statistic; its mean is 1 where the sides are alike.
    pub statistic: f64,
    /// Its standard deviation where the sides are alike and nothing is tied.
    pub deviation: f64,
    /// The statistic less 1 over its deviation.
    pub standardised: f64,
}

/// Fewer values have no standard deviation in Scholz & Stephens' formula.
const MIN_VALUES: usize = 4;

/// The test of Scholz & Stephens (1987) for two samples, as `scipy.stats.anderson_ksamp` and R's
/// `kSamples::ad.test`.
///
/// Assumes independent values. Where all values are tied the statistic is 0. At least four values in
/// all. Cost: O(n + m), the samples being sorted.
pub fn anderson_darling(sides: &TwoSamples, ties: TieRule) -> Result<AndersonDarling, StatisticError> {
    if sides.total() < MIN_VALUES {
        return Err(StatisticError::TooFew { found: sides.total(), expected: MIN_VALUES });
    }
    let statistic = match ties {
        TieRule::RightContinuous => right_continuous(sides),
        TieRule::MidRank => mid_rank(sides),
    };
    let deviation = deviation(sides);
    Ok(AndersonDarling { statistic, deviation, standardised: (statistic - 1.0) / deviation })
}

impl AndersonDarling {
    /// The p-value by the limiting distribution, scaled by the deviation of these sample sizes.
    ///
    /// The limit is that of the one-sample statistic (Anderson & Darling 1952) and is computed, into the
    /// far tail. `SciPy` interpolates between 0.001 and 0.25; `kSamples` in a table of simulated quantiles,
    /// whose p-values differ by up to 2 % of the smaller of p and 1 - p. Fair from 5 values a side on.
    #[must_use]
    pub fn p_value(&self) -> f64 {
        limit_sf(self.standardised.mul_add(limit_variance().sqrt(), 1.0))
    }
}

/// The groups with what lies below each.
fn with_below(sides: &TwoSamples) -> impl Iterator<Item = (Group, f64, f64)> {
    let (mut baseline_below, mut canary_below) = (0.0, 0.0);
    sides.groups().map(move |group| {
        let below = (baseline_below, canary_below);
        baseline_below += group.baseline as f64;
        canary_below += group.canary as f64;
        (group, below.0, below.1)
    })
}

/// Both samples' squared gaps from the pooled distribution, at counts `baseline` and `canary` so far: with
/// two samples the gaps are the same but for their sign.
fn squared_gaps(sides: &TwoSamples, baseline: f64, canary: f64) -> f64 {
    let (m, n) = (sides.baseline.count(), sides.canary.count());
    (n * baseline - m * canary).powi(2) * (1.0 / m + 1.0 / n)
}

fn right_continuous(sides: &TwoSamples) -> f64 {
    let total = sides.total() as f64;
    let term = |(group, baseline, canary): (Group, f64, f64)| {
        let (baseline, canary) = (baseline + group.baseline as f64, canary + group.canary as f64);
        let below = baseline + canary;
        let weight = below * (total - below);
        // Past the last value both functions are 1.
        if weight > 0.0 { group.size() as f64 * squared_gaps(sides, baseline, canary) / weight } else { 0.0 }
    };
    with_below(sides).map(term).sum::<f64>() / total
}

fn mid_rank(sides: &TwoSamples) -> f64 {
    let total = sides.total() as f64;
    let term = |(group, baseline, canary): (Group, f64, f64)| {
        let (baseline, canary) = (baseline + group.baseline as f64 / 2.0, canary + group.canary as f64 / 2.0);
        let (below, tied) = (baseline + canary, group.size() as f64);
        let weight = below * (total - below) - total * tied / 4.0;
        if weight > 0.0 { tied * squared_gaps(sides, baseline, canary) / weight } else { 0.0 }
    };
    (total - 1.0) / (total * total) * with_below(sides).map(term).sum::<f64>()
}

/// The standard deviation of the statistic: equation 4 of Scholz & Stephens for k = 2, in their letters.
#[allow(clippy::many_single_char_names, reason = "the paper's")]
fn deviation(sides: &TwoSamples) -> f64 {
    let total = sides.total();
    let n = total as f64;
    let inverse_sizes = 1.0 / sides.baseline.count() + 1.0 / sides.canary.count();
    // h = Σ 1/i and g = Σ Σ 1/((n - i) j) over i < j < n, in one pass from the last j down.
    let (mut h, mut g) = (0.0, 0.0);
    for i in (1..total).rev() {
        let i = i as f64;
        g += h / (n - i);
        h += 1.0 / i;
    }
    let a = (4.0 * g - 6.0) + (10.0 - 6.0 * g) * inverse_sizes;
    let b = (2.0 * g - 4.0) * 4.0 + 16.0 * h + (2.0 * g - 14.0 * h - 4.0) * inverse_sizes - 8.0 * h + 4.0 * g - 6.0;
    let c =
        (6.0 * h + 2.0 * g - 2.0) * 4.0 + (4.0 * h - 4.0 * g + 6.0) * 2.0 + (2.0 * h - 6.0) * inverse_sizes + 4.0 * h;
    let variance = (a * n.powi(3) + b * n.powi(2) + c * n + 24.0) / ((n - 1.0) * (n - 2.0) * (n - 3.0));
    variance.max(0.0).sqrt()
}

/// The variance of the limiting distribution.
fn limit_variance() -> f64 {
    2.0 * (PI * PI - 9.0) / 3.0
}

/// Points of the rule at which each integral is exact to rounding: its integrand is periodic and smooth.
const NODES: usize = 32;
/// The terms fall like exp(-2 k² x): this many serve every x from 0.05 on.
const MAX_TERMS: i32 = 40;
/// Below this 1 - P(A² > x) is under 1e-9 (Anderson & Darling 1954, first term of the series).
const CERTAIN_BELOW: f64 = 0.05;

/// P(A² > x) in the limit.
///
/// A² is the sum of squared independent normals over j(j + 1), whose characteristic function has the
/// determinant D(u) = Π (1 - u/(j(j + 1))) = -cos(π/2 √(1 + 4u)) / (πu). Smirnov's formula for such sums is
/// P(A² > x) = 1/π Σ ± ∫ exp(-xu/2) / (u √|D(u)|) du over the intervals in which D is negative. With
/// √(1 + 4u) = 4k + sin θ the singular ends are gone. Accurate in the upper tail, where the series of
/// Anderson & Darling (1954) cancels.
fn limit_sf(x: f64) -> f64 {
    if x <= CERTAIN_BELOW {
        return 1.0;
    }
    let mut sum = 0.0;
    for k in 1..=MAX_TERMS {
        let term = interval_term(f64::from(k), x);
        sum += if k % 2 == 1 { term } else { -term };
        if term <= sum * f64::EPSILON {
            break;
        }
    }
    sum.clamp(0.0, 1.0)
}

/// The integral over the k-th interval, by the midpoint rule in θ from -π/2 to π/2.
fn interval_term(k: f64, x: f64) -> f64 {
    let node = |index: usize| {
        let (sine, cosine) = (PI * (index as f64 + 0.5) / NODES as f64 - FRAC_PI_2).sin_cos();
        let root = 4.0 * k + sine;
        let u = (root * root - 1.0) / 4.0;
        (-x * u / 2.0).exp() * (PI / u).sqrt() * root / 2.0 * cosine / (FRAC_PI_2 * sine).cos().sqrt()
    };
    (0..NODES).map(node).sum::<f64>() / NODES as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Sample;

    #[test]
    fn the_limit_is_that_of_anderson_and_darling() {
        // The series of Anderson & Darling (1954) in mpmath with 30 digits: another formula. 1e-13: rounding.
        let reference = [
            (0.2, 0.990_412_547_249_794_1),
            (0.5, 0.746_814_373_530_344_5),
            (1.0, 0.357_266_673_214_019_1),
            (2.5, 0.049_541_134_376_124_51),
            (10.0, 1.381_503_541_068_586e-5),
        ];
        for (x, expected) in reference {
            assert!((limit_sf(x) / expected - 1.0).abs() < 1e-13, "{x}: {}", limit_sf(x));
        }
        assert_eq!(limit_sf(0.0).total_cmp(&1.0), std::cmp::Ordering::Equal);
    }

    #[test]
    fn all_tied_is_no_evidence() {
        let tied = TwoSamples { baseline: Sample::new(&[5.0; 3]).unwrap(), canary: Sample::new(&[5.0; 3]).unwrap() };
        for rule in [TieRule::RightContinuous, TieRule::MidRank] {
            let found = anderson_darling(&tied, rule).unwrap();
            assert!(found.statistic.abs() < 1e-15 && found.p_value() > 0.99, "{found:?} {}", found.p_value());
        }
    }

    #[test]
    fn every_small_pair_of_sizes_has_a_deviation() {
        for (baseline, canary) in [(1, 3), (2, 2), (1, 4), (2, 3), (1, 50), (3, 3)] {
            let side = |count: usize| Sample::new(&(0..count).map(|i| i as f64).collect::<Vec<_>>()).unwrap();
            let sides = TwoSamples { baseline: side(baseline), canary: side(canary) };
            let found = anderson_darling(&sides, TieRule::MidRank).unwrap();
            assert!(found.deviation > 0.0 && found.p_value() <= 1.0, "{baseline} {canary}: {found:?}");
        }
    }

    #[test]
    fn too_few_values_are_an_error() {
        let few = TwoSamples { baseline: Sample::new(&[1.0]).unwrap(), canary: Sample::new(&[2.0, 3.0]).unwrap() };
        assert_eq!(anderson_darling(&few, TieRule::MidRank), Err(StatisticError::TooFew { found: 3, expected: 4 }));
    }
}
