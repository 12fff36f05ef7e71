//! JSON schemas, from the types themselves.

use canary_core::schema::NAMED;
use pyo3::prelude::*;

use crate::errors;

/// The JSON schema of this name, as JSON; the names are the command line's.
#[pyfunction]
pub(crate) fn schema(of: &str) -> PyResult<String> {
    let Some((_, schema)) = NAMED.iter().find(|(name, _)| *name == of) else {
        let known = NAMED.map(|(name, _)| name).join(", ");
        return Err(errors::wrong(Some("of"), &format!("found `{of}`, expected one of {known}")));
    };
    serde_json::to_string_pretty(&schema()).map_err(errors::other)
}
