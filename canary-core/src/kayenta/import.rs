//! From the peer's configuration to ours.

use std::collections::{BTreeMap, BTreeSet};

use super::config::{CanarySettings, Config, MetricConfig};
use super::rule::{DEFAULT_OUTLIER_FACTOR, EffectSize, Measure, NanStrategy, OutlierStrategy, Rule};
use crate::config::{Bounds, BoundsChange, Direction, GroupSettings, Outliers, Thresholds};
use crate::config::{Config as OurConfig, Rule as OurRule};
use crate::scalar::{Positive, Score, Weight};

/// Our configuration, and what of theirs is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// Our configuration, for our own judge.
    pub config: OurConfig,
    /// What could not be carried over, or means something else here. Equal notes on several metrics are one.
    pub notes: Vec<ImportNote>,
}

/// Something that could not be carried over, or means something else here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportNote {
    /// The metrics it is about, in order; none for the configuration as a whole.
    pub metrics: Vec<String>,
    /// The key in the peer's configuration.
    pub key: &'static str,
    /// What became of it.
    pub message: String,
}

/// Notes, equal ones folded together.
#[derive(Debug, Default)]
struct Notes {
    notes: Vec<ImportNote>,
    index: BTreeMap<(&'static str, String), usize>,
}

impl Notes {
    fn add(&mut self, metric: Option<&str>, key: &'static str, message: String) {
        let next = self.notes.len();
        let index = *self.index.entry((key, message.clone())).or_insert(next);
        if index == next {
            self.notes.push(ImportNote { metrics: Vec::new(), key, message });
        }
        if let (Some(note), Some(metric)) = (self.notes.get_mut(index), metric) {
            note.metrics.push(metric.to_owned());
        }
    }
}

impl Config {
    /// Carries the configuration over to ours, for our own judge.
    ///
    /// Every metric is matched by its exact name; metrics with the same settings share a rule. Allowed increases
    /// and decreases of the mean ratio become bounds. Where theirs allows no change at all (the default),
    /// our default bounds hold: a judge that flags any provable shift would flag harmless ones.
    #[must_use]
    pub fn import(&self) -> Import {
        let mut notes = Notes::default();
        let groups = self.group_weights(&mut notes);
        let mut rules: Vec<(OurRule, Vec<String>)> = Vec::new();
        for metric in &self.metrics {
            let rule = our_rule(metric, &groups, &mut notes);
            let pattern = exact_pattern(&metric.name);
            match rules.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, patterns)) => patterns.push(pattern),
                None => rules.push((rule, vec![pattern])),
            }
        }
        // A rule that sets nothing is not needed.
        rules.retain(|(rule, _)| *rule != OurRule::default());
        let weighted = groups.into_iter().filter_map(|(name, weight)| Some((name, Positive::new(weight).ok()?)));
        let config = OurConfig {
            thresholds: self.thresholds(&mut notes),
            rules: rules.into_iter().map(|(rule, patterns)| OurRule { patterns, ..rule }).collect(),
            groups: weighted.map(|(name, weight)| (name, GroupSettings { weight })).collect(),
            ..OurConfig::default()
        };
        Import { config, notes: notes.notes }
    }

    /// The weight of each group that a metric counts in, as the judge would take it. Empty where none is
    /// configured: then all weigh the same, here too.
    fn group_weights(&self, notes: &mut Notes) -> BTreeMap<String, f64> {
        let configured = &self.classifier.group_weights;
        if configured.is_empty() {
            return BTreeMap::new();
        }
        let present: BTreeSet<&String> = self.metrics.iter().filter_map(|metric| metric.groups.first()).collect();
        for absent in configured.keys().filter(|group| !present.contains(group)) {
            let message = format!("no metric counts in group `{absent}`; there its weight is lost, here it is not");
            notes.add(None, "classifier.groupWeights", message);
        }
        let total: f64 = configured.values().sum();
        if (total - 100.0).abs() > 1e-9 {
            let message = format!("the weights add up to {total}, not 100; here only their ratios count");
            notes.add(None, "classifier.groupWeights", message);
        }
        let unweighted = present.iter().filter(|group| !configured.contains_key(**group)).count();
        let share = (100.0 - total) / unweighted as f64;
        let weight = |group: &String| configured.get(group).copied().unwrap_or(share);
        present.into_iter().map(|group| (group.clone(), weight(group))).collect()
    }

    fn thresholds(&self, notes: &mut Notes) -> Thresholds {
        let written = self.classifier.score_thresholds;
        let carried = || {
            let mut thresholds = Thresholds::default();
            if let Some(pass) = written.pass {
                thresholds = thresholds.with_pass(Score::new(pass).ok()?).ok()?;
            }
            if let Some(marginal) = written.marginal {
                thresholds = thresholds.with_marginal(Score::new(marginal).ok()?).ok()?;
            }
            Some(thresholds)
        };
        carried().unwrap_or_else(|| {
            let message = "expected 0 <= marginal <= pass <= 100; our default thresholds hold".to_owned();
            notes.add(None, "classifier.scoreThresholds", message);
            Thresholds::default()
        })
    }
}

/// Our rule for a metric, without its pattern.
fn our_rule(metric: &MetricConfig, groups: &BTreeMap<String, f64>, notes: &mut Notes) -> OurRule {
    let (settings, rule) = (metric.settings(), metric.rule());
    let mut note = |key, message: String| notes.add(Some(&metric.name), key, message);
    unknown_words(settings, &mut note);
    if rule.nan_strategy == NanStrategy::Replace {
        note("nanStrategy", "missing values are left out here, not taken for 0".to_owned());
    }
    let group = metric.groups.first();
    if metric.groups.len() > 1 {
        note("groups", format!("counts in one group here: the first of {}", metric.groups.join(", ")));
    } else if group.is_none() {
        note("groups", "in no group: left out of the score there, counts in group `default` here".to_owned());
    }
    let group_counts = group.and_then(|group| groups.get(group)).is_none_or(|weight| *weight > 0.0);
    if !group_counts {
        note("groups", "its group has no positive weight: shown, not scored".to_owned());
    }
    note_critical_thresholds(&rule, &mut note);
    let flag = |value: bool| (value && !rule.muted).then_some(true);
    OurRule {
        group: group.cloned(),
        bounds: bounds(&rule.effect_size, &mut note),
        direction: (rule.direction != Direction::Either).then_some(rule.direction),
        weight: (rule.muted || !group_counts).then_some(Weight::literal(0.0)),
        // A muted metric takes part in nothing there.
        critical: flag(rule.critical),
        must_have_data: flag(rule.must_have_data),
        outliers: outliers(rule.outliers, &mut note),
        ..OurRule::default()
    }
}

/// The allowed changes as bounds; an end that allows no change stays ours.
#[allow(clippy::float_cmp, reason = "whether it is the default")]
fn bounds(effect: &EffectSize, note: &mut impl FnMut(&'static str, String)) -> Option<BoundsChange> {
    let neutral = effect.measure.neutral();
    let written = |value: f64| (value != neutral).then_some(value);
    let (mut lower, mut upper) = (written(effect.allowed_decrease), written(effect.allowed_increase));
    if effect.measure == Measure::Cles {
        if lower.is_some() || upper.is_some() {
            note("effectSize.measure", "thresholds on a probability have no bounds on the ratio: ours hold".to_owned());
        }
        return None;
    }
    if let Some(value) = lower.take_if(|value| !(0.0..1.0).contains(value)) {
        note("effectSize.allowedDecrease", format!("found {value}, expected a ratio below 1: our lower bound holds"));
    }
    if let Some(value) = upper.take_if(|value| *value <= 1.0 || Bounds::new(0.0, *value).is_err()) {
        note("effectSize.allowedIncrease", format!("found {value}, expected a ratio above 1: our upper bound holds"));
    }
    (lower.is_some() || upper.is_some()).then_some(BoundsChange { lower, upper })
}

/// Critical thresholds have no counterpart: a note where they would decide something.
#[allow(clippy::float_cmp, reason = "whether it is the default")]
fn note_critical_thresholds(rule: &Rule, note: &mut impl FnMut(&'static str, String)) {
    let (effect, neutral) = (&rule.effect_size, rule.effect_size.measure.neutral());
    let thresholds = [
        ("effectSize.criticalIncrease", effect.critical_increase),
        ("effectSize.criticalDecrease", effect.critical_decrease),
    ];
    for (key, value) in thresholds {
        if rule.critical && !rule.muted && value != neutral {
            note(key, format!("{value} has no counterpart: any failure of a critical metric is critical here"));
        }
    }
}

fn outliers(strategy: OutlierStrategy, note: &mut impl FnMut(&'static str, String)) -> Option<Outliers> {
    match strategy {
        OutlierStrategy::Keep => None,
        OutlierStrategy::Remove { factor } => {
            let factor = if factor.to_bits() == DEFAULT_OUTLIER_FACTOR.to_bits() {
                String::new()
            } else {
                format!("{factor} interquartile ranges there, ")
            };
            let message =
                format!("{factor}3 interquartile ranges here, and not only beyond the 1st and 99th percentile");
            note("outliers.strategy", message);
            Some(Outliers::Drop)
        }
    }
}

/// Words that the judge takes for its default without saying so.
fn unknown_words(settings: &CanarySettings, note: &mut impl FnMut(&'static str, String)) {
    let words: [(&'static str, Option<&str>, &[&str]); 4] = [
        ("direction", settings.direction.as_deref(), &["either", "increase", "decrease"]),
        ("nanStrategy", settings.nan_strategy.as_deref(), &["remove", "replace"]),
        ("effectSize.measure", settings.effect_size.measure.as_deref(), &["meanRatio", "cles"]),
        ("outliers.strategy", settings.outliers.strategy.as_deref(), &["keep", "remove"]),
    ];
    for (key, word, known) in words {
        if let (Some(word), Some(default)) = (word.filter(|word| !known.contains(word)), known.first()) {
            note(key, format!("found `{word}`, expected one of {}; it means `{default}` there", known.join(", ")));
        }
    }
}

/// A pattern that matches this name alone: as it is, unless something in it is special.
pub(crate) fn exact_pattern(name: &str) -> String {
    let between_slashes = name.len() > 2 && name.starts_with('/') && name.ends_with('/');
    if between_slashes || name.contains(['*', '?']) { format!("/^{}$/", regex::escape(name)) } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Patterns;

    #[test]
    fn a_pattern_matches_its_name_and_no_other() {
        for name in ["plain", "a*b", "what?", "/path/", "/", "//", "a.b[0]{x=\"1\"}", "*", "two\nlines?", "/^$/"] {
            let patterns = Patterns::new(&[exact_pattern(name)]).unwrap();
            assert!(patterns.matches(name), "{name}");
            for other in ["plainly", "aXb", "whatX", "path", "", "/x/", "anything", "xplain", "two\nlinesX"] {
                assert!(!patterns.matches(other), "{name} {other}");
            }
        }
    }
}
