//! A run that is watched while it goes on.

use canary_core::Side;
use canary_core::columns::Sides;
use canary_core::config::Span;
use canary_core::session::{Sample, Session as State, SessionPlan};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors;
use crate::frame::{Frame, Reading};
use crate::interrupt::interruptible;
use crate::report::{Report, Source};
use crate::run::{Run, Sources};
use crate::table::observations;

/// The state of a run: what came so far, and which look is due.
#[pyclass(module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Session {
    state: State,
}

#[pymethods]
impl Session {
    #[new]
    #[pyo3(signature = (*, every, horizon, step))]
    fn new(every: i64, horizon: Option<i64>, step: i64) -> PyResult<Self> {
        let horizon = horizon.map(Span::from_ms);
        let plan = SessionPlan { every: Span::from_ms(every), horizon, step: Span::from_ms(step) };
        let state = State::new(plan).map_err(|error| errors::config(Some("every"), error))?;
        Ok(Self { state })
    }

    /// Takes in rows of both sides, or of one.
    fn observe(
        &mut self,
        py: Python<'_>,
        reading: &Reading,
        baseline: Option<&Frame>,
        canary: Option<&Frame>,
    ) -> PyResult<()> {
        let options = reading.options.clone();
        let frames = [baseline.cloned(), canary.cloned()];
        let decoded = py.detach(move || {
            frames.map(|frame| frame.map_or(Ok(Vec::new()), |frame| Sources::one_side(&frame, &options, Sides::One)))
        });
        let [baseline, canary] = decoded.map(|side| side.map_err(errors::input));
        let (baseline, canary) = (baseline?, canary?);
        self.state.observe(&observations(&baseline), &observations(&canary)).map_err(errors::input)
    }

    /// Takes in rows of a frame that holds both sides.
    fn observe_both(&mut self, reading: &Reading, both: &Frame) -> PyResult<()> {
        let sources = Sources { baseline: both.clone(), canary: None, reading: reading.options.clone() };
        let pair = sources.sides().map_err(errors::input)?;
        self.state.observe(&observations(&pair.baseline), &observations(&pair.canary)).map_err(errors::input)
    }

    /// Takes in one value.
    #[pyo3(signature = (*, side, metric, time, value, region, instance))]
    fn record(
        &mut self,
        side: &str,
        metric: &str,
        time: i64,
        value: f64,
        region: Option<&str>,
        instance: Option<&str>,
    ) -> PyResult<()> {
        let side = match side {
            "baseline" => Side::Baseline,
            "canary" => Side::Canary,
            other => return Err(errors::wrong(Some("side"), &format!("found `{other}`, expected baseline or canary"))),
        };
        let sample = Sample { side, metric, region, instance, time_ms: time, value };
        self.state.record(&sample).map_err(errors::input)
    }

    /// Takes the look that is due; `None` where none is.
    fn look(&mut self, py: Python<'_>, run: &Run) -> PyResult<Option<Look>> {
        let (mut state, run) = (self.state.clone(), run.clone());
        // The state is replaced where the look was taken: a look that was interrupted can be taken again.
        let (state, look) = interruptible(py, move |_| {
            let look = state.look(&run.judge);
            let look = look.map(|look| look.map(|look| Look::new(look, &run, &state)));
            (state, look)
        })?;
        let look = look.map_err(|error| errors::config(Some("every"), error))?;
        self.state = state;
        Ok(look)
    }

    /// How many of the planned looks are over.
    #[getter]
    fn looks_taken(&self) -> usize {
        self.state.looks_taken()
    }

    /// The state as JSON.
    fn dump<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = serde_json::to_vec(&self.state).map_err(errors::other)?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// A state that `dump` wrote.
    #[staticmethod]
    fn load(bytes: &[u8]) -> PyResult<Self> {
        Ok(Self { state: serde_json::from_slice(bytes).map_err(errors::input)? })
    }
}

/// What a look at a run says.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Look {
    head: serde_json::Value,
    report: Report,
}

impl Look {
    fn new(look: canary_core::session::SessionLook, run: &Run, state: &State) -> Self {
        let head = serde_json::json!({"result": look.result, "stop": look.stop, "is_last": look.is_last});
        let seen = usize::try_from(look.report.inputs.ticks).unwrap_or(usize::MAX);
        let source = Source { judge: run.judge.clone(), metrics: state.metrics().first_ticks(seen) };
        Self { head, report: Report::with_source(look.report, source) }
    }
}

#[pymethods]
impl Look {
    /// Everything but the report, as JSON.
    fn head(&self) -> String {
        self.head.to_string()
    }

    /// The look's report.
    #[getter]
    fn report(&self) -> Report {
        self.report.clone()
    }
}
