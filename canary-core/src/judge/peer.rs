//! The peer's rule in place of ours, or beside it.

use std::collections::BTreeMap;

use super::comparison::{Comparison, Ruling, View, own_averages};
use super::estimate::Estimate;
use crate::config::{Config, Settings};
use crate::kayenta::{Classification, Label, Rule, ScoreRule, Scored, classify, score};
use crate::preprocess::Prepared;
use crate::report::{Method, MetricResult, Peer, PeerDifference, Reason, State};

/// What the peer's rule says of one metric. Both sides go in as they are, unpaired.
pub(super) fn classified(prepared: &Prepared, settings: &Settings, seed: u64) -> Classification {
    classify(&prepared.baseline, &prepared.canary, &Rule::from(settings), seed)
}

/// The peer's rule as the judge of a metric.
pub(super) fn compare(prepared: &Prepared, found: Option<&Classification>) -> Result<Comparison, Reason> {
    let found = found.ok_or(Reason::NoValues)?;
    let average = own_averages(prepared);
    let state = match found.label {
        Label::High => State::Hot,
        Label::Low => State::Cold,
        Label::Pass => State::Ok,
        Label::Nodata | Label::NodataFailMetric | Label::Error => State::NoData,
    };
    let shift = found.shift;
    let reason = Reason::Kayenta {
        label: found.label,
        lower: shift.and_then(|shift| super::finite(shift.lower)),
        upper: shift.and_then(|shift| super::finite(shift.upper)),
        estimate: shift.and_then(|shift| super::finite(shift.estimate)),
    };
    if state == State::NoData {
        return Err(reason);
    }
    // Zero on both sides is equal, but no evidence that anything works: the verdict must know.
    let idle = average.baseline == Some(0.0) && average.canary == Some(0.0);
    let reason = if idle && state == State::Ok { Reason::BothZero } else { reason };
    let mut comparison = Comparison::of(average);
    comparison.views = vec![View::full(Estimate::Exact(found.deviation.unwrap_or(f64::NAN)), average)];
    comparison.ruling = Some(Ruling::State(state, reason));
    comparison.method = Some(Method::Kayenta);
    Ok(comparison)
}

/// The peer's verdict over the metrics that carry its label: that of the region it scores lowest. `None`
/// where it was not asked.
pub(super) fn summary(results: &[MetricResult], differences: Vec<PeerDifference>, config: &Config) -> Option<Peer> {
    let mut regions: BTreeMap<_, Vec<&MetricResult>> = BTreeMap::new();
    for result in results.iter().filter(|result| result.peer.is_some()) {
        regions.entry(&result.region).or_default().push(result);
    }
    let group_weights = config.groups.iter().map(|(name, group)| (name.clone(), group.weight.get())).collect();
    let rule = ScoreRule { group_weights, thresholds: config.thresholds };
    let summaries = regions.into_values().map(|metrics| {
        let groups: Vec<[String; 1]> = metrics.iter().map(|metric| [metric.group.to_string()]).collect();
        let scored = metrics.iter().zip(&groups).filter_map(|(metric, groups)| {
            let label = metric.peer?;
            let (muted, critical) = (metric.weight == 0.0, metric.critical);
            Some(Scored { name: &metric.name, label, critical, muted, groups, reason: "" })
        });
        score(&scored.collect::<Vec<_>>(), &rule)
    });
    let worst = summaries.min_by(|a, b| a.score.total_cmp(&b.score))?;
    Some(Peer { score: worst.score, classification: worst.classification, reason: worst.reason, differences })
}
