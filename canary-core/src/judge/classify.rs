//! Hot, cold, ok or nodata, and why.

use super::comparison::{Comparison, Loudest, Ruling, View};
use super::estimate::Estimate;
use super::finite;
use super::look::Look;
use super::position::{above, below, within};
use crate::config::{Bounds, Direction, Settings};
use crate::report::{Average, Detectable, Evidence, Interval, Reason, State, Window};
use crate::shape::{ShapeDirection, ShapeFinding};
use crate::stats::RESOLUTION;

/// What one metric's comparison comes to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Classified {
    pub(super) state: State,
    pub(super) evidence: Evidence,
    pub(super) reason: Reason,
    pub(super) counts_against: bool,
    /// The window that decided, and what it shows.
    pub(super) window: Option<Window>,
    pub(super) ratio: f64,
    pub(super) average: Average,
    pub(super) interval: Option<Interval>,
    pub(super) detectable: Option<Detectable>,
    /// How many times the data seen so far it takes to decide an undecided metric.
    pub(super) times_needed: Option<f64>,
    /// The log ratio that decided and its standard error, where the judge has one.
    pub(super) location: Option<(f64, f64)>,
    /// How many instances a side it takes instead, where they are the unit.
    pub(super) instances_needed: Option<u32>,
}

impl Classified {
    fn nodata(reason: Reason, average: Average) -> Self {
        Self {
            state: State::NoData,
            evidence: Evidence::Undecided,
            reason,
            counts_against: false,
            window: None,
            ratio: f64::NAN,
            average,
            interval: None,
            detectable: None,
            times_needed: None,
            location: None,
            instances_needed: None,
        }
    }
}

/// Lower and upper end of an interval; either may be infinite.
type Ends = (f64, f64);

/// Holds the loudest window's interval at the level that `allowed` leaves it against the bounds, and the
/// change against the floor. Where none lies outside, the whole window's interval at the metric's own
/// level says whether it lies within.
pub(super) fn classify(
    compared: &Result<Comparison, Reason>,
    loudest: Option<Loudest>,
    settings: &Settings,
    allowed: f64,
    look: &Look,
) -> Classified {
    let comparison = match compared {
        Ok(comparison) => comparison,
        Err(reason) => return Classified::nodata(reason.clone(), Average::default()),
    };
    let loudest = loudest.and_then(|loudest| comparison.views.get(loudest.view));
    let (Some(loudest), Some(full)) = (loudest, comparison.views.first()) else {
        return Classified::nodata(Reason::NoValues, comparison.average);
    };
    let mut classified = match &comparison.ruling {
        None => by_interval(comparison, loudest, full, settings, allowed, look),
        Some(Ruling::Ratio) => by_ratio(comparison, full, settings.bounds),
        Some(Ruling::State(state, reason)) => seen(*state, Evidence::Certified, reason.clone(), full, None),
    };
    classified.location = comparison.ruling.is_none().then(|| {
        let decided = classified.state != State::Ok;
        let estimate = if decided { &loudest.estimate } else { &full.estimate };
        estimate.log_location(decided, comparison.widening)
    });
    if let Some(reason) = below_floor(&classified, settings) {
        classified = Classified { state: State::Ok, reason, ..classified };
    }
    classified.counts_against = is_failure(classified.state, settings.direction);
    classified
}

fn by_interval(
    comparison: &Comparison,
    loudest: &View,
    full: &View,
    settings: &Settings,
    allowed: f64,
    look: &Look,
) -> Classified {
    let (bounds, level) = (settings.bounds, settings.level.get());
    let alpha = loudest.alpha(allowed, look, comparison.widening);
    let outer = loudest.estimate.interval(alpha);
    if let Some((state, reason)) = outside(outer, bounds) {
        let reason = special(comparison, loudest, reason);
        return seen(state, Evidence::Certified, reason, loudest, wire(outer, 1.0 - alpha));
    }
    let inner = full.estimate.interval(1.0 - level);
    let (alpha, outer) = if std::ptr::eq(full, loudest) {
        (alpha, outer)
    } else {
        let alpha = full.alpha(allowed, look, comparison.widening);
        (alpha, full.estimate.interval(alpha))
    };
    let detectable = detectable(full, outer, bounds);
    if within(inner.0, bounds) && within(inner.1, bounds) {
        let reason = special(comparison, full, Reason::WithinBounds);
        let idle = matches!(reason, Reason::BothZero | Reason::NoEvents { .. });
        let interval = wire(inner, level).filter(|_| !idle);
        return Classified { detectable, ..seen(State::Ok, Evidence::Certified, reason, full, interval) };
    }
    let instances_needed = instances_needed(full, (alpha, 1.0 - level), bounds);
    // More minutes of the same machines do not tell the machines apart, and say nothing of a test of its own.
    let by_minute = !matches!(full.estimate, Estimate::Instances(_) | Estimate::Measured(_));
    let times_needed = times_needed(full, inner, outer, bounds).filter(|_| by_minute);
    let interval = wire(outer, 1.0 - alpha);
    let undecided = seen(State::Ok, Evidence::Undecided, Reason::OverlapsBound, full, interval);
    Classified { detectable, times_needed, instances_needed, ..undecided }
}

/// The classical rule: the ratio itself.
fn by_ratio(comparison: &Comparison, full: &View, bounds: Bounds) -> Classified {
    let ratio = full.estimate.ratio();
    let (state, reason) = outside((ratio, ratio), bounds).unwrap_or((State::Ok, Reason::WithinBounds));
    seen(state, Evidence::Certified, special(comparison, full, reason), full, None)
}

fn seen(state: State, evidence: Evidence, reason: Reason, view: &View, interval: Option<Interval>) -> Classified {
    Classified {
        state,
        evidence,
        reason,
        counts_against: false,
        window: Some(view.window),
        ratio: view.estimate.ratio(),
        average: view.average,
        interval,
        detectable: None,
        times_needed: None,
        location: None,
        instances_needed: None,
    }
}

fn outside((lower, upper): Ends, bounds: Bounds) -> Option<(State, Reason)> {
    if above(lower, bounds) {
        Some((State::Hot, Reason::AboveUpperBound))
    } else if below(upper, bounds) {
        Some((State::Cold, Reason::BelowLowerBound))
    } else {
        None
    }
}

/// The comparison's own reason says more, where it is about the same window.
fn special(comparison: &Comparison, view: &View, plain: Reason) -> Reason {
    comparison.special.clone().filter(|_| view.window == Window::Full).unwrap_or(plain)
}

/// An interval for the report. One at infinity has no finite end to show.
fn wire((lower, upper): Ends, level: f64) -> Option<Interval> {
    (lower < f64::INFINITY).then(|| Interval { level, lower: finite(lower), upper: finite(upper) })
}

/// The smallest changes that would just lie outside their bounds by now.
fn detectable(full: &View, (lower, upper): Ends, bounds: Bounds) -> Option<Detectable> {
    let ratio = full.estimate.ratio();
    let increase = bounds.upper() * ratio / lower;
    let decrease = bounds.lower() * ratio / upper;
    let known = |value: f64| finite(value).filter(|value| *value > 0.0);
    let found = Detectable { increase: known(increase), decrease: known(decrease) };
    (found != Detectable::default()).then_some(found)
}

/// The half-width of an interval falls with the root of its data: what it takes for the one that decides
/// to reach no further than the nearest bound, if the ratio stays.
fn times_needed(full: &View, inner: Ends, outer: Ends, bounds: Bounds) -> Option<f64> {
    let ratio = full.estimate.ratio().ln();
    let (to_lower, to_upper) = (ratio - bounds.lower().ln(), bounds.upper().ln() - ratio);
    let (below, above) = (|ends: Ends| ratio - ends.0.ln(), |ends: Ends| ends.1.ln() - ratio);
    let times = if to_upper < 0.0 {
        below(outer) / -to_upper
    } else if to_lower < 0.0 {
        above(outer) / -to_lower
    } else {
        (below(inner) / to_lower).max(above(inner) / to_upper)
    };
    finite(times * times).filter(|times| *times > 1.0)
}

/// As [`times_needed`], for instances: (the level of the deciding interval, that of the certifying one).
fn instances_needed(full: &View, (outer, inner): (f64, f64), bounds: Bounds) -> Option<u32> {
    let Estimate::Instances(found) = &full.estimate else { return None };
    let at = found.shift.estimate;
    let (to_lower, to_upper) = (at - found.scale.location(bounds.lower()), found.scale.location(bounds.upper()) - at);
    let nearest = to_lower.min(to_upper);
    if nearest < 0.0 { found.instances_needed(outer, -nearest) } else { found.instances_needed(inner, nearest) }
}

fn below_floor(classified: &Classified, settings: &Settings) -> Option<Reason> {
    if classified.state == State::Ok {
        return None;
    }
    let (baseline, canary) = (classified.average.baseline?, classified.average.canary?);
    let (change, floor) = (canary - baseline, settings.floor?.get());
    // By more than rounding, as the bounds: a difference carries the rounding of what it is taken from.
    let rounding = RESOLUTION * floor.max(baseline.abs()).max(canary.abs());
    (change.abs() < floor - rounding).then_some(Reason::BelowFloor { change, floor })
}

/// A shape that a rule counts makes an ok metric hot or cold.
pub(super) fn with_shapes(classified: Classified, shapes: &[ShapeFinding], settings: &Settings) -> Classified {
    if classified.state != State::Ok {
        return classified;
    }
    let Some(found) = shapes.iter().find(|found| settings.shapes.contains(&found.shape)) else { return classified };
    let state = if found.direction == Some(ShapeDirection::Up) { State::Hot } else { State::Cold };
    // A shape without a direction (stuck, zeroed) is a failure whichever change the rule looks for.
    let counts_against = found.direction.is_none() || is_failure(state, settings.direction);
    let reason = Reason::Shape { shape: found.shape };
    Classified { state, evidence: Evidence::Certified, reason, counts_against, ..classified }
}

fn is_failure(state: State, direction: Direction) -> bool {
    match state {
        State::Hot => direction != Direction::Decrease,
        State::Cold => direction != Direction::Increase,
        State::Ok | State::NoData => false,
    }
}
