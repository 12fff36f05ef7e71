//! Several instances a side: the instance is the unit.
//!
//! Two machines that run the same software differ for good, and no number of minutes averages that out: at
//! twenty pods a side tests on minutes flag up to 99 % of what did not change. So each instance gives one value
//! a window, and those are compared: by exact ranks where there are enough of them for the level that the run's
//! budget may ask for, else on Student's t with the spread between instances of the same side, never less than
//! the error over time. Sources, assumptions and measured error rates: `docs/method.md`.

use super::comparison::{Comparison, View, Workspace};
use super::estimate::{ByInstance, Estimate, Scale, Values};
use super::interval::windows::length;
use crate::preprocess::{InstanceSeries, Prepared, Role};
use crate::report::{Flag, Method, Window};
use crate::stats::{InstanceMethod, huber_line, huber_location, mean, median};

/// An instance with fewer values in a window has no say there.
const MIN_VALUES: usize = 12;

/// How an instance's values become one.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Summary {
    /// Huber location of the values against the baseline's median instance of the tick: the load that all
    /// instances share cancels.
    Location,
    /// The end of a robust line through the same.
    LineEnd,
    /// The mean over time, where zeros have no logarithm or means are to be weighted.
    Mean,
}

/// What values are taken against.
#[derive(Clone, Copy, Debug)]
struct Gauge {
    scale: Scale,
    /// -1 where the metric lives below zero.
    sign: f64,
    /// The magnitude that differences are divided by.
    level: f64,
    summary: Summary,
}

/// Replaces what the minutes say by what the instances say, window by window. A window in which an instance
/// has no ratio (it is zero throughout) keeps the minutes' answer. `smallest` is the least two-sided chance of
/// a false alarm that the run may leave to this metric.
pub(super) fn by_instance(
    mut comparison: Comparison,
    prepared: &Prepared,
    smallest: f64,
    workspace: &mut Workspace,
) -> Comparison {
    let ticks = paired_ticks(prepared);
    let reference = medians(&prepared.instances.baseline);
    let negative = comparison.flags.contains(&Flag::NegativeLevel);
    let views = std::mem::take(&mut comparison.views);
    for view in views {
        let gauge = gauge(&view, prepared, negative, workspace);
        let first = ticks.len() - length(view.window, ticks.len()).min(ticks.len());
        let seen = ticks.get(first..).unwrap_or_default();
        let tail = smallest * view.part / 2.0;
        let found = gauge.and_then(|gauge| shift(&view, gauge, &prepared.instances, &reference, seen, tail, workspace));
        match found {
            Some((method, estimate)) => {
                if view.window == Window::Full {
                    comparison.method = Some(method);
                    comparison.effective =
                        Some((prepared.instances.baseline.len() + prepared.instances.canary.len()) as f64);
                }
                comparison.views.push(View { estimate, ..view });
            }
            None => comparison.views.push(view),
        }
    }
    comparison
}

/// The ticks that the windows are made of: those at which both sides have a value.
fn paired_ticks(prepared: &Prepared) -> Vec<usize> {
    let both = prepared.baseline.iter().zip(&prepared.canary).map(|(b, c)| !b.is_nan() && !c.is_nan());
    both.enumerate().filter(|(_, both)| *both).map(|(tick, _)| tick).collect()
}

/// The median instance of each tick.
fn medians(instances: &[Vec<f64>]) -> Vec<f64> {
    let ticks = instances.first().map_or(0, Vec::len);
    let mut present = Vec::with_capacity(instances.len());
    let at = |tick: usize| {
        present.clear();
        present.extend(instances.iter().filter_map(|series| series.get(tick)).filter(|value| !value.is_nan()));
        median(&mut present).unwrap_or(f64::NAN)
    };
    (0..ticks).map(at).collect()
}

fn gauge(view: &View, prepared: &Prepared, negative: bool, workspace: &mut Workspace) -> Option<Gauge> {
    let sign = if negative { -1.0 } else { 1.0 };
    let mean_only = prepared.role == Role::Weight;
    let (scale, summary) = match (&view.estimate, view.window) {
        (Estimate::Student(student), Window::End) => (student.scale, Summary::LineEnd),
        (Estimate::Student(student), _) if mean_only => (student.scale, Summary::Mean),
        (Estimate::Student(student), _) => (student.scale, Summary::Location),
        (Estimate::Exact(_), _) => (Scale::Log, Summary::Location),
        (Estimate::Flips(_), _) => (Scale::Log, Summary::Mean),
        (Estimate::Rate(_) | Estimate::Instances(_) | Estimate::Measured(_), _) => return None,
    };
    let level = match scale {
        Scale::Log => 1.0,
        Scale::Difference => magnitude(prepared, workspace)?,
    };
    Some(Gauge { scale, sign, level, summary })
}

/// The median magnitude of both sides.
fn magnitude(prepared: &Prepared, workspace: &mut Workspace) -> Option<f64> {
    workspace.scratch.clear();
    workspace.scratch.extend(prepared.pairs.iter().flat_map(|(b, c)| [b.abs(), c.abs()]));
    median(&mut workspace.scratch).filter(|level| *level > 0.0)
}

fn shift(
    view: &View,
    gauge: Gauge,
    instances: &InstanceSeries,
    reference: &[f64],
    ticks: &[usize],
    tail: f64,
    workspace: &mut Workspace,
) -> Option<(Method, Estimate)> {
    let mut side = |instances: &[Vec<f64>]| -> Vec<f64> {
        instances.iter().filter_map(|series| summary(series, reference, ticks, gauge, workspace)).collect()
    };
    let (baseline, canary) = (side(&instances.baseline), side(&instances.canary));
    if baseline.len().max(canary.len()) < 2 {
        return None;
    }
    let time_error = match &view.estimate {
        Estimate::Student(student) => student.error,
        _ => 0.0,
    };
    let found = ByInstance::new(Values { baseline, canary, time_error, tail }, gauge.scale)?;
    let method = match found.shift.method {
        InstanceMethod::Rank => Method::InstanceRank,
        _ => Method::InstanceMeans,
    };
    Some((method, Estimate::Instances(Box::new(found))))
}

/// One value for an instance over a window; `None` where it has too few.
fn summary(series: &[f64], reference: &[f64], ticks: &[usize], gauge: Gauge, workspace: &mut Workspace) -> Option<f64> {
    let at = |tick: &usize| Some((*series.get(*tick)?, *reference.get(*tick)?));
    let present = || ticks.iter().filter_map(at).filter(|(value, middle)| !value.is_nan() && !middle.is_nan());
    if present().count() < MIN_VALUES {
        return None;
    }
    if gauge.summary == Summary::Mean {
        let mean_of = |side: fn((f64, f64)) -> f64| mean(&present().map(side).collect::<Vec<f64>>());
        let (own, middle) = (mean_of(|pair| pair.0)? * gauge.sign, mean_of(|pair| pair.1)? * gauge.sign);
        // Against the median instance's mean over the same ticks: an instance that came late saw another load.
        return Some(if middle > 0.0 { (own / middle).ln() } else { own.ln() });
    }
    let relative = |(value, middle): (f64, f64)| match gauge.scale {
        Scale::Log => ((value * gauge.sign).max(0.0) / (middle * gauge.sign).max(0.0)).ln(),
        Scale::Difference => value / gauge.level - middle / gauge.level,
    };
    workspace.values.clear();
    // Zero against zero says nothing.
    workspace.values.extend(present().map(relative).filter(|value| !value.is_nan()));
    match gauge.summary {
        Summary::LineEnd => huber_line(&workspace.values, &mut workspace.scratch).map(|line| line.end()),
        _ => huber_location(&workspace.values, &mut workspace.scratch).map(|found| found.location),
    }
}
