//! Counts: events over an exposure, successes among trials.

mod proportion;
mod rate_ratio;
mod two_proportions;

pub use proportion::Proportion;
pub use rate_ratio::{Atom, Events, RateRatio};
pub use two_proportions::TwoProportions;
