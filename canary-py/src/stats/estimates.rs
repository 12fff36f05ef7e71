//! Estimates with their intervals.

use canary_core::stats::{
    Atom, Events, InstanceShift, IntervalMethod, Proportion, RateRatio, SignFlips, TwoProportions,
    hodges_lehmann_shift_interval, huber_location as huber, huber_scores, long_run_given, persistence,
    pseudomedian_interval, student_quantile,
};
use pyo3::prelude::*;

use super::{Floats, alpha, continuity, known, pairs, sides, unknown};
use crate::errors::{InputError, wrong};

/// Fewer log ratios than this have hardly a degree of freedom.
const LEAST_RATIOS: usize = 4;

/// Ratio, lower, upper, effective pairs, pairs used.
///
/// What the judge does over the whole window: the Huber location of the log ratios of the pairs, with a standard
/// error from the long-run variance of its scores.
#[pyfunction]
pub(crate) fn ratio_interval(baseline: Floats, canary: Floats, level: f64) -> PyResult<(f64, f64, f64, f64, usize)> {
    let tail = alpha(level)?.get() / 2.0;
    let positive = |(baseline, canary): &(f64, f64)| *baseline > 0.0 && *canary > 0.0;
    let pairs = pairs(&baseline, &canary)?;
    let log_ratio = |(baseline, canary): (f64, f64)| {
        let quotient = canary / baseline;
        if quotient.is_normal() { quotient.ln() } else { canary.ln() - baseline.ln() }
    };
    let log_ratios: Vec<f64> = pairs.into_iter().filter(positive).map(log_ratio).collect();
    let count = log_ratios.len();
    let found = (count >= LEAST_RATIOS).then(|| huber(&log_ratios, &mut Vec::new())).flatten();
    let Some(found) = found else {
        let message = format!(
            "found {count} pairs of values above zero, expected {LEAST_RATIOS} or more (for series full of zeros there \
             is ratio_of_sums)"
        );
        return Err(InputError::new_err(message));
    };
    let ratio = found.location.exp();
    if found.scale <= 0.0 {
        return Ok((ratio, ratio, ratio, count as f64, count));
    }
    let mut scores = Vec::new();
    huber_scores(&log_ratios, &found, &mut scores);
    let spread = long_run_given(&scores, persistence(&scores), 1);
    let error = found.scale * (spread.variance / count as f64).sqrt() * count as f64 / found.inliers.max(1) as f64;
    let margin = student_quantile(tail, spread.degrees) * error;
    Ok((ratio, (found.location - margin).exp(), (found.location + margin).exp(), spread.effective, count))
}

/// Ratio, lower, upper, p of "at most 1" and "at least 1", blocks.
#[pyfunction]
pub(crate) fn ratio_of_sums(
    py: Python<'_>,
    baseline: Floats,
    canary: Floats,
    level: f64,
    block: usize,
) -> PyResult<(f64, f64, f64, f64, f64, usize)> {
    let alpha = alpha(level)?.get();
    let pairs = pairs(&baseline, &canary)?;
    if let Some((baseline, canary)) = pairs.iter().find(|(baseline, canary)| *baseline < 0.0 || *canary < 0.0) {
        let message = format!("found the pair ({baseline}, {canary}), expected values that are not negative");
        return Err(InputError::new_err(message));
    }
    Ok(py.detach(|| {
        let flips = SignFlips::new(&pairs, block);
        let (lower, upper) = flips.interval(alpha);
        (flips.ratio, lower, upper, flips.p_above(1.0), flips.p_below(1.0), flips.blocks)
    }))
}

/// Estimate, lower, upper, coverage.
#[pyfunction]
pub(crate) fn hodges_lehmann(
    py: Python<'_>,
    baseline: Floats,
    canary: Floats,
    level: f64,
    method: &str,
    corrected: bool,
) -> PyResult<(f64, f64, f64, f64)> {
    let (sides, alpha) = (sides(&baseline, &canary)?, alpha(level)?);
    let normal = IntervalMethod::Normal(continuity(corrected));
    let found = py.detach(|| match method {
        "exact" => Some(hodges_lehmann_shift_interval(&sides, alpha, IntervalMethod::Exact)),
        "normal" => Some(hodges_lehmann_shift_interval(&sides, alpha, normal)),
        "auto" => Some(
            hodges_lehmann_shift_interval(&sides, alpha, IntervalMethod::Exact)
                .or_else(|_| hodges_lehmann_shift_interval(&sides, alpha, normal)),
        ),
        _ => None,
    });
    let Some(found) = found else { return unknown("method", method, "auto, exact or normal") };
    let found = known(found)?;
    Ok((found.estimate, found.lower, found.upper, found.coverage))
}

/// Estimate, lower, upper, coverage.
#[pyfunction]
pub(crate) fn pseudomedian(py: Python<'_>, values: Floats, level: f64) -> PyResult<(f64, f64, f64, f64)> {
    let (sample, alpha) = (values.sample("values")?, alpha(level)?);
    let normal = IntervalMethod::Normal(continuity(true));
    let found = py.detach(|| {
        pseudomedian_interval(&sample, alpha, IntervalMethod::Exact)
            .or_else(|_| pseudomedian_interval(&sample, alpha, normal))
    });
    let found = known(found)?;
    Ok((found.estimate, found.lower, found.upper, found.coverage))
}

/// Ratio, lower, upper, p of "at most 1" and "at least 1". Counts and exposures of baseline and canary.
#[pyfunction]
pub(crate) fn rate_ratio(
    baseline: (f64, f64),
    canary: (f64, f64),
    level: f64,
    exact: bool,
) -> PyResult<(f64, f64, f64, f64, f64)> {
    let events = |(count, exposure): (f64, f64), side: &str| {
        Events::new(count, exposure).ok_or_else(|| {
            let found = format!("found {count} events in {exposure}, expected finite numbers that are not negative");
            wrong(Some(side), &found)
        })
    };
    let found = RateRatio::new(events(baseline, "baseline")?, events(canary, "canary")?);
    let found = found.with_atom(if exact { Atom::Whole } else { Atom::Half });
    let (lower, upper) = found.interval(alpha(level)?.get());
    Ok((found.ratio, lower, upper, found.p_above(1.0), found.p_below(1.0)))
}

fn proportion((successes, trials): (u64, u64), key: &str) -> PyResult<Proportion> {
    Proportion::new(successes, trials).ok_or_else(|| {
        wrong(
            Some(key),
            &format!("found {successes} successes of {trials} trials, expected no more than there are trials"),
        )
    })
}

/// Share, lower, upper.
#[pyfunction]
pub(crate) fn share(successes: u64, trials: u64, level: f64, method: &str) -> PyResult<(f64, f64, f64)> {
    let (found, alpha) = (proportion((successes, trials), "successes")?, alpha(level)?.get());
    let (lower, upper) = match method {
        "wilson" => found.wilson(alpha),
        "exact" => found.clopper_pearson(alpha),
        other => return unknown("method", other, "wilson or exact"),
    };
    Ok((found.share(), lower, upper))
}

/// Ratio, lower, upper; difference, lower, upper.
#[pyfunction]
#[allow(clippy::type_complexity, reason = "named in Python")]
pub(crate) fn shares(
    baseline: (u64, u64),
    canary: (u64, u64),
    level: f64,
) -> PyResult<((f64, f64, f64), (f64, f64, f64))> {
    let both = TwoProportions { baseline: proportion(baseline, "baseline")?, canary: proportion(canary, "canary")? };
    let alpha = alpha(level)?.get();
    let (ratio, difference) = (both.ratio_interval(alpha), both.difference_interval(alpha));
    let (of_baseline, of_canary) = (both.baseline.share(), both.canary.share());
    Ok(((of_canary / of_baseline, ratio.0, ratio.1), (of_canary - of_baseline, difference.0, difference.1)))
}

/// Estimate, lower, upper, degrees where there are such.
#[pyfunction]
pub(crate) fn instance_shift(baseline: Floats, canary: Floats, level: f64) -> PyResult<(f64, f64, f64, Option<f64>)> {
    let alpha = alpha(level)?.get();
    let found = InstanceShift::new(&baseline.0, &canary.0, 0.0, None, alpha / 2.0).ok_or_else(|| {
        InputError::new_err(
            "found a side without instances, or a value that is not finite; expected one value an instance",
        )
    })?;
    let (lower, upper) = found.interval(alpha);
    Ok((found.estimate, lower, upper, found.degrees))
}
