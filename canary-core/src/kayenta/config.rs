//! The peer's canary configuration, as far as it decides about metrics.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

use super::rule::{DEFAULT_OUTLIER_FACTOR, EffectSize, Measure, NanStrategy, OutlierStrategy, Rule};
use crate::config::Direction;

/// A configuration that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The text is not JSON, or holds a value that its key does not take.
    #[error("line {line}, column {column}: {message}")]
    Json {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was found and what would be right.
        message: String,
    },
    /// Nothing to judge.
    #[error("found no metrics, expected one or more")]
    NoMetrics,
    /// A metric that nothing can be matched with.
    #[error("metrics[{index}]: found no name")]
    NoName {
        /// The metric's index.
        index: usize,
    },
    /// Two metrics of one name.
    #[error("metrics[{index}]: found the name `{name}` a second time")]
    DuplicateMetric {
        /// The index of the second.
        index: usize,
        /// The name.
        name: String,
    },
}

/// A canary configuration. Keys that decide nothing here (queries, scopes, templates, time stamps) are not read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Config {
    /// The configuration's name.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// The metrics.
    #[serde(deserialize_with = "null_is_default")]
    pub metrics: Vec<MetricConfig>,
    /// What the score is made of.
    #[serde(deserialize_with = "null_is_default")]
    pub classifier: Classifier,
}

/// One metric.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricConfig {
    /// Its name; found by exact equality.
    #[serde(deserialize_with = "null_is_default")]
    pub name: String,
    /// The groups it counts in.
    #[serde(deserialize_with = "null_is_default")]
    pub groups: Vec<String>,
    /// How it is analysed; only the key `canary` has a meaning.
    #[serde(deserialize_with = "null_is_default")]
    pub analysis_configurations: AnalysisConfigurations,
}

/// How a metric is analysed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnalysisConfigurations {
    /// The settings of the judge.
    #[serde(deserialize_with = "null_is_default")]
    pub canary: CanarySettings,
}

/// The settings of the judge for one metric; what is left out has the judge's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CanarySettings {
    /// `increase`, `decrease` or `either`; any other word is `either`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// `remove` or `replace`; any other word is `remove`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nan_strategy: Option<String>,
    /// Whether it can set the score to 0 alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<bool>,
    /// Whether its silence counts as a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub must_have_data: Option<bool>,
    /// Whether it is left out of the score.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub muted: Option<bool>,
    /// The changes that are allowed.
    #[serde(deserialize_with = "null_is_default")]
    pub effect_size: EffectSizeSettings,
    /// What is done about outliers.
    #[serde(deserialize_with = "null_is_default")]
    pub outliers: OutlierSettings,
}

/// The changes that are allowed; what is left out is "no change" in the measure.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EffectSizeSettings {
    /// `meanRatio` or `cles`; any other word is `meanRatio`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub measure: Option<String>,
    /// From here on an increase is a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_increase: Option<f64>,
    /// Down from here a decrease is a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_decrease: Option<f64>,
    /// From here on an increase of a critical metric is critical.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_increase: Option<f64>,
    /// Down from here a decrease of a critical metric is critical.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical_decrease: Option<f64>,
}

/// What is done about outliers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutlierSettings {
    /// `keep` or `remove`; any other word is `keep`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// Interquartile ranges from the quartiles; 3 where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outlier_factor: Option<f64>,
}

/// What the score is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Classifier {
    /// Weights of groups in percent.
    #[serde(deserialize_with = "null_is_default")]
    pub group_weights: BTreeMap<String, f64>,
    /// The scores that divide pass, marginal and fail. A request to judge brings its own.
    #[serde(deserialize_with = "null_is_default")]
    pub score_thresholds: ScoreThresholds,
}

/// The scores that divide pass, marginal and fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ScoreThresholds {
    /// From here on a run passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pass: Option<f64>,
    /// From here on it is marginal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marginal: Option<f64>,
}

fn null_is_default<'de, T: Default + Deserialize<'de>, D: Deserializer<'de>>(input: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

impl Config {
    /// Reads a configuration. Unknown keys are ignored, as the judge does; values of the wrong type, a missing or
    /// repeated name and an empty list of metrics are refused.
    #[cfg(feature = "text")]
    pub fn from_json(text: &str) -> Result<Self, ConfigError> {
        let config: Self = serde_json::from_str(text).map_err(|error| {
            let message = error.to_string();
            let place = format!(" at line {} column {}", error.line(), error.column());
            let message = message.trim_end_matches(&place).to_owned();
            ConfigError::Json { line: error.line(), column: error.column(), message }
        })?;
        config.check()?;
        Ok(config)
    }

    /// Whether there are metrics, each with a name of its own.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.metrics.is_empty() {
            return Err(ConfigError::NoMetrics);
        }
        let mut names = std::collections::HashSet::new();
        for (index, metric) in self.metrics.iter().enumerate() {
            if metric.name.is_empty() {
                return Err(ConfigError::NoName { index });
            }
            if !names.insert(&metric.name) {
                return Err(ConfigError::DuplicateMetric { index, name: metric.name.clone() });
            }
        }
        Ok(())
    }

    /// The metric of this name. Cost: O(metrics).
    #[must_use]
    pub fn metric(&self, name: &str) -> Option<&MetricConfig> {
        self.metrics.iter().find(|metric| metric.name == name)
    }
}

impl MetricConfig {
    /// The judge's settings.
    #[must_use]
    pub fn settings(&self) -> &CanarySettings {
        &self.analysis_configurations.canary
    }

    /// The rule of this metric.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.settings().rule()
    }
}

impl CanarySettings {
    /// The settings with the judge's defaults filled in. Unknown words mean what they mean to the judge.
    #[must_use]
    pub fn rule(&self) -> Rule {
        Rule {
            direction: match self.direction.as_deref() {
                Some("increase") => Direction::Increase,
                Some("decrease") => Direction::Decrease,
                _ => Direction::Either,
            },
            nan_strategy: match self.nan_strategy.as_deref() {
                Some("replace") => NanStrategy::Replace,
                _ => NanStrategy::Remove,
            },
            critical: self.critical.unwrap_or(false),
            must_have_data: self.must_have_data.unwrap_or(false),
            muted: self.muted.unwrap_or(false),
            effect_size: self.effect_size.filled_in(),
            outliers: match self.outliers.strategy.as_deref() {
                Some("remove") => {
                    OutlierStrategy::Remove { factor: self.outliers.outlier_factor.unwrap_or(DEFAULT_OUTLIER_FACTOR) }
                }
                _ => OutlierStrategy::Keep,
            },
            ..Rule::default()
        }
    }
}

impl EffectSizeSettings {
    fn filled_in(&self) -> EffectSize {
        let measure = match self.measure.as_deref() {
            Some("cles") => Measure::Cles,
            _ => Measure::MeanRatio,
        };
        let neutral = measure.neutral();
        EffectSize {
            measure,
            allowed_increase: self.allowed_increase.unwrap_or(neutral),
            allowed_decrease: self.allowed_decrease.unwrap_or(neutral),
            critical_increase: self.critical_increase.unwrap_or(neutral),
            critical_decrease: self.critical_decrease.unwrap_or(neutral),
        }
    }
}
