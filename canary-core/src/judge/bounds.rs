//! The classical rule: the ratio of the two averages.
//!
//! It knows nothing of noise: on true A/A data with bounds of 0.8 to 1.25 it flags up to 18 % of the
//! metrics (docs/method.md). It is here because it is what canary reports have shown from the start, and
//! anyone can check it by hand.

use super::comparison::{Comparison, Ruling, View, own_averages};
use super::estimate::Estimate;
use crate::preprocess::Prepared;
use crate::report::{Flag, Method, Reason};

/// Compares the averages, each over all usable points of its side.
///
/// Both zero: equal, ratio 1. Baseline zero: the ratio is infinite. Both negative: the ratio of the
/// magnitudes. Opposite signs: no ratio.
pub(super) fn compare(prepared: &Prepared) -> Result<Comparison, Reason> {
    let average = own_averages(prepared);
    let (Some(baseline), Some(canary)) = (average.baseline, average.canary) else {
        return Err(Reason::NoValues);
    };
    if baseline * canary.signum() < 0.0 && canary != 0.0 {
        return Err(Reason::OppositeAverages);
    }
    let (ratio, special) = match (baseline == 0.0, canary == 0.0) {
        (true, true) => (1.0, Some(Reason::BothZero)),
        (true, false) => (f64::INFINITY, Some(Reason::BaselineZero)),
        (false, true) => (0.0, Some(Reason::CanaryZero)),
        (false, false) => (canary / baseline, None),
    };
    let negative = baseline < 0.0 || canary < 0.0;
    let mut comparison = Comparison::of(average);
    comparison.views = vec![View::full(Estimate::Exact(ratio), average)];
    comparison.ruling = Some(Ruling::Ratio);
    comparison.flags = if negative { vec![Flag::NegativeLevel] } else { Vec::new() };
    comparison.method = Some(Method::RatioOfMeans);
    comparison.special = special;
    Ok(comparison)
}
