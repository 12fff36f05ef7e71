//! One metric's two sides compared, by the judge that its settings name and the method that fits its kind.

use super::comparison::{Comparison, Workspace};
use super::sample_size::{Instances, bias};
use super::{bounds, counts, instances, interval, peer, weighted};
use crate::config::{JudgeKind, Settings};
use crate::kayenta::Classification;
use crate::metric::MetricPair;
use crate::preprocess::{Prepared, Role};
use crate::report::Reason;

/// Compares, or says why that cannot be done. `smallest` is the least two-sided chance of a false alarm that
/// the run may leave to this metric.
pub(crate) fn compare(
    pair: &MetricPair<'_>,
    prepared: &Prepared,
    settings: &Settings,
    peer: Option<&Classification>,
    smallest: f64,
    workspace: &mut Workspace,
) -> Result<Comparison, Reason> {
    let instances = Instances { baseline: pair.baseline.instances(), canary: pair.canary.instances() };
    if let Some(reason) = bias(prepared, settings, instances).filter(|_| settings.judge != JudgeKind::Kayenta) {
        return Err(reason);
    }
    let compared = match (settings.judge, prepared.role) {
        (JudgeKind::Bounds, _) => bounds::compare(prepared),
        (JudgeKind::Kayenta, _) => peer::compare(prepared, peer),
        (JudgeKind::Interval, Role::Exposure) => counts::compare(prepared, settings),
        (JudgeKind::Interval, Role::Weight) => match weighted::compare(prepared) {
            Some(comparison) => Ok(comparison),
            None => interval::compare(prepared, workspace),
        },
        (JudgeKind::Interval, Role::Nothing | Role::SampleSize) => interval::compare(prepared, workspace),
    };
    let apart = settings.judge == JudgeKind::Interval && !prepared.instances.baseline.is_empty();
    compared.map(|found| if apart { instances::by_instance(found, prepared, smallest, workspace) } else { found })
}
