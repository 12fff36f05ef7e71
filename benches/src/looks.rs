//! A run judged again and again while it grows, the looks sharing one chance of a false alarm.

use std::sync::Arc;

use canary_core::stats::{LookPlan, LookSchedule, LooksError};
use canary_core::{InputError, Judge, Report};

use crate::recording::Recording;

/// Looks at even distances.
#[derive(Clone, Debug)]
pub struct Looks {
    every: usize,
    schedule: Arc<LookSchedule>,
}

impl Looks {
    /// A look every `every` ticks of `ticks`.
    ///
    /// # Errors
    /// Where that is more looks than a plan may have.
    pub fn new(ticks: usize, every: usize) -> Result<Self, LooksError> {
        Ok(Self { every, schedule: Arc::new(LookSchedule::new(&LookPlan::even(ticks / every))?) })
    }

    /// How many looks there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.schedule.len()
    }

    /// The ticks seen by look `number`, from 0.
    #[must_use]
    pub fn ticks(&self, number: usize) -> usize {
        (number + 1) * self.every
    }

    /// What look `number` says.
    ///
    /// # Errors
    /// Where the recording's metrics differ in length.
    pub fn report(&self, judge: &Judge, recording: &Recording, number: usize) -> Result<Report, InputError> {
        let metrics = recording.first(self.ticks(number))?;
        Ok(judge.clone().at_look(Arc::clone(&self.schedule), number).judge(&metrics))
    }
}
