//! False alarms on simulated runs: of a metric by itself, of a run at its end, and of a run over all looks.

use std::collections::BTreeMap;
use std::error::Error;

use canary_core::report::{MetricResult, Report, State};
use canary_core::{Config, InputError, Judge};

use crate::looks::Looks;
use crate::simulate::Family;
use crate::workers;

/// How much is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Runs.
    pub runs: usize,
    /// Metrics in each.
    pub metrics: usize,
    /// Minutes of each run.
    pub ticks: usize,
    /// Minutes between looks.
    pub every: usize,
}

/// How often there was an alarm.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alarms {
    /// Runs.
    pub runs: u32,
    /// Metrics of all runs.
    pub metrics: u32,
    /// Metrics whose own p-value at the end of the run is at most 1 - level.
    pub early: u32,
    /// Metrics that are hot or cold at the end of the run, as its only look.
    pub flagged: u32,
    /// Runs with such a metric.
    pub flagged_runs: u32,
    /// Runs with a hot or cold metric at any of the planned looks.
    pub alarmed_runs: u32,
    /// The first alarm of those runs, by method and window.
    pub sources: BTreeMap<String, u32>,
}

/// Judges simulated runs in which every metric's true ratio is `ratio`. At 1 it is what a team sees; with the
/// ratio on a bound there is still nothing to find, and every shortcut of the error's estimate shows.
///
/// # Errors
/// Where the plan of looks or the config is refused.
pub fn alarms(family: Family, ratio: f64, size: Size) -> Result<Alarms, Box<dyn Error>> {
    // One run a thread: the metrics of one are few.
    let judge = Judge::new(Config::default())?.with_threads(1);
    let looks = Looks::new(size.ticks, size.every)?;
    let runs = workers::map(size.runs, |run| -> Result<Alarms, InputError> {
        let metrics = family.run(size.metrics, size.ticks, ratio, run as u64).set()?;
        let mut alarms = Alarms::at_end(&judge.judge(&metrics));
        for look in 0..looks.count() {
            let report = looks.report(&judge, &metrics, look);
            let Some(first) = report.metrics.iter().find(|metric| is_flagged(metric)) else { continue };
            alarms.alarmed_runs = 1;
            alarms.sources.insert(source(first), 1);
            break;
        }
        Ok(alarms)
    });
    let mut total = Alarms::default();
    for run in runs {
        total.add(&run?);
    }
    Ok(total)
}

impl Alarms {
    fn at_end(report: &Report) -> Self {
        let level = report.config.defaults.level.get();
        let count = |chosen: &dyn Fn(&MetricResult) -> bool| {
            u32::try_from(report.metrics.iter().filter(|metric| chosen(metric)).count()).unwrap_or(u32::MAX)
        };
        let flagged = count(&is_flagged);
        Self {
            runs: 1,
            metrics: count(&|_| true),
            early: count(&|metric| metric.p_value.is_some_and(|p_value| p_value <= 1.0 - level)),
            flagged,
            flagged_runs: u32::from(flagged > 0),
            ..Self::default()
        }
    }

    fn add(&mut self, run: &Self) {
        self.runs += run.runs;
        self.metrics += run.metrics;
        self.early += run.early;
        self.flagged += run.flagged;
        self.flagged_runs += run.flagged_runs;
        self.alarmed_runs += run.alarmed_runs;
        for (source, count) in &run.sources {
            *self.sources.entry(source.clone()).or_default() += count;
        }
    }
}

/// Hot or cold.
#[must_use]
pub fn is_flagged(metric: &MetricResult) -> bool {
    matches!(metric.state, State::Hot | State::Cold)
}

/// What an alarm rests on: `PairedHuber LastEighth`.
#[must_use]
pub fn source(metric: &MetricResult) -> String {
    let method = metric.method.map_or_else(String::new, |method| format!("{method:?}"));
    let window = metric.window.map_or_else(String::new, |window| format!("{window:?}"));
    format!("{method} {window}")
}
