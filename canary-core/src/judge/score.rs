//! The weighted score, per group, per region and over all.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Config, Settings};
use crate::report::{Counts, Evidence, GroupScore, MetricResult, NO_GROUP, State};

/// The group a metric counts in: the rule's, else the input's.
pub(super) fn group_name(settings: &Settings, by_input: Option<&Arc<str>>) -> Arc<str> {
    match &settings.group {
        Some(group) => group.as_str().into(),
        None => by_input.cloned().unwrap_or_else(|| NO_GROUP.into()),
    }
}

/// The score of a set of metrics and what it is made of.
#[derive(Clone, Debug)]
pub(crate) struct Scored {
    pub(crate) score: Option<f64>,
    pub(super) counts: Counts,
    pub(crate) groups: Vec<GroupScore>,
}

/// The scores of every region, by name, and over all.
#[derive(Clone, Debug)]
pub(super) struct Scores {
    pub(super) regions: Vec<(Option<Arc<str>>, Scored)>,
    pub(super) all: Scored,
}

pub(super) fn scores(metrics: &[MetricResult], config: &Config) -> Scores {
    let mut by_region: BTreeMap<Option<&Arc<str>>, Vec<&MetricResult>> = BTreeMap::new();
    for metric in metrics {
        by_region.entry(metric.region.as_ref()).or_default().push(metric);
    }
    let regions = by_region.into_iter().map(|(name, metrics)| (name.cloned(), scored(metrics, config))).collect();
    Scores { regions, all: scored(metrics.iter().collect(), config) }
}

/// What a group's metrics add up to.
#[derive(Default)]
struct Sum {
    counts: Counts,
    weight: f64,
    weight_ok: f64,
}

impl Sum {
    fn add(&mut self, metric: &MetricResult) {
        count(&mut self.counts, metric);
        if metric.state != State::NoData {
            self.weight += metric.weight;
            self.weight_ok += if metric.counts_against { 0.0 } else { metric.weight };
        }
    }

    /// 100 · Σ weight(ok) / Σ weight(hot, cold, ok). A change in a direction that is no failure is ok here.
    fn score(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| 100.0 * self.weight_ok / self.weight)
    }
}

fn count(counts: &mut Counts, metric: &MetricResult) {
    match metric.state {
        State::Hot => counts.hot += 1,
        State::Cold => counts.cold += 1,
        State::Ok => counts.ok += 1,
        State::NoData => counts.nodata += 1,
    }
    counts.undecided += u64::from(metric.state == State::Ok && metric.evidence == Evidence::Undecided);
    counts.against += u64::from(metric.counts_against);
}

/// The score of some metrics, group by group.
pub(crate) fn scored(metrics: Vec<&MetricResult>, config: &Config) -> Scored {
    let mut sums: BTreeMap<&Arc<str>, Sum> = BTreeMap::new();
    let mut counts = Counts::default();
    for metric in metrics {
        sums.entry(&metric.group).or_default().add(metric);
        count(&mut counts, metric);
    }
    let group_score = |(name, sum): (&Arc<str>, Sum)| GroupScore {
        name: Arc::clone(name),
        weight: group_weight(config, name),
        score: sum.score(),
        counts: sum.counts,
    };
    let groups: Vec<GroupScore> = sums.into_iter().map(group_score).collect();
    Scored { score: weighted(&groups), counts, groups }
}

pub(super) fn group_weight(config: &Config, group: &str) -> f64 {
    config.groups.get(group).copied().unwrap_or_default().weight.get()
}

/// Σ group weight · group score / Σ group weight over the groups that have data.
pub(crate) fn weighted(groups: &[GroupScore]) -> Option<f64> {
    let with_data = || groups.iter().filter_map(|group| Some((group.weight, group.score?)));
    let weight: f64 = with_data().map(|(weight, _)| weight).sum();
    let sum: f64 = with_data().map(|(weight, score)| weight * score).sum();
    // Rounding must not carry a perfect score over 100.
    (weight > 0.0).then(|| (sum / weight).min(100.0))
}
