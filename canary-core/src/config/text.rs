//! Reading a config from text. Errors name the line and the nearest right key.

use serde::Deserialize;

use super::Config;
use crate::error::ConfigError;

/// The languages that a config can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `canary.toml`
    Toml,
    /// `canary.yaml`
    Yaml,
    /// `canary.json`
    Json,
}

impl Format {
    /// The format that a file name's suffix stands for.
    #[must_use]
    pub fn from_suffix(suffix: &str) -> Option<Self> {
        match suffix.to_ascii_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Toml => "TOML",
            Self::Yaml => "YAML",
            Self::Json => "JSON",
        }
    }
}

/// How unlike two keys may be and still be taken for a slip: 0 nothing alike, 1 the same.
const SUGGESTION_LIKENESS: f64 = 0.7;

impl Config {
    /// Reads a config. What [`crate::Judge::new`] checks across keys is not checked here.
    pub fn from_text(text: &str, format: Format) -> Result<Self, ConfigError> {
        match format {
            Format::Toml => toml::from_str(text).map_err(|error| {
                let (line, column) = line_and_column(text, error.span().map_or(0, |span| span.start));
                describe(format, line, column, error.message())
            }),
            Format::Json => serde_json::from_str(text).map_err(|error| {
                let message = error.to_string();
                let place = format!(" at line {} column {}", error.line(), error.column());
                describe(format, error.line(), error.column(), message.trim_end_matches(&place))
            }),
            Format::Yaml => {
                serde_saphyr::from_str::<Option<Self>>(text).map(Option::unwrap_or_default).map_err(|error| {
                    let place = error.location();
                    let line = place.map_or(1, |place| usize::try_from(place.line()).unwrap_or(1));
                    let column = place.map_or(1, |place| usize::try_from(place.column()).unwrap_or(1));
                    match error.without_snippet() {
                        serde_saphyr::Error::SerdeUnknownField { field, expected, .. } => {
                            let known = expected.iter().map(|key| (*key).to_owned()).collect();
                            unknown_key(format, line, column, field.clone(), known)
                        }
                        other => {
                            let message = other.to_string();
                            let message = message.lines().next().unwrap_or_default();
                            let place = format!(" at line {line}, column {column}");
                            describe(format, line, column, message.trim_end_matches(&place))
                        }
                    }
                })
            }
        }
    }

    /// The line (from 1) on which each rule of a TOML config starts; empty where `text` is not TOML.
    #[must_use]
    pub fn rule_lines(text: &str) -> Vec<usize> {
        #[derive(Deserialize)]
        struct Outline {
            #[serde(default)]
            rules: Vec<toml::Spanned<serde::de::IgnoredAny>>,
        }
        let line = |rule: &toml::Spanned<_>| line_and_column(text, rule.span().start).0;
        toml::from_str::<Outline>(text).map(|outline| outline.rules.iter().map(line).collect()).unwrap_or_default()
    }
}

fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (before.matches('\n').count() + 1, before.get(line_start..).map_or(0, |rest| rest.chars().count()) + 1)
}

/// serde's words for an unknown key name it and the right ones, in backticks, in that order.
fn describe(format: Format, line: usize, column: usize, message: &str) -> ConfigError {
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
    if message.contains("unknown field")
        && let Some(key) = quoted.next()
    {
        let known: Vec<String> = quoted.collect();
        return unknown_key(format, line, column, key, known);
    }
    ConfigError::Text { format: format.name(), line, column, message: message.to_owned() }
}

fn unknown_key(format: Format, line: usize, column: usize, key: String, known: Vec<String>) -> ConfigError {
    let likeness = |candidate: &String| strsim::jaro_winkler(&key, candidate);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    let suggestion = nearest.filter(|nearest| likeness(nearest) >= SUGGESTION_LIKENESS).cloned();
    ConfigError::UnknownKey { format: format.name(), line, column, key, suggestion, known }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_languages_say_the_same() {
        let toml = "[thresholds]\npass = 90\n[[rules]]\nmatch = [\"a*\"]\nbounds = { upper = 1.1 }\n";
        let yaml = "thresholds:\n  pass: 90\nrules:\n  - match: [\"a*\"]\n    bounds: {upper: 1.1}\n";
        let json = r#"{"thresholds":{"pass":90},"rules":[{"match":["a*"],"bounds":{"upper":1.1}}]}"#;
        let config = Config::from_text(toml, Format::Toml).unwrap();
        assert_eq!(config.rules.len(), 1);
        assert_eq!(Config::from_text(yaml, Format::Yaml).unwrap(), config);
        assert_eq!(Config::from_text(json, Format::Json).unwrap(), config);
    }

    #[test]
    fn an_empty_config_is_the_default() {
        assert_eq!(Config::from_text("", Format::Toml).unwrap(), Config::default());
        assert_eq!(Config::from_text("", Format::Yaml).unwrap(), Config::default());
        assert_eq!(Config::from_text("{}", Format::Json).unwrap(), Config::default());
    }

    #[test]
    fn an_unknown_key_names_its_line_and_the_nearest_right_one() {
        let cases = [
            ("[[rules]]\nmatch = [\"*\"]\ndirecton = \"increase\"\n", Format::Toml, 3),
            ("rules:\n  - match: [\"*\"]\n    directon: increase\n", Format::Yaml, 3),
            ("{\"rules\":[{\"match\":[\"*\"],\n\"directon\":\"increase\"}]}", Format::Json, 2),
        ];
        for (text, format, expected_line) in cases {
            match Config::from_text(text, format).unwrap_err() {
                ConfigError::UnknownKey { line, key, suggestion, .. } => {
                    assert_eq!(line, expected_line, "{format:?}");
                    assert_eq!(key, "directon", "{format:?}");
                    assert_eq!(suggestion.as_deref(), Some("direction"), "{format:?}");
                }
                other => panic!("{format:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn impossible_values_name_their_line() {
        let message = |text| Config::from_text(text, Format::Toml).unwrap_err().to_string();
        assert!(message("[thresholds]\npass = 50\nmarginal = 75\n").contains("found marginal 75, pass 50"));
        assert!(message("\n[defaults.bounds]\nlower = 1.3\n").contains("found lower 1.3, upper 1.25"));
        let level = message("[defaults]\nlevel = 1.5\n");
        assert!(level.starts_with("TOML line 2, column") && level.contains("found 1.5"), "{level}");
        let direction = message("[defaults]\ndirection = \"up\"\n");
        assert!(direction.contains("`up`") && direction.contains("`increase`"), "{direction}");
    }

    #[test]
    fn rules_know_their_lines() {
        assert_eq!(Config::rule_lines("# one\n[[rules]]\nmatch=[\"a\"]\n\n[[rules]]\nmatch=[\"b\"]\n"), [2, 5]);
    }
}
