//! Noise for two constant series, which a rank test cannot compare otherwise.

use std::f64::consts::TAU;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// The standard deviation of the noise over the value it is added to.
pub(super) const RELATIVE_DEVIATION: f64 = 1e-5;

/// Normal deviates by the method of Box & Muller (1958). Same seed, same deviates: the judge itself draws
/// them from the clock's seed, so that its numbers for constant series differ from run to run.
#[derive(Clone, Debug)]
pub struct NormalNoise {
    random: Pcg64Mcg,
}

impl NormalNoise {
    /// A fresh stream.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { random: Pcg64Mcg::seed_from_u64(seed) }
    }

    /// One deviate with this mean and standard deviation.
    pub fn draw(&mut self, mean: f64, deviation: f64) -> f64 {
        // 1 - u lies in (0, 1]: its logarithm is finite.
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        mean + deviation * radius * (TAU * self.uniform()).cos()
    }

    /// Adds such a deviate to every value.
    pub fn add(&mut self, values: &mut [f64], mean: f64, deviation: f64) {
        for value in values {
            *value += self.draw(mean, deviation);
        }
    }

    /// In [0, 1), all 53 bits.
    fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.random.next_u64() >> 11) as f64 * STEP
    }
}
