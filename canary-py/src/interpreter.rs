//! The main interpreter only.
//!
//! Classes and exceptions are made once a process. A second interpreter would get those of the first, and could not
//! catch an error by its name. Python from 3.12 on refuses such a module itself; before, this does.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;

/// The main interpreter's number.
const MAIN: i64 = 0;

/// Refuses a sub-interpreter.
#[allow(unsafe_code, reason = "pyo3 has no safe call for the interpreter's number")]
pub(crate) fn check(_attached: Python<'_>) -> PyResult<()> {
    // SAFETY: this thread is attached to an interpreter, which both calls ask for.
    let interpreter = unsafe { pyo3::ffi::PyInterpreterState_GetID(pyo3::ffi::PyInterpreterState_Get()) };
    if interpreter == MAIN {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "canary works in the main interpreter only, and this is a sub-interpreter; use threads or processes",
    ))
}
