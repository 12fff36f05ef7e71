//! The normal distribution with tails in logarithms: no p-value is lost to underflow or to 1 - p.

use std::cmp::Ordering;
use std::f64::consts::LN_2;

use super::student::student_ln_sf;

/// Below this the tail is a half less what lies between zero and `z`, beyond it the density times Mills' ratio.
const CENTRE: f64 = 0.674_489_75;
/// From √32 on Mills' ratio is taken in 1/z².
const FAR: f64 = 5.656_854_249_492_381;
/// ln √(2π).
pub(crate) const LN_SQRT_2PI: f64 = 0.918_938_533_204_672_8;
/// √(2π).
const SQRT_2PI: f64 = 2.506_628_274_631_000_7;

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

/// P(Z > z), as R's `pnorm(z, lower = FALSE)`. NaN for NaN. Cost: an exponential and a rational function.
#[must_use]
pub fn normal_sf(z: f64) -> f64 {
    if z < -CENTRE {
        1.0 - normal_density(z) * mills(-z)
    } else if z < CENTRE {
        0.5 - z * between_zero_and(z)
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
    if z < CENTRE {
        return if z < -CENTRE { (-normal_density(z) * mills(-z)).ln_1p() } else { normal_sf(z).ln() };
    }
    -0.5 * z * z - LN_SQRT_2PI + mills(z).ln()
}

/// Rational approximations of the normal distribution in three ranges, from the highest power down: W. J. Cody,
/// "Rational Chebyshev approximations for the error function", Math. Comp. 23 (1969) 631-637, in the form for the
/// normal distribution of ACM algorithm 715 (1993). Relative error below 1e-15.
#[rustfmt::skip]
mod cody {
    /// (Φ(z) - ½) / z in z², for |z| < 0.674.
    pub(super) const NEAR: ([f64; 5], [f64; 5]) = (
        [0.065_682_337_918_207_45, 2.235_252_035_460_684, 161.028_231_068_555_88, 1_067.689_485_460_371, 18_154.981_253_343_56],
        [1.0, 47.202_581_904_688_245, 976.098_551_737_776_7, 10_260.932_208_618_979, 45_507.789_335_026_73],
    );
    /// (1 - Φ(z)) exp(z²/2) in z, for z up to √32.
    pub(super) const MIDDLE: ([f64; 9], [f64; 9]) = (
        [
            1.076_557_677_372_019_2e-8, 0.398_941_512_088_134_66, 8.883_149_794_388_377, 93.506_656_132_177_85,
            597.270_276_394_800_3, 2_494.537_585_290_372_6, 6_848.190_450_536_283, 11_602.651_437_647_35,
            9_842.714_838_383_978,
        ],
        [
            1.0, 22.266_688_044_328_117, 235.387_901_782_625, 1_519.377_599_407_554_7, 6_485.558_298_266_761,
            18_615.571_640_885_097, 34_900.952_721_145_98, 38_912.003_286_093_27, 19_685.429_676_859_992,
        ],
    );
    /// (1/√(2π) - z (1 - Φ(z)) exp(z²/2)) z² in 1/z², beyond.
    pub(super) const FAR: ([f64; 6], [f64; 6]) = (
        [
            0.023_073_441_764_940_174, 0.215_898_534_057_957, 0.127_401_161_160_247_36, 0.022_235_277_870_649_807,
            0.001_421_619_193_227_893_4, 2.911_287_495_116_879_3e-5,
        ],
        [
            1.0, 1.284_260_096_144_911, 0.468_238_212_480_865_1, 0.065_988_137_868_928_55, 0.003_782_396_332_027_582_4,
            7.297_515_550_839_662e-5,
        ],
    );

    /// The quotient of two polynomials.
    pub(super) fn quotient<const N: usize>((top, bottom): &([f64; N], [f64; N]), x: f64) -> f64 {
        let polynomial = |powers: &[f64; N]| powers.iter().fold(0.0, |sum, coefficient| sum * x + coefficient);
        polynomial(top) / polynomial(bottom)
    }
}

/// (Φ(z) - ½) / z near zero.
fn between_zero_and(z: f64) -> f64 {
    cody::quotient(&cody::NEAR, z * z)
}

/// Mills' ratio (1 - Φ(z)) / φ(z) for z from 0.674 on.
pub(crate) fn mills(z: f64) -> f64 {
    if z < FAR {
        return SQRT_2PI * cody::quotient(&cody::MIDDLE, z);
    }
    let inverse = 1.0 / (z * z);
    (1.0 - SQRT_2PI * inverse * cody::quotient(&cody::FAR, inverse)) / z
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
/// double holds. NaN for a positive `ln_p`. Accurate to 1e-13. Cost: two tails.
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
    let top = (0.010_328 * root + 0.802_853) * root + 2.515_517;
    let bottom = ((0.001_308 * root + 0.189_269) * root + 1.432_788) * root + 1.0;
    let mut z = root - top / bottom;
    for _ in 0..MAX_STEPS {
        let (ln_sf, hazard) = ln_sf_and_hazard(z);
        // Halley's method: the slope of the hazard h = φ/(1-Φ) is h (h - z).
        let newton = (ln_sf - ln_p) / hazard;
        let step = newton / (1.0 + 0.5 * newton * (hazard - z));
        z += step;
        if step.abs() <= CLOSE * z.abs().max(1e-3) {
            break;
        }
    }
    z
}

/// ln P(Z > z) and minus its slope.
fn ln_sf_and_hazard(z: f64) -> (f64, f64) {
    if z < CENTRE {
        let sf = normal_sf(z);
        return (sf.ln(), normal_density(z) / sf);
    }
    let mills = mills(z);
    (-0.5 * z * z - LN_SQRT_2PI + mills.ln(), 1.0 / mills)
}

const MAX_STEPS: usize = 30;
/// What a step of Halley's method leaves is of the order of its cube.
const CLOSE: f64 = 1e-6;

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
        for z in [-FAR, -CENTRE, CENTRE, FAR] {
            let (below, above) = (normal_sf(z - 1e-15 * z), normal_sf(z + 1e-15 * z));
            // The density times the step, and rounding of the density's exponent.
            let step = normal_density(z) * 2e-15 * z.abs();
            assert!((below - above).abs() <= step + 2e-14 * above, "{z}: {below:e} {above:e}");
        }
    }

    #[test]
    fn tails_within_the_ranges_of_the_approximations() {
        // scipy.stats.norm.sf, itself accurate to a few units in the last place; the exponent -z²/2 loses z²/2 of them.
        let tails = [
            (-3.0, 0.998_650_101_968_369_9),
            (-0.5, 0.691_462_461_274_013_1),
            (0.1, 0.460_172_162_722_971),
            (0.67, 0.251_428_895_095_310_13),
            (0.68, 0.248_252_230_453_570_53),
            (1.96, 0.024_997_895_148_220_435),
            (4.0, 3.167_124_183_311_986e-5),
            (5.6, 1.071_759_025_831_088_7e-8),
            (5.7, 5.990_371_401_063_53e-9),
            (8.0, 6.220_960_574_271_74e-16),
            (20.0, 2.753_624_118_606_155_6e-89),
        ];
        for (z, expected) in tails {
            let allowed = 2e-15 + 0.5 * z * z * f64::EPSILON;
            assert!((normal_sf(z) / expected - 1.0).abs() < allowed, "{z}: {:e}", normal_sf(z));
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
