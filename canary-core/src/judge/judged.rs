//! One metric on its way through the judge.

use std::sync::Arc;

use super::comparison::{Comparison, Loudest};
use super::look::Look;
use super::pulse::Pulse;
use super::standing::Standing;
use crate::config::Settings;
use crate::kayenta::Label;
use crate::metric::MetricPair;
use crate::note::Note;
use crate::report::{Average, MetricResult, PeerDifference, Reason, Series};
use crate::shape::ShapeFinding;

/// What a metric is called.
#[derive(Clone, Copy)]
pub(super) struct Key<'a> {
    pub(super) name: &'a Arc<str>,
    pub(super) region: Option<&'a Arc<str>>,
    pub(super) group: Option<&'a Arc<str>>,
}

impl<'a> Key<'a> {
    pub(super) fn of(pair: &MetricPair<'a>) -> Self {
        Self { name: pair.name, region: pair.region, group: pair.group }
    }
}

/// One metric between its comparison and its result.
pub(super) struct Judged<'a> {
    pub(super) key: Key<'a>,
    pub(super) settings: Settings,
    pub(super) compared: Result<Comparison, Reason>,
    pub(super) average: Average,
    pub(super) baseline_points: u64,
    pub(super) canary_points: u64,
    pub(super) unequal_missing: bool,
    pub(super) shapes: Vec<ShapeFinding>,
    pub(super) peer: Option<Label>,
    /// What speaks most against the bounds, once it is known by how much intervals are widened.
    pub(super) loudest: Option<Loudest>,
    /// Both sides as they were compared, where the peer's verdict is to be explained.
    pub(super) sides: Option<(Vec<f64>, Vec<f64>)>,
    pub(super) pulse: Pulse,
    pub(super) notes: Vec<Note>,
    pub(super) series: Option<Series>,
}

impl Judged<'_> {
    pub(super) fn weigh(&mut self, look: &Look) {
        self.loudest = self.compared.as_ref().ok().and_then(|found| found.loudest(self.settings.bounds, look));
    }

    /// Two-sided p-value over all looks. `None` for a rule that knows none.
    pub(super) fn p_value(&self) -> Option<f64> {
        let by_rule = self.compared.as_ref().is_ok_and(|found| found.ruling.is_some());
        self.loudest.filter(|_| !by_rule).map(|loudest| loudest.p_value)
    }
}

/// One metric's result and what the run makes of it.
pub(super) struct Finished {
    pub(super) result: MetricResult,
    pub(super) standing: Option<Standing>,
    pub(super) difference: Option<PeerDifference>,
    pub(super) pulse: Pulse,
}
