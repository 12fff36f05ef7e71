//! A band around the whole empirical distribution.

use super::search::{crossing_above_zero, least};

/// How far the empirical distribution function may stray from the true one, at any value and any count
/// from t0 = `count_min` on, with probability `alpha` at most: A √((ln(1 + ln(t / t0)) + C) / t).
///
/// `a` > 1/√2 trades late width (small a) against early (`confseq` takes 0.85); C is the least that the
/// error rate allows. Infinite before `count_min`. Source: Howard & Ramdas 2022, theorem 2. Cost: some
/// 10,000 exponentials, for C.
#[must_use]
pub fn empirical_process_lil_bound(count: f64, alpha: f64, count_min: f64, a: f64) -> f64 {
    if !(a > std::f64::consts::FRAC_1_SQRT_2 && alpha > 0.0 && alpha < 1.0 && count_min >= 1.0) || count.is_nan() {
        return f64::NAN;
    }
    if count < count_min {
        return f64::INFINITY;
    }
    let c = crossing_above_zero(1.0, |c| alpha - least_error(c, a));
    a * (((count / count_min).ln().ln_1p() + c) / count).sqrt()
}

/// The error rate of the band with `c`, at the best ratio η of an epoch's ends.
fn least_error(c: f64, a: f64) -> f64 {
    // γ² falls as η grows; only where it exceeds 1 is there a bound.
    let gamma_squared = |eta: f64| {
        let root = a - (2.0 * (eta - 1.0) / c).sqrt();
        if root > 0.0 { 2.0 / eta * root * root } else { 0.0 }
    };
    let last = super::search::crossing(1.0, 2.0 * a * a, |eta| 1.0 - gamma_squared(eta));
    let error = |eta: f64| {
        let excess = gamma_squared(eta) - 1.0;
        if excess > 0.0 { 4.0 * (-(excess + 1.0) * c).exp() * (1.0 + 1.0 / (excess * eta.ln())) } else { f64::INFINITY }
    };
    least(1.0, last, error).value
}
