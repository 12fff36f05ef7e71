//! The common time grid of both sides.

use crate::config::Span;
use crate::error::InputError;

/// Evenly spaced ticks. Tick `i` covers the times from `start + i * step` up to the next tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeGrid {
    /// Start of the first tick in milliseconds since 1970; `None` where the data carry no clock.
    pub(crate) start_ms: Option<i64>,
    pub(crate) step_ms: i64,
    pub(crate) ticks: usize,
}

/// The longest grid that is judged: 31 years of minutes, 194 days of seconds.
pub(super) const MAX_TICKS: u64 = 1 << 24;

impl TimeGrid {
    /// A grid without a clock: `ticks` ticks of `step`.
    #[must_use]
    pub fn new(step: Span, ticks: usize) -> Self {
        Self { start_ms: None, step_ms: step.ms().max(1), ticks }
    }

    /// The same grid with its first tick at `start_ms` milliseconds since 1970.
    #[must_use]
    pub fn starting_at(mut self, start_ms: i64) -> Self {
        self.start_ms = Some(start_ms);
        self
    }

    /// Ticks on the grid.
    #[must_use]
    pub fn ticks(&self) -> usize {
        self.ticks
    }

    /// The time between ticks.
    #[must_use]
    pub fn step(&self) -> Span {
        Span::from_ms(self.step_ms)
    }

    /// Start of the first tick and end of the last one, RFC 3339; `None` without a clock or a tick.
    #[must_use]
    pub fn window(&self) -> Option<(String, String)> {
        let start = self.start_ms.filter(|_| self.ticks > 0)?;
        Some((rfc3339(start), self.time_after(self.ticks)?))
    }

    /// When `ticks` ticks have passed, RFC 3339; `None` without a clock.
    #[must_use]
    pub fn time_after(&self, ticks: usize) -> Option<String> {
        self.time_ms(ticks).map(rfc3339)
    }

    /// The same in milliseconds since 1970.
    #[must_use]
    pub fn time_ms(&self, ticks: usize) -> Option<i64> {
        let length = self.step_ms.checked_mul(i64::try_from(ticks).ok()?)?;
        self.start_ms?.checked_add(length)
    }

    /// How long `ticks` ticks last.
    #[must_use]
    pub fn minutes(&self, ticks: usize) -> f64 {
        ticks as f64 * self.step_ms as f64 / 60_000.0
    }

    /// The grid that covers `first_ms ..= last_ms`, its ticks at whole multiples of the step after `phase_ms`.
    pub(crate) fn covering(first_ms: i64, last_ms: i64, step_ms: i64, phase_ms: i64) -> Result<Self, InputError> {
        let offset = (first_ms.wrapping_sub(phase_ms)).rem_euclid(step_ms);
        let start_ms = first_ms.saturating_sub(offset);
        let ticks = last_ms.abs_diff(start_ms) / step_ms.unsigned_abs() + 1;
        if ticks > MAX_TICKS {
            return Err(InputError::TooManyTicks {
                start: rfc3339(first_ms),
                end: rfc3339(last_ms),
                step: Span::from_ms(step_ms).to_string(),
                ticks,
                limit: MAX_TICKS,
            });
        }
        let ticks = usize::try_from(ticks).unwrap_or(usize::MAX);
        Ok(Self { start_ms: Some(start_ms), step_ms, ticks })
    }
}

pub(super) fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| format!("{ms} ms"), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn covers_first_and_last() {
        let grid = TimeGrid::covering(90_000, 300_000, 60_000, 30_000).unwrap();
        assert_eq!((grid.start_ms, grid.ticks), (Some(90_000), 4));
        let grid = TimeGrid::covering(100_000, 100_000, 60_000, 30_000).unwrap();
        assert_eq!((grid.start_ms, grid.ticks), (Some(90_000), 1));
        let grid = TimeGrid::covering(-10, 10, 60_000, 0).unwrap();
        assert_eq!((grid.start_ms, grid.ticks), (Some(-60_000), 2));
    }

    #[test]
    fn a_wrong_time_unit_is_an_error_that_says_so() {
        let error = TimeGrid::covering(0, 1_741_000_000_000, 60, 0).unwrap_err().to_string();
        assert!(error.contains("from 1970-01-01T00:00:00Z to 2025-03-03T") && error.contains("time unit"), "{error}");
    }
}
