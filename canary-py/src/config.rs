//! The configuration, from and to text.

use canary_core::ConfigError;
use canary_core::Judge;
use canary_core::config::{Comments, Config as Written, Format};
use pyo3::prelude::*;
use serde::de::DeserializeOwned;

use crate::errors;

/// A configuration that has been checked.
#[pyclass(frozen, eq, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) written: Written,
    pub(crate) comments: Comments,
    /// The line of each rule, where it came from TOML.
    pub(crate) places: Vec<String>,
}

impl PartialEq for Config {
    fn eq(&self, other: &Self) -> bool {
        self.written == other.written
    }
}

impl Config {
    /// A configuration without a text.
    pub(crate) fn of(config: Written, comments: Comments) -> Self {
        Self { written: config, comments, places: Vec::new() }
    }
}

#[pymethods]
impl Config {
    /// Reads a text in `toml`, `yaml` or `json`.
    #[staticmethod]
    fn parse(text: &str, format: &str) -> PyResult<Self> {
        let known = Format::from_suffix(format)
            .ok_or_else(|| errors::wrong(Some("format"), &format!("found `{format}`, expected toml, yaml or json")))?;
        let config = Written::from_text(text, known).map_err(|error| {
            let key = key_of(&error).or_else(|| key_in_text(text, known));
            errors::config(key.as_deref(), error)
        })?;
        Judge::new(config.clone()).map_err(|error| errors::config(key_of(&error).as_deref(), error))?;
        let lines = Written::rule_lines(text).into_iter().map(|line| format!("line {line}"));
        let places: Vec<String> = if known == Format::Toml { lines.collect() } else { Vec::new() };
        Ok(Self { written: config, comments: Comments::default(), places })
    }

    /// As TOML that a person would have written: what is not a default, with its comments.
    fn to_toml(&self) -> PyResult<String> {
        self.written.to_toml(&self.comments).map_err(errors::other)
    }

    /// As JSON, defaults included.
    fn to_json(&self) -> PyResult<String> {
        serde_json::to_string_pretty(&self.written).map_err(errors::other)
    }
}

/// The key that an error is about, where the error knows.
fn key_of(error: &ConfigError) -> Option<String> {
    match error {
        ConfigError::UnknownKey { key, .. } => Some(key.clone()),
        ConfigError::Bounds { path, .. } => Some(path.clone()),
        ConfigError::Thresholds { .. } => Some("thresholds".to_owned()),
        ConfigError::Pattern { rule, .. } | ConfigError::RuleWithoutMatch { rule } => {
            Some(format!("rules[{rule}].match"))
        }
        ConfigError::RuleKey { rule, key, .. } => Some(format!("rules[{rule}].{key}")),
        _ => None,
    }
}

/// Reads the text again, for the path of what it stumbles over.
fn key_in_text(text: &str, format: Format) -> Option<String> {
    let path = match format {
        Format::Toml => path_of::<Written, _>(toml::Deserializer::parse(text).ok()?),
        Format::Json => path_of::<Written, _>(&mut serde_json::Deserializer::from_str(text)),
        // What YAML reads is known with its line only.
        Format::Yaml => None,
    }?;
    // The root itself, or what is not known, is no key.
    Some(path).filter(|path| path != "." && !path.contains('?'))
}

fn path_of<'de, T: DeserializeOwned, D: serde::Deserializer<'de>>(text: D) -> Option<String> {
    serde_path_to_error::deserialize::<D, T>(text).err().map(|error| error.path().to_string())
}
