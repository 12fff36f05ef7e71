//! On which side of zero a metric lives, and the magnitudes of its values.

use crate::stats::{LANES, is_regular, larger_magnitude, ln_each, power_of_two_below};

/// A metric with more of its pairs than this at odds in sign has no ratio.
pub(super) const MAX_ODD_SHARE: f64 = 0.1;

/// On which side of zero a metric lives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Orientation {
    /// 1 above zero, -1 below.
    pub(super) sign: f64,
    /// Pairs with a value on the other side; there it is taken for zero.
    pub(super) odd: usize,
}

/// Most pairs decide. `Err` holds the share at odds where that is too many: such a metric has no ratio.
pub(super) fn orientation(pairs: &[(f64, f64)]) -> Result<Orientation, f64> {
    let upright = pairs.iter().filter(|(b, c)| *b >= 0.0 && *c >= 0.0).count();
    if upright == pairs.len() {
        return Ok(Orientation { sign: 1.0, odd: 0 });
    }
    let inverted = pairs.iter().filter(|(b, c)| *b <= 0.0 && *c <= 0.0).count();
    let odd = pairs.len() - upright.max(inverted);
    let share = odd as f64 / pairs.len().max(1) as f64;
    if share > MAX_ODD_SHARE {
        return Err(share);
    }
    Ok(Orientation { sign: if inverted > upright { -1.0 } else { 1.0 }, odd })
}

/// A value on the wrong side of zero is as low as can be: zero.
fn magnitude(value: f64, sign: f64) -> f64 {
    let value = value * sign;
    if value > 0.0 { value } else { 0.0 }
}

/// The pairs' magnitudes, scaled by a power of two: no bit of a ratio changes, and no sum overflows.
pub(super) fn magnitudes(pairs: &[(f64, f64)], sign: f64, out: &mut Vec<(f64, f64)>) {
    let scale = sign * power_of_two_below(largest(pairs));
    out.clear();
    out.extend(pairs.iter().map(|&(b, c)| (magnitude(b, scale), magnitude(c, scale))));
}

/// The largest magnitude of either side.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn largest(pairs: &[(f64, f64)]) -> f64 {
    let (chunks, rest) = pairs.as_chunks::<LANES>();
    let mut lanes = [0.0; LANES];
    for chunk in chunks {
        for (lane, &(b, c)) in lanes.iter_mut().zip(chunk) {
            *lane = larger_magnitude(larger_magnitude(*lane, b), c);
        }
    }
    let rest = rest.iter().fold(0.0, |largest, &(b, c)| larger_magnitude(larger_magnitude(largest, b), c));
    lanes.into_iter().fold(rest, larger_magnitude)
}

/// ln(canary / baseline) of every pair of magnitudes; infinite where one is zero, NaN where both are.
pub(super) fn log_ratios(magnitudes: &[(f64, f64)], out: &mut Vec<f64>) {
    out.clear();
    out.extend(magnitudes.iter().map(|(baseline, canary)| canary / baseline));
    if ln_each(out) {
        return;
    }
    for (log_ratio, (baseline, canary)) in out.iter_mut().zip(magnitudes) {
        let quotient = canary / baseline;
        if quotient.is_nan() {
            *log_ratio = quotient;
        } else if !is_regular(quotient) {
            // Where the quotient leaves the range of normal numbers, the difference of logarithms does not.
            *log_ratio = canary.ln() - baseline.ln();
        }
    }
}
