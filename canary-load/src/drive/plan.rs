//! What a drive may do.

use canary_core::squeeze::Slo;

/// What a drive is asked for, and what it must never exceed.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The first rate, requests a second; one that the server surely answers.
    pub start_rate: f64,
    /// No step offers more, requests a second.
    pub max_rate: f64,
    /// No step begins that could not end within so many seconds since the start.
    pub max_seconds: f64,
    /// Every step lasts so many seconds; `None`: as long as its rate and the latency need, ten seconds at least.
    pub step_seconds: Option<f64>,
    /// What users accept.
    pub slo: Slo,
    /// Whether steps beyond the limit are wanted, so that the capacity is seen; not with live traffic.
    pub overload: bool,
}

/// Limits that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The first rate.
    #[error("the first rate: found {found}, expected a rate above 0 and at most the highest, {max_rate}")]
    StartRate {
        /// As given.
        found: f64,
        /// The highest.
        max_rate: f64,
    },
    /// The highest rate.
    #[error("the highest rate: found {found}, expected a number above 0")]
    MaxRate {
        /// As given.
        found: f64,
    },
    /// The time.
    #[error("the longest time: found {found} s, expected at least {needed} s, which is time for five steps")]
    MaxSeconds {
        /// As given.
        found: f64,
        /// Five steps.
        needed: f64,
    },
    /// The length of a step.
    #[error("the length of a step: found {found} s, expected a second or more")]
    StepSeconds {
        /// As given.
        found: f64,
    },
}

/// A step without a length of its own lasts at least so long, seconds.
pub(super) const SHORTEST_STEP: f64 = 10.0;
/// Fewer steps find nothing.
const FEWEST_STEPS: f64 = 5.0;

impl Plan {
    /// Checks that the limits can be kept.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if !positive(self.max_rate) {
            return Err(PlanError::MaxRate { found: self.max_rate });
        }
        if !positive(self.start_rate) || self.start_rate > self.max_rate {
            return Err(PlanError::StartRate { found: self.start_rate, max_rate: self.max_rate });
        }
        if let Some(found) = self.step_seconds.filter(|seconds| !(1.0..86_400.0).contains(seconds)) {
            return Err(PlanError::StepSeconds { found });
        }
        let needed = FEWEST_STEPS * self.step_seconds.unwrap_or(SHORTEST_STEP);
        if positive(self.max_seconds) && self.max_seconds >= needed {
            Ok(())
        } else {
            Err(PlanError::MaxSeconds { found: self.max_seconds, needed })
        }
    }
}
