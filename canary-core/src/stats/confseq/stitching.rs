//! Closed boundaries that grow like the law of the iterated logarithm.

/// The polynomially stitched boundary for sub-gamma processes: a line for each epoch of intrinsic time
/// from η^k to η^(k+1), with an error rate that falls as (k + 1)^-s.
///
/// Source: Howard et al. 2021, theorem 1. Cost: O(1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PolyStitching {
    /// Below this intrinsic time the boundary is flat.
    pub v_min: f64,
    /// The scale of the tails; 0 for sub-Gaussian processes.
    pub c: f64,
    /// How fast the error rate falls with the epochs, above 1: `confseq` takes 1.4.
    pub s: f64,
    /// The ratio of an epoch's ends, above 1: `confseq` takes 2.
    pub eta: f64,
}

impl PolyStitching {
    /// The sum that a process without effect exceeds at any time with probability `alpha` at most.
    #[must_use]
    pub fn bound(&self, v: f64, alpha: f64) -> f64 {
        let v = v.max(self.v_min);
        let epochs = (self.eta * v / self.v_min).ln().ln() - self.eta.ln().ln();
        let ell = self.s * epochs + zeta(self.s).ln() - alpha.ln();
        let linear = linear_factor(self.eta) * self.c * ell;
        (square_factor(self.eta) * v * ell + linear * linear).sqrt() + linear
    }
}

/// Epoch ratio and decay that `confseq` takes for double stitching, and its grid's fineness.
const ETA: f64 = 2.0;
const DECAY: f64 = 1.4;
const DELTA: f64 = 0.5;

/// How far the number of values at or below a quantile may stray from its expectation at any count and
/// any quantile at once: stitched over time and over the quantiles, on a grid of logits.
///
/// For the quantile of `probability` after `count` values, in counts; tight from `count_opt` on. With
/// `confseq`'s δ = 0.5, s = 1.4, η = 2. Source: Howard & Ramdas 2022, theorem 3. Cost: O(1).
#[must_use]
pub fn double_stitching_bound(probability: f64, count: f64, alpha: f64, count_opt: f64) -> f64 {
    let count = count.max(count_opt);
    let growth = count / count_opt;
    let logit = (probability / (1.0 - probability)).ln();
    let toward_half = 1.0 / (1.0 + (-(logit + 2.0 * DELTA * (ETA / growth).sqrt())).exp());
    let nearby = if probability >= 0.5 { probability } else { toward_half.min(0.5) };
    let variance = nearby * (1.0 - nearby);
    let place = growth.sqrt() * logit.abs() / (2.0 * DELTA) + 1.0;
    let epochs = (ETA * growth).ln().ln() - ETA.ln().ln();
    let zeta = zeta(DECAY);
    let ell = DECAY * (epochs + place.ln()) + (2.0 * zeta * (2.0 * zeta + 1.0)).ln() - alpha.ln();
    let linear = linear_factor(ETA) * (1.0 - 2.0 * probability) / 3.0 * ell;
    let spread = (square_factor(ETA) * variance * count * ell + linear * linear).sqrt();
    DELTA * (ETA * growth * variance).sqrt() + spread + linear
}

/// k1² of the paper: (η^¼ + η^-¼)² / 2.
fn square_factor(eta: f64) -> f64 {
    (eta.sqrt() + 2.0 + 1.0 / eta.sqrt()) / 2.0
}

/// k2 of the paper.
fn linear_factor(eta: f64) -> f64 {
    f64::midpoint(eta.sqrt(), 1.0)
}

/// Terms summed one by one.
const SUMMED: u8 = 20;

/// Riemann's ζ(s) for s > 1, as `SciPy`'s `zeta`: Euler–Maclaurin with three corrections, 1e-14 relative.
fn zeta(s: f64) -> f64 {
    let n = f64::from(SUMMED);
    let sum: f64 = (1..SUMMED).map(|term| f64::from(term).powf(-s)).sum();
    let tail = n.powf(1.0 - s) / (s - 1.0) + 0.5 * n.powf(-s);
    let first = s * n.powf(-s - 1.0) / 12.0;
    let second = s * (s + 1.0) * (s + 2.0) * n.powf(-s - 3.0) / 720.0;
    let third = s * (s + 1.0) * (s + 2.0) * (s + 3.0) * (s + 4.0) * n.powf(-s - 5.0) / 30240.0;
    sum + tail + first - second + third
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zeta_is_that_of_riemann() {
        // π²/6 and π⁴/90 in closed form; scipy.special.zeta(1.4). Sums of 20 terms: rounding.
        let pi = std::f64::consts::PI;
        for (s, expected) in [(2.0, pi * pi / 6.0), (4.0, pi.powi(4) / 90.0), (1.4, 3.105_547_277_977_580_6)] {
            assert!((zeta(s) / expected - 1.0).abs() < 1e-13, "{s}: {}", zeta(s));
        }
    }
}
