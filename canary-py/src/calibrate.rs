//! A configuration proposed by healthy runs of the past.

use canary_core::calibrate::{Split, split};
use canary_core::columns::Sides;
use canary_core::{ConfigError, MetricSet, Selection};
use pyo3::prelude::*;

use crate::config::Config;
use crate::errors;
use crate::frame::{Frame, Reading};
use crate::interrupt::{Wanted, interruptible};
use crate::run::{Failure, Sources};
use crate::table::{ReadOptions, observations};

/// A proposed configuration, and what was seen.
#[pyclass(frozen, get_all, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    config: Config,
    /// Distinct metrics of the past.
    metrics: usize,
    /// Metrics that were left out of the score.
    left_out: usize,
    /// How each run was taken: pair, instances or ticks.
    runs: Vec<&'static str>,
}

/// Why there is no proposal.
#[derive(Debug)]
enum NoCalibration {
    Input(Failure),
    Config(ConfigError),
}

/// Proposes a configuration. Each run is a pair of frames, or one frame alone.
#[pyfunction]
pub(crate) fn calibrate(
    py: Python<'_>,
    reading: &Reading,
    runs: Vec<(PyRef<'_, Frame>, Option<PyRef<'_, Frame>>)>,
    seed: u64,
) -> PyResult<Calibration> {
    let runs: Vec<(Frame, Option<Frame>)> =
        runs.into_iter().map(|(one, other)| (one.clone(), other.map(|other| other.clone()))).collect();
    let options = reading.options.clone();
    interruptible(py, move |wanted| calibrated(&runs, &options, seed, wanted))?.map_err(|error| match error {
        NoCalibration::Input(failure) => errors::input(failure),
        NoCalibration::Config(error) => errors::config(None, error),
    })
}

fn calibrated(
    runs: &[(Frame, Option<Frame>)],
    options: &ReadOptions,
    seed: u64,
    wanted: &Wanted,
) -> Result<Calibration, NoCalibration> {
    let (mut sets, mut how) = (Vec::new(), Vec::new());
    for (one, other) in runs {
        wanted.go_on();
        let (set, split) = read(one, other.as_ref(), options, seed).map_err(NoCalibration::Input)?;
        sets.push(set);
        how.push(match split {
            None => "pair",
            Some(Split::Instances) => "instances",
            Some(Split::Ticks) => "ticks",
        });
    }
    wanted.go_on();
    let found = canary_core::calibrate::calibrate(&sets).map_err(NoCalibration::Config)?;
    let config = Config::of(found.config, found.comments);
    Ok(Calibration { config, metrics: found.metrics, left_out: found.left_out, runs: how })
}

/// Both sides' metrics; of a single side, two made of it, and how.
fn read(
    one: &Frame,
    other: Option<&Frame>,
    options: &ReadOptions,
    seed: u64,
) -> Result<(MetricSet, Option<Split>), Failure> {
    let all = Selection::default();
    let Some(other) = other else {
        let parts = Sources::one_side(one, options, Sides::Any)?;
        let rows = observations(&parts);
        let (set, how) = split(&MetricSet::from_observations(&rows, &rows, &all)?, seed)?;
        return Ok((set, Some(how)));
    };
    let pair = Sources { baseline: one.clone(), canary: Some(other.clone()), reading: options.clone() }.sides()?;
    Ok((MetricSet::from_observations(&observations(&pair.baseline), &observations(&pair.canary), &all)?, None))
}
