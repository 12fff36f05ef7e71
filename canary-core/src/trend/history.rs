//! What a trend is made of.

use serde::{Deserialize, Serialize};

use crate::squeeze::{SqueezeReport, Status};

/// What is known of one build's number. Numbers are finite and above 0; others count as missing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Measured, with the ends of its 95 % interval where they are known.
    Measured {
        /// The number.
        value: f64,
        /// The lower end.
        lower: Option<f64>,
        /// The upper end.
        upper: Option<f64>,
    },
    /// Not less than this: the test never reached the end.
    AtLeast(f64),
    /// Not more than this.
    AtMost(f64),
    /// No number.
    Missing,
}

impl Value {
    /// From a number and the ends of its interval, each where it is known: without the number one end is a bound.
    #[must_use]
    pub fn of(number: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Self {
        match (number, lower, upper) {
            (Some(value), lower, upper) => Self::Measured { value, lower, upper },
            (None, Some(lower), None) => Self::AtLeast(lower),
            (None, None, Some(upper)) => Self::AtMost(upper),
            (None, ..) => Self::Missing,
        }
    }
}

/// One build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildResult {
    /// The build.
    pub build: String,
    /// What can be compared: workload, instance type, objectives. A build of another key is of another series.
    pub series: String,
    /// Its number.
    pub value: Value,
}

impl BuildResult {
    /// The sweet spot of a squeeze test: `measured` as a number with its interval, bounds as bounds, anything else as
    /// missing.
    #[must_use]
    pub fn of_report(build: &str, series: &str, report: &SqueezeReport) -> Self {
        let value = match (report.status, report.sweet_spot) {
            (Status::Unstable | Status::Unusable, _) | (_, None) => Value::Missing,
            (_, Some(found)) => Value::of(found.estimate, found.lower, found.upper),
        };
        Self { build: build.to_owned(), series: series.to_owned(), value }
    }
}

/// Which way a number should go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Up: throughput.
    #[default]
    Higher,
    /// Down: start time, latency.
    Lower,
}

/// How a history is judged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TrendOptions {
    /// Changes smaller than this share are not reported.
    pub min_magnitude: f64,
    /// Which way the number should go.
    pub better: Better,
    /// The fleet's peak, requests a second, for what a change costs in instances; only for throughput.
    pub peak_rps: Option<f64>,
}

impl Default for TrendOptions {
    fn default() -> Self {
        Self { min_magnitude: 0.02, better: Better::Higher, peak_rps: None }
    }
}
