//! The traffic behind metrics: other metrics of their region, added up over instances and names.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Kind, sum_over_instances};
use crate::config::{Reference, Resolver};
use crate::metric::{MetricPair, MetricSet};

/// One series a side on the grid; NaN where there is nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sides {
    pub(crate) baseline: Vec<f64>,
    pub(crate) canary: Vec<f64>,
}

/// Looks up and adds up what the rules of a run name.
#[derive(Debug)]
pub(crate) struct Traffic<'a> {
    metrics: &'a MetricSet,
    resolver: &'a Resolver,
    /// By region: what patterns that are the same for every metric add up to. Once a run: each may match a
    /// share of all metrics, and be asked for by all the others.
    common: HashMap<(Option<Arc<str>>, Reference), Sides>,
}

impl<'a> Traffic<'a> {
    /// Adds up what every metric may ask for. Cost: O(metrics × ticks) a pattern.
    pub(crate) fn new(metrics: &'a MetricSet, resolver: &'a Resolver) -> Self {
        let mut traffic = Self { metrics, resolver, common: HashMap::new() };
        for reference in resolver.common_references() {
            for region in metrics.region_names() {
                if let Some(sides) = traffic.added_up(region, &reference) {
                    traffic.common.insert((region.cloned(), reference.clone()), sides);
                }
            }
        }
        traffic
    }

    /// What `reference` names in a region, tick by tick; `None` where it names nothing there. Cost: O(ticks)
    /// an instance; a pattern that depends on the metric also goes through all names with its first letters.
    pub(crate) fn of(&self, region: Option<&Arc<str>>, reference: &Reference) -> Option<Sides> {
        let known = self.common.get(&(region.cloned(), reference.clone()));
        known.cloned().or_else(|| self.added_up(region, reference))
    }

    /// The one metric that is named, to take it instance by instance.
    pub(crate) fn single(&self, region: Option<&Arc<str>>, reference: &Reference) -> Option<(MetricPair<'a>, Kind)> {
        let name = reference.name()?;
        Some((self.metrics.find(region, name)?, self.resolver.kind(name)))
    }

    fn added_up(&self, region: Option<&Arc<str>>, reference: &Reference) -> Option<Sides> {
        let mut sum: Option<Sides> = None;
        let mut scratch = Vec::new();
        let ticks = self.metrics.grid().ticks();
        let mut add = |pair: &MetricPair<'_>| {
            let kind = self.resolver.kind(pair.name);
            let empty = || Sides { baseline: vec![f64::NAN; ticks], canary: vec![f64::NAN; ticks] };
            let sides = sum.get_or_insert_with(empty);
            sum_over_instances(&pair.baseline, kind, &mut sides.baseline, &mut scratch);
            sum_over_instances(&pair.canary, kind, &mut sides.canary, &mut scratch);
        };
        match reference.name() {
            Some(name) => self.metrics.find(region, name).iter().for_each(&mut add),
            None => self
                .metrics
                .starting_with(region, reference.prefix())
                .filter(|pair| reference.matches(pair.name))
                .for_each(|pair| add(&pair)),
        }
        sum
    }
}
