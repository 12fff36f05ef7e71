//! Times to ticks while nobody knows yet when the data will end.

use serde::{Deserialize, Serialize};

use super::super::grid::{MAX_TICKS, TimeGrid, rfc3339};
use super::super::step::{Rhythm, rhythm_or};
use crate::config::Span;
use crate::error::InputError;
use crate::note::{Note, NoteCode, Side};

/// The grid that rows are put on: laid by the first of them, and from then on fixed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Clock {
    step_ms: i64,
    /// Where in the step ticks begin.
    anchor_ms: i64,
    /// The start of tick 0.
    zero_ms: i64,
    /// The first and the last tick with a row.
    pub(super) first: i64,
    pub(super) last: i64,
    baseline: Option<Phase>,
    canary: Option<Phase>,
}

/// How the times of one side lie on the grid.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Phase {
    step_ms: i64,
    centre_ms: i64,
    offset_ms: i64,
    irregular: bool,
}

impl Clock {
    /// The clock that the first rows set: those of the baseline, where it has any.
    pub(super) fn set(step: Span, baseline: &mut Vec<(u64, i64)>, canary: &mut Vec<(u64, i64)>) -> Option<Self> {
        let step_ms = step.ms().max(1);
        let (first, reference) = match rhythm_or(baseline, step_ms) {
            Some(rhythm) => (baseline.iter().map(|sample| sample.1).min()?, rhythm),
            None => (canary.iter().map(|sample| sample.1).min()?, rhythm_or(canary, step_ms)?),
        };
        let anchor_ms = reference.centre_ms;
        let zero_ms = TimeGrid::covering(first, first, step_ms, anchor_ms).ok()?.start_ms?;
        Some(Self { step_ms, anchor_ms, zero_ms, first: i64::MAX, last: i64::MIN, baseline: None, canary: None })
    }

    /// Learns how a side's times lie on the grid, from the first that come.
    pub(super) fn learn(&mut self, side: Side, samples: &mut Vec<(u64, i64)>) {
        if self.phase(side).is_some() {
            return;
        }
        let Some(rhythm) = rhythm_or(samples, self.step_ms) else { return };
        // As times that jitter are: nobody knows whether later ones will, and those that do not lie in the
        // middle of a tick, which changes nothing.
        let jittering = Rhythm { regular: false, ..rhythm };
        *self.phase_mut(side) = Some(Phase {
            step_ms: rhythm.step_ms,
            centre_ms: rhythm.centre_ms,
            offset_ms: jittering.offset_ms(self.anchor_ms, self.step_ms),
            irregular: !rhythm.regular,
        });
    }

    /// Refuses times that no grid could hold with the ones before, such as those of another unit.
    pub(super) fn check(&self, side: Side, first_ms: i64, last_ms: i64) -> Result<(), InputError> {
        let (low, high) = (self.tick(side, first_ms).min(self.first), self.tick(side, last_ms).max(self.last));
        let ticks = high.abs_diff(low).saturating_add(1);
        if ticks <= MAX_TICKS {
            return Ok(());
        }
        let time = |tick: i64| rfc3339(self.zero_ms.saturating_add(tick.saturating_mul(self.step_ms)));
        let step = Span::from_ms(self.step_ms).to_string();
        Err(InputError::TooManyTicks { start: time(low), end: time(high), step, ticks, limit: MAX_TICKS })
    }

    /// The tick of a row of a side whose times were learnt.
    pub(super) fn take(&mut self, side: Side, time_ms: i64) -> i64 {
        let tick = self.tick(side, time_ms);
        self.first = self.first.min(tick);
        self.last = self.last.max(tick);
        if let Some(phase) = self.phase_mut(side) {
            phase.irregular |= time_ms.wrapping_sub(phase.centre_ms).rem_euclid(phase.step_ms.max(1)) != 0;
        }
        tick
    }

    fn tick(&self, side: Side, time_ms: i64) -> i64 {
        let offset_ms = self.phase(side).map_or(0, |phase| phase.offset_ms);
        time_ms.saturating_sub(offset_ms).saturating_sub(self.zero_ms).div_euclid(self.step_ms.max(1))
    }

    /// The grid of every tick so far.
    pub(super) fn grid(&self) -> TimeGrid {
        let ticks = if self.first > self.last { 0 } else { self.last.abs_diff(self.first) + 1 };
        let start_ms = self.zero_ms.saturating_add(self.first.saturating_mul(self.step_ms));
        let ticks = usize::try_from(ticks).unwrap_or(usize::MAX);
        TimeGrid::new(Span::from_ms(self.step_ms), ticks).starting_at(start_ms)
    }

    /// Which sides' times jitter.
    pub(super) fn notes(&self) -> Vec<Note> {
        let irregular = |side: &Side| self.phase(*side).is_some_and(|phase| phase.irregular);
        let step = Span::from_ms(self.step_ms).to_string();
        let note = |side: Side| Note::on(side, NoteCode::IrregularTimes, 1).with_detail(step.as_str());
        [Side::Baseline, Side::Canary].into_iter().filter(irregular).map(note).collect()
    }

    fn phase(&self, side: Side) -> Option<Phase> {
        match side {
            Side::Baseline => self.baseline,
            Side::Canary => self.canary,
        }
    }

    fn phase_mut(&mut self, side: Side) -> &mut Option<Phase> {
        match side {
            Side::Baseline => &mut self.baseline,
            Side::Canary => &mut self.canary,
        }
    }
}
