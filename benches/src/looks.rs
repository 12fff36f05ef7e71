//! A run judged again and again while it grows, the looks sharing one chance of a false alarm. A replay
//! (`canary_core::replay`) stops where the verdict is sure; here every look is asked for what it flags.

use std::sync::Arc;

use canary_core::stats::{LookPlan, LookSchedule, LooksError};
use canary_core::{Judge, MetricSet, Report};

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

    /// What look `number` says of the first ticks of `metrics`.
    #[must_use]
    pub fn report(&self, judge: &Judge, metrics: &MetricSet, number: usize) -> Report {
        judge.clone().at_look(Arc::clone(&self.schedule), number).judge(&metrics.first_ticks(self.ticks(number)))
    }
}
