//! Student's t: upper tail and quantile, accurate in the tails.

use std::f64::consts::LN_2;

use statrs::distribution::{ContinuousCDF, Normal};
use statrs::function::beta::checked_beta_reg;
use statrs::function::gamma::ln_gamma;

use super::beta::{Share, beta_tails, ln_complement};

/// P(T > t) for `degrees` > 0 degrees of freedom, as R's `pt(t, df, lower = FALSE)`. NaN for NaN or
/// degrees that are not positive. Accurate to 1e-10 relative down to 1e-300. Cost: one incomplete beta.
#[must_use]
pub fn student_sf(t: f64, degrees: f64) -> f64 {
    if !is_positive(degrees) || t.is_nan() {
        return f64::NAN;
    }
    let tail = tail(t.abs(), degrees);
    if t >= 0.0 { tail } else { 1.0 - tail }
}

/// ln P(T > t), as R's `pt(t, df, lower = FALSE, log = TRUE)`: for tails that no double holds. NaN as
/// [`student_sf`]. Accurate to 1e-12 relative to the tail. Cost: one incomplete beta.
#[must_use]
pub fn student_ln_sf(t: f64, degrees: f64) -> f64 {
    if !is_positive(degrees) || t.is_nan() {
        return f64::NAN;
    }
    // Half of the incomplete beta at ν/(ν + t²), whose odds are ν/t².
    let ratio = t / degrees.sqrt();
    let both = beta_tails(degrees / 2.0, 0.5, Share::from_odds(1.0 / (ratio * ratio))).ln_lower;
    let beyond = both - LN_2;
    if t >= 0.0 { beyond } else { ln_complement(beyond) }
}

/// False for NaN.
fn is_positive(degrees: f64) -> bool {
    degrees > 0.0
}

/// The upper tail beyond t >= 0: half of the incomplete beta at ν/(ν + t²).
fn tail(t: f64, degrees: f64) -> f64 {
    if t.is_infinite() {
        return 0.0;
    }
    // ν/(ν + t²) without the square, which overflows from 1e154.
    let ratio = t / degrees.sqrt();
    let x = 1.0 / ratio.mul_add(ratio, 1.0);
    // Near t = 0 the complement t²/(ν + t²) carries the digits.
    if x > 0.5 {
        let complement = ratio * ratio / ratio.mul_add(ratio, 1.0);
        return 0.5 - 0.5 * checked_beta_reg(0.5, degrees / 2.0, complement).unwrap_or(f64::NAN);
    }
    0.5 * checked_beta_reg(degrees / 2.0, 0.5, x).unwrap_or(f64::NAN)
}

/// Newton's method on the logarithm of the tail converges in under 10 steps from the normal quantile.
const MAX_STEPS: usize = 100;
/// Relative; a step after this one would change the last digits only.
const TOLERANCE: f64 = 1e-10;

/// The t with P(T > t) = `upper_tail`, as R's `qt(p, df, lower = FALSE)`. Infinite at 0 and 1; NaN
/// outside 0..=1 or for degrees that are not positive. Accurate to 1e-9 relative. Cost: a few tails.
#[must_use]
pub fn student_quantile(upper_tail: f64, degrees: f64) -> f64 {
    if !(0.0..=1.0).contains(&upper_tail) || !is_positive(degrees) {
        return f64::NAN;
    }
    if upper_tail > 0.5 {
        return -student_quantile(1.0 - upper_tail, degrees);
    }
    if upper_tail == 0.0 {
        return f64::INFINITY;
    }
    let target = upper_tail.ln();
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    let mut t = -Normal::standard().inverse_cdf(upper_tail);
    for _ in 0..MAX_STEPS {
        let tail = tail(t, degrees);
        let excess = tail.ln() - target;
        if excess > 0.0 {
            low = t;
        } else {
            high = t;
        }
        let newton = t + excess * tail / density(t, degrees);
        let inside = newton > low && newton < high;
        let next = match (inside, high.is_finite()) {
            (true, _) => newton,
            (false, true) => f64::midpoint(low, high),
            (false, false) => 2.0 * t + 1.0,
        };
        let moved = (next - t).abs();
        t = next;
        if moved <= TOLERANCE * t.abs() {
            break;
        }
    }
    t
}

fn density(t: f64, degrees: f64) -> f64 {
    let half = f64::midpoint(degrees, 1.0);
    let ratio = t / degrees.sqrt();
    let constant = ln_gamma(half) - ln_gamma(degrees / 2.0) - 0.5 * (degrees * std::f64::consts::PI).ln();
    (constant - half * (ratio * ratio).ln_1p()).exp()
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(student_sf(0.0, 3.0), 0.5);
        assert_eq!(student_sf(f64::INFINITY, 3.0), 0.0);
        assert_eq!(student_sf(f64::NEG_INFINITY, 3.0), 1.0);
        assert!(student_sf(1.0, 0.0).is_nan() && student_sf(f64::NAN, 1.0).is_nan());
        assert_eq!(student_quantile(0.0, 3.0), f64::INFINITY);
        assert_eq!(student_quantile(0.5, 3.0), 0.0);
        assert!(student_quantile(1.5, 3.0).is_nan() && student_quantile(f64::NAN, 3.0).is_nan());
    }

    #[test]
    fn one_degree_is_the_cauchy_distribution() {
        // P(T > t) = 1/2 - atan(t)/π, t = cot(πp): closed forms; 1e-12 is rounding of the beta function.
        for p in [0.4, 0.1, 0.01, 1e-4] {
            let t = 1.0 / (std::f64::consts::PI * p).tan();
            assert!((student_quantile(p, 1.0) / t - 1.0).abs() < 1e-10, "{p}");
            assert!((student_sf(t, 1.0) / p - 1.0).abs() < 1e-10, "{p}");
        }
    }
}
