//! At which level the interval stands, and why at that one.

use canary_core::config::Settings;
use canary_core::report::{MetricResult, Report};

use super::super::reason::is_measured;
use super::{counted, interval_text, percent_beside, sentences};

/// Levels closer than this are the same: they come from the same number by way of one minus it.
const SAME_LEVEL: f64 = 1e-9;

/// The metrics that share a budget.
#[derive(Clone, Copy)]
enum Family {
    /// They fail the run alone.
    Critical,
    /// They count in the score.
    Counted,
    /// They have no weight.
    Shown,
}

impl Family {
    fn of(metric: &MetricResult) -> Self {
        match (metric.critical, metric.weight > 0.0) {
            (true, _) => Self::Critical,
            (false, true) => Self::Counted,
            (false, false) => Self::Shown,
        }
    }
}

/// How many metrics share each budget.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Families {
    critical: u64,
    counted: u64,
    shown: u64,
}

impl Families {
    pub(super) fn of(report: &Report) -> Self {
        let mut families = Self::default();
        for metric in report.metrics.iter().filter(|metric| metric.p_value.is_some()) {
            match Family::of(metric) {
                Family::Critical => families.critical += 1,
                Family::Counted => families.counted += 1,
                Family::Shown => families.shown += 1,
            }
        }
        families
    }
}

/// The interval and the reason for its level.
pub(super) fn level(report: &Report, families: Families, metric: &MetricResult, settings: Option<&Settings>) -> String {
    let Some(interval) = metric.interval else { return String::new() };
    let shown = format!("{} at {}", interval_text(interval, metric.bounds), percent_beside(interval.level, 1.0));
    let own = settings.map(|settings| settings.level.get());
    if own.is_some_and(|own| (own - interval.level).abs() < SAME_LEVEL) {
        let why = "that is the metric's own level (`level`), at which it is certified to lie within its bounds";
        return sentences(&[shown, why.to_owned()]);
    }
    let own = own.map(|own| {
        format!("the metric's own level, {}, certifies only what lies within its bounds", percent_beside(own, 1.0))
    });
    let windows = if is_measured(metric) {
        String::new()
    } else {
        "what a metric gets is split over the windows of time that it is looked at in".to_owned()
    };
    sentences(&[shown, budget(report, families, metric), windows, own.unwrap_or_default()])
}

/// How the run's chance of a false alarm came down to what this metric may spend.
fn budget(report: &Report, families: Families, metric: &MetricResult) -> String {
    let total = percent_beside(report.config.evidence.false_alarm.get(), 1.0);
    let run = format!("the whole run may raise a false alarm with a chance of {total} (`evidence.false_alarm`)");
    match Family::of(metric) {
        Family::Critical if families.counted > 0 => format!(
            "{run}; a fifth of it is for {}, shared by Holm's procedure, since one alone fails the run",
            counted(families.critical, "critical metric")
        ),
        Family::Critical => {
            format!("{run}, shared over {} by Holm's procedure", counted(families.critical, "critical metric"))
        }
        Family::Counted => {
            format!("{run}, shared over {} by Benjamini and Hochberg's procedure", counted(families.counted, "metric"))
        }
        Family::Shown => {
            format!("{run}, and as often among the {} without weight", counted(families.shown, "metric"))
        }
    }
}
