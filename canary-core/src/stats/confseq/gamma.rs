//! Gamma mixtures: for processes with exponential or Poisson tails.

use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};

use super::normal::{NormalMixture, Sides};
use super::search::crossing_above_zero;

/// Parameters that both mixtures share, in units of c².
#[derive(Clone, Copy, Debug, PartialEq)]
struct Shape {
    rho: f64,
    c: f64,
    leading: f64,
}

impl Shape {
    /// ρ is that of a one-sided normal mixture; `tail` the regularised gamma function of the kind.
    fn tuned(v_opt: f64, alpha_opt: f64, c: f64, ln_tail: fn(f64, f64) -> f64) -> Self {
        let rho = NormalMixture::tuned(v_opt, alpha_opt, Sides::One).rho();
        let a = rho / (c * c);
        Self { rho, c, leading: a * a.ln() - ln_gamma(a) - ln_tail(a, a) }
    }

    /// (v + ρ)/c².
    fn time(&self, v: f64) -> f64 {
        (v + self.rho) / (self.c * self.c)
    }
}

fn ln_lower(a: f64, x: f64) -> f64 {
    checked_gamma_lr(a, x).unwrap_or(f64::NAN).ln()
}

fn ln_upper(a: f64, x: f64) -> f64 {
    checked_gamma_ur(a, x).unwrap_or(f64::NAN).ln()
}

/// For sub-exponential processes of scale `c`: sums of variables bounded above by c, or with exponential
/// tails. Source: Howard et al. 2021, proposition 8. Cost: a gamma function; the boundary some 60.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaExponentialMixture(Shape);

impl GammaExponentialMixture {
    /// Tight near the intrinsic time `v_opt` for error rates near `alpha_opt`.
    #[must_use]
    pub fn tuned(v_opt: f64, alpha_opt: f64, c: f64) -> Self {
        Self(Shape::tuned(v_opt, alpha_opt, c, ln_lower))
    }

    /// The logarithm of the mixture at the sum `s` and intrinsic time `v`.
    #[must_use]
    pub fn log_mixture(&self, s: f64, v: f64) -> f64 {
        let time = self.0.time(v);
        let sum = time + s / self.0.c;
        self.0.leading + ln_gamma(time) + ln_lower(time, sum) - time * sum.ln() + sum - self.0.time(0.0)
    }

    /// The sum that a process without effect exceeds at any time with probability `alpha` at most.
    #[must_use]
    pub fn bound(&self, v: f64, alpha: f64) -> f64 {
        crossing_above_zero(v.max(f64::MIN_POSITIVE), |s| self.log_mixture(s, v) + alpha.ln())
    }
}

/// For sub-Poisson processes of scale `c`: sums of variables bounded by c in absolute value, or counts.
/// Source: Howard et al. 2021, proposition 9. Cost: a gamma function; the boundary some 60.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaPoissonMixture(Shape);

impl GammaPoissonMixture {
    /// Tight near the intrinsic time `v_opt` for error rates near `alpha_opt`.
    #[must_use]
    pub fn tuned(v_opt: f64, alpha_opt: f64, c: f64) -> Self {
        Self(Shape::tuned(v_opt, alpha_opt, c, ln_upper))
    }

    /// The logarithm of the mixture at the sum `s` and intrinsic time `v`.
    #[must_use]
    pub fn log_mixture(&self, s: f64, v: f64) -> f64 {
        let time = self.0.time(v);
        let sum = time + s / self.0.c;
        self.0.leading + ln_gamma(sum) + ln_upper(sum, time) - sum * time.ln() + time - self.0.time(0.0)
    }

    /// The sum that a process without effect exceeds at any time with probability `alpha` at most.
    #[must_use]
    pub fn bound(&self, v: f64, alpha: f64) -> f64 {
        crossing_above_zero(v.max(f64::MIN_POSITIVE), |s| self.log_mixture(s, v) + alpha.ln())
    }
}
