//! Tests of two samples, and of differences.

use canary_core::stats::{
    TieRule, anderson_darling as anderson, brown_forsythe as brown, brunner_munzel as brunner, energy_distance,
    fligner_killeen as fligner, kolmogorov_smirnov as smirnov, kolmogorov_smirnov_exact, mann_whitney as whitney,
    mann_whitney_exact, sign_test as signs, signed_rank as wilcoxon, signed_rank_exact, wasserstein_distance,
    welch_t as welch,
};
use pyo3::prelude::*;

use super::{Floats, alpha, alternative, continuity, known, sides, unknown};

/// u, relative effect, p.
#[pyfunction]
pub(crate) fn mann_whitney(
    py: Python<'_>,
    baseline: Floats,
    canary: Floats,
    against: &str,
    method: &str,
    corrected: bool,
) -> PyResult<(f64, f64, f64)> {
    let (sides, against) = (sides(&baseline, &canary)?, alternative(against)?);
    let found = whitney(&sides);
    let exact = || py.detach(|| mann_whitney_exact(&sides, against));
    let normal = || found.p_value(against, continuity(corrected));
    let p = p_value(method, exact, normal)?;
    Ok((found.u, found.relative_effect(), p))
}

/// By the exact distribution, by the normal one, or by the exact one where that is not too much work.
fn p_value(
    method: &str,
    exact: impl FnOnce() -> Result<f64, canary_core::stats::StatisticError>,
    normal: impl FnOnce() -> f64,
) -> PyResult<f64> {
    match method {
        "exact" => known(exact()),
        "normal" => Ok(normal()),
        "auto" => Ok(exact().unwrap_or_else(|_| normal())),
        other => unknown("method", other, "auto, exact or normal"),
    }
}

/// Relative effect, statistic, degrees, p.
#[pyfunction]
pub(crate) fn brunner_munzel(baseline: Floats, canary: Floats, against: &str) -> PyResult<(f64, f64, f64, f64)> {
    let found = known(brunner(&sides(&baseline, &canary)?))?;
    Ok((found.relative_effect, found.statistic, found.degrees, found.p_value(alternative(against)?)))
}

/// Difference, lower, upper, t, degrees, p.
#[pyfunction]
pub(crate) fn welch_t(
    baseline: Floats,
    canary: Floats,
    against: &str,
    level: f64,
) -> PyResult<(f64, f64, f64, f64, f64, f64)> {
    let found = known(welch(&sides(&baseline, &canary)?))?;
    let limits = found.interval(alpha(level)?);
    Ok((found.difference, limits.lower, limits.upper, found.t, found.degrees, found.p_value(alternative(against)?)))
}

/// Gap, p.
#[pyfunction]
pub(crate) fn kolmogorov_smirnov(
    py: Python<'_>,
    baseline: Floats,
    canary: Floats,
    method: &str,
) -> PyResult<(f64, f64)> {
    let sides = sides(&baseline, &canary)?;
    let found = smirnov(&sides);
    let exact = || py.detach(|| kolmogorov_smirnov_exact(&sides));
    Ok((found.d, p_value(method, exact, || found.p_value())?))
}

/// Statistic, standardised, p.
#[pyfunction]
pub(crate) fn anderson_darling(baseline: Floats, canary: Floats, ties: &str) -> PyResult<(f64, f64, f64)> {
    let rule = match ties {
        "midrank" => TieRule::MidRank,
        "right" => TieRule::RightContinuous,
        other => return unknown("ties", other, "midrank or right"),
    };
    let found = known(anderson(&sides(&baseline, &canary)?, rule))?;
    Ok((found.statistic, found.standardised, found.p_value()))
}

/// Statistic, p.
#[pyfunction]
pub(crate) fn brown_forsythe(baseline: Floats, canary: Floats) -> PyResult<(f64, f64)> {
    let found = known(brown(&sides(&baseline, &canary)?))?;
    Ok((found.statistic, found.p_value))
}

/// Statistic, p.
#[pyfunction]
pub(crate) fn fligner_killeen(baseline: Floats, canary: Floats) -> PyResult<(f64, f64)> {
    let found = known(fligner(&sides(&baseline, &canary)?))?;
    Ok((found.statistic, found.p_value))
}

/// V, differences used, p.
#[pyfunction]
pub(crate) fn signed_rank(
    py: Python<'_>,
    differences: Floats,
    against: &str,
    method: &str,
    corrected: bool,
) -> PyResult<(f64, usize, f64)> {
    let (sample, against) = (differences.sample("differences")?, alternative(against)?);
    let found = wilcoxon(&sample);
    let exact = || py.detach(|| signed_rank_exact(&sample, against));
    let p = p_value(method, exact, || found.p_value(against, continuity(corrected)))?;
    Ok((found.v, found.used, p))
}

/// Positive differences, differences used, p.
#[pyfunction]
pub(crate) fn sign_test(differences: Floats, against: &str) -> PyResult<(usize, usize, f64)> {
    let found = signs(&differences.sample("differences")?);
    Ok((found.positive, found.used, found.p_value(alternative(against)?)))
}

/// Wasserstein's distance, energy distance.
#[pyfunction]
pub(crate) fn distances(baseline: Floats, canary: Floats) -> PyResult<(f64, f64)> {
    let sides = sides(&baseline, &canary)?;
    Ok((wasserstein_distance(&sides), energy_distance(&sides)))
}
