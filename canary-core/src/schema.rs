//! JSON schemas of the config and of everything that is reported, generated from the types that everything else reads.

use schemars::{Schema, schema_for};

use crate::replay::Replay;
use crate::scaling::{ScalingInput, ScalingPlan};
use crate::squeeze::{SqueezeComparison, SqueezeReport};
use crate::trend::TrendReport;
use crate::{Config, Report};

/// A schema's name and what generates it.
pub type Named = (&'static str, fn() -> Schema);

/// Every schema by its name: that of its file in docs/schema, and of `canary schema`.
pub const NAMED: [Named; 8] = [
    ("config", config),
    ("report", report),
    ("replay", replay),
    ("squeeze", squeeze),
    ("squeeze-comparison", squeeze_comparison),
    ("scaling-input", scaling_input),
    ("scaling-plan", scaling_plan),
    ("trend", trend),
];

/// The schema of `canary.toml`, `canary.yaml` and `canary.json`.
#[must_use]
pub fn config() -> Schema {
    schema_for!(Config)
}

/// The schema of a report in JSON.
#[must_use]
pub fn report() -> Schema {
    schema_for!(Report)
}

/// The schema of what a replay says in JSON.
#[must_use]
pub fn replay() -> Schema {
    schema_for!(Replay)
}

/// The schema of what a squeeze test says in JSON.
#[must_use]
pub fn squeeze() -> Schema {
    schema_for!(SqueezeReport)
}

/// The schema of the comparison of two squeeze tests.
#[must_use]
pub fn squeeze_comparison() -> Schema {
    schema_for!(SqueezeComparison)
}

/// The schema of what a scaling plan is made of.
#[must_use]
pub fn scaling_input() -> Schema {
    schema_for!(ScalingInput)
}

/// The schema of a scaling plan.
#[must_use]
pub fn scaling_plan() -> Schema {
    schema_for!(ScalingPlan)
}

/// The schema of what a trend says in JSON.
#[must_use]
pub fn trend() -> Schema {
    schema_for!(TrendReport)
}
