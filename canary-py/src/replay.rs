//! A recording judged look by look.

use canary_core::config::Span;
use canary_core::replay::{Replay as Looks, ReplayError};
use canary_report::{ReplayFormat, TableOptions};
use pyo3::prelude::*;

use crate::errors;
use crate::frame::{Frame, Reading};
use crate::interrupt::{Wanted, interruptible};
use crate::report::{Report, Source};
use crate::run::{Failure, Run, Sources};

/// What every look said.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Replay {
    looks: Looks,
    /// The last look's report; its copy in `looks` is the same.
    report: Report,
}

/// Why there is no replay.
#[derive(Debug)]
enum NoReplay {
    Input(Failure),
    Looks(ReplayError),
}

#[pymethods]
impl Replay {
    /// Reads a replay in JSON.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        let looks: Looks = serde_json::from_str(text).map_err(errors::input)?;
        Ok(Self { report: Report::stored(looks.report.clone()), looks })
    }

    /// Everything but the report, as JSON.
    fn head(&self) -> PyResult<String> {
        let Looks { schema_version, looks, stopped, budget, .. } = &self.looks;
        let head = serde_json::json!({
            "schema_version": schema_version, "looks": looks, "stopped": stopped, "budget": budget,
        });
        serde_json::to_string(&head).map_err(errors::other)
    }

    /// The last look's report.
    #[getter]
    fn report(&self) -> Report {
        self.report.clone()
    }

    /// As JSON, as the command line writes it.
    fn to_json(&self) -> PyResult<String> {
        canary_report::replay(&self.looks, ReplayFormat::Json, &TableOptions::default()).map_err(errors::other)
    }

    /// As a table for a terminal.
    #[pyo3(signature = (*, width, rows))]
    fn to_table(&self, width: usize, rows: usize) -> PyResult<String> {
        let options = TableOptions { width, max_rows: rows, ..TableOptions::default() };
        canary_report::replay(&self.looks, ReplayFormat::Table, &options).map_err(errors::other)
    }
}

/// Judges a recording as a running canary would have been, `every` milliseconds.
#[pyfunction]
pub(crate) fn replay(
    py: Python<'_>,
    run: &Run,
    reading: &Reading,
    every: i64,
    baseline: &Frame,
    canary: Option<&Frame>,
) -> PyResult<Replay> {
    let run = run.clone();
    let sources = Sources { baseline: baseline.clone(), canary: canary.cloned(), reading: reading.options.clone() };
    interruptible(py, move |wanted| replayed(&run, &sources, Span::from_ms(every), wanted))?.map_err(
        |error| match error {
            NoReplay::Input(failure) => errors::input(failure),
            NoReplay::Looks(error) => errors::config(Some("every"), error),
        },
    )
}

fn replayed(run: &Run, sources: &Sources, every: Span, wanted: &Wanted) -> Result<Replay, NoReplay> {
    let metrics = run.metrics(sources).map_err(NoReplay::Input)?;
    let mut looks = Looks::run(&run.judge, &metrics, every, &mut |_| wanted.go_on()).map_err(NoReplay::Looks)?;
    run.finish(&mut looks.report, sources);
    let seen = usize::try_from(looks.report.inputs.ticks).unwrap_or(usize::MAX);
    let source = Source { judge: run.judge.clone(), metrics: metrics.first_ticks(seen) };
    let report = Report::with_source(looks.report.clone(), source);
    Ok(Replay { looks, report })
}
