//! How long it takes to see a change, and to be sure that there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use canary_core::config::Bounds;
use canary_core::report::{Evidence, MetricResult, State};
use canary_core::{Config, Judge};

use crate::alarms::is_flagged;
use crate::looks::Looks;
use crate::recording::{Metric, Recording};
use crate::workers;

/// One metric in twenty is changed: a change that hits everything would lend each metric the budget of all.
const CHANGED: usize = 20;

/// A change of the canary, and what counts as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// What values are multiplied by.
    pub ratio: f64,
    /// From this share of the run on.
    pub onset: f64,
    /// Bounds on the ratio.
    pub bounds: Bounds,
}

/// When looks first said something of the metrics that it is true of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delay {
    /// The metrics that it is true of.
    pub metrics: usize,
    /// Minutes until a look says so, rising; only of those that a look does.
    pub minutes: Vec<usize>,
    /// How many other metrics there are.
    pub others: usize,
    /// Of those, the ones that a look said it of.
    pub alarms: usize,
}

impl Delay {
    /// The median over all metrics; `None` where less than half were seen.
    #[must_use]
    pub fn median(&self) -> Option<usize> {
        self.minutes.get(self.metrics.div_ceil(2).saturating_sub(1)).copied()
    }
}

/// Minutes from the onset of a change in one metric of twenty to the first look, `every` minutes, that flags
/// the metric.
///
/// # Errors
/// Where the plan of looks or the config is refused.
pub fn to_flag(recording: &Recording, change: Change, every: usize) -> Result<Delay, Box<dyn Error>> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the ticks")]
    let onset = (change.onset * recording.grid.ticks() as f64).round() as usize;
    let mut changed = recording.clone();
    let mut names = BTreeSet::new();
    for metric in changed.metrics.iter_mut().filter(|metric| is_active(metric)).step_by(CHANGED) {
        metric.multiply(change.ratio, onset);
        names.insert(metric.name.clone());
    }
    let others = changed.metrics.len() - names.len();
    let mut delay = Delay { metrics: names.len(), others, ..Delay::default() };
    for (name, minute) in first_looks(&changed, change.bounds, every, &is_flagged)? {
        if !names.contains(&name) {
            delay.alarms += 1;
        } else if minute > onset {
            delay.minutes.push(minute - onset);
        }
    }
    delay.minutes.sort_unstable();
    Ok(delay)
}

/// Minutes to the first look that certifies a metric of a run without a change to be within its bounds.
///
/// # Errors
/// Where the plan of looks or the config is refused.
pub fn to_certainty(recording: &Recording, bounds: Bounds, every: usize) -> Result<Delay, Box<dyn Error>> {
    let is_certified = |metric: &MetricResult| metric.state == State::Ok && metric.evidence == Evidence::Certified;
    let first = first_looks(recording, bounds, every, &is_certified)?;
    let mut minutes: Vec<usize> = first.into_values().collect();
    minutes.sort_unstable();
    Ok(Delay { metrics: recording.metrics.len(), minutes, ..Delay::default() })
}

/// The minute of the first look that says so, for each metric of which one does.
fn first_looks(
    recording: &Recording,
    bounds: Bounds,
    every: usize,
    says: &(impl Fn(&MetricResult) -> bool + Sync),
) -> Result<BTreeMap<String, usize>, Box<dyn Error>> {
    let mut config = Config::default();
    config.defaults.bounds = bounds;
    // A look a thread.
    let judge = Judge::new(config)?.with_threads(1);
    let looks = Looks::new(recording.grid.ticks(), every)?;
    let metrics = recording.set()?;
    let said = workers::map(looks.count(), |look| {
        let report = looks.report(&judge, &metrics, look);
        report.metrics.iter().filter(|metric| says(metric)).map(|metric| metric.name.to_string()).collect::<Vec<_>>()
    });
    let mut first = BTreeMap::new();
    for (look, names) in said.into_iter().enumerate() {
        for name in names {
            first.entry(name).or_insert(looks.ticks(look));
        }
    }
    Ok(first)
}

/// Whether multiplying the canary's values changes anything.
fn is_active(metric: &Metric) -> bool {
    metric.canary.iter().filter(|value| value.is_finite() && **value > 0.0).count() * 2 > metric.canary.len()
}
