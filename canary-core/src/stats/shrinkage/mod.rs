//! How many metrics are beyond their bounds, from all their estimates at once.

mod draws;
mod mixture;
mod prior;

pub use draws::{ScoreDraws, ScoreInterval};
pub use prior::{Beyond, Component, Estimate, Prior, normal_equivalent_error};

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "a test; edges are exact")]
mod tests;
