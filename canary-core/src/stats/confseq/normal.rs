//! Normal mixtures: for sub-Gaussian processes.

use super::search::crossing_above_zero;
use crate::stats::tails::normal_ln_sf;

/// Which deviations a boundary guards against.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Sides {
    /// Upward ones.
    One,
    /// Both.
    Two,
}

/// A mixture of exp(λS - λ²V/2) over normal λ of precision ρ (half-normal where one-sided).
///
/// Source: Howard et al. 2021, propositions 4 and 5 (Robbins 1970). Cost: O(1); the one-sided boundary
/// some 60 error functions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalMixture {
    rho: f64,
    sides: Sides,
}

impl NormalMixture {
    /// Tight near the intrinsic time `v_opt` for error rates near `alpha_opt`: ρ is the closed
    /// approximation to the optimum, v / (2 ln(1/a) + ln(1 + 2 ln(1/a))), with a = 2 alpha where one-sided.
    #[must_use]
    pub fn tuned(v_opt: f64, alpha_opt: f64, sides: Sides) -> Self {
        let log = -match sides {
            Sides::One => (2.0 * alpha_opt).ln(),
            Sides::Two => alpha_opt.ln(),
        };
        Self { rho: v_opt / (2.0 * log + (2.0 * log).ln_1p()), sides }
    }

    /// The precision of the mixture.
    #[must_use]
    pub fn rho(&self) -> f64 {
        self.rho
    }

    /// The logarithm of the mixture at the sum `s` and intrinsic time `v`: evidence against no effect.
    #[must_use]
    pub fn log_mixture(&self, s: f64, v: f64) -> f64 {
        let total = v + self.rho;
        let both = 0.5 * (self.rho / total).ln() + s * s / (2.0 * total);
        match self.sides {
            Sides::Two => both,
            Sides::One => both + std::f64::consts::LN_2 + normal_ln_sf(-s / total.sqrt()),
        }
    }

    /// The sum that a process without effect exceeds at any time with probability `alpha` at most.
    #[must_use]
    pub fn bound(&self, v: f64, alpha: f64) -> f64 {
        match self.sides {
            Sides::Two => ((v + self.rho) * ((v / self.rho).ln_1p() - 2.0 * alpha.ln())).sqrt(),
            Sides::One => crossing_above_zero(v.max(f64::MIN_POSITIVE), |s| self.log_mixture(s, v) + alpha.ln()),
        }
    }
}
