//! What a judge says of a labelled run, held against what is known of it.

use std::collections::{BTreeMap, HashMap};

use canary_core::report::{MetricResult, Report, State};

use crate::truth::Truth;

/// The bounds that `truth.csv` knows the expected states for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 0.8 to 1.25.
    Wide,
    /// 0.9 to 1.1.
    Narrow,
}

impl Width {
    /// Both, the default first.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    /// The lower and the upper bound.
    #[must_use]
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Wide => (0.8, 1.25),
            Self::Narrow => (0.9, 1.1),
        }
    }

    /// The expected state of a metric. A count of an uneven split is expected as it is per traffic: that is
    /// how the run's config has it judged.
    #[must_use]
    pub fn expected(self, truth: &Truth) -> &str {
        match self {
            _ if !truth.expected_normalised.is_empty() => &truth.expected_normalised,
            Self::Wide => &truth.expected_wide,
            Self::Narrow => &truth.expected_narrow,
        }
    }
}

/// How often a judge was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Metrics that should be ok.
    pub healthy: u32,
    /// Of those, the ones whose own p-value is at most 1 - level: what would be flagged if no metric knew of
    /// the others.
    pub early: u32,
    /// Of those, the ones that are hot or cold.
    pub alarms: u32,
    /// Metrics that should be hot or cold.
    pub changed: u32,
    /// Of those, the ones that are, in the right direction.
    pub found: u32,
    /// Metrics whose level does not move but something else does.
    pub shapes: u32,
    /// Of those, the ones that are hot, cold or flagged with a shape.
    pub shapes_found: u32,
    /// Metrics that should be nodata.
    pub absent: u32,
    /// Of those, the ones that are.
    pub absent_found: u32,
}

impl Tally {
    /// Holds a report against what is known.
    #[must_use]
    pub fn new(report: &Report, known: &[Truth], width: Width) -> Self {
        let mut tally = Self::default();
        for (truth, result) in known_results(report, known) {
            tally.add(width.expected(truth), result, report.config.defaults.level.get());
        }
        tally
    }

    /// The same for each kind of injection and its size.
    #[must_use]
    pub fn by_kind(report: &Report, known: &[Truth], width: Width) -> BTreeMap<String, Self> {
        let mut by_kind: BTreeMap<String, Self> = BTreeMap::new();
        for (truth, result) in known_results(report, known) {
            let tally = by_kind.entry(truth.injection()).or_default();
            tally.add(width.expected(truth), result, report.config.defaults.level.get());
        }
        by_kind
    }

    fn add(&mut self, expected: &str, result: &MetricResult, level: f64) {
        let state = result.state;
        let flagged = matches!(state, State::Hot | State::Cold);
        if expected == State::Ok.name() {
            self.healthy += 1;
            self.early += u32::from(result.p_value.is_some_and(|p_value| p_value <= 1.0 - level));
            self.alarms += u32::from(flagged);
        } else if expected == State::NoData.name() {
            self.absent += 1;
            self.absent_found += u32::from(state == State::NoData);
        } else if expected == "shape" {
            self.shapes += 1;
            self.shapes_found += u32::from(flagged || !result.shapes.is_empty());
        } else {
            self.changed += 1;
            self.found += u32::from(expected == state.name());
        }
    }

    /// False alarms over healthy metrics; 0 where there are none.
    #[must_use]
    pub fn false_alarms(self) -> f64 {
        f64::from(self.alarms) / f64::from(self.healthy.max(1))
    }

    /// The same before the metrics share a budget.
    #[must_use]
    pub fn early_alarms(self) -> f64 {
        f64::from(self.early) / f64::from(self.healthy.max(1))
    }

    /// Found changes over all changes; 1 where there are none.
    #[must_use]
    pub fn recall(self) -> f64 {
        if self.changed == 0 { 1.0 } else { f64::from(self.found) / f64::from(self.changed) }
    }
}

/// Every known metric with what was said of it.
pub(crate) fn known_results<'a>(
    report: &'a Report,
    known: &'a [Truth],
) -> impl Iterator<Item = (&'a Truth, &'a MetricResult)> {
    let results: HashMap<&str, &MetricResult> =
        report.metrics.iter().map(|found| (found.name.as_ref(), found)).collect();
    known.iter().filter_map(move |truth| Some((truth, *results.get(truth.metric.as_str())?)))
}
