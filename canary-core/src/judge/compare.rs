//! One metric's two sides compared, by the judge that its settings name and the method that fits its kind.

use super::comparison::{Comparison, Workspace};
use super::sample_size::{Instances, bias};
use super::{bounds, counts, interval, weighted};
use crate::config::{JudgeKind, Settings};
use crate::metric::MetricPair;
use crate::preprocess::{Prepared, Role};
use crate::report::Reason;

/// Compares, or says why that cannot be done.
pub(crate) fn compare(
    pair: &MetricPair<'_>,
    prepared: &Prepared,
    settings: &Settings,
    workspace: &mut Workspace,
) -> Result<Comparison, Reason> {
    let instances = Instances { baseline: pair.baseline.instances(), canary: pair.canary.instances() };
    if let Some(reason) = bias(prepared, settings, instances) {
        return Err(reason);
    }
    match (settings.judge, prepared.role) {
        (JudgeKind::Bounds, _) => bounds::compare(prepared),
        (JudgeKind::Interval, Role::Exposure) => counts::compare(prepared, settings),
        (JudgeKind::Interval, Role::Weight) => match weighted::compare(prepared) {
            Some(comparison) => Ok(comparison),
            None => interval::compare(prepared, workspace),
        },
        (JudgeKind::Interval, Role::Nothing | Role::SampleSize) => interval::compare(prepared, workspace),
    }
}
