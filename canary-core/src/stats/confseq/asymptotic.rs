//! A confidence sequence for studentised means.

use super::lambert::lambert_w_m1;
use crate::stats::tails::{normal_isf, normal_sf};

/// Maps between the p-value of one look and the one that holds at any number of looks, for a z-score
/// whose information grows: the two-sided normal mixture, asymptotically valid for studentised means.
///
/// No horizon is needed; the price is about 0.7 in z. |z| crosses the boundary of alpha at v where
/// `z² >= (v + r)/v · ln((v + r)/(r alpha²))`. Sources: Robbins 1970; Howard et al. 2021; Waudby-Smith,
/// Arbour, Sinha, Kennedy & Ramdas 2024. The information v is a number of independent
/// observations, or what takes its place: any unit does, as long as it is that of `v_opt`. The maps are
/// inverse but for rounding and for p-values that are 1. Cost: O(1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AsymptoticSequence {
    r: f64,
}

impl AsymptoticSequence {
    /// The narrowest at information `v_opt` for a two-sided `alpha`:
    /// r = `v_opt` / (-W(-alpha²/e) - 1) with the lower branch of Lambert's W.
    ///
    /// `None` unless `v_opt` is positive and finite, and 0 < alpha < 1.
    #[must_use]
    pub fn tuned(v_opt: f64, alpha: f64) -> Option<Self> {
        let r = v_opt / (-lambert_w_m1(-alpha * alpha / std::f64::consts::E) - 1.0);
        let usable = v_opt > 0.0 && alpha > 0.0 && alpha < 1.0 && r.is_finite() && r > 0.0;
        usable.then_some(Self { r })
    }

    /// The |z| that crosses at `information` > 0 for a two-sided `alpha`: at 0 infinite.
    #[must_use]
    pub fn boundary(&self, information: f64, alpha: f64) -> f64 {
        let log = (information / self.r).ln_1p() - 2.0 * alpha.ln();
        ((1.0 + self.r / information) * log).sqrt()
    }

    /// The smallest two-sided alpha whose boundary |z| crosses at `information`; 1 at most, and 1 without
    /// information.
    #[must_use]
    pub fn two_sided_p(&self, information: f64, z: f64) -> f64 {
        if !(information > 0.0 && z.is_finite()) {
            return if information > 0.0 && z.is_infinite() { 0.0 } else { 1.0 };
        }
        let log = 0.5 * (information / self.r).ln_1p() - 0.5 * z * z / (1.0 + self.r / information);
        log.exp().min(1.0)
    }

    /// The one-sided p-value that holds at any time, from that of this look: half of the two-sided one
    /// where the deviation is towards the side in question, and 1 where it is not. 0 stays 0.
    #[must_use]
    pub fn sequential_p(&self, information: f64, nominal: f64) -> f64 {
        if nominal >= 0.5 {
            return 1.0;
        }
        let p = self.two_sided_p(information, normal_isf(nominal));
        if p < 1.0 { 0.5 * p } else { 1.0 }
    }

    /// The one-sided p-value that this look must reach for a total one-sided `alpha` below a half; at a
    /// half or more it is the p-value where the boundary ends.
    #[must_use]
    pub fn nominal_p(&self, information: f64, alpha: f64) -> f64 {
        if !(information > 0.0 && alpha > 0.0) {
            return 0.0;
        }
        normal_sf(self.boundary(information, (2.0 * alpha).min(1.0)))
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "a test; edges are exact")]
mod tests {
    use super::*;

    #[test]
    fn the_optimum_is_where_it_should_be() {
        // At v_opt no other r gives a narrower boundary: a step of 1 % either way is wider, by theory.
        let best = AsymptoticSequence::tuned(120.0, 0.02).unwrap();
        for other in [0.99, 1.01] {
            let other = AsymptoticSequence { r: best.r * other };
            assert!(other.boundary(120.0, 0.02) > best.boundary(120.0, 0.02));
        }
        // scipy.special.lambertw(-0.0004 / e, -1) = -11.243869014460673 (also mpmath).
        assert!((best.r / (120.0 / 10.243_869_014_460_673) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn maps_are_inverse() {
        let sequence = AsymptoticSequence::tuned(120.0, 0.05).unwrap();
        for information in [1e-3, 1.0, 30.0, 480.0, 1e6] {
            for alpha in [1e-200, 1e-9, 0.01, 0.4] {
                let z = sequence.boundary(information, alpha);
                // z² carries the rounding of a logarithm of up to 900.
                assert!((sequence.two_sided_p(information, z) / alpha - 1.0).abs() < 1e-11);
                let nominal = sequence.nominal_p(information, alpha);
                if nominal > 0.0 {
                    // The normal quantile is good to 1e-11, and z² magnifies that.
                    let back = sequence.sequential_p(information, nominal);
                    assert!((back / alpha - 1.0).abs() < 1e-8, "{information} {alpha} {back}");
                }
            }
        }
    }

    #[test]
    fn edges() {
        let sequence = AsymptoticSequence::tuned(120.0, 0.05).unwrap();
        assert_eq!(sequence.two_sided_p(0.0, 9.0), 1.0);
        assert_eq!(sequence.two_sided_p(10.0, f64::INFINITY), 0.0);
        assert_eq!(sequence.two_sided_p(10.0, f64::NAN), 1.0);
        assert_eq!((sequence.sequential_p(10.0, 0.0), sequence.sequential_p(10.0, 0.7)), (0.0, 1.0));
        assert_eq!((sequence.nominal_p(0.0, 0.1), sequence.nominal_p(10.0, 0.0)), (0.0, 0.0));
        for (v_opt, alpha) in [(0.0, 0.1), (10.0, 0.0), (10.0, 1.0), (f64::INFINITY, 0.1), (f64::NAN, 0.1), (1.0, -0.1)]
        {
            assert_eq!(AsymptoticSequence::tuned(v_opt, alpha), None, "{v_opt} {alpha}");
        }
    }
}
