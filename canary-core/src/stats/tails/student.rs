//! Student's t: upper tail and quantile, accurate in the tails.

use std::cmp::Ordering;
use std::f64::consts::LN_2;

use super::beta::{Beta, Share, ln_complement};
use super::normal::{normal_isf_ln, normal_ln_sf};

/// From so many degrees on the distribution is taken for the normal one.
const NORMAL_DEGREES: f64 = 1e15;
/// From so many times √ν on a tail is its leading power.
const FAR: f64 = 1e20;
/// Mostly two or three are taken, more of under one degree; this only bounds the worst case.
const MAX_STEPS: usize = 100;
/// Of the logarithm of t; what is left after a step is of the order of its square.
const TOLERANCE: f64 = 3e-6;

/// P(T > t) for `degrees` > 0 degrees of freedom, infinite ones too, as R's `pt(t, df, lower = FALSE)`. NaN
/// for NaN or degrees that are not positive. Accurate to 1e-10 relative. Cost: one incomplete beta.
#[must_use]
pub fn student_sf(t: f64, degrees: f64) -> f64 {
    student_ln_sf(t, degrees).exp()
}

/// ln P(T > t), as R's `pt(t, df, lower = FALSE, log = TRUE)`: for tails that no double holds. NaN as
/// [`student_sf`]. Accurate to 1e-12 relative to the tail. Cost: one incomplete beta.
#[must_use]
pub fn student_ln_sf(t: f64, degrees: f64) -> f64 {
    if !is_positive(degrees) || t.is_nan() {
        return f64::NAN;
    }
    if degrees >= NORMAL_DEGREES {
        return normal_ln_sf(t);
    }
    // Half of the incomplete beta at ν/(ν + t²).
    let beyond = Student::new(degrees).both_ln_tails(t) - LN_2;
    if t >= 0.0 { beyond } else { ln_complement(beyond) }
}

/// False for NaN.
fn is_positive(degrees: f64) -> bool {
    degrees > 0.0
}

/// Student's distribution of some degrees, in the beta distribution of ν/(ν + t²).
struct Student {
    degrees: f64,
    beta: Beta,
}

impl Student {
    fn new(degrees: f64) -> Self {
        Self { degrees, beta: Beta::new(degrees / 2.0, 0.5) }
    }

    /// ln P(|T| > |t|).
    fn both_ln_tails(&self, t: f64) -> f64 {
        let ratio = (t / self.degrees.sqrt()).abs();
        if ratio < FAR {
            return self.beta.tails(self.share(t)).ln_lower;
        }
        // The first term of the series in ν/t², whose square leaves the range of doubles: x^a / (a B(a, ½)).
        -self.degrees * ratio.ln() - (self.degrees / 2.0).ln() - self.beta.ln_function()
    }

    /// Minus the slope of the logarithm of the tail `ln_sf` beyond t > 0 in ln t: the density in ln t over the tail.
    fn slope(&self, t: f64, ln_sf: f64) -> f64 {
        if t / self.degrees.sqrt() < FAR { (self.beta.ln_kernel(self.share(t)) - ln_sf).exp() } else { self.degrees }
    }

    /// ν/(ν + t²), whose odds are ν/t².
    fn share(&self, t: f64) -> Share {
        let ratio = t / self.degrees.sqrt();
        Share::from_odds(1.0 / (ratio * ratio))
    }
}

/// The t with P(T > t) = `upper_tail`, as R's `qt(p, df, lower = FALSE)`. Infinite at 0 and 1; NaN
/// outside 0..=1 or for degrees that are not positive. Accurate to 1e-9 relative. Cost: a few tails.
///
/// Newton's method on the logarithm of the tail in ln t, where it is concave: at most one step goes too far, and the
/// others approach from there.
#[must_use]
pub fn student_quantile(upper_tail: f64, degrees: f64) -> f64 {
    if !(0.0..=1.0).contains(&upper_tail) || !is_positive(degrees) {
        return f64::NAN;
    }
    match upper_tail.total_cmp(&0.5) {
        Ordering::Less => quantile_above_zero(upper_tail.ln(), degrees),
        Ordering::Equal => 0.0,
        Ordering::Greater => -quantile_above_zero((1.0 - upper_tail).ln(), degrees),
    }
}

/// The t > 0 beyond which ln P(T > t) is `ln_tail`.
fn quantile_above_zero(ln_tail: f64, degrees: f64) -> f64 {
    let normal = normal_isf_ln(ln_tail);
    if degrees >= NORMAL_DEGREES || normal <= 0.0 || normal.is_infinite() {
        return normal.max(0.0);
    }
    let student = Student::new(degrees);
    let mut t = near_quantile(normal, degrees);
    for _ in 0..MAX_STEPS {
        let ln_sf = student.both_ln_tails(t) - LN_2;
        let step = (ln_sf - ln_tail) / student.slope(t, ln_sf);
        t *= step.exp();
        if step.abs() <= TOLERANCE || !t.is_finite() {
            break;
        }
    }
    t
}

/// The quantile that belongs to the normal one by Wallace's (1959) transformation: near it
/// for many degrees, too far out in the far tail of few. The normal one itself where it leaves the range of doubles.
fn near_quantile(normal: f64, degrees: f64) -> f64 {
    let stretched = normal * (8.0 * degrees + 3.0) / (8.0 * degrees + 1.0);
    let near = (degrees * (stretched * stretched / degrees).exp_m1()).sqrt();
    if near.is_finite() { near } else { normal }
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
    fn infinite_degrees_are_the_normal_distribution() {
        for p in [0.3, 0.01, 1e-9, 1e-300] {
            assert_eq!(student_quantile(p, f64::INFINITY), normal_isf_ln(p.ln()));
        }
        assert_eq!(student_sf(3.0, f64::INFINITY), normal_ln_sf(3.0).exp());
        assert_eq!(student_quantile(0.0, f64::INFINITY), f64::INFINITY);
        assert_eq!(student_quantile(0.5, f64::INFINITY), 0.0);
    }

    /// mpmath, 40 digits: the series 2F1(ν/2, ½; ν/2 + 1; x) of the tail, from 1e6 degrees on the integral of
    /// the density; quantiles are its roots.
    #[test]
    fn tails_and_quantiles_from_half_a_degree_to_the_normal_limit() {
        let tails = [
            (1e-9, 3.0, 0.499_999_999_632_447_4),
            (0.5, 2.5, 0.328_848_959_934_857_34),
            (40.0, 12.0, 1.925_614_790_386_017e-14),
            (0.3, 1e5, 0.382_088_889_595_168_8),
            (1.75, 1e7, 0.040_059_172_198_262_46),
            (5.0, 1e14, 2.866_515_718_796_771e-7),
            (30.0, 1e6, 6.010_047_116_831_719e-198),
            (7.0, 1e9, 1.279_813_343_174_094_5e-12),
            (3.0, 1e12, 0.001_349_898_031_663_333_4),
            (12.0, 1e14, 1.776_482_112_171_046_7e-33),
            (1e200, 1.0, 3.183_098_861_837_906_7e-201),
        ];
        for (t, degrees, expected) in tails {
            assert!((student_sf(t, degrees) / expected - 1.0).abs() < 1e-10, "{t} {degrees}");
        }
        // Far beyond the range of doubles.
        assert!((student_ln_sf(1e180, 2.5) / -1_036.492_713_391_875_4 - 1.0).abs() < 1e-13);
        let quantiles = [
            (0.01, 0.5, 1_028.491_010_471_621_9),
            (1e-9, 0.7, 1_355_731_312_173.437_4),
            (0.3, 1.5, 0.651_795_482_602_357_1),
            (0.49, 2.0, 0.028_289_929_799_333_577),
            (1e-12, 3.0, 10_331.108_244_292_486),
            (1e-9, 30.0, 8.445_862_796_274_243),
            (1e-300, 40.0, 186_620_412.897_109_14),
            (0.01, 1e7, 2.326_348_246_948_322_7),
            (1e-9, 1e10, 5.997_807_020_551_713),
        ];
        for (tail, degrees, expected) in quantiles {
            let found = student_quantile(tail, degrees);
            assert!((found / expected - 1.0).abs() < 1e-10, "{tail} {degrees}: {found}");
        }
        // The tail of one degree of freedom falls as 1/(πt).
        assert!((student_quantile(1e-200, 1.0) * std::f64::consts::PI / 1e200 - 1.0).abs() < 1e-10);
        assert_eq!(student_quantile(1e-300, 0.5), f64::INFINITY);
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
