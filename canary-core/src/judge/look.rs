//! Which look at the run this is: the only one, one of several planned ones, or one of any number.

use std::sync::Arc;

use crate::report::Window;
use crate::stats::{AsymptoticSequence, LookSchedule};

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
    /// One of any number: nobody knows when the run ends.
    Open {
        /// The boundary that holds at any time.
        sequence: AsymptoticSequence,
        /// Ticks since both sides lived. The whole run's also for a metric with fewer: a share of it is but
        /// another unit, and one that came late has a boundary that falls more slowly than its own.
        ticks: f64,
        /// Which one this is, from 0.
        number: usize,
    },
}

/// The share of a chance that one of any number of looks may spend, whatever it has in common with the
/// others: 6/π² over the square of its number from 1, which sums to 1 (Euler 1735).
fn share_of_any(number: usize) -> f64 {
    let number = number as f64 + 1.0;
    6.0 / (std::f64::consts::PI * number).powi(2)
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
            Self::Open { sequence, ticks, .. } if window == Window::Full => sequence.sequential_p(*ticks, p_value),
            Self::Open { number, .. } => (p_value / share_of_any(*number)).min(1.0),
        }
    }

    /// What this look leaves of a one-sided chance over all looks: the inverse of [`Look::total`].
    pub(crate) fn nominal(&self, window: Window, alpha: f64) -> f64 {
        match self {
            Self::Only => alpha,
            Self::Planned { schedule, number } if window == Window::Full => schedule.nominal_p(*number, alpha),
            Self::Planned { schedule, number } => schedule.union_nominal_p(*number, alpha),
            Self::Open { sequence, ticks, .. } if window == Window::Full => sequence.nominal_p(*ticks, alpha),
            Self::Open { number, .. } => alpha * share_of_any(*number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_any_number_of_looks_sum_to_one() {
        // What is left after n terms of the series is 6/π² · 1/n, but for 1/n².
        let sum: f64 = (0..10_000).map(share_of_any).sum();
        assert!((sum - (1.0 - 0.607_927_101_854_026_6 / 10_000.0)).abs() < 1e-8, "{sum}");
    }
}
