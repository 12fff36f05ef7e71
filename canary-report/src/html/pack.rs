//! Series in few bytes: rounded, laid out in planes, deflated, in base64.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::words::percent;

/// Bits kept after the leading one: a relative error of at most 2⁻¹³.
const MANTISSA_BITS: u32 = 12;
/// Of the 52 bits of a double, how many are dropped; what is kept fills three bytes.
const DROPPED: u32 = 52 - MANTISSA_BITS;
/// Three bytes that read as no number: a missing value.
const MISSING: u32 = 0x7f_f800;
/// How hard it is tried to deflate, 0 to 10: beyond it noise becomes no smaller, only slower.
const EFFORT: u8 = 2;
/// Steps over the range of a band; one more byte stands for a missing value.
const BAND_STEPS: f64 = 254.0;
const BAND_MISSING: u8 = 255;

/// The largest relative error of a kept value, in words.
pub(super) fn precision_text() -> String {
    let half_a_unit = f64::from(2_u32.pow(MANTISSA_BITS + 1)).recip();
    format!("a relative error of at most {} (2^-{})", percent(half_a_unit), MANTISSA_BITS + 1)
}

/// The sign, the exponent and the first bits of the mantissa of a double, to the nearest. Beyond the largest such
/// number it is cut instead of rounded, so that nothing finite becomes infinite.
fn kept(value: Option<f64>) -> u32 {
    let Some(value) = value.filter(|value| value.is_finite()) else { return MISSING };
    let bits = value.to_bits();
    let rounded = bits + (1 << (DROPPED - 1));
    let bits = if f64::from_bits(rounded).is_finite() { rounded } else { bits };
    u32::try_from(bits >> DROPPED).unwrap_or(MISSING)
}

/// The value as the page reads it back.
#[cfg(test)]
fn restored(kept: u32) -> Option<f64> {
    let value = f64::from_bits(u64::from(kept) << DROPPED);
    (!value.is_nan()).then_some(value)
}

/// Values as three planes: all first bytes, all second, all third. The first plane of a level hardly changes, and
/// deflates to nearly nothing.
#[derive(Debug, Default)]
pub(super) struct Planes {
    planes: [Vec<u8>; 3],
}

impl Planes {
    pub(super) fn extend(&mut self, values: &[Option<f64>]) {
        let [first, second, third] = &mut self.planes;
        for value in values {
            let [_, high, middle, low] = kept(*value).to_be_bytes();
            first.push(high);
            second.push(middle);
            third.push(low);
        }
    }

    pub(super) fn append_to(self, bytes: &mut Vec<u8>) {
        self.planes.iter().for_each(|plane| bytes.extend_from_slice(plane));
    }
}

/// The range of what is drawn of a band; `None` where it holds no value.
pub(super) fn range<'a>(values: impl Iterator<Item = &'a Option<f64>>) -> Option<[f64; 2]> {
    values.flatten().filter(|value| value.is_finite()).fold(None, |range, &value| {
        let [low, high] = range.unwrap_or([value, value]);
        Some([low.min(value), high.max(value)])
    })
}

/// A band's edge in steps over `range`, a byte a value: an error of at most a 508th of the range.
pub(super) fn steps(values: &[Option<f64>], [low, high]: [f64; 2]) -> impl Iterator<Item = u8> {
    // The halves keep a range over all of f64 finite.
    let width = high / 2.0 - low / 2.0;
    values.iter().map(move |value| match value {
        Some(value) if width > 0.0 => step((value / 2.0 - low / 2.0) / width),
        Some(_) => 0,
        None => BAND_MISSING,
    })
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share times 254, and a cast saturates")]
fn step(share: f64) -> u8 {
    (share.clamp(0.0, 1.0) * BAND_STEPS).round() as u8
}

/// Raw deflate, in base64: letters, digits, `+`, `/` and `=`, which mean nothing to HTML.
pub(super) fn deflated(bytes: &[u8]) -> String {
    STANDARD.encode(miniz_oxide::deflate::compress_to_vec(bytes, EFFORT))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_values() {
        for value in [0.0, -0.0, 1.0, -1.5, f64::INFINITY, f64::NAN] {
            let back = restored(kept(Some(value)));
            assert_eq!(back.map(f64::to_bits), value.is_finite().then_some(value.to_bits()), "{value}");
        }
        assert_eq!(restored(kept(None)), None);
        assert!(restored(kept(Some(f64::MAX))).is_some_and(f64::is_finite), "cut, not rounded to infinity");
    }

    proptest! {
        /// Half a unit of the last bit kept: 2⁻¹³ of the power of two below the value.
        #[test]
        fn no_value_is_off_by_more_than_stated(value in prop::num::f64::NORMAL) {
            prop_assume!(value.abs() < 1e308);
            let back = restored(kept(Some(value))).unwrap();
            prop_assert!((back - value).abs() <= value.abs() * 2f64.powi(-13), "{value} {back}");
        }

        #[test]
        fn bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let packed = STANDARD.decode(deflated(&bytes)).unwrap();
            prop_assert_eq!(miniz_oxide::inflate::decompress_to_vec(&packed).unwrap(), bytes);
        }

        #[test]
        fn bands_are_off_by_half_a_step(values in prop::collection::vec(prop::option::of(-1e6..1e6), 1..50)) {
            let Some([low, high]) = range(values.iter()) else { return Ok(()) };
            for (value, step) in values.iter().zip(steps(&values, [low, high])) {
                let Some(value) = value else {
                    prop_assert_eq!(step, BAND_MISSING);
                    continue;
                };
                // A rounding error beside the half step.
                let back = low + f64::from(step) / BAND_STEPS * (high - low);
                prop_assert!((back - value).abs() <= (high - low) / 508.0 + 1e-9);
            }
        }
    }
}
