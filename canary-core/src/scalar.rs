//! Checked numbers: once one of these exists, its range needs no further check.

use serde::{Deserialize, Serialize};

/// A number that a checked scalar refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("found {found}, expected {expected}")]
pub struct OutOfRange {
    /// The number that was found.
    pub found: f64,
    /// What would have been right.
    pub expected: &'static str,
}

macro_rules! checked_scalar {
    ($(#[$doc:meta])* $name:ident, $value:ident, $accept:expr, $expected:literal, $($key:literal = $limit:literal),+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(extend($($key = $limit),+)))]
        #[serde(try_from = "f64", into = "f64")]
        pub struct $name(f64);

        impl $name {
            /// Checks `value`; NaN is never accepted.
            pub fn new($value: f64) -> Result<Self, OutOfRange> {
                // Accept the good and refuse the rest: NaN fails every comparison.
                if $accept { Ok(Self($value)) } else { Err(OutOfRange { found: $value, expected: $expected }) }
            }

            /// A literal in the source, whose range a test checks.
            #[allow(dead_code, reason = "not every scalar has a literal")]
            pub(crate) const fn literal(value: f64) -> Self {
                Self(value)
            }

            /// The number itself.
            #[must_use]
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl TryFrom<f64> for $name {
            type Error = OutOfRange;
            fn try_from(value: f64) -> Result<Self, OutOfRange> {
                Self::new(value)
            }
        }

        impl From<$name> for f64 {
            fn from(value: $name) -> f64 {
                value.0
            }
        }
    };
}

checked_scalar!(
    /// A share or a probability strictly between 0 and 1.
    Fraction, x, x > 0.0 && x < 1.0, "a number between 0 and 1, both excluded",
    "exclusiveMinimum" = 0, "exclusiveMaximum" = 1
);
checked_scalar!(
    /// A share from 0 to 1, both included.
    Share, x, (0.0..=1.0).contains(&x), "a share from 0 to 1",
    "minimum" = 0, "maximum" = 1
);
checked_scalar!(
    /// A weight: finite and not negative. 0 takes a metric out of the score but not out of the report.
    Weight, x, x >= 0.0 && x.is_finite(), "a finite number that is not negative",
    "minimum" = 0
);
checked_scalar!(
    /// A size in the metric's own unit: finite and not negative.
    Magnitude, x, x >= 0.0 && x.is_finite(), "a finite number that is not negative",
    "minimum" = 0
);
checked_scalar!(
    /// A score from 0 to 100.
    Score, x, (0.0..=100.0).contains(&x), "a score from 0 to 100",
    "minimum" = 0, "maximum" = 100
);
checked_scalar!(
    /// A finite number above 0.
    Positive, x, x > 0.0 && x.is_finite(), "a finite number above 0",
    "exclusiveMinimum" = 0
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_never_accepted() {
        assert!(Fraction::new(f64::NAN).is_err());
        assert!(Weight::new(f64::NAN).is_err());
        assert!(Magnitude::new(f64::NAN).is_err());
        assert!(Score::new(f64::NAN).is_err());
        assert!(Positive::new(f64::NAN).is_err());
    }

    #[test]
    fn edges() {
        assert!(Fraction::new(0.0).is_err() && Fraction::new(1.0).is_err() && Fraction::new(0.5).is_ok());
        assert!(Weight::new(0.0).is_ok() && Weight::new(-0.1).is_err() && Weight::new(f64::INFINITY).is_err());
        assert!(Score::new(100.0).is_ok() && Score::new(100.1).is_err());
        assert!(Positive::new(0.0).is_err() && Positive::new(1e-300).is_ok());
    }
}
