//! An estimated ratio that can be held against any bound at any level.
//!
//! The level is known last: the run's budget decides it once every metric's p-value is known. So an
//! estimate keeps what it needs to answer for all of them.

use crate::stats::{SignFlips, student_quantile, student_sf};

/// A ratio with what is needed for its p-values and intervals. For every method "the one-sided p-value at
/// a bound is at most α/2" and "the interval at level 1 - α lies beyond the bound" are the same statement.
#[derive(Clone, Debug)]
pub(crate) enum Estimate {
    /// Student's t about a location: of the log ratio, or of the difference.
    Student(Student),
    /// The ratio of the sums under block sign flips.
    Flips(SignFlips),
    /// No noise: every pair has this ratio.
    Exact(f64),
}

/// A location with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Student {
    pub(crate) location: f64,
    pub(crate) error: f64,
    pub(crate) degrees: f64,
    pub(crate) scale: Scale,
}

/// What a location means.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Scale {
    /// The logarithm of the ratio.
    Log,
    /// The difference canary - baseline over the level m that both share. Its ratio is that of m + d/2 to
    /// m - d/2, so that swapping the sides inverts it.
    Difference,
}

impl Scale {
    pub(crate) fn ratio(self, location: f64) -> f64 {
        match self {
            Self::Log => location.exp(),
            Self::Difference if location >= 2.0 => f64::INFINITY,
            Self::Difference if location <= -2.0 => 0.0,
            Self::Difference => (2.0 + location) / (2.0 - location),
        }
    }

    fn location(self, ratio: f64) -> f64 {
        match self {
            Self::Log => ratio.ln(),
            Self::Difference => 2.0 * (ratio - 1.0) / (ratio + 1.0),
        }
    }
}

impl Estimate {
    /// Canary over baseline; infinite over a baseline of zero.
    pub(crate) fn ratio(&self) -> f64 {
        match self {
            Self::Student(student) => student.scale.ratio(student.location),
            Self::Flips(flips) => flips.ratio,
            Self::Exact(ratio) => *ratio,
        }
    }

    /// One-sided p-value of "the true ratio is at most `bound`".
    pub(crate) fn p_above(&self, bound: f64) -> f64 {
        match self {
            Self::Student(s) => student_sf((s.location - s.scale.location(bound)) / s.error, s.degrees),
            Self::Flips(flips) => flips.p_above(bound),
            Self::Exact(ratio) => certain(*ratio > bound),
        }
    }

    /// One-sided p-value of "the true ratio is at least `bound`".
    pub(crate) fn p_below(&self, bound: f64) -> f64 {
        match self {
            Self::Student(s) => student_sf((s.scale.location(bound) - s.location) / s.error, s.degrees),
            Self::Flips(flips) => flips.p_below(bound),
            Self::Exact(ratio) => certain(*ratio < bound),
        }
    }

    /// The interval that leaves `alpha`, half of it on each side. All ratios where `alpha` is 0.
    pub(crate) fn interval(&self, alpha: f64) -> (f64, f64) {
        match self {
            Self::Student(s) => {
                let margin = student_quantile(alpha / 2.0, s.degrees) * s.error;
                (s.scale.ratio(s.location - margin), s.scale.ratio(s.location + margin))
            }
            Self::Flips(flips) => flips.interval(alpha),
            Self::Exact(ratio) => (*ratio, *ratio),
        }
    }
}

fn certain(beyond: bool) -> f64 {
    if beyond { 0.0 } else { 1.0 }
}
