//! One series as it comes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::super::life::Life;
use super::numbers;
use crate::note::Side;

/// What tells one series from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct SeriesKey {
    /// The build that it is of.
    pub(crate) side: Side,
    /// Its metric.
    pub(crate) metric: Arc<str>,
    /// Its region, where there are regions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) region: Option<Arc<str>>,
    /// Its instance, where there are instances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) instance: Option<Arc<str>>,
}

/// A series with its values so far. Ticks count from any tick, and may be negative.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Column {
    pub(super) key: SeriesKey,
    /// The first of its groups by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Arc<str>>,
    /// The tick of the first value.
    start: i64,
    /// One a tick, NaN where there is none.
    #[serde(with = "numbers")]
    values: Vec<f64>,
    /// The ticks of values beyond the first of their tick, and those values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more_ticks: Vec<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "numbers")]
    more_values: Vec<f64>,
    /// The ticks of rows whose value is NaN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) missing: Vec<i64>,
    /// The ticks of rows whose value is infinite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) infinite: Vec<i64>,
}

impl Column {
    pub(super) fn new(key: SeriesKey) -> Self {
        Self {
            key,
            group: None,
            start: 0,
            values: Vec::new(),
            more_ticks: Vec::new(),
            more_values: Vec::new(),
            missing: Vec::new(),
            infinite: Vec::new(),
        }
    }

    /// Takes in one row. Cost: O(1) amortised, and O(ticks) where it comes before all others of the series.
    pub(super) fn put(&mut self, tick: i64, value: f64) {
        if value.is_nan() {
            self.missing.push(tick);
            return;
        }
        if value.is_infinite() {
            self.infinite.push(tick);
            return;
        }
        if self.values.is_empty() {
            self.start = tick;
        }
        if tick < self.start {
            let ahead = usize::try_from(self.start - tick).unwrap_or(usize::MAX);
            self.values.splice(0..0, std::iter::repeat_n(f64::NAN, ahead));
            self.start = tick;
        }
        let place = usize::try_from(tick - self.start).unwrap_or(usize::MAX);
        if place >= self.values.len() {
            self.values.resize(place.saturating_add(1), f64::NAN);
        }
        match self.values.get_mut(place) {
            Some(empty) if empty.is_nan() => *empty = value,
            _ => {
                self.more_ticks.push(tick);
                self.more_values.push(value);
            }
        }
    }

    /// The ticks with a value and the first value of each, in order of time, ticks counted from `first`.
    pub(super) fn cells(&self, first: i64) -> impl Iterator<Item = (usize, f64)> {
        let shift = usize::try_from(self.start.saturating_sub(first)).unwrap_or_default();
        self.values
            .iter()
            .enumerate()
            .filter(|(_, value)| !value.is_nan())
            .map(move |(place, &value)| (place + shift, value))
    }

    /// The values beyond the first of their tick, ticks counted from `first`.
    pub(super) fn more(&self, first: i64) -> impl Iterator<Item = (usize, f64)> {
        let ticks = self.more_ticks.iter().map(move |&tick| usize::try_from(tick - first).unwrap_or_default());
        ticks.zip(self.more_values.iter().copied())
    }

    /// From when to when there are values, ticks counted from `first`.
    pub(super) fn life(&self, first: i64) -> Option<Life> {
        // A column starts and ends with a value.
        let start = usize::try_from(self.start.saturating_sub(first)).unwrap_or_default();
        let length = self.values.len().checked_sub(1)?;
        Some(Life { first: start, last: start + length })
    }
}
