//! Which look at the run this is: one of several planned ones, or the only one.

use std::sync::Arc;

use crate::report::Window;
use crate::stats::LookSchedule;

/// Where a look stands among those that share the run's chance of a false alarm.
#[derive(Clone, Debug, Default)]
pub(crate) enum Look {
    /// The only one: nothing is shared.
    #[default]
    Only,
    /// One of several.
    Planned {
        /// When the looks are taken and what each may spend.
        schedule: Arc<LookSchedule>,
        /// Which one this is, from 0.
        number: usize,
    },
}

impl Look {
    /// The one-sided p-value over all looks of a p-value at this one. The whole window grows from look to
    /// look, so its increments are independent; an end of it shares little with the end that was looked at
    /// before, and pays for every look alone.
    pub(crate) fn total(&self, window: Window, p_value: f64) -> f64 {
        match self {
            Self::Only => p_value,
            Self::Planned { schedule, number } if window == Window::Full => schedule.sequential_p(*number, p_value),
            Self::Planned { schedule, number } => schedule.union_sequential_p(*number, p_value),
        }
    }

    /// What this look leaves of a one-sided chance over all looks: the inverse of [`Look::total`].
    pub(crate) fn nominal(&self, window: Window, alpha: f64) -> f64 {
        match self {
            Self::Only => alpha,
            Self::Planned { schedule, number } if window == Window::Full => schedule.nominal_p(*number, alpha),
            Self::Planned { schedule, number } => schedule.union_nominal_p(*number, alpha),
        }
    }
}
