//! The smooth minimum of a line and a plateau: throughput against offered rate.

use crate::stats::least;

/// Sharpness of the bend: 1 is a loss system with one place, 200 a corner.
pub(super) const SHARPNESS: [f64; 13] = [1.0, 1.3, 1.7, 2.2, 3.0, 4.0, 6.0, 9.0, 14.0, 25.0, 60.0, 100.0, 200.0];

/// Below this the plateau is approached so slowly that it is an extrapolation.
pub(super) const SOFT_BELOW: f64 = 6.0;

/// Residuals of the logarithm beyond this count by their size, not by their square (Huber): 3 %.
const HUBER: f64 = 0.03;

/// The 95 % point of chi-squared with one degree of freedom.
pub(super) const ALIKE: f64 = 3.84;

/// Clocks and ends of steps: no point is known better than this share.
const LEAST_SPREAD: f64 = 0.002;

/// A soft bend must fit better than a hard one by this share, as it can imitate any curve.
const SOFT_PENALTY: f64 = 1.02;

/// ln of `(rate^-p + capacity^-p)^(-1/p)`: the lower of both, rounded at the corner.
pub(super) fn ln_smooth_minimum(ln_rate: f64, ln_capacity: f64, sharpness: f64) -> f64 {
    let apart = (ln_rate - ln_capacity).abs();
    ln_rate.min(ln_capacity) - (-sharpness * apart).exp().ln_1p() / sharpness
}

/// A point of the curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    /// ln of what was offered.
    pub(super) ln_rate: f64,
    /// ln of what was answered.
    pub(super) ln_goodput: f64,
}

/// A fitted curve.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmoothMinimum {
    pub(super) ln_capacity: f64,
    pub(super) sharpness: f64,
}

impl SmoothMinimum {
    /// What the curve misses at a point, of the logarithm.
    pub(super) fn residual(&self, point: Point) -> f64 {
        point.ln_goodput - ln_smooth_minimum(point.ln_rate, self.ln_capacity, self.sharpness)
    }

    /// The curve through `points` by Huber's loss on logarithms: golden sections in ln capacity for each sharpness.
    /// `None` without points. Cost: O(points × 13 × 60).
    pub(super) fn fit(points: &[Point]) -> Option<Fits> {
        let highest = points.iter().map(|point| point.ln_goodput).fold(f64::NEG_INFINITY, f64::max);
        if !highest.is_finite() {
            return None;
        }
        let fits = SHARPNESS.map(|sharpness| {
            let reach: f64 = if sharpness >= SOFT_BELOW { 1.15 } else { 4.0 };
            let loss = |ln_capacity: f64| -> f64 {
                let curve = Self { ln_capacity, sharpness };
                points.iter().map(|&point| huber(curve.residual(point))).sum()
            };
            let found = least(highest + 0.8_f64.ln(), highest + reach.ln(), loss);
            let penalty = if sharpness < SOFT_BELOW { SOFT_PENALTY } else { 1.0 };
            (found.value * penalty, Self { ln_capacity: found.place, sharpness })
        });
        let (loss, best) = fits.into_iter().min_by(|one, other| one.0.total_cmp(&other.0))?;
        // Where two sharpnesses fit alike, the data do not say which: twice the logarithm of the likelihood ratio.
        let count = points.len() as f64;
        let floor = 0.5 * count * LEAST_SPREAD * LEAST_SPREAD;
        let alike = |fit: &&(f64, Self)| count * ((fit.0 + floor) / (loss + floor)).ln() <= ALIKE;
        let capacities = fits.iter().filter(alike).map(|fit| fit.1.ln_capacity);
        let (lowest, highest) =
            capacities.fold((best.ln_capacity, best.ln_capacity), |ends, ln| (ends.0.min(ln), ends.1.max(ln)));
        Some(Fits { best, lowest, highest })
    }
}

/// The best curve, and how far the capacity moves with sharpnesses that fit as well.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fits {
    pub(super) best: SmoothMinimum,
    /// ln of the lowest capacity among them.
    pub(super) lowest: f64,
    /// ln of the highest.
    pub(super) highest: f64,
}

fn huber(residual: f64) -> f64 {
    let size = residual.abs();
    if size <= HUBER { 0.5 * size * size } else { HUBER * (size - 0.5 * HUBER) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_of_its_own_kind_is_found_again() {
        for (capacity, sharpness) in [(200.0_f64, 25.0), (150.0, 2.2), (90.0, 200.0)] {
            let points: Vec<Point> = (1..=14)
                .map(|step| {
                    let ln_rate = (capacity * 0.12 * f64::from(step)).ln();
                    Point { ln_rate, ln_goodput: ln_smooth_minimum(ln_rate, capacity.ln(), sharpness) }
                })
                .collect();
            let fit = SmoothMinimum::fit(&points).unwrap().best;
            // Golden sections of a range of at most ln 5 end within 1e-12; the loss is flat within 1e-8 of it.
            assert!((fit.ln_capacity - capacity.ln()).abs() < 1e-7, "{capacity}: {fit:?}");
        }
        assert!(SmoothMinimum::fit(&[]).is_none());
    }
}
