//! Which look at the run this is: one of several planned ones, or the only one.

use crate::report::Window;

/// Where a look stands among those that share the run's chance of a false alarm.
#[derive(Clone, Debug, Default)]
pub(crate) enum Look {
    /// The only one: nothing is shared.
    #[default]
    Only,
}

impl Look {
    /// The one-sided p-value over all looks of a p-value at this one.
    pub(crate) fn total(&self, _window: Window, p_value: f64) -> f64 {
        match self {
            Self::Only => p_value,
        }
    }

    /// What this look leaves of a one-sided chance over all looks: the inverse of [`Look::total`].
    pub(crate) fn nominal(&self, _window: Window, alpha: f64) -> f64 {
        match self {
            Self::Only => alpha,
        }
    }
}
