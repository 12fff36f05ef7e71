//! Small runs, made up: healthy, until something is taken from them. As arrays or as the text of a file.
#![allow(dead_code, reason = "the library's suite and the command line's each use a part of it")]

use std::fmt::Write;

use canary_core::config::Span;
use canary_core::{MetricData, MetricSet, TimeGrid};

/// The five metrics of a healthy run, and about where they lie.
const HEALTHY: [(&str, f64); 5] =
    [("cpu", 0.4), ("errors", 3.0), ("latency_ms", 120.0), ("memory", 2.0e9), ("requests", 900.0)];

/// The share by which healthy values waver.
const NOISE: f64 = 0.02;

/// 2026-03-01T08:00:00Z.
const START_SECONDS: usize = 1_772_352_000;

/// Which side is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    Baseline,
    Canary,
    Both,
}

/// A run: metrics on a grid of minutes.
#[derive(Clone, Debug)]
pub(crate) struct Scene {
    ticks: usize,
    metrics: Vec<Metric>,
}

#[derive(Clone, Debug)]
struct Metric {
    name: String,
    region: Option<&'static str>,
    baseline: Option<Vec<f64>>,
    canary: Option<Vec<f64>>,
}

/// `ticks` minutes without a change between the sides: noise about the same level, each side with its own.
pub(crate) fn healthy(ticks: usize) -> Scene {
    let series = |seed: u64, level: f64| {
        let value = |tick: usize| level * (1.0 + NOISE * noise(seed, tick as u64));
        Some((0..ticks).map(value).collect())
    };
    let metric = |(number, (name, level)): (u64, (&str, f64))| Metric {
        name: name.to_owned(),
        region: None,
        baseline: series(2 * number, level),
        canary: series(2 * number + 1, level),
    };
    Scene { ticks, metrics: (0..).zip(HEALTHY).map(metric).collect() }
}

/// From -1 to 1, and the same on every day and machine: the finaliser of `SplitMix64` (Steele, Lea & Flood 2014).
fn noise(seed: u64, tick: u64) -> f64 {
    let mut bits = (seed * 1_000_003 + tick + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

impl Scene {
    /// The same metrics in two regions, `eu` and `us`.
    pub(crate) fn in_two_regions(mut self) -> Self {
        let mut metrics = Vec::new();
        for region in ["eu", "us"] {
            metrics.extend(self.metrics.iter().cloned().map(|metric| Metric { region: Some(region), ..metric }));
        }
        self.metrics = metrics;
        self
    }

    /// Takes metrics away, name and all.
    pub(crate) fn remove(mut self, which: &str) -> Self {
        self.metrics.retain(|metric| !metric.is(which));
        self
    }

    /// Only the metrics of this name.
    pub(crate) fn keep(mut self, name: &str) -> Self {
        self.metrics.retain(|metric| metric.name == name);
        self
    }

    /// Takes whole series away and leaves the name. `which` is a metric, `@` and a region, both, or `*`.
    pub(crate) fn lose(mut self, side: Side, which: &str) -> Self {
        for metric in self.metrics.iter_mut().filter(|metric| metric.is(which)) {
            if side != Side::Canary {
                metric.baseline = None;
            }
            if side != Side::Baseline {
                metric.canary = None;
            }
        }
        self
    }

    /// Replaces values, by their tick and themselves.
    pub(crate) fn change(mut self, side: Side, which: &str, value: impl Fn(usize, f64) -> f64) -> Self {
        for metric in self.metrics.iter_mut().filter(|metric| metric.is(which)) {
            let baseline = metric.baseline.iter_mut().filter(|_| side != Side::Canary);
            let canary = metric.canary.iter_mut().filter(|_| side != Side::Baseline);
            for (tick, old) in baseline.chain(canary).flat_map(|series| series.iter_mut().enumerate()) {
                *old = value(tick, *old);
            }
        }
        self
    }

    /// From `tick` on each series repeats the value it has there.
    pub(crate) fn freeze(mut self, side: Side, which: &str, tick: usize) -> Self {
        for metric in self.metrics.iter_mut().filter(|metric| metric.is(which)) {
            let baseline = metric.baseline.iter_mut().filter(|_| side != Side::Canary);
            let canary = metric.canary.iter_mut().filter(|_| side != Side::Baseline);
            for series in baseline.chain(canary) {
                let stuck = series[tick];
                series[tick..].fill(stuck);
            }
        }
        self
    }

    /// Values as they were when the run was healthy.
    pub(crate) fn thaw(mut self, which: &str) -> Self {
        let fresh = healthy(self.ticks);
        for metric in self.metrics.iter_mut().filter(|metric| metric.is(which)) {
            if let Some(healthy) = fresh.metrics.iter().find(|healthy| healthy.name == metric.name) {
                metric.baseline.clone_from(&healthy.baseline);
                metric.canary.clone_from(&healthy.canary);
            }
        }
        self
    }

    /// A noise of two orders of magnitude about the level: its bounds take far more data.
    pub(crate) fn wild(mut self, which: &str) -> Self {
        for (number, metric) in (100..).zip(&mut self.metrics).filter(|(_, metric)| metric.is(which)) {
            for (side, series) in [(0, &mut metric.baseline), (1, &mut metric.canary)] {
                for (tick, value) in series.iter_mut().flatten().enumerate() {
                    *value *= 10.0_f64.powf(noise(2 * number + side, tick as u64));
                }
            }
        }
        self
    }

    /// A new value every `ticks` ticks, repeated until then.
    pub(crate) fn stepwise(mut self, ticks: usize) -> Self {
        for series in self.metrics.iter_mut().flat_map(|metric| [&mut metric.baseline, &mut metric.canary]) {
            for chunk in series.iter_mut().flat_map(|series| series.chunks_mut(ticks)) {
                let first = chunk[0];
                chunk.fill(first);
            }
        }
        self
    }

    /// Gives the canary the baseline's own values.
    pub(crate) fn copy(mut self, which: &str) -> Self {
        for metric in self.metrics.iter_mut().filter(|metric| metric.is(which)) {
            metric.canary.clone_from(&metric.baseline);
        }
        self
    }

    /// Baseline for canary and canary for baseline.
    pub(crate) fn swapped(mut self) -> Self {
        for metric in &mut self.metrics {
            std::mem::swap(&mut metric.baseline, &mut metric.canary);
        }
        self
    }

    /// The canary's metrics are called something else.
    pub(crate) fn rename_canary(mut self) -> Self {
        let mut renamed = Vec::new();
        for metric in &mut self.metrics {
            let canary = metric.canary.take();
            let name = format!("{}_v2", metric.name);
            renamed.push(Metric { name, region: metric.region, baseline: None, canary });
        }
        self.metrics.extend(renamed);
        self
    }

    /// Sums of what was: a counter.
    pub(crate) fn summed(mut self) -> Self {
        for series in self.metrics.iter_mut().flat_map(|metric| [&mut metric.baseline, &mut metric.canary]) {
            let mut sum = 0.0;
            for value in series.iter_mut().flatten() {
                sum += *value;
                *value = sum;
            }
        }
        self
    }

    /// As a set of arrays.
    pub(crate) fn metrics(&self) -> MetricSet {
        let mut builder = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), self.ticks));
        for metric in &self.metrics {
            let mut data = MetricData::new(&metric.name);
            if let Some(region) = metric.region {
                data = data.region(region);
            }
            if let Some(values) = &metric.baseline {
                data = data.baseline(values);
            }
            if let Some(values) = &metric.canary {
                data = data.canary(values);
            }
            builder.add(&data).expect("series as long as the grid");
        }
        builder.build().expect("each metric once")
    }

    /// One side as the text of a CSV file, a missing value written as NaN; times are seconds since 1970.
    pub(crate) fn csv(&self, side: Side) -> String {
        let regions = self.metrics.iter().any(|metric| metric.region.is_some());
        let mut text = format!("metric,{}timestamp,value\n", if regions { "region," } else { "" });
        for metric in &self.metrics {
            let series = if side == Side::Baseline { &metric.baseline } else { &metric.canary };
            for (tick, value) in series.iter().flatten().enumerate() {
                let region = metric.region.map(|region| format!("{region},")).unwrap_or_default();
                let seconds = START_SECONDS + 60 * tick;
                writeln!(text, "{},{region}{seconds},{value}", metric.name).expect("a string");
            }
        }
        text
    }
}

impl Metric {
    fn is(&self, which: &str) -> bool {
        let (name, region) = which.split_once('@').unwrap_or((which, ""));
        (name.is_empty() || name == "*" || name == self.name) && (region.is_empty() || Some(region) == self.region)
    }
}
