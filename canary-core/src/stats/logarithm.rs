//! The natural logarithm of many values at once.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2};

const EXPONENT: u64 = 0xfff0_0000_0000_0000;
const ONE: u64 = 1.0_f64.to_bits();
/// The double whose last bits count from zero.
const COUNTER: f64 = 4_503_599_627_370_496.0;
/// ln 2 to 32 bits, whose multiples by an exponent are exact, and the rest.
const LN_2_HIGH: f64 = f64::from_bits(LN_2.to_bits() & 0xffff_ffff_ffe0_0000);
const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;

/// Takes the logarithm of every value in place, within two units in the last place; answers whether all of them were
/// positive normal numbers. What takes the place of the others means nothing.
///
/// ln x = k ln 2 + 2 artanh((m - 1) / (m + 1)) for x = 2^k m with m between √½ and √2, the series of the inverse
/// hyperbolic tangent to its eleventh term. Without a branch or a table, so that it takes several values at once.
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(crate) fn ln_each(values: &mut [f64]) -> bool {
    let mut irregular = 0;
    for value in values {
        irregular += u64::from(!is_regular(*value));
        *value = ln(*value);
    }
    irregular == 0
}

/// Whether [`ln_each`] knows the logarithm.
#[inline(always)]
pub(crate) fn is_regular(value: f64) -> bool {
    (f64::MIN_POSITIVE..f64::INFINITY).contains(&value)
}

#[inline(always)]
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let biased = bits.wrapping_sub(FRAC_1_SQRT_2.to_bits()).wrapping_add(ONE);
    let mantissa = f64::from_bits(bits.wrapping_sub(biased & EXPONENT).wrapping_add(ONE));
    let exponent = f64::from_bits(COUNTER.to_bits() | (biased >> 52)) - (COUNTER + 1023.0);
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let series = ODD.iter().fold(0.0, |sum, odd| sum * square + 2.0 / odd) * square;
    exponent * LN_2_HIGH + (exponent * LN_2_LOW + (s * series + 2.0 * s))
}

/// The series of artanh is Σ s^n / n over the odd n; those after the first, the last one first.
const ODD: [f64; 10] = [21.0, 19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(value: f64) -> f64 {
        let mut values = [value];
        assert!(ln_each(&mut values), "{value:e}");
        values[0]
    }

    #[test]
    fn edges() {
        assert_eq!(of(1.0).to_bits(), 0.0_f64.to_bits());
        for irregular in [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE / 2.0] {
            assert!(!ln_each(&mut [1.0, irregular, 2.0]), "{irregular:e}");
        }
    }

    proptest! {
        /// The C library's is within one unit in the last place, and this one within two of the true one.
        #[test]
        fn as_the_c_library(bits in f64::MIN_POSITIVE.to_bits()..f64::INFINITY.to_bits(), near in -1e-3..1e-3_f64) {
            for value in [f64::from_bits(bits), 1.0 + near, 1.0 / (1.0 + near)] {
                let expected = value.ln();
                prop_assert!((of(value) - expected).abs() <= 3.0 * f64::EPSILON * expected.abs(), "{value:e}");
            }
        }
    }
}
