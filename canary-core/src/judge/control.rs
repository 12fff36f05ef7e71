//! A live A/A: what other machines of the old build say of the comparison.

use super::finite;
use super::judged::Judged;
use crate::config::Config;
use crate::report::{Check, Fairness, Outcome, Report, Verdict};

/// Multiplies every standard error by `widening`.
pub(super) fn widen(judged: &mut [Judged<'_>], widening: f64) {
    for comparison in judged.iter_mut().filter_map(|metric| metric.compared.as_mut().ok()) {
        comparison.widening = widening;
    }
}

/// Equal machines must pass: where they do not, what separates the canary from its baseline may be the
/// machines as well.
pub(super) fn control_check(report: &Report, config: &Config) -> Option<Fairness> {
    if config.fairness.ignore.contains(&Check::Control) {
        return None;
    }
    let judged = (report.counts.total() - report.counts.nodata) as f64;
    let share = (report.counts.hot + report.counts.cold) as f64 / judged;
    let outcome = if report.verdict == Verdict::Pass { Outcome::Alike } else { Outcome::NotComparable };
    Some(Fairness { check: Check::Control, outcome, baseline: None, canary: finite(share) })
}
