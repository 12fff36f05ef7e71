//! What ought to have been said of each metric: `truth.csv`.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use canary_core::report::{MetricResult, State};

/// What ought to have been said of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// One of the states.
    Ok,
    Hot,
    Cold,
    NoData,
    /// Another shape at the same level: whatever is said of the level is right.
    Shape,
}

impl Expected {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "ok" => Some(Self::Ok),
            "hot" => Some(Self::Hot),
            "cold" => Some(Self::Cold),
            "nodata" => Some(Self::NoData),
            "shape" => Some(Self::Shape),
            _ => None,
        }
    }

    /// Whether `state` overlooks it, or says the opposite.
    pub(super) fn is_missed_by(self, state: State) -> bool {
        match self {
            Self::Hot => state != State::Hot,
            Self::Cold => state != State::Cold,
            Self::NoData => state != State::NoData,
            Self::Ok | Self::Shape => false,
        }
    }
}

/// What ought to have been said of a run's metrics.
#[derive(Debug)]
pub(super) struct Truth {
    by_metric: HashMap<(String, Option<String>), Expected>,
}

impl Truth {
    /// From `truth.csv` in the run's folder; else from one beside it, where a column `run` names this run. `None`
    /// where there is neither. A metric that it leaves out is not known.
    pub(super) fn of(folder: &str, run: &str, column: &str) -> anyhow::Result<Option<Self>> {
        let own = Path::new(folder).join("truth.csv");
        let shared = Path::new(folder).parent().map(|parent| parent.join("truth.csv"));
        let found = [Some(own), shared].into_iter().flatten().find(|path| path.is_file());
        let Some(path) = found else { return Ok(None) };
        let truth = Self::read(&path, run, column).with_context(|| path.display().to_string())?;
        Ok(Some(truth).filter(|truth| !truth.by_metric.is_empty()))
    }

    fn read(path: &PathBuf, run: &str, column: &str) -> anyhow::Result<Self> {
        let mut reader = csv::Reader::from_path(path)?;
        let head = reader.headers()?.clone();
        let place = |name: &str| head.iter().position(|title| title == name);
        let (Some(metric), Some(expected)) = (place("metric"), place(column)) else {
            bail!("found the columns {}, expected `metric` and `{column}`", head.iter().collect::<Vec<_>>().join(", "));
        };
        let (run_column, region_column) = (place("run"), place("region"));
        let mut by_metric = HashMap::new();
        for (index, record) in reader.records().enumerate() {
            let record = record?;
            let cell = |column: usize| record.get(column).unwrap_or_default();
            if run_column.is_some_and(|column| cell(column) != run) || cell(expected).is_empty() {
                continue;
            }
            let Some(state) = Expected::from_word(cell(expected)) else {
                bail!("line {}: found `{}`, expected ok, hot, cold, nodata or shape", index + 2, cell(expected));
            };
            let region = region_column.map(&cell).filter(|region| !region.is_empty()).map(str::to_owned);
            by_metric.insert((cell(metric).to_owned(), region), state);
        }
        Ok(Self { by_metric })
    }

    /// What is known of a metric: of its region, else of all regions.
    pub(super) fn of_metric(&self, metric: &MetricResult) -> Option<Expected> {
        let here = (metric.name.to_string(), metric.region.as_deref().map(str::to_owned));
        self.by_metric.get(&here).or_else(|| self.by_metric.get(&(here.0, None))).copied()
    }
}
