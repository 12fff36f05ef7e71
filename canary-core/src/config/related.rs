//! The keys of a rule that name other metrics: whether they go together, and what they name.

use super::pattern::Captures;
use super::reference::{Reference, Template};
use super::{Kind, Rule};
use crate::error::ConfigError;

/// The compiled keys of one rule that name other metrics.
#[derive(Clone, Debug)]
pub(super) struct RelatedKeys {
    denominator: Option<Template>,
    requests: Option<Template>,
    normalise_by: Option<Template>,
    /// Compiled only where a key asks for what was captured.
    captures: Option<Captures>,
}

impl RelatedKeys {
    /// Compiles the keys of the rule at `index`. A group that one of its patterns lacks is an error.
    pub(super) fn new(index: usize, rule: &Rule, captures: impl FnOnce() -> Captures) -> Result<Self, ConfigError> {
        let template = |written: &Option<String>| written.as_deref().map(Template::new);
        let mut keys = Self {
            denominator: template(&rule.denominator),
            requests: template(&rule.requests),
            normalise_by: template(&rule.normalise_by),
            captures: None,
        };
        if keys.all().all(|(_, template)| template.groups().next().is_none()) {
            return Ok(keys);
        }
        let captures = captures();
        for (key, template) in keys.all() {
            check_groups(index, key, template, rule, &captures)?;
        }
        keys.captures = Some(captures);
        Ok(keys)
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &Template)> {
        let keys =
            [("denominator", &self.denominator), ("requests", &self.requests), ("normalise_by", &self.normalise_by)];
        keys.into_iter().filter_map(|(key, template)| Some((key, template.as_ref()?)))
    }

    pub(super) fn denominator(&self, name: &str) -> Option<Reference> {
        Some(self.filled(self.denominator.as_ref()?, name))
    }

    pub(super) fn requests(&self, name: &str) -> Option<Reference> {
        Some(self.filled(self.requests.as_ref()?, name))
    }

    pub(super) fn normalise_by(&self, name: &str) -> Option<Reference> {
        Some(self.filled(self.normalise_by.as_ref()?, name))
    }

    fn filled(&self, template: &Template, name: &str) -> Reference {
        let captures = self.captures.as_ref().map(|captures| captures.of(name)).unwrap_or_default();
        template.fill(&captures)
    }

    /// The patterns that do not depend on the metric.
    pub(super) fn common_patterns(&self) -> impl Iterator<Item = Reference> {
        let common = self.all().filter(|(_, template)| template.groups().next().is_none());
        common.map(|(_, template)| template.fill(&[])).filter(|reference| reference.name().is_none())
    }
}

fn check_groups(
    index: usize,
    key: &'static str,
    template: &Template,
    rule: &Rule,
    captures: &Captures,
) -> Result<(), ConfigError> {
    for (pattern, groups) in rule.patterns.iter().zip(captures.groups()) {
        if let Some(wrong) = template.groups().find(|group| !(1..=groups).contains(group)) {
            let expected = if groups == 0 { "no such reference".to_owned() } else { format!("$1 to ${groups}") };
            let found = format!("${wrong} where `{pattern}` captures {groups}");
            return Err(ConfigError::RuleKey { rule: index, key, found, expected });
        }
    }
    Ok(())
}

/// Keys of one rule that contradict each other. What meets from different rules is settled by the kind.
pub(super) fn check_keys(index: usize, rule: &Rule) -> Result<(), ConfigError> {
    let wrong = |key, found: &str, expected: &str| {
        Err(ConfigError::RuleKey { rule: index, key, found: found.to_owned(), expected: expected.to_owned() })
    };
    let kind = rule.kind.map_or("", Kind::name);
    let found = format!("kind = \"{kind}\"");
    let is = |kinds: &[Kind]| rule.kind.is_none_or(|kind| kinds.contains(&kind));
    if rule.denominator.is_some() && !is(&[Kind::Count, Kind::Counter]) {
        return wrong("denominator", &found, "kind = \"count\" or \"counter\"");
    }
    if rule.denominator.is_some() && rule.quantile.is_some() {
        return wrong("quantile", "`denominator` beside it", "one of the two");
    }
    if rule.quantile.is_some() && !is(&[Kind::Quantile]) {
        return wrong("quantile", &found, "kind = \"quantile\"");
    }
    if rule.kind == Some(Kind::Quantile) && rule.quantile.is_none() {
        return wrong("quantile", "no value", "one such as 0.99, as kind = \"quantile\" asks for it");
    }
    if rule.requests.is_some() && !is(&[Kind::Gauge, Kind::Quantile]) {
        return wrong("requests", &found, "kind = \"gauge\" or \"quantile\"; a count takes `denominator`");
    }
    if rule.normalise_by.is_some() && (rule.quantile.is_some() || rule.kind == Some(Kind::Quantile)) {
        return wrong(
            "normalise_by",
            "a quantile",
            "a metric that grows with the traffic; a quantile takes `requests`",
        );
    }
    for (beside, is_set) in [("denominator", rule.denominator.is_some()), ("requests", rule.requests.is_some())] {
        if rule.normalise_by.is_some() && is_set {
            return wrong("normalise_by", &format!("`{beside}` beside it"), "one of the two");
        }
    }
    if rule.requests.is_some() && rule.denominator.is_some() {
        return wrong("requests", "`denominator` beside it", "one of the two");
    }
    Ok(())
}
