//! What tests have in common: the alternative, the two tails, limits.

use super::tails::normal_sf;

/// What a test's p-value speaks against: the hypothesis that neither side is larger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternative {
    /// The sides differ.
    TwoSided,
    /// The canary is smaller.
    Less,
    /// The canary is larger.
    Greater,
}

/// Whether a normal approximation to a discrete statistic is moved by half a step towards its mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// Moved, as R does by default.
    Corrected,
    /// Not moved.
    Uncorrected,
}

impl Continuity {
    /// The size of the move.
    pub(super) fn step(self) -> f64 {
        if self == Self::Corrected { 0.5 } else { 0.0 }
    }
}

/// The ends of a confidence interval, in the unit of the values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
}

/// The probabilities of a statistic as small and as large as the observed one; they overlap in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tails {
    pub(super) at_most: f64,
    pub(super) at_least: f64,
}

impl Tails {
    pub(super) fn normal(z: f64) -> Self {
        Self { at_most: normal_sf(-z), at_least: normal_sf(z) }
    }

    /// Two-sided: twice the smaller tail, at most 1.
    pub(super) fn p_value(self, alternative: Alternative) -> f64 {
        match alternative {
            Alternative::TwoSided => (2.0 * self.at_most.min(self.at_least)).min(1.0),
            Alternative::Less => self.at_most,
            Alternative::Greater => self.at_least,
        }
    }
}

/// The distance `excess` of a discrete statistic from its mean in standard deviations, after the move
/// towards the mean. 0 where the statistic cannot vary.
pub(super) fn discrete_z(excess: f64, deviation: f64, alternative: Alternative, continuity: Continuity) -> f64 {
    let towards_mean = match alternative {
        Alternative::TwoSided if excess == 0.0 => 0.0,
        Alternative::TwoSided => excess.signum(),
        Alternative::Greater => 1.0,
        Alternative::Less => -1.0,
    };
    if deviation > 0.0 { (excess - continuity.step() * towards_mean) / deviation } else { 0.0 }
}
