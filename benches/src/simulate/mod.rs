//! Runs whose truth is known because they were drawn: every metric's ratio is exactly what was asked for.

mod random;

use std::f64::consts::TAU;
use std::fmt;

use canary_core::TimeGrid;
use canary_core::config::Span;
use canary_core::ndarray::Array2;

use crate::recording::{Metric, Recording};
pub use random::Random;

/// The standard deviation of a minute's log value: with 480 independent ones a metric is certified within the
/// default bounds, with strong autocorrelation it is not.
const NOISE: f64 = 0.3;
/// Events a minute behind a rate, and minutes that one sample of it covers.
const EVENTS: f64 = 20.0;
const RATE_WINDOW: usize = 5;
/// Events a minute of a rare event.
const RARE: f64 = 0.3;
/// Between the machines of one fleet: the log standard deviation of a machine's level, and the machines a side.
const MACHINE_SPREAD: f64 = 0.1;
const MACHINES: usize = 4;
/// The machines' noise in time, which their number must not hide behind.
const MACHINE_NOISE: f64 = 0.1;

/// How a metric moves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Family {
    /// Log-normal minutes with this lag-1 autocorrelation of the logarithm, sides independent.
    Autoregressive(f64),
    /// A rate over the last five minutes, sampled every minute: neighbours share four fifths of their events.
    RollingRate,
    /// Rare events: three in ten minutes, most of them zero.
    RareEvents,
    /// A day's curve and a wandering load, common to both sides, under counts of each side's own.
    SharedLoad,
    /// Four machines a side, each with a level of its own that it keeps.
    Machines,
}

impl fmt::Display for Family {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Autoregressive(rho) => write!(formatter, "AR(1), rho {rho}"),
            Self::RollingRate => formatter.write_str("5-minute rates, every minute"),
            Self::RareEvents => formatter.write_str("0.3 events a minute"),
            Self::SharedLoad => formatter.write_str("load shared by both sides"),
            Self::Machines => formatter.write_str("4 machines a side, 10 % apart"),
        }
    }
}

impl Family {
    /// All that are measured.
    pub const ALL: [Self; 9] = [
        Self::Autoregressive(0.0),
        Self::Autoregressive(0.5),
        Self::Autoregressive(0.8),
        Self::Autoregressive(0.9),
        Self::Autoregressive(0.95),
        Self::RollingRate,
        Self::RareEvents,
        Self::SharedLoad,
        Self::Machines,
    ];

    /// A run of `metrics` metrics over `ticks` minutes, the canary's true level being `ratio` times the
    /// baseline's.
    #[must_use]
    pub fn run(self, metrics: usize, ticks: usize, ratio: f64, seed: u64) -> Recording {
        let mut random = Random::new(seed);
        let metric = |index: usize| self.metric(index, ticks, ratio, &mut random);
        Recording { grid: TimeGrid::new(Span::from_ms(60_000), ticks), metrics: (0..metrics).map(metric).collect() }
    }

    fn metric(self, index: usize, ticks: usize, ratio: f64, random: &mut Random) -> Metric {
        let load = match self {
            Self::SharedLoad => shared_load(ticks, random),
            _ => Vec::new(),
        };
        let baseline = self.side(ticks, 1.0, &load, random);
        let canary = self.side(ticks, ratio, &load, random);
        Metric { name: format!("metric_{index:03}"), group: None, baseline, canary }
    }

    fn side(self, ticks: usize, level: f64, load: &[f64], random: &mut Random) -> Array2<f64> {
        match self {
            Self::Autoregressive(rho) => one(noisy(level, NOISE, random.autoregression(rho, ticks))),
            Self::RollingRate => one(rates(level * EVENTS, ticks, random)),
            Self::RareEvents => one((0..ticks).map(|_| random.poisson(level * RARE)).collect()),
            Self::SharedLoad => one(load.iter().map(|load| random.poisson(level * EVENTS * load)).collect()),
            Self::Machines => machines(ticks, level, random),
        }
    }
}

/// A side of one instance.
fn one(series: Vec<f64>) -> Array2<f64> {
    let ticks = series.len();
    Array2::from_shape_vec((1, ticks), series).expect("one row of all ticks")
}

fn noisy(level: f64, spread: f64, noise: Vec<f64>) -> Vec<f64> {
    noise.into_iter().map(|noise| level * (spread * noise).exp()).collect()
}

fn rates(events: f64, ticks: usize, random: &mut Random) -> Vec<f64> {
    let counts: Vec<f64> = (0..ticks + RATE_WINDOW - 1).map(|_| random.poisson(events)).collect();
    counts.windows(RATE_WINDOW).map(|window| window.iter().sum::<f64>() / RATE_WINDOW as f64).collect()
}

/// A third of a day's curve, from anywhere in the day, and a load that wanders about it.
fn shared_load(ticks: usize, random: &mut Random) -> Vec<f64> {
    let start = random.uniform();
    let wandering = random.autoregression(0.95, ticks);
    let day = |tick: usize| (TAU * (start + tick as f64 / 1440.0)).sin();
    wandering.iter().enumerate().map(|(tick, wandering)| (0.5 * day(tick) + 0.2 * wandering).exp()).collect()
}

fn machines(ticks: usize, level: f64, random: &mut Random) -> Array2<f64> {
    let mut values = Vec::with_capacity(MACHINES * ticks);
    for _ in 0..MACHINES {
        let own = level * (MACHINE_SPREAD * random.normal()).exp();
        values.extend(noisy(own, MACHINE_NOISE, random.autoregression(0.5, ticks)));
    }
    Array2::from_shape_vec((MACHINES, ticks), values).expect("a row of all ticks a machine")
}
