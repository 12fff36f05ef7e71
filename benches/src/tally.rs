//! What a judge says of a labelled run, held against what is known of it.

use std::collections::HashMap;

use canary_core::report::{Evidence, MetricResult, Report, State};

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
    /// The lower and the upper bound.
    #[must_use]
    pub fn bounds(self) -> (f64, f64) {
        match self {
            Self::Wide => (0.8, 1.25),
            Self::Narrow => (0.9, 1.1),
        }
    }

    /// The expected state of a metric.
    #[must_use]
    pub fn expected(self, truth: &Truth) -> &str {
        match self {
            Self::Wide => &truth.expected_wide,
            Self::Narrow => &truth.expected_narrow,
        }
    }
}

/// How often a judge was right. Metrics whose level does not move (`shape`) are left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Metrics that should be ok.
    pub healthy: u32,
    /// Of those, the ones that are hot or cold.
    pub alarms: u32,
    /// Metrics that should be hot or cold.
    pub changed: u32,
    /// Of those, the ones that are, in the right direction.
    pub found: u32,
    /// Metrics that are ok but undecided.
    pub undecided: u32,
}

impl Tally {
    /// Holds a report against what is known.
    #[must_use]
    pub fn new(report: &Report, known: &[Truth], width: Width) -> Self {
        let results = report.metrics.iter().map(|found| (found.name.as_ref(), found));
        let by_name: HashMap<&str, &MetricResult> = results.collect();
        let mut tally = Self::default();
        for truth in known {
            let state = by_name.get(truth.metric.as_str()).map_or(State::NoData, |result| result.state);
            tally.add(width.expected(truth), state);
        }
        let undecided = |metric: &&MetricResult| metric.state == State::Ok && metric.evidence == Evidence::Undecided;
        tally.undecided = u32::try_from(report.metrics.iter().filter(undecided).count()).unwrap_or(u32::MAX);
        tally
    }

    fn add(&mut self, expected: &str, state: State) {
        if expected == State::Ok.name() {
            self.healthy += 1;
            self.alarms += u32::from(matches!(state, State::Hot | State::Cold));
        } else if expected == State::Hot.name() || expected == State::Cold.name() {
            self.changed += 1;
            self.found += u32::from(expected == state.name());
        }
    }

    /// False alarms over healthy metrics; 0 where there are none.
    #[must_use]
    pub fn false_alarms(self) -> f64 {
        f64::from(self.alarms) / f64::from(self.healthy.max(1))
    }

    /// Found changes over all changes; 1 where there are none.
    #[must_use]
    pub fn recall(self) -> f64 {
        if self.changed == 0 { 1.0 } else { f64::from(self.found) / f64::from(self.changed) }
    }
}
