//! JSON schemas of the config, the report and the replay, generated from the types that everything else reads.

use schemars::{Schema, schema_for};

use crate::replay::Replay;
use crate::{Config, Report};

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
