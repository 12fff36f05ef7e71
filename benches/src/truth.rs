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
    /// The expected state at bounds of 0.8 to 1.25: `ok`, `hot`, `cold`, `nodata`, or `shape` where the
    /// level does not move but something else does.
    #[serde(rename = "expected_080_125")]
    pub expected_wide: String,
    /// The expected state at bounds of 0.9 to 1.1.
    #[serde(rename = "expected_090_110")]
    pub expected_narrow: String,
    /// The unit that the metric was rescaled to, in the run of unit scales.
    pub unit_scale: Option<f64>,
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
