//! What the tests share: seeded noise, and metrics from slices.
#![allow(dead_code, reason = "each test file uses a part of it")]

use canary_core::config::Span;
use canary_core::report::{MetricResult, Report};
use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Numbers that are the same on every machine and day.
pub(crate) struct Random(Pcg64Mcg);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Uniform, 0 <= u < 1: 53 bits.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Standard normal (Box & Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Whole, 0 <= i < `below`.
    pub(crate) fn index(&mut self, below: usize) -> usize {
        usize::try_from(self.0.next_u64() % below as u64).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// `count` values about `level` with a relative noise of `spread`.
    pub(crate) fn noisy(&mut self, count: usize, level: f64, spread: f64) -> Vec<f64> {
        (0..count).map(|_| level * (spread * self.normal()).exp()).collect()
    }

    /// A stationary AR(1) of unit variance.
    pub(crate) fn ar1(&mut self, count: usize, rho: f64) -> Vec<f64> {
        let mut value = self.normal();
        let mut next = || {
            let now = value;
            value = rho * value + (1.0 - rho * rho).sqrt() * self.normal();
            now
        };
        (0..count).map(|_| next()).collect()
    }
}

/// A grid of minutes.
pub(crate) fn minutes(ticks: usize) -> TimeGrid {
    TimeGrid::new(Span::from_ms(60_000), ticks)
}

/// A metric's name and both sides, baseline first.
pub(crate) type Pair<'a> = (&'a str, &'a [f64], &'a [f64]);

/// Metrics without regions, on a grid of minutes as long as the first series.
pub(crate) fn set(metrics: &[Pair<'_>]) -> MetricSet {
    let ticks = metrics.first().map_or(0, |metric| metric.1.len());
    let mut builder = MetricSet::builder(minutes(ticks));
    for (name, baseline, canary) in metrics {
        builder.add(&MetricData::new(name).baseline(baseline).canary(canary)).unwrap();
    }
    builder.build().unwrap()
}

pub(crate) fn report(config: Config, metrics: &MetricSet) -> Report {
    Judge::new(config).unwrap().judge(metrics)
}

/// The result of one metric, alone.
pub(crate) fn one(config: Config, baseline: &[f64], canary: &[f64]) -> MetricResult {
    let mut report = report(config, &set(&[("metric", baseline, canary)]));
    report.metrics.remove(0)
}

/// A config from TOML.
pub(crate) fn config(toml: &str) -> Config {
    Config::from_text(toml, canary_core::config::Format::Toml).unwrap()
}
