//! What a plot of a trend shows.

use canary_core::trend::Value;

use super::Trended;

/// Room above and below the values, as a share of their range.
const ROOM: f64 = 0.1;

/// A build's place, its number, and the ends of its interval or what a bound leaves open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Point {
    pub(super) place: f64,
    pub(super) value: f64,
    pub(super) interval: Option<(f64, f64)>,
    pub(super) is_bound: bool,
}

/// The points and the levels of a history's series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Points {
    pub(super) builds: Vec<Point>,
    /// From, to, median.
    pub(super) levels: Vec<(f64, f64, f64)>,
    /// The ends of the axis of values.
    pub(super) range: (f64, f64),
    /// The place of the last build.
    pub(super) last: f64,
}

impl Points {
    /// `None` where fewer than two builds have a number.
    pub(super) fn of(trended: Trended<'_>) -> Option<Self> {
        let own = |build: &canary_core::trend::BuildResult| build.series == trended.report.series;
        let points: Vec<Point> = (trended.builds.iter().enumerate())
            .filter(|(_, build)| own(build))
            .filter_map(|(place, build)| point(place, build.value))
            .collect();
        let values = || points.iter().map(|point| point.value);
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        if points.len() < 2 {
            return None;
        }
        // Builds that are all alike still need an axis.
        let room = if high > low { ROOM * (high - low) } else { ROOM * high };
        let levels = trended.report.levels.iter().map(|level| (level.from as f64, level.to as f64, level.median));
        Some(Self {
            levels: levels.collect(),
            range: (low - room, high + room),
            last: trended.builds.len().saturating_sub(1).max(1) as f64,
            builds: points,
        })
    }
}

fn point(place: usize, value: Value) -> Option<Point> {
    let (value, interval, is_bound) = match value {
        Value::Measured { value, lower, upper } => (value, lower.zip(upper), false),
        Value::AtLeast(value) | Value::AtMost(value) => (value, None, true),
        Value::Missing => return None,
    };
    (value > 0.0 && value.is_finite()).then_some(Point { place: place as f64, value, interval, is_bound })
}
