//! The score: the share of passes a group, weighted over the groups.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::classify::Label;
use crate::config::Thresholds;

/// From this share of metrics without data on, in percent, the score is 0.
const NODATA_LIMIT_PERCENT: f64 = 50.0;

/// One classified metric, as the score sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored<'a> {
    /// The metric's name.
    pub name: &'a str,
    /// Its label.
    pub label: Label,
    /// Whether it sets the score to 0, unless it passes.
    pub critical: bool,
    /// Whether it is left out altogether.
    pub muted: bool,
    /// The groups it counts in, in each fully. In none, it does not count.
    pub groups: &'a [String],
    /// Why it has its label.
    pub reason: &'a str,
}

/// What the score depends on besides the metrics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreRule {
    /// Weights of groups in percent. They need not add up to 100, and nothing is made of it where they do not.
    pub group_weights: BTreeMap<String, f64>,
    /// The scores that divide pass, marginal and fail.
    pub thresholds: Thresholds,
}

/// The verdict on a run, in the words of the result format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// The score reaches the pass threshold.
    Pass,
    /// The score reaches the marginal threshold.
    Marginal,
    /// The score reaches neither.
    Fail,
}

/// The score of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// From 0 to 100 where the weights make sense, rounded to two decimals before it meets the thresholds.
    pub score: f64,
    /// Pass, marginal or fail.
    pub classification: Outcome,
    /// Why the score is 0 whatever the groups say.
    pub reason: Option<String>,
    /// The groups by name.
    pub groups: Vec<GroupScore>,
}

/// The score of a group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupScore {
    /// The group.
    pub name: String,
    /// The share of passes in percent; `None` where no metric counts. It is then shown as 0 and summed up as 100.
    pub score: Option<f64>,
}

impl GroupScore {
    /// The score as the result format shows it.
    #[must_use]
    pub fn shown(&self) -> f64 {
        self.score.unwrap_or(0.0)
    }

    fn summed(&self) -> f64 {
        self.score.unwrap_or(100.0)
    }
}

/// Scores classified metrics. Cost: O(metrics × log groups).
#[must_use]
pub fn score(metrics: &[Scored<'_>], rule: &ScoreRule) -> Summary {
    let counted: Vec<&Scored<'_>> = metrics.iter().filter(|metric| !metric.muted).collect();
    let groups = group_scores(&counted);
    let veto = critical_failure(&counted).or_else(|| too_little_data(&counted));
    let score = if veto.is_some() { 0.0 } else { rounded(weighted_sum(&groups, &rule.group_weights)) };
    Summary { score, classification: outcome(score, rule.thresholds), reason: veto, groups }
}

fn group_scores(metrics: &[&Scored<'_>]) -> Vec<GroupScore> {
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for metric in metrics {
        for group in metric.groups {
            let (passed, counted) = counts.entry(group).or_default();
            *passed += u64::from(metric.label == Label::Pass);
            *counted += u64::from(!matches!(metric.label, Label::Nodata | Label::Error));
        }
    }
    let of_group = |(name, (passed, counted)): (&str, (u64, u64))| GroupScore {
        name: name.to_owned(),
        score: (counted > 0).then(|| 100.0 * passed as f64 / counted as f64),
    };
    counts.into_iter().map(of_group).collect()
}

fn critical_failure(metrics: &[&Scored<'_>]) -> Option<String> {
    let failure = metrics.iter().find(|metric| metric.critical && metric.label != Label::Pass)?;
    Some(format!("critical metric {}: {}", failure.name, failure.reason))
}

fn too_little_data(metrics: &[&Scored<'_>]) -> Option<String> {
    let silent = metrics.iter().filter(|metric| metric.label == Label::Nodata).count();
    // Without metrics the share is not a number, and does not reach the limit.
    let share_percent = 100.0 * silent as f64 / metrics.len() as f64;
    (share_percent >= NODATA_LIMIT_PERCENT).then(|| format!("{silent} of {} metrics have no data", metrics.len()))
}

/// Σ score · weight / 100. Groups without a weight share what the configured weights, those of absent groups too,
/// leave of 100: possibly nothing, or less.
fn weighted_sum(groups: &[GroupScore], weights: &BTreeMap<String, f64>) -> f64 {
    let unweighted = groups.iter().filter(|group| !weights.contains_key(&group.name)).count();
    let share = (100.0 - weights.values().sum::<f64>()) / unweighted as f64;
    let weight = |group: &GroupScore| weights.get(&group.name).copied().unwrap_or(share);
    // From +0: the sum of no floats is -0 in Rust.
    groups.iter().fold(0.0, |sum, group| sum + group.summed() * weight(group) / 100.0)
}

/// Two decimals, halves away from zero, taken from the shortest decimal text of the number: 1.005 is 1.01 although
/// the double lies below.
fn rounded(value: f64) -> f64 {
    if !value.is_finite() {
        return value;
    }
    let text = value.to_string();
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut digits = decimals.chars().chain(std::iter::repeat('0'));
    let kept: String = whole.chars().chain(digits.by_ref().take(2)).filter(char::is_ascii_digit).collect();
    let rounds_up = digits.next().is_some_and(|digit| digit >= '5');
    match kept.parse::<u64>() {
        // Hundredths below 2^53 are exact, and one division rounds to the nearest double.
        Ok(hundredths) => (hundredths + u64::from(rounds_up)) as f64 / 100.0 * value.signum(),
        Err(_) => value,
    }
}

fn outcome(score: f64, thresholds: Thresholds) -> Outcome {
    if score >= thresholds.pass() {
        Outcome::Pass
    } else if score >= thresholds.marginal() {
        Outcome::Marginal
    } else {
        Outcome::Fail
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "rounded to decimals")]
mod tests {
    use super::*;

    #[test]
    fn rounds_the_decimal_text() {
        // By hand; the double next to 1.005 lies below it.
        for (value, expected) in [
            (1.005, 1.01),
            (33.333_333_333_333_336, 33.33),
            (99.995, 100.0),
            (66.666, 66.67),
            (-20.0, -20.0),
            (-1.005, -1.01),
            (0.004_999, 0.0),
            (1e-9, 0.0),
            (100.0, 100.0),
        ] {
            assert_eq!(rounded(value), expected, "{value}");
        }
        assert!(rounded(f64::NAN).is_nan() && rounded(f64::INFINITY).is_infinite());
    }

    #[test]
    fn thresholds_are_reached_from_below() {
        let thresholds = Thresholds::default();
        let outcomes = [95.0, 94.99, 75.0, 74.99].map(|score| outcome(score, thresholds));
        assert_eq!(outcomes, [Outcome::Pass, Outcome::Marginal, Outcome::Marginal, Outcome::Fail]);
    }

    #[test]
    fn muted_metrics_count_nowhere() {
        let groups = ["a".to_owned()];
        let metric = |label, critical, muted| Scored { name: "m", label, critical, muted, groups: &groups, reason: "" };
        let metrics = [metric(Label::High, true, true), metric(Label::Pass, false, false)];
        assert_eq!(score(&metrics, &ScoreRule::default()).score, 100.0);
        assert_eq!(score(&[], &ScoreRule::default()).score, 0.0, "nothing was measured");
    }
}
