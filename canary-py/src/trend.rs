//! A number over builds.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use canary_core::trend::{Better, BuildResult, TrendOptions, TrendReport as Report};
use canary_history::{History, HistoryError};
use canary_load::Table;
use canary_report::{PlotOptions, ThroughputFormat, Trended};
use pyo3::prelude::*;
use serde::{Deserialize, Serialize};

use crate::errors;
use crate::interrupt::interruptible;
use crate::squeeze::{Given, Source, Unreadable, of_frame};

/// How an SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What a trend says, and what it was found in.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Found {
    report: Report,
    builds: Vec<BuildResult>,
    number: String,
}

/// The same in Python.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct TrendReport(Found);

#[pymethods]
impl TrendReport {
    /// As JSON, byte for byte as the command line writes it.
    fn to_json(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Json, 0)
    }

    /// As Markdown.
    fn to_markdown(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Markdown, 0)
    }

    /// As one self-contained page.
    fn to_html(&self) -> PyResult<String> {
        self.rendered(ThroughputFormat::Html, 0)
    }

    /// As a table with a plot for a terminal.
    #[pyo3(signature = (*, width))]
    fn to_table(&self, width: usize) -> PyResult<String> {
        self.rendered(ThroughputFormat::Table, width)
    }

    /// The report with its builds, as JSON.
    fn dump(&self) -> PyResult<String> {
        serde_json::to_string(&self.0).map_err(errors::other)
    }

    /// Reads what `dump` wrote.
    #[staticmethod]
    fn load(text: &str) -> PyResult<Self> {
        Ok(Self(serde_json::from_str(text).map_err(errors::input)?))
    }
}

impl TrendReport {
    fn rendered(&self, format: ThroughputFormat, width: usize) -> PyResult<String> {
        let Found { report, builds, number } = &self.0;
        let trended = Trended { report, builds, number };
        canary_report::trend(trended, format, PlotOptions { width, color: false }).map_err(errors::other)
    }
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
enum NoHistory {
    #[error("{path}: cannot be read")]
    Io { path: String, source: io::Error },
    #[error(transparent)]
    Stored(#[from] HistoryError),
    #[error(transparent)]
    Table(#[from] Unreadable),
}

/// The builds in their order, and what their number is.
fn builds(given: &Given, column: &str, series: Option<&str>) -> Result<(Vec<BuildResult>, String), NoHistory> {
    let read = |table: &Table| table.builds(column, series);
    let builds = match given {
        Given::Frame(frame) => of_frame(frame, read)?,
        Given::Path(path) if is_sqlite(path)? => {
            return Ok((History::open_to_read(Path::new(path))?.builds(series)?, "sweet spot".to_owned()));
        }
        Given::Path(path) => {
            let table = Table::read(Path::new(path)).map_err(Unreadable::from)?;
            read(&table).map_err(|problem| Unreadable::Table { table: path.clone(), problem })?
        }
    };
    Ok((builds, column.to_owned()))
}

fn is_sqlite(path: &str) -> Result<bool, NoHistory> {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(SQLITE.len() as u64).read_to_end(&mut head));
    read.map_err(|source| NoHistory::Io { path: path.to_owned(), source })?;
    Ok(head == SQLITE)
}

/// Finds the changes of a number over builds.
#[pyfunction]
#[pyo3(signature = (history, *, column, series, lower_is_better, min_change, peak))]
pub(crate) fn trend(
    py: Python<'_>,
    history: Source<'_>,
    column: String,
    series: Option<String>,
    lower_is_better: bool,
    min_change: f64,
    peak: Option<f64>,
) -> PyResult<TrendReport> {
    let given = Given::from(history);
    let better = if lower_is_better { Better::Lower } else { Better::Higher };
    let options = TrendOptions { min_magnitude: min_change, better, peak_rps: peak };
    let found = interruptible(py, move |wanted| {
        let (builds, number) = builds(&given, &column, series.as_deref())?;
        wanted.go_on();
        let report = canary_core::trend::trend(&builds, &options);
        Ok::<_, NoHistory>(TrendReport(Found { report, builds, number }))
    })?;
    found.map_err(errors::input)
}
