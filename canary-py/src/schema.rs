//! JSON schemas, from the types themselves.

use canary_core::schema::{config, replay, report, scaling_plan, squeeze, trend};
use pyo3::prelude::*;

use crate::errors;

/// The JSON schema of what the word says, as JSON; the words are the command line's.
#[pyfunction]
pub(crate) fn schema(of: &str) -> PyResult<String> {
    let schema = match of {
        "config" => config(),
        "report" => report(),
        "replay" => replay(),
        "squeeze" => squeeze(),
        "scale" => scaling_plan(),
        "trend" => trend(),
        other => {
            let message = format!("found `{other}`, expected config, report, replay, squeeze, scale or trend");
            return Err(errors::wrong(Some("of"), &message));
        }
    };
    serde_json::to_string_pretty(&schema).map_err(errors::other)
}
