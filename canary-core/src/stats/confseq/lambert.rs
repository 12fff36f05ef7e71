//! The lower branch of Lambert's W.

/// Halley's method triples the digits each step.
const MAX_STEPS: usize = 30;
/// Relative.
const TOLERANCE: f64 = 1e-15;

/// The w <= -1 with w exp(w) = `x`, for -1/e <= x < 0; NaN elsewhere. As `SciPy`'s `lambertw(x, -1)`.
///
/// Accurate to 1e-14 relative, except within 1e-10 of -1/e, where x itself holds half of w's digits
/// only. Source: Corless, Gonnet, Hare, Jeffrey & Knuth 1996. Cost: a few exponentials.
#[must_use]
pub fn lambert_w_m1(x: f64) -> f64 {
    let above_branch_point = std::f64::consts::E.mul_add(x, 1.0);
    if !(x < 0.0 && above_branch_point >= 0.0) {
        return f64::NAN;
    }
    let mut w = start(x, above_branch_point);
    for _ in 0..MAX_STEPS {
        // w + ln(-w) = ln(-x) has the same root and neither overflows nor loses digits where x is tiny.
        let excess = w + (-w).ln() - (-x).ln();
        let (slope, curvature) = (1.0 + 1.0 / w, -1.0 / (w * w));
        if slope <= 0.0 {
            return w;
        }
        let step = excess / (slope - 0.5 * excess * curvature / slope);
        let next = (w - step).min(-1.0);
        let moved = (next - w).abs();
        w = next;
        if moved <= TOLERANCE * w.abs() {
            break;
        }
    }
    w
}

/// Near the branch point its series, elsewhere the logarithms that W approaches.
fn start(x: f64, above_branch_point: f64) -> f64 {
    if above_branch_point < 0.3 {
        let p = -(2.0 * above_branch_point).sqrt();
        return -1.0 + p - p * p / 3.0 + 11.0 * p * p * p / 72.0;
    }
    let log = (-x).ln();
    log - (-log).ln()
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_scipy() {
        // scipy.special.lambertw(x, -1).real; both iterate to rounding.
        let cases = [
            (-0.367_879, -1.001_549_495_191_247_4),
            (-0.3, -1.781_337_023_421_627_5),
            (-0.1, -3.577_152_063_957_297),
            (-1e-5, -14.163_600_815_810_183),
            (-1e-300, -697.322_776_295_460_1),
        ];
        for (x, expected) in cases {
            let found = lambert_w_m1(x);
            // At -0.367879 the rounding of x is worth 1e-13.
            assert!((found / expected - 1.0).abs() < 1e-12, "{x}: {found} {expected}");
        }
    }

    #[test]
    fn edges() {
        assert!((lambert_w_m1(-(-1.0_f64).exp()) + 1.0).abs() < 1e-7, "half of the digits");
        for outside in [0.0, 0.5, -0.4, f64::NAN, f64::NEG_INFINITY] {
            assert!(lambert_w_m1(outside).is_nan(), "{outside}");
        }
    }
}
