//! The normal distribution with tails in logarithms: no p-value is lost to underflow or to 1 - p.

use std::cmp::Ordering;
use std::f64::consts::LN_2;

use super::student::student_ln_sf;

/// Below this the tail is a half less a series of positive terms, beyond it a continued fraction.
const SERIES_LIMIT: f64 = 2.0;
/// 40 terms at the limit; this only bounds the worst case.
const MAX_TERMS: usize = 200;
/// ln √(2π).
pub(crate) const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;

/// The normal density at `z`.
#[must_use]
pub fn normal_density(z: f64) -> f64 {
    (-0.5 * z * z - LN_SQRT_2PI).exp()
}

/// P(Z <= z), as R's `pnorm` and `scipy.special.ndtr`. Accurate to 1e-13 relative in both tails.
#[must_use]
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

/// P(Z > z), as R's `pnorm(z, lower = FALSE)`. NaN for NaN. Cost: 108 terms at worst, beyond 5 under 25.
#[must_use]
pub fn normal_sf(z: f64) -> f64 {
    if z < -SERIES_LIMIT {
        1.0 - normal_density(z) * mills(-z)
    } else if z < SERIES_LIMIT {
        0.5 - normal_density(z) * series(z)
    } else {
        normal_density(z) * mills(z)
    }
}

/// ln P(Z > z), as R's `pnorm(z, lower = FALSE, log = TRUE)`: finite for any finite `z` below 1e154.
#[must_use]
pub fn normal_ln_sf(z: f64) -> f64 {
    if z == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    if z < SERIES_LIMIT {
        return if z < -SERIES_LIMIT { (-normal_density(z) * mills(-z)).ln_1p() } else { normal_sf(z).ln() };
    }
    -0.5 * z * z - LN_SQRT_2PI + mills(z).ln()
}

/// (Φ(z) - ½) / φ(z) = z + z³/3 + z⁵/15 + … (Abramowitz & Stegun 26.2.11).
fn series(z: f64) -> f64 {
    let (mut term, mut sum, mut odd) = (z, z, 1.0);
    for _ in 0..MAX_TERMS {
        odd += 2.0;
        term *= z * z / odd;
        sum += term;
        if term.abs() <= f64::EPSILON * sum.abs() {
            break;
        }
    }
    sum
}

/// Mills' ratio (1 - Φ(z)) / φ(z) for z >= 2: Laplace's continued fraction 1/(z + 1/(z + 2/(z + …))),
/// from the inside (Abramowitz & Stegun 26.2.14). Depth 8 + 400/z² leaves less than 1e-16 from 2 on.
pub(crate) fn mills(z: f64) -> f64 {
    if z.is_infinite() {
        return 0.0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 8 to 108")]
    let depth = 8 + (400.0 / (z * z)) as u32;
    let tail = (1..=depth).rev().fold(z, |tail, k| z + f64::from(k) / tail);
    1.0 / tail
}

/// The z with P(Z <= z) = `p`, as R's `qnorm` and `scipy.special.ndtri`. Infinite at 0 and 1, NaN outside 0..=1.
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    -normal_isf(p)
}

/// The z with P(Z > z) = `tail`, as R's `qnorm(tail, lower = FALSE)`. Infinite at 0 and 1, NaN outside 0..=1.
#[must_use]
pub fn normal_isf(tail: f64) -> f64 {
    if !(0.0..=1.0).contains(&tail) {
        return f64::NAN;
    }
    match tail.total_cmp(&0.5) {
        Ordering::Less => normal_isf_ln(tail.ln()),
        Ordering::Equal => 0.0,
        Ordering::Greater => -normal_isf_ln((1.0 - tail).ln()),
    }
}

/// The z with ln P(Z > z) = `ln_p`, as R's `qnorm(ln_p, lower = FALSE, log = TRUE)`: for tails that no
/// double holds. NaN for a positive `ln_p`. Accurate to 1e-13. Cost: four tails or so.
#[must_use]
pub fn normal_isf_ln(ln_p: f64) -> f64 {
    if ln_p > -LN_2 {
        return if ln_p > 0.0 { f64::NAN } else { -normal_isf_ln((-ln_p.exp_m1()).ln()) };
    }
    if ln_p.is_infinite() || ln_p.is_nan() {
        return -ln_p;
    }
    // Abramowitz & Stegun 26.2.23 is within 5e-4 down to 1e-8 and not far off beyond.
    let root = (-2.0 * ln_p).sqrt();
    let top = 0.010_328_f64.mul_add(root, 0.802_853).mul_add(root, 2.515_517);
    let bottom = 0.001_308_f64.mul_add(root, 0.189_269).mul_add(root, 1.432_788).mul_add(root, 1.0);
    let mut z = root - top / bottom;
    for _ in 0..MAX_STEPS {
        // d/dz ln P(Z > z) is minus the hazard φ/(1-Φ). Newton on a concave function; it does not overshoot twice.
        let ln_sf = normal_ln_sf(z);
        let hazard = (-0.5 * z * z - LN_SQRT_2PI - ln_sf).exp();
        let step = (ln_sf - ln_p) / hazard;
        z += step;
        if step.abs() <= 1e-15 * z.abs().max(1e-3) {
            break;
        }
    }
    z
}

const MAX_STEPS: usize = 30;

/// The z with the normal tail that `t` has under Student's distribution of `degrees` > 0; sign kept.
/// In logarithms, so that it holds where both tails underflow. NaN for NaN or degrees not positive.
#[must_use]
pub fn t_to_z(t: f64, degrees: f64) -> f64 {
    normal_isf_ln(student_ln_sf(t.abs(), degrees)).copysign(t)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!((normal_sf(f64::INFINITY), normal_sf(f64::NEG_INFINITY)), (0.0, 1.0));
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_ln_sf(f64::INFINITY), f64::NEG_INFINITY);
        assert!(normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan() && normal_sf(f64::NAN).is_nan());
        assert!(normal_isf_ln(0.1).is_nan() && normal_isf_ln(f64::NAN).is_nan());
    }

    #[test]
    fn the_tails_meet_where_the_methods_change() {
        for z in [-SERIES_LIMIT, SERIES_LIMIT] {
            let (below, above) = (normal_sf(z - 1e-15 * z), normal_sf(z + 1e-15 * z));
            // The density times the step is 1e-16; the rest is rounding.
            assert!((below - above).abs() <= 1e-14 * above, "{z}: {below:e} {above:e}");
        }
    }

    #[test]
    fn logarithms_beyond_the_range_of_doubles() {
        // scipy.special.log_ndtr: rounding of the last digit printed.
        for (z, expected) in
            [(40.0, -804.608_442_013_753_9), (1e4, -50_000_010.129_279_14), (-3.0, -0.001_350_809_964_748_202)]
        {
            assert!((normal_ln_sf(z) / expected - 1.0).abs() < 1e-13, "{z}: {}", normal_ln_sf(z));
        }
        // ln P to z and back; the logarithm is that of z²/2, so that z keeps all digits.
        for z in [-5.0, -0.1, 1e-3, 1.0, 7.0, 38.0, 1e3] {
            assert!((normal_isf_ln(normal_ln_sf(z)) - z).abs() <= 1e-12 * z.abs().max(0.1), "{z}");
        }
    }
}
