//! Which shapes are found where they were injected, and where they were not.

use std::collections::BTreeMap;

use canary_core::report::Report;
use canary_core::shape::Shape;

use crate::alarms::is_flagged;
use crate::tally::known_results;
use crate::truth::Truth;

/// What was found of one kind of injection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Metrics with it.
    pub metrics: u32,
    /// Flagged with its own shape.
    pub by_own_shape: u32,
    /// Flagged with any shape.
    pub by_shape: u32,
    /// Flagged with any shape, or hot or cold.
    pub at_all: u32,
}

/// The shape that an injection is, where it is one.
fn injected(truth: &Truth) -> Option<Shape> {
    match truth.kind.as_str() {
        "variance" => Some(Shape::Spread),
        "tail" => Some(Shape::Tail),
        "spikes" => Some(Shape::Spikes),
        "flat_stuck" => Some(Shape::Stuck),
        "flat_zero" => Some(Shape::Zeroed),
        _ => None,
    }
}

/// What was found of each kind and size of shape.
#[must_use]
pub fn found(report: &Report, known: &[Truth]) -> BTreeMap<String, Found> {
    let mut by_kind: BTreeMap<String, Found> = BTreeMap::new();
    for (truth, result) in known_results(report, known) {
        let Some(shape) = injected(truth) else { continue };
        let found = by_kind.entry(truth.injection()).or_default();
        found.metrics += 1;
        found.by_own_shape += u32::from(result.shapes.iter().any(|found| found.shape == shape));
        found.by_shape += u32::from(!result.shapes.is_empty());
        found.at_all += u32::from(!result.shapes.is_empty() || is_flagged(result));
    }
    by_kind
}

/// Metrics that nothing was done to, and how many of them have any shape, and which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistaken {
    /// Metrics without an injection.
    pub healthy: u32,
    /// Of those, the ones with a shape.
    pub flagged: u32,
    /// How many have each shape.
    pub by_shape: BTreeMap<Shape, u32>,
}

/// Shapes on metrics that nothing was done to.
#[must_use]
pub fn mistaken(report: &Report, known: &[Truth]) -> Mistaken {
    let mut mistaken = Mistaken::default();
    for (_, result) in known_results(report, known).filter(|(truth, _)| truth.kind == "none") {
        mistaken.healthy += 1;
        mistaken.flagged += u32::from(!result.shapes.is_empty());
        for found in &result.shapes {
            *mistaken.by_shape.entry(found.shape).or_default() += 1;
        }
    }
    mistaken
}
