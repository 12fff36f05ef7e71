//! The labelled runs in `fixtures/judge`: real metrics, some with a known change injected.

use std::collections::HashMap;
use std::path::PathBuf;

use canary_core::{MetricSet, Selection};
use canary_io::{ReadOptions, read_pair};
use serde::Deserialize;

/// What is known of one metric of one run.
#[derive(Clone, Debug, Deserialize)]
pub struct Truth {
    /// The run.
    pub run: String,
    /// The metric.
    pub metric: String,
    /// What was injected: `none`, `ratio`, `drift` …
    pub kind: String,
    /// Its size; what that means depends on the kind.
    pub param: Option<f64>,
    /// A second size, where the kind has one.
    pub param_2: Option<f64>,
    /// The expected state at bounds of 0.8 to 1.25: `ok`, `hot`, `cold`, `nodata`, or `shape` where the
    /// level does not move but something else does.
    #[serde(rename = "expected_080_125")]
    pub expected_wide: String,
    /// The expected state at bounds of 0.9 to 1.1.
    #[serde(rename = "expected_090_110")]
    pub expected_narrow: String,
    /// The expected state of a count once it is divided by the traffic; empty where that changes nothing.
    pub expected_normalised: String,
    /// The unit that the metric was rescaled to, in the run of unit scales.
    pub unit_scale: Option<f64>,
}

impl Truth {
    /// What was injected and how much of it: `delayed 0.5 from 0.6`.
    #[must_use]
    pub fn injection(&self) -> String {
        let Self { kind, param, param_2, .. } = self;
        match (kind.as_str(), param, param_2) {
            ("none", ..) | (_, None, _) => kind.clone(),
            ("error_rate", Some(from), Some(to)) => format!("{kind} {from} to {to}"),
            ("ratio" | "drift", Some(size), _) => format!("{kind} {size:+}"),
            (_, Some(size), Some(onset)) => format!("{kind} {size} from {onset}"),
            (_, Some(size), None) => format!("{kind} {size}"),
        }
    }
}

/// The folder of the labelled runs.
#[must_use]
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/judge")
}

/// What is known of every metric, by run.
///
/// # Errors
/// Where `truth.csv` cannot be read.
pub fn truths() -> Result<HashMap<String, Vec<Truth>>, csv::Error> {
    let mut by_run: HashMap<String, Vec<Truth>> = HashMap::new();
    for truth in csv::Reader::from_path(folder().join("truth.csv"))?.deserialize() {
        let truth: Truth = truth?;
        by_run.entry(truth.run.clone()).or_default().push(truth);
    }
    Ok(by_run)
}

/// Both sides of a run.
///
/// # Errors
/// Where its files cannot be read.
pub fn metrics(run: &str) -> Result<MetricSet, Box<dyn std::error::Error>> {
    let side = |name: &str| folder().join(run).join(name).display().to_string();
    let pair = read_pair(&side("baseline.parquet"), &side("canary.parquet"), &ReadOptions::default(), &|_| {})?;
    let set = MetricSet::from_observations(
        &pair.baseline.observations(),
        &pair.canary.observations(),
        &Selection::default(),
    )?;
    Ok(set)
}
