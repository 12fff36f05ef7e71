//! JSON schemas of the config and the report, generated from the types that everything else reads.

use schemars::{Schema, schema_for};

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
