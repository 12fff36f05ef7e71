//! One series: its location, and how much its values are worth; and many p-values at once.

use canary_core::stats::{Adjustment, adjusted_p_values, autocorrelation_lag1, huber_location as huber, long_run};
use pyo3::prelude::*;

use super::{Floats, unknown};
use crate::errors::InputError;

fn finite(values: Floats) -> PyResult<Vec<f64>> {
    let finite: Vec<f64> = values.0.into_iter().filter(|value| value.is_finite()).collect();
    if finite.is_empty() {
        return Err(InputError::new_err("values: found 0 finite values, expected 1 or more"));
    }
    Ok(finite)
}

/// Effective size, long-run variance, its degrees of freedom, lag-1 autocorrelation, values used.
#[pyfunction]
pub(crate) fn effective_sample_size(values: Floats) -> PyResult<(f64, f64, f64, f64, usize)> {
    let mut values = finite(values)?;
    let mean = canary_core::stats::mean(&values).unwrap_or_default();
    for value in &mut values {
        *value -= mean;
    }
    let found = long_run(&values);
    Ok((found.effective, found.variance, found.degrees, autocorrelation_lag1(&values), values.len()))
}

/// Location, scale, values within the bend.
#[pyfunction]
pub(crate) fn huber_location(values: Floats) -> PyResult<(f64, f64, usize)> {
    let values = finite(values)?;
    let found = huber(&values, &mut Vec::new());
    let found = found.ok_or_else(|| InputError::new_err("values: there is no location"))?;
    Ok((found.location, found.scale, found.inliers))
}

/// Adjusted p-values, in order.
#[pyfunction]
pub(crate) fn adjust(p_values: Floats, method: &str) -> PyResult<Vec<f64>> {
    let method = match method {
        "bh" => Adjustment::BenjaminiHochberg,
        "by" => Adjustment::BenjaminiYekutieli,
        "holm" => Adjustment::Holm,
        "hochberg" => Adjustment::Hochberg,
        "bonferroni" => Adjustment::Bonferroni,
        other => return unknown("method", other, "bh, by, holm, hochberg or bonferroni"),
    };
    if let Some(p) = p_values.0.iter().find(|p| **p < 0.0 || **p > 1.0) {
        return Err(InputError::new_err(format!("p_values: found {p}, expected probabilities, 0 to 1")));
    }
    Ok(adjusted_p_values(&p_values.0, method))
}
