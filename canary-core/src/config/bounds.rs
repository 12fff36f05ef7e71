//! Bounds on the ratio canary/baseline.

use serde::{Deserialize, Serialize};

use crate::error::ConfigError;

/// Bounds on the ratio canary/baseline: 0 <= lower < upper, both finite. A lower bound of 0 is never broken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, try_from = "BoundsChange")]
pub struct Bounds {
    lower: f64,
    upper: f64,
}

/// One or both ends of bounds; what is left out is taken from the defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct BoundsChange {
    /// The lower end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lower: Option<f64>,
    /// The upper end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upper: Option<f64>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { lower: 0.8, upper: 1.25 }
    }
}

impl TryFrom<BoundsChange> for Bounds {
    type Error = ConfigError;
    fn try_from(change: BoundsChange) -> Result<Self, ConfigError> {
        Self::default().changed(change, "bounds")
    }
}

impl Bounds {
    /// Checks the ends; NaN and infinities are never accepted.
    pub fn new(lower: f64, upper: f64) -> Result<Self, ConfigError> {
        Self::checked(lower, upper, "bounds")
    }

    /// These bounds with the ends that `change` names. `path` is the key named in the error.
    pub(crate) fn changed(self, change: BoundsChange, path: &str) -> Result<Self, ConfigError> {
        Self::checked(change.lower.unwrap_or(self.lower), change.upper.unwrap_or(self.upper), path)
    }

    fn checked(lower: f64, upper: f64, path: &str) -> Result<Self, ConfigError> {
        if lower >= 0.0 && lower < upper && upper.is_finite() {
            Ok(Self { lower, upper })
        } else {
            Err(ConfigError::Bounds { path: path.to_owned(), lower, upper })
        }
    }

    /// The lower end.
    #[must_use]
    pub fn lower(self) -> f64 {
        self.lower
    }

    /// The upper end.
    #[must_use]
    pub fn upper(self) -> f64 {
        self.upper
    }

    /// The bounds on baseline/canary: what these become when the sides are swapped. `None` where the
    /// lower end is 0 and the mirrored upper one would be infinite.
    #[must_use]
    pub fn mirrored(self) -> Option<Self> {
        Self::new(1.0 / self.upper, 1.0 / self.lower).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bounds_that_a_ratio_can_lie_in() {
        assert!(Bounds::new(0.8, 1.25).is_ok() && Bounds::new(0.0, 1.2).is_ok());
        for (lower, upper) in
            [(-1.0, 2.0), (1.2, 0.8), (1.0, 1.0), (f64::NAN, 1.2), (0.8, f64::NAN), (0.8, f64::INFINITY)]
        {
            assert!(Bounds::new(lower, upper).is_err(), "{lower} {upper}");
        }
    }
}
