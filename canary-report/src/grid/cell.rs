//! Which cells there are, and in which order.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use canary_core::Report;
use canary_core::report::{Evidence, MetricResult, State};

/// A metric in all of its regions.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// Its results, one a region, by region; never empty.
    results: Vec<&'a MetricResult>,
}

impl<'a> Cell<'a> {
    /// Its results, one a region, by region.
    #[must_use]
    pub fn results(&self) -> &[&'a MetricResult] {
        &self.results
    }

    /// The result that the cell shows where it stands for all regions: the first of the worst ones.
    #[must_use]
    pub fn worst(&self) -> Option<&'a MetricResult> {
        self.results.iter().rev().copied().max_by_key(|metric| severity(metric))
    }
}

/// How bad a result is: against the canary, then silent, then moved in a harmless direction, then undecided.
fn severity(metric: &MetricResult) -> u8 {
    match (metric.state, metric.counts_against, metric.evidence) {
        (State::Hot | State::Cold, true, _) => 4,
        (State::NoData, ..) => 3,
        (State::Hot | State::Cold, false, _) => 2,
        (State::Ok, _, Evidence::Undecided) => 1,
        (State::Ok, _, Evidence::Certified) => 0,
    }
}

/// The cells of a report: critical metrics, then those that must have data, then by weight (the group's times the
/// metric's own), then group by group, by name. Cost: O(metrics · log metrics).
#[must_use]
pub fn cells(report: &Report) -> Vec<Cell<'_>> {
    let mut by_name: BTreeMap<&str, Vec<&MetricResult>> = BTreeMap::new();
    for metric in &report.metrics {
        by_name.entry(&metric.name).or_default().push(metric);
    }
    let group_weights: BTreeMap<&str, f64> =
        report.groups.iter().map(|group| (group.name.as_ref(), group.weight)).collect();
    let mut placed: Vec<(Importance<'_>, Cell<'_>)> = Vec::with_capacity(by_name.len());
    for (_, mut results) in by_name {
        results.sort_by(|a, b| a.region.cmp(&b.region));
        if let Some(first) = results.first() {
            placed.push((Importance::of(first, &group_weights), Cell { results }));
        }
    }
    placed.sort_by(|(a, _), (b, _)| a.before(b));
    placed.into_iter().map(|(_, cell)| cell).collect()
}

/// What decides a cell's place.
struct Importance<'a> {
    critical: bool,
    must_have_data: bool,
    weight: f64,
    group: &'a str,
    name: &'a str,
}

impl<'a> Importance<'a> {
    fn of(metric: &'a MetricResult, group_weights: &BTreeMap<&str, f64>) -> Self {
        let group = group_weights.get(metric.group.as_ref()).copied().unwrap_or(1.0);
        Self {
            critical: metric.critical,
            must_have_data: metric.must_have_data,
            weight: metric.weight * group,
            group: &metric.group,
            name: &metric.name,
        }
    }

    fn before(&self, other: &Self) -> Ordering {
        (other.critical.cmp(&self.critical))
            .then_with(|| other.must_have_data.cmp(&self.must_have_data))
            .then_with(|| other.weight.total_cmp(&self.weight))
            .then_with(|| self.group.cmp(other.group))
            .then_with(|| self.name.cmp(other.name))
    }
}
