//! JSON schemas, from the types themselves.

use canary_core::schema::{config, replay, report};
use pyo3::prelude::*;

use crate::errors;

/// The JSON schema of the report, the config or the replay, as JSON.
#[pyfunction]
pub(crate) fn schema(of: &str) -> PyResult<String> {
    let schema = match of {
        "config" => config(),
        "report" => report(),
        "replay" => replay(),
        other => {
            let message = format!("found `{other}`, expected config, report or replay");
            return Err(errors::wrong(Some("of"), &message));
        }
    };
    serde_json::to_string_pretty(&schema).map_err(errors::other)
}
