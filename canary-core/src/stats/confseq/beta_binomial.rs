//! Beta mixtures: for processes with steps bounded on both sides.

use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::ln_gamma;

use super::normal::{NormalMixture, Sides};
use super::search::{Least, crossing, least};

/// For sub-Bernoulli processes: sums of variables of mean zero between -g and h, such as a share less
/// its expectation p, with g = p and h = 1 - p, where V is g h times the count.
///
/// Source: Howard et al. 2021, propositions 6 and 7. Cost: two log-gamma functions (one-sided an
/// incomplete beta function); the boundary some 60.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaBinomialMixture {
    r: f64,
    g: f64,
    h: f64,
    sides: Sides,
    normaliser: f64,
}

impl BetaBinomialMixture {
    /// Tight near the intrinsic time `v_opt` for error rates near `alpha_opt`.
    #[must_use]
    pub fn tuned(v_opt: f64, alpha_opt: f64, g: f64, h: f64, sides: Sides) -> Self {
        // The variance of the mixing distribution is that of the normal one, where a beta one can have it.
        let r = (NormalMixture::tuned(v_opt, alpha_opt, sides).rho() - g * h).max(1e-3 * g * h);
        let mut mixture = Self { r, g, h, sides, normaliser: 0.0 };
        mixture.normaliser = mixture.ln_beta(0.0, 0.0);
        mixture
    }

    /// ln B(a, b), up to h / (g + h) where one-sided, at the parameters after a sum of `s` by time `v`.
    fn ln_beta(&self, s: f64, v: f64) -> f64 {
        let range = self.g + self.h;
        let a = (self.r + v - self.g * s) / (self.g * range);
        let b = (self.r + v + self.h * s) / (self.h * range);
        let part = match self.sides {
            Sides::Two => 1.0,
            Sides::One => checked_beta_reg(a, b, self.h / range).unwrap_or(f64::NAN),
        };
        ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b) + part.ln()
    }

    /// The logarithm of the mixture at the sum `s` and intrinsic time `v`.
    #[must_use]
    pub fn log_mixture(&self, s: f64, v: f64) -> f64 {
        let Self { g, h, .. } = *self;
        let range = g + h;
        let without_effect =
            v / (g * h) * range.ln() - (v + h * s) / (h * range) * g.ln() - (v - g * s) / (g * range) * h.ln();
        without_effect + self.ln_beta(s, v) - self.normaliser
    }

    /// The sum that a process without effect exceeds at any time with probability `alpha` at most; the
    /// largest possible sum, v/g, where nothing below it is evidence enough.
    #[must_use]
    pub fn bound(&self, v: f64, alpha: f64) -> f64 {
        let largest = v / self.g;
        let found = crossing(0.0, largest, |s| self.log_mixture(s, v) + alpha.ln());
        if self.log_mixture(0.0, v).is_nan() || alpha.is_nan() { f64::NAN } else { found }
    }

    /// The sum with the least evidence, and that evidence.
    pub(super) fn least_evidence(&self, v: f64) -> Least {
        least(-v / self.h, v / self.g, |s| self.log_mixture(s, v))
    }
}
