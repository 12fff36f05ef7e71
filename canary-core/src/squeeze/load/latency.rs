//! Latencies of a step, as far as a tool tells them.

use super::histogram::Histogram;

/// Whose latencies a tool reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Replies {
    /// Of every reply, fast errors included: overload then *improves* a percentile. What is not known is taken so.
    #[default]
    All,
    /// Of good replies only.
    Good,
}

/// Whether latencies count from the time at which a request was meant to be sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Omission {
    /// Not known.
    #[default]
    Unknown,
    /// From the intended time: waiting in the generator is in them.
    Corrected,
    /// From the time of sending: a stalled generator hides the stall (coordinated omission).
    Uncorrected,
}

/// One quantile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// Which, 0 to 1: 0.99 for p99.
    pub quantile: f64,
    /// Milliseconds.
    pub ms: f64,
}

/// Latencies of one step, milliseconds. What the tool does not say is `None` or empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Latency {
    /// Whose they are.
    pub of: Replies,
    /// Mean.
    pub mean_ms: Option<f64>,
    /// Smallest.
    pub min_ms: Option<f64>,
    /// Largest.
    pub max_ms: Option<f64>,
    /// Quantiles, any order.
    pub quantiles: Vec<Quantile>,
    /// The distribution; better than quantiles, and used instead of them.
    pub histogram: Option<Histogram>,
    /// Smallest step between two values that the tool writes, ms (autocannon: 1); `None` where fine enough.
    pub resolution_ms: Option<f64>,
    /// Length of the sliding window that the quantiles are about, seconds (Locust: about 10), where they are not
    /// about the step itself. Such quantiles are left out where the window is longer than what is left of the step.
    pub sliding_seconds: Option<f64>,
    /// From when latencies count.
    pub omission: Omission,
}

impl Latency {
    /// The value of `quantile`, where the tool gives exactly that one.
    #[must_use]
    pub fn quantile_ms(&self, quantile: f64) -> Option<f64> {
        self.quantiles.iter().find(|at| (at.quantile - quantile).abs() < 1e-9).map(|at| at.ms)
    }
}
