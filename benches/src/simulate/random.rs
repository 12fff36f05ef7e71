//! Seeded noise of the shapes that metrics have.

use std::f64::consts::TAU;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of random numbers that its seed decides.
#[derive(Clone, Debug)]
pub struct Random(Pcg64Mcg);

/// Knuth's product of uniforms would underflow for means beyond some 700; a sum of Poisson counts is one.
const LARGEST_STEP: f64 = 30.0;

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Uniform on 0 to 1, never 0 (so that it has a logarithm).
    pub fn uniform(&mut self) -> f64 {
        ((self.0.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.uniform().ln()).sqrt() * (TAU * self.uniform()).cos()
    }

    /// Poisson, by products of uniforms (Knuth, TAOCP 3.4.1); O(mean).
    pub fn poisson(&mut self, mean: f64) -> f64 {
        let (mut left, mut count) = (mean, 0_u32);
        while left > 0.0 {
            let limit = (-left.min(LARGEST_STEP)).exp();
            left -= LARGEST_STEP;
            let mut product = self.uniform();
            while product > limit {
                count += 1;
                product *= self.uniform();
            }
        }
        f64::from(count)
    }

    /// A stationary first-order autoregression of unit variance.
    pub fn autoregression(&mut self, rho: f64, ticks: usize) -> Vec<f64> {
        let mut value = self.normal();
        let mut step = || {
            let now = value;
            value = rho * value + (1.0 - rho * rho).sqrt() * self.normal();
            now
        };
        (0..ticks).map(|_| step()).collect()
    }
}
