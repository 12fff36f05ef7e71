//! The result as the judge writes it, for tools that read it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::classify::{Classification, Label};
use super::rule::Rule;
use super::sample::SampleStats;
use super::score::{GroupScore, Outcome, ScoreRule, Scored, score};

/// The name under which the judge answers.
pub const JUDGE_NAME: &str = "NetflixACAJudge-v1.0";

/// The judge's result: one entry a metric, one a group, and the score.
///
/// Numbers that JSON does not have are the texts `NaN`, `Infinity` and `-Infinity`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JudgeResult {
    /// The judge.
    pub judge_name: String,
    /// The metrics, in the order of the input.
    pub results: Vec<MetricEntry>,
    /// The groups by name.
    pub group_scores: Vec<ScoreEntry>,
    /// The score of the run.
    pub score: RunEntry,
}

/// One metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MetricEntry {
    /// The metric's name.
    pub name: String,
    /// The identity of the pair of series.
    pub id: String,
    /// What tells this pair from others of the same name.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// The groups it counts in.
    #[serde(default)]
    pub groups: Vec<String>,
    /// The label.
    pub classification: Label,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification_reason: Option<String>,
    /// Whether it sets the score to 0, unless it passes.
    #[serde(default)]
    pub critical: bool,
    /// Whether it is left out of the score.
    #[serde(default)]
    pub muted: bool,
    /// The canary's values.
    pub experiment_metadata: SideEntry,
    /// The baseline's values.
    pub control_metadata: SideEntry,
    /// The ratio of the means; absent where the test failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_metadata: Option<RatioEntry>,
}

/// What is shown of one side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideEntry {
    /// Its values after cleaning.
    pub stats: StatsEntry,
}

/// One side's values after cleaning; all zero where there are none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatsEntry {
    /// The smallest.
    #[serde(with = "number")]
    pub min: f64,
    /// The largest.
    #[serde(with = "number")]
    pub max: f64,
    /// The arithmetic mean.
    #[serde(with = "number")]
    pub mean: f64,
    /// The standard deviation with n - 1.
    #[serde(with = "number")]
    pub std: f64,
    /// How many.
    pub count: usize,
}

/// What is shown of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RatioEntry {
    /// The canary's mean over the baseline's; not a number where one is exactly 0.
    #[serde(with = "number")]
    pub ratio: f64,
}

/// One group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScoreEntry {
    /// The group.
    pub name: String,
    /// The share of passes in percent.
    #[serde(with = "number")]
    pub score: f64,
    /// Always empty.
    #[serde(default)]
    pub classification: String,
    /// Always empty.
    #[serde(default)]
    pub classification_reason: String,
}

/// The score of the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RunEntry {
    /// From 0 to 100.
    #[serde(with = "number")]
    pub score: f64,
    /// Pass, marginal or fail.
    pub classification: Outcome,
    /// Why, where the groups did not decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub classification_reason: Option<String>,
}

impl MetricEntry {
    /// The entry of a classified metric, without tags.
    #[must_use]
    pub fn new(name: &str, groups: &[String], rule: &Rule, found: &Classification) -> Self {
        let side = |stats| SideEntry { stats: StatsEntry::from(stats) };
        let ratio = RatioEntry { ratio: found.deviation.unwrap_or(f64::NAN) };
        Self {
            name: name.to_owned(),
            id: name.to_owned(),
            tags: BTreeMap::new(),
            groups: groups.to_vec(),
            classification: found.label,
            classification_reason: Some(found.reason.to_string()),
            critical: found.critical,
            muted: rule.muted,
            experiment_metadata: side(found.canary),
            control_metadata: side(found.baseline),
            result_metadata: (found.label != Label::Error).then_some(ratio),
        }
    }

    fn scored(&self) -> Scored<'_> {
        Scored {
            name: &self.name,
            label: self.classification,
            critical: self.critical,
            muted: self.muted,
            groups: &self.groups,
            reason: self.classification_reason.as_deref().unwrap_or_default(),
        }
    }
}

impl JudgeResult {
    /// Scores the metrics.
    #[must_use]
    pub fn new(results: Vec<MetricEntry>, rule: &ScoreRule) -> Self {
        let scored: Vec<Scored<'_>> = results.iter().map(MetricEntry::scored).collect();
        let summary = score(&scored, rule);
        Self {
            judge_name: JUDGE_NAME.to_owned(),
            group_scores: summary.groups.iter().map(ScoreEntry::from).collect(),
            score: RunEntry {
                score: summary.score,
                classification: summary.classification,
                classification_reason: summary.reason,
            },
            results,
        }
    }
}

impl From<SampleStats> for StatsEntry {
    fn from(SampleStats { min, max, mean, std, count }: SampleStats) -> Self {
        Self { min, max, mean, std, count }
    }
}

impl From<&GroupScore> for ScoreEntry {
    fn from(group: &GroupScore) -> Self {
        let empty = String::new();
        Self {
            name: group.name.clone(),
            score: group.shown(),
            classification: empty.clone(),
            classification_reason: empty,
        }
    }
}

/// A number, or the text for one that JSON does not have.
mod number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }

    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub(super) fn serialize<S: Serializer>(value: &f64, output: S) -> Result<S::Ok, S::Error> {
        match *value {
            value if value.is_nan() => output.serialize_str("NaN"),
            f64::INFINITY => output.serialize_str("Infinity"),
            f64::NEG_INFINITY => output.serialize_str("-Infinity"),
            value => output.serialize_f64(value),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<f64, D::Error> {
        match Written::deserialize(input)? {
            Written::Number(value) => Ok(value),
            Written::Text(text) if text == "NaN" => Ok(f64::NAN),
            Written::Text(text) if text == "Infinity" => Ok(f64::INFINITY),
            Written::Text(text) if text == "-Infinity" => Ok(f64::NEG_INFINITY),
            Written::Text(text) => Err(D::Error::custom(format!("found `{text}`, expected a number"))),
        }
    }
}
