//! The scores that divide pass, marginal and fail.

use serde::{Deserialize, Serialize};

use crate::error::ConfigError;
use crate::scalar::Score;

/// The score from which a run passes, unless said otherwise.
pub const DEFAULT_PASS: f64 = 95.0;
/// The score below which a run fails, unless said otherwise or `pass` is lower.
pub const DEFAULT_MARGINAL: f64 = 75.0;

/// The scores that divide pass, marginal and fail: 0 <= marginal <= pass <= 100.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default, try_from = "Written", into = "Written")]
pub struct Thresholds {
    pass: Score,
    marginal: Score,
    /// Whether somebody chose the marginal threshold: one that nobody chose gives way to a lower pass.
    chosen: bool,
}

/// The thresholds as they are written.
#[derive(Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
struct Written {
    /// The score from which a run passes; 95 where it is left out.
    pass: Option<Score>,
    /// The score below which a run fails, not above `pass`; 75, or `pass` if lower, where it is left out.
    marginal: Option<Score>,
}

impl PartialEq for Thresholds {
    fn eq(&self, other: &Self) -> bool {
        (self.pass, self.marginal) == (other.pass, other.marginal)
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { pass: Score::literal(DEFAULT_PASS), marginal: Score::literal(DEFAULT_MARGINAL), chosen: false }
    }
}

impl TryFrom<Written> for Thresholds {
    type Error = ConfigError;
    fn try_from(written: Written) -> Result<Self, ConfigError> {
        let pass = written.pass.unwrap_or(Score::literal(DEFAULT_PASS));
        match written.marginal {
            Some(marginal) => Self::new(pass, marginal),
            None => Self::default().with_pass(pass),
        }
    }
}

impl From<Thresholds> for Written {
    fn from(thresholds: Thresholds) -> Self {
        Self { pass: Some(thresholds.pass), marginal: Some(thresholds.marginal) }
    }
}

impl Thresholds {
    /// Checks that `marginal <= pass`.
    pub fn new(pass: Score, marginal: Score) -> Result<Self, ConfigError> {
        if marginal <= pass {
            Ok(Self { pass, marginal, chosen: true })
        } else {
            Err(ConfigError::Thresholds { marginal: marginal.get(), pass: pass.get() })
        }
    }

    /// The same with another pass threshold. A marginal one that nobody chose gives way to it.
    pub fn with_pass(self, pass: Score) -> Result<Self, ConfigError> {
        if self.chosen || self.marginal <= pass {
            return Self::new(pass, self.marginal).map(|new| Self { chosen: self.chosen, ..new });
        }
        Ok(Self { pass, marginal: pass, chosen: false })
    }

    /// The same with another marginal threshold.
    pub fn with_marginal(self, marginal: Score) -> Result<Self, ConfigError> {
        Self::new(self.pass, marginal)
    }

    /// The score from which a run passes.
    #[must_use]
    pub fn pass(self) -> f64 {
        self.pass.get()
    }

    /// The score below which a run fails.
    #[must_use]
    pub fn marginal(self) -> f64 {
        self.marginal.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(value: f64) -> Score {
        Score::new(value).unwrap()
    }

    #[test]
    fn a_marginal_threshold_that_nobody_chose_gives_way() {
        let low = Thresholds::default().with_pass(score(60.0)).unwrap();
        assert_eq!((low.pass(), low.marginal()), (60.0, 60.0));
        let chosen = Thresholds::new(score(95.0), score(75.0)).unwrap();
        assert!(chosen.with_pass(score(60.0)).is_err());
        assert!(chosen.with_marginal(score(96.0)).is_err());
    }
}
