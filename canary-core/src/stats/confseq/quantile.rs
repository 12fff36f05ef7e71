//! The same quantile on both sides, at any time.

use super::beta_binomial::BetaBinomialMixture;
use super::normal::Sides;

/// The p-value of "both sides have the same quantile of `probability`" that holds at any number of
/// looks, for independent values.
///
/// A value x is the common quantile with evidence `G_b(x)` + `G_c(x)` against it, each the log of a beta
/// mixture at the side's share of values up to x; the p-value is that of the x with the least evidence.
/// Tight near `count_opt` values a side for error rates near `alpha_opt`. At a tie every share between
/// that below and that up to x is allowed. NaN are left out; 1 where a side is empty or `probability` is
/// not inside 0..1. As `confseq`'s `quantile_ab_p_value`. Source: Howard & Ramdas 2022, theorem 5.
/// Cost: two sorts, and six log-gamma functions per value.
#[must_use]
pub fn quantile_ab_p(baseline: &[f64], canary: &[f64], probability: f64, count_opt: f64, alpha_opt: f64) -> f64 {
    let other = 1.0 - probability;
    let v_opt = count_opt * probability * other;
    let mixture = BetaBinomialMixture::tuned(v_opt, alpha_opt, probability, other, Sides::Two);
    let sides = [Side::new(baseline, probability, &mixture), Side::new(canary, probability, &mixture)];
    if sides.iter().any(|side| side.sorted.is_empty()) {
        return 1.0;
    }
    let candidates = sides.iter().flat_map(|side| side.sorted.iter().copied());
    let evidence = candidates.map(|x| sides.iter().map(|side| side.evidence(x, &mixture)).sum::<f64>());
    // `min` passes over the NaN of a probability that is none: the infinite start stays, and is no evidence.
    let least = evidence.fold(f64::INFINITY, f64::min);
    if least.is_finite() { (-least).exp().min(1.0) } else { 1.0 }
}

/// One side's values.
struct Side {
    sorted: Vec<f64>,
    probability: f64,
    /// The count up to the quantile that is least evidence.
    likeliest: f64,
}

impl Side {
    fn new(values: &[f64], probability: f64, mixture: &BetaBinomialMixture) -> Self {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let mut side = Self { sorted, probability, likeliest: 0.0 };
        side.likeliest = side.count() * probability + mixture.least_evidence(side.time()).place;
        side
    }

    fn count(&self) -> f64 {
        self.sorted.len() as f64
    }

    fn time(&self) -> f64 {
        self.count() * self.probability * (1.0 - self.probability)
    }

    /// Evidence against `x` as the quantile: that of the count between those below and up to x which
    /// speaks least against it.
    fn evidence(&self, x: f64, mixture: &BetaBinomialMixture) -> f64 {
        let below = self.sorted.partition_point(|&value| value < x) as f64;
        let up_to = self.sorted.partition_point(|&value| value <= x) as f64;
        let allowed = self.likeliest.max(below).min(up_to);
        mixture.log_mixture(allowed - self.count() * self.probability, self.time())
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        let values: Vec<f64> = (0..50).map(f64::from).collect();
        assert_eq!(quantile_ab_p(&[], &values, 0.5, 100.0, 0.05), 1.0);
        assert_eq!(quantile_ab_p(&values, &[f64::NAN], 0.5, 100.0, 0.05), 1.0);
        assert_eq!(quantile_ab_p(&values, &values, 0.5, 100.0, 0.05), 1.0);
        assert_eq!(quantile_ab_p(&values, &values, 1.5, 100.0, 0.05), 1.0);
        assert_eq!(quantile_ab_p(&[3.0; 50], &[3.0; 9], 0.9, 100.0, 0.05), 1.0, "ties");
    }
}
