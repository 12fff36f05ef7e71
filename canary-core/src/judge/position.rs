//! Where a ratio lies to its bounds.

use crate::config::Bounds;
use crate::stats::RESOLUTION;

/// Whether a ratio lies above the bounds, by more than rounding: a change of unit must not move it over.
pub(super) fn above(ratio: f64, bounds: Bounds) -> bool {
    ratio > bounds.upper() * (1.0 + RESOLUTION)
}

/// Whether a ratio lies below the bounds, by more than rounding.
pub(super) fn below(ratio: f64, bounds: Bounds) -> bool {
    ratio < bounds.lower() * (1.0 - RESOLUTION)
}

/// Whether a ratio lies within the bounds, up to rounding. NaN lies nowhere.
pub(super) fn within(ratio: f64, bounds: Bounds) -> bool {
    ratio >= bounds.lower() * (1.0 - RESOLUTION) && ratio <= bounds.upper() * (1.0 + RESOLUTION)
}
