//! How much more than time noise separates the sides: the empirical null.
//!
//! Minutes of one machine against minutes of another know nothing of how machines differ. Where a control
//! (production on other equal machines) is at hand, the spread of its standardised log ratios against the
//! baseline says by how much standard errors made of minutes are too small (Devlin & Roeder 1999, genomic
//! control; Efron 2004, the empirical null).

use super::Judged;
use crate::stats::{MAD_TO_SD, median, normal_isf_ln};

/// Fewer metrics than this say nothing of a spread.
const MIN_METRICS: usize = 20;

/// The spread of the standardised log ratios: 1.4826 times the median of their magnitudes, about zero,
/// where they would lie if time noise were all. `None` for too few metrics.
pub(super) fn spread(judged: &[Judged<'_>]) -> Option<f64> {
    let mut sizes: Vec<f64> = judged.iter().filter_map(size).collect();
    if sizes.len() < MIN_METRICS {
        return None;
    }
    median(&mut sizes).map(|size| MAD_TO_SD * size).filter(|spread| spread.is_finite())
}

/// How many standard errors the ratio of the whole window is away from 1.
fn size(judged: &Judged<'_>) -> Option<f64> {
    let full = judged.compared.as_ref().ok()?.noisy_full_view()?;
    let one_sided = full.estimate.p_outside(1.0, 1.0);
    Some(normal_isf_ln(one_sided.ln())).filter(|size| !size.is_nan())
}
