//! The methods themselves, for Python: arrays in, numbers out. Names, documentation and named results are in
//! `canary.stats`; here are plain functions of bytes, each a line or two around one method of the core.

pub(crate) mod estimates;
pub(crate) mod series;
pub(crate) mod tests;

use canary_core::scalar::Fraction;
use canary_core::stats::{Alternative, Continuity, Sample, StatisticError, TwoSamples};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::errors;

/// Numbers in the machine's own order of bytes.
pub(crate) struct Floats(Vec<f64>);

impl<'py> FromPyObject<'_, 'py> for Floats {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let bytes = object.cast::<PyBytes>()?;
        let number = |chunk: &[u8]| chunk.try_into().map_or(f64::NAN, f64::from_ne_bytes);
        Ok(Self(bytes.as_bytes().chunks_exact(size_of::<f64>()).map(number).collect()))
    }
}

impl Floats {
    fn sample(&self, name: &str) -> PyResult<Sample> {
        Sample::new(&self.0).map_err(|error| named(name, error))
    }
}

fn named(name: &str, error: StatisticError) -> PyErr {
    errors::InputError::new_err(format!("{name}: {error}"))
}

/// Both sides as independent samples.
fn sides(baseline: &Floats, canary: &Floats) -> PyResult<TwoSamples> {
    Ok(TwoSamples { baseline: baseline.sample("baseline")?, canary: canary.sample("canary")? })
}

/// Both sides as pairs; where either is missing there is none.
fn pairs(baseline: &Floats, canary: &Floats) -> PyResult<Vec<(f64, f64)>> {
    let (expected, found) = (baseline.0.len(), canary.0.len());
    if expected != found {
        let message = format!("canary: found {found} values, expected {expected} as in the baseline: they are pairs");
        return Err(errors::InputError::new_err(message));
    }
    let pairs = baseline.0.iter().copied().zip(canary.0.iter().copied());
    Ok(pairs.filter(|(baseline, canary)| baseline.is_finite() && canary.is_finite()).collect())
}

fn alternative(word: &str) -> PyResult<Alternative> {
    match word {
        "two-sided" => Ok(Alternative::TwoSided),
        "less" => Ok(Alternative::Less),
        "greater" => Ok(Alternative::Greater),
        other => unknown("alternative", other, "two-sided, less or greater"),
    }
}

fn continuity(corrected: bool) -> Continuity {
    if corrected { Continuity::Corrected } else { Continuity::Uncorrected }
}

/// The two-sided alpha of a level.
fn alpha(level: f64) -> PyResult<Fraction> {
    let level = Fraction::new(level).map_err(|error| errors::config(Some("level"), error))?;
    Fraction::new(1.0 - level.get()).map_err(|error| errors::config(Some("level"), error))
}

fn unknown<T>(key: &str, found: &str, expected: &str) -> PyResult<T> {
    Err(errors::wrong(Some(key), &format!("found `{found}`, expected {expected}")))
}

/// A statistic, or why there is none.
fn known<T>(found: Result<T, StatisticError>) -> PyResult<T> {
    found.map_err(errors::input)
}
