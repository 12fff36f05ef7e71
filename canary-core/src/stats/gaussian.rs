//! Tails of the standard normal distribution for the sequential methods.

use statrs::function::erf::{erfc, erfc_inv};

/// P(Z > z).
pub(super) fn upper_tail(z: f64) -> f64 {
    0.5 * erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The z with P(Z > z) = `tail`; infinite at 0 and 1.
pub(super) fn upper_point(tail: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(2.0 * tail)
}

/// Beyond it the tail itself underflows.
const ASYMPTOTIC: f64 = 35.0;

/// ln P(Z <= z), finite for any finite z.
pub(super) fn ln_lower_tail(z: f64) -> f64 {
    if z > -ASYMPTOTIC {
        return upper_tail(-z).ln();
    }
    // Three terms of the asymptotic series; the next is 15 / z^6 < 1e-8, against a logarithm above 600.
    let square = z * z;
    let series = 1.0 - 1.0 / square + 3.0 / (square * square);
    -0.5 * square - (-z).ln() - 0.5 * (2.0 * std::f64::consts::PI).ln() + series.ln()
}
