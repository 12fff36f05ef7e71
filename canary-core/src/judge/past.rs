//! Each side against its own past: what separated the sides before the new build was there is no change.
//!
//! Where the input reaches back before the deployment (`deployed`), the log ratio of that time is a
//! covariate of the one after it (CUPED: Deng, Xu, Kohavi & Walker 2013). How much of it lasts is learnt
//! from all metrics: τ², the variance of the true log ratios before, is what their estimates scatter more
//! than their errors explain.

use super::Judged;
use super::estimate::{Estimate, Scale};
use crate::report::Flag;
use crate::stats::{Located, MAD_TO_SD, adjust_by_past, median};

/// Fewer metrics than this say nothing of τ²; then all of the past is subtracted.
const MIN_METRICS: usize = 20;

/// Takes off every metric's log ratio, in all windows, what its past explains. Cost: O(metrics).
pub(super) fn adjust(judged: &mut [Judged<'_>]) {
    let persistent = persistent_variance(judged);
    for comparison in judged.iter_mut().filter_map(|metric| metric.compared.as_mut().ok()) {
        let Some(before) = comparison.before else { continue };
        let mut adjusted = false;
        for view in &mut comparison.views {
            let Estimate::Student(student) = &mut view.estimate else { continue };
            if student.scale != Scale::Log {
                continue;
            }
            let after = Located { estimate: student.location, error: student.error, degrees: student.degrees };
            if let Some(found) = adjust_by_past(after, before, persistent) {
                student.location = found.located.estimate;
                student.error = found.located.error;
                student.degrees = found.located.degrees;
                adjusted = true;
            }
        }
        if adjusted {
            comparison.flags.push(Flag::AdjustedByPast);
        }
    }
}

/// How much the true log ratios before the deployment vary from metric to metric, robustly: the squared
/// scale of the estimates less their median squared error.
fn persistent_variance(judged: &[Judged<'_>]) -> Option<f64> {
    let before: Vec<Located> =
        judged.iter().filter_map(|metric| metric.compared.as_ref().ok().and_then(|found| found.before)).collect();
    if before.len() < MIN_METRICS {
        return None;
    }
    let mut sizes: Vec<f64> = before.iter().map(|past| past.estimate.abs()).collect();
    let mut errors: Vec<f64> = before.iter().map(|past| past.error * past.error).collect();
    let scale = MAD_TO_SD * median(&mut sizes)?;
    Some((scale * scale - median(&mut errors)?).max(0.0))
}
