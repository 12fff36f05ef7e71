//! The squeeze test: how many requests a second a build sustains.

use canary_core::config::Bounds;
use canary_core::squeeze::{Load, LoadRun, Objective, Slo, SqueezeOptions, SqueezeReport as Report, analyze};
use canary_load::{LoadError, ReadOptions, Table};
use canary_report::{PlotOptions, ThroughputFormat};
use pyo3::prelude::*;

use crate::errors;
use crate::frame::Frame;
use crate::interrupt::{Wanted, interruptible};
use crate::table;

/// What a squeeze test says.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct SqueezeReport {
    pub(crate) report: Report,
}

#[pymethods]
impl SqueezeReport {
    /// Reads a squeeze test in JSON, as the command line and `to_json` write it.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        Ok(Self { report: serde_json::from_str(text).map_err(errors::input)? })
    }

    /// As JSON, byte for byte as the command line writes it.
    fn to_json(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Json)
    }

    /// As Markdown.
    fn to_markdown(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Markdown)
    }

    /// As one self-contained page.
    fn to_html(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Html)
    }

    /// As a table with a plot for a terminal.
    #[pyo3(signature = (*, width))]
    fn to_table(&self, width: usize) -> PyResult<String> {
        let options = PlotOptions { width, color: false };
        canary_report::squeeze(&self.report, ThroughputFormat::Table, options).map_err(errors::other)
    }
}

impl SqueezeReport {
    fn rendered(&self, format: ThroughputFormat) -> PyResult<String> {
        // The width is the table's only.
        let options = PlotOptions { width: 0, color: false };
        canary_report::squeeze(&self.report, format, options).map_err(errors::other)
    }
}

/// A path that is read here, or a data frame.
#[derive(FromPyObject)]
pub(crate) enum Source<'py> {
    Path(String),
    Frame(PyRef<'py, Frame>),
}

/// The same without Python.
#[derive(Debug)]
pub(crate) enum Given {
    Path(String),
    Frame(table::Frame),
}

impl From<Source<'_>> for Given {
    fn from(source: Source<'_>) -> Self {
        match source {
            Source::Path(path) => Self::Path(path),
            Source::Frame(frame) => Self::Frame(frame.frame.clone()),
        }
    }
}

/// Why a table of steps or of builds could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error(transparent)]
    Frame(#[from] table::TableError),
    #[error("{table}: {problem}")]
    Table { table: String, problem: canary_load::TableError },
}

/// What is in a data frame, by `read`; its errors count rows from 0, as data frames do.
pub(crate) fn of_frame<T>(
    frame: &table::Frame,
    read: impl FnOnce(&Table) -> Result<T, canary_load::TableError>,
) -> Result<T, Unreadable> {
    use canary_load::TableError::Value;
    let found = Table::new(table::columns(frame)?).and_then(|table| read(&table));
    found.map_err(|problem| {
        let problem = match problem {
            Value { row, column, found, expected } => Value { row: row.saturating_sub(1), column, found, expected },
            other => other,
        };
        Unreadable::Table { table: frame.name.clone(), problem }
    })
}

/// Everything that is asked for.
struct Test {
    runs: Vec<Given>,
    baseline: Vec<Given>,
    slo: Slo,
    bounds: Bounds,
    loads: Vec<Load>,
    step_seconds: Option<f64>,
    seed: u64,
}

impl Test {
    fn report(&self, wanted: &Wanted) -> Result<Report, Unreadable> {
        let own =
            ReadOptions { limits_ms: self.slo.limits_ms(), loads: self.loads.clone(), step_seconds: self.step_seconds };
        let report = self.analysed(&self.runs, &own)?;
        wanted.go_on();
        if self.baseline.is_empty() {
            return Ok(report);
        }
        // Loads given by hand are those of the canary's steps.
        let old = self.analysed(&self.baseline, &ReadOptions { loads: Vec::new(), ..own })?;
        Ok(report.against(&old, self.bounds))
    }

    fn analysed(&self, runs: &[Given], options: &ReadOptions) -> Result<Report, Unreadable> {
        let read = |given: &Given| -> Result<LoadRun, Unreadable> {
            match given {
                Given::Path(path) => Ok(canary_load::read(path, options)?),
                Given::Frame(frame) => of_frame(frame, Table::run),
            }
        };
        let runs = runs.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        let run = canary_load::repeats(runs).unwrap_or_default();
        Ok(analyze(&run, &self.slo, &SqueezeOptions { seed: self.seed, ..SqueezeOptions::default() }))
    }
}

/// Says what the runs show, repeats of one test; against `baseline`, the old build's.
#[pyfunction]
#[pyo3(signature = (runs, *, baseline, slo, bounds, rates, clients, step_ms, seed))]
#[allow(clippy::too_many_arguments, reason = "each by its name")]
pub(crate) fn squeeze(
    py: Python<'_>,
    runs: Vec<Source<'_>>,
    baseline: Vec<Source<'_>>,
    slo: Vec<String>,
    bounds: Option<(f64, f64)>,
    rates: Vec<f64>,
    clients: Vec<u64>,
    step_ms: Option<i64>,
    seed: u64,
) -> PyResult<SqueezeReport> {
    let objectives: Result<Vec<Objective>, _> = slo.iter().map(|text| text.parse()).collect();
    let bounds = bounds.map_or_else(|| Ok(Bounds::default()), |(lower, upper)| Bounds::new(lower, upper));
    let rates = rates.into_iter().map(|rate| Load::Open { rate });
    let test = Test {
        runs: runs.into_iter().map(Given::from).collect(),
        baseline: baseline.into_iter().map(Given::from).collect(),
        slo: Slo { objectives: objectives.map_err(|error| errors::config(Some("slo"), error))? },
        bounds: bounds.map_err(|error| errors::config(Some("bounds"), error))?,
        loads: rates.chain(clients.into_iter().map(|clients| Load::Closed { clients })).collect(),
        step_seconds: step_ms.map(|ms| ms as f64 / 1000.0),
        seed,
    };
    let report = interruptible(py, move |wanted| test.report(wanted))?.map_err(errors::input)?;
    Ok(SqueezeReport { report })
}
