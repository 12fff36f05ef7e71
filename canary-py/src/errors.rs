//! The package's exceptions. They are Python classes, so that two of them can be `ValueError` as well.

use std::error::Error;

use pyo3::prelude::*;

pyo3::import_exception!(canary._errors, CanaryError);
pyo3::import_exception!(canary._errors, ConfigError);
pyo3::import_exception!(canary._errors, InputError);

/// The owner of the data can mend this.
pub(crate) fn input(error: impl Error) -> PyErr {
    InputError::new_err(with_causes(&error))
}

/// The caller can mend this: `key` is the key of the configuration, or the argument.
pub(crate) fn config(key: Option<&str>, error: impl Error) -> PyErr {
    wrong(key, &with_causes(&error))
}

/// The same in words.
pub(crate) fn wrong(key: Option<&str>, message: &str) -> PyErr {
    // A message that begins with its key says it once.
    let text = match key {
        Some(key) if !message.starts_with(key) => format!("{key}: {message}"),
        _ => message.to_owned(),
    };
    ConfigError::new_err((text, key.map(str::to_owned)))
}

/// Nobody but us can mend this.
pub(crate) fn other(error: impl Error) -> PyErr {
    CanaryError::new_err(with_causes(&error))
}

/// An error and what caused it, in one line.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
