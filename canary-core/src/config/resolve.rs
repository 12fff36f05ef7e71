//! From rules to what holds for one metric.

use super::pattern::Captures;
use super::preset::PresetRule;
use super::related::{RelatedKeys, check_keys};
use super::{Bounds, Config, Direction, JudgeKind, Kind, Outliers, Patterns, Reference, Rule, Unit};
use crate::error::ConfigError;
use crate::scalar::{Fraction, Magnitude, Share, Weight};

/// What holds for one metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The group by rule; `None` leaves it to the input.
    pub group: Option<String>,
    /// Bounds on the ratio.
    pub bounds: Bounds,
    /// Which change counts against the canary.
    pub direction: Direction,
    /// The weight within the group.
    pub weight: Weight,
    /// Whether it can fail the run alone.
    pub critical: bool,
    /// Whether its silence makes the run inconclusive.
    pub must_have_data: bool,
    /// The smallest change that counts, in the metric's unit.
    pub floor: Option<Magnitude>,
    /// The rule of comparison.
    pub judge: JudgeKind,
    /// What the values are.
    pub kind: Kind,
    /// What a count is counted over; `None` leaves the ticks.
    pub denominator: Option<Reference>,
    /// Which quantile the values are, where they are one.
    pub quantile: Option<Fraction>,
    /// The requests behind each value.
    pub requests: Option<Reference>,
    /// The traffic that the values are divided by.
    pub normalise_by: Option<Reference>,
    /// What varies by chance.
    pub unit: Unit,
    /// The level of the deciding interval.
    pub level: Fraction,
    /// The fewest usable points.
    pub min_points: u32,
    /// The least share of the other side's points.
    pub min_coverage: Share,
    /// What is done about outliers.
    pub outliers: Outliers,
    /// The rules that set something, by index.
    pub rules: Vec<usize>,
}

/// A checked and compiled [`Config`]: answers what holds for a metric and never fails.
#[derive(Clone, Debug)]
pub struct Resolver {
    rules: Vec<Compiled>,
    fallback: Settings,
}

#[derive(Clone, Debug)]
struct Compiled {
    patterns: Patterns,
    /// The patterns as written, or the preset's name where it brings them.
    written: Vec<String>,
    /// The rule with its preset filled in.
    rule: Rule,
    bounds: Option<Bounds>,
    related: RelatedKeys,
}

impl Resolver {
    /// Checks every rule of `config` and compiles its patterns.
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        let defaults = &config.defaults;
        let compile = |(index, rule)| Compiled::new(index, rule, defaults.bounds);
        let rules = config.rules.iter().enumerate().map(compile).collect::<Result<_, _>>()?;
        let fallback = Settings {
            group: None,
            bounds: defaults.bounds,
            direction: defaults.direction,
            weight: defaults.weight,
            critical: false,
            must_have_data: false,
            floor: None,
            judge: defaults.judge,
            kind: Kind::Gauge,
            denominator: None,
            quantile: None,
            requests: None,
            normalise_by: None,
            unit: Unit::default(),
            level: defaults.level,
            min_points: defaults.min_points,
            min_coverage: defaults.min_coverage,
            outliers: defaults.outliers,
            rules: Vec::new(),
        };
        Ok(Self { rules, fallback })
    }

    /// What holds for the metric `name`: for each key the first matching rule that sets it, else the
    /// default. Cost: one automaton run a rule.
    #[must_use]
    pub fn settings(&self, name: &str) -> Settings {
        let matching: Vec<(usize, &Compiled)> = self.matches(name).collect();
        if matching.is_empty() {
            return self.fallback.clone();
        }
        let mut rules = Vec::new();
        let mut settings = self.fallback.clone();
        macro_rules! first {
            ($field:ident, $get:expr) => {
                let set = |(index, compiled): &(usize, &Compiled)| Some((*index, $get(compiled)?));
                if let Some((index, value)) = matching.iter().find_map(set) {
                    settings.$field = value;
                    rules.push(index);
                }
            };
        }
        first!(group, |c: &Compiled| c.rule.group.clone().map(Some));
        first!(bounds, |c: &Compiled| c.bounds);
        first!(direction, |c: &Compiled| c.rule.direction);
        first!(weight, |c: &Compiled| c.rule.weight);
        first!(critical, |c: &Compiled| c.rule.critical);
        first!(must_have_data, |c: &Compiled| c.rule.must_have_data);
        first!(floor, |c: &Compiled| c.rule.floor.map(Some));
        first!(judge, |c: &Compiled| c.rule.judge);
        let kind = matching.iter().find_map(|(index, c)| Some((*index, c.rule.kind?)));
        first!(denominator, |c: &Compiled| c.related.denominator(name).map(Some));
        first!(quantile, |c: &Compiled| c.rule.quantile.map(Some));
        first!(requests, |c: &Compiled| c.related.requests(name).map(Some));
        first!(normalise_by, |c: &Compiled| c.related.normalise_by(name).map(Some));
        first!(unit, |c: &Compiled| c.rule.unit);
        first!(level, |c: &Compiled| c.rule.level);
        first!(min_points, |c: &Compiled| c.rule.min_points);
        first!(min_coverage, |c: &Compiled| c.rule.min_coverage);
        first!(outliers, |c: &Compiled| c.rule.outliers);
        rules.extend(kind.map(|(index, _)| index));
        settings.take_kind(kind.map(|(_, kind)| kind));
        rules.sort_unstable();
        rules.dedup();
        settings.rules = rules;
        settings
    }

    /// What the values of the metric `name` are. Cost: less than [`Resolver::settings`].
    pub(crate) fn kind(&self, name: &str) -> Kind {
        let mut settings = self.fallback.clone();
        settings.take_kind(self.matches(name).find_map(|(_, compiled)| compiled.rule.kind));
        settings.kind
    }

    /// The patterns that rules name other metrics by and that are the same for every metric.
    pub(crate) fn common_references(&self) -> Vec<Reference> {
        let mut references: Vec<Reference> =
            self.rules.iter().flat_map(|compiled| compiled.related.common_patterns()).collect();
        references.sort_unstable();
        references.dedup();
        references
    }

    /// The rules that match `name`, by index, whether or not they set anything.
    #[must_use]
    pub fn matching(&self, name: &str) -> Vec<usize> {
        self.matches(name).map(|(index, _)| index).collect()
    }

    fn matches(&self, name: &str) -> impl Iterator<Item = (usize, &Compiled)> {
        self.rules.iter().enumerate().filter(move |(_, compiled)| compiled.patterns.matches(name))
    }

    /// For each rule what it matches, as written, and whether its silence matters (critical or must have data).
    pub(crate) fn requirements(&self) -> impl Iterator<Item = (&[String], bool)> {
        self.rules.iter().map(|compiled| {
            let rule = &compiled.rule;
            let required = rule.critical == Some(true) || rule.must_have_data == Some(true);
            (compiled.written.as_slice(), required)
        })
    }
}

impl Compiled {
    fn new(index: usize, rule: &Rule, defaults: Bounds) -> Result<Self, ConfigError> {
        let mut rule = rule.clone();
        let preset_only = rule.preset.filter(|_| rule.patterns.is_empty());
        let written =
            preset_only.map_or_else(|| rule.patterns.clone(), |preset| vec![format!("preset {}", preset.name())]);
        if let Some(preset) = rule.preset {
            fill_in(&mut rule, &preset.rule());
        }
        if rule.patterns.is_empty() {
            return Err(ConfigError::RuleWithoutMatch { rule: index });
        }
        check_keys(index, &rule)?;
        // A quantile says by itself what its metric is.
        rule.kind = rule.kind.or(rule.quantile.map(|_| Kind::Quantile));
        let patterns = Patterns::new(&rule.patterns).map_err(|bad| ConfigError::Pattern {
            rule: index,
            pattern: bad.pattern,
            message: bad.message,
        })?;
        let change = rule.bounds.map(|change| defaults.changed(change, &format!("rules[{index}].bounds")));
        let related = RelatedKeys::new(index, &rule, || Captures::new(&rule.patterns))?;
        Ok(Self { patterns, written, bounds: change.transpose()?, rule, related })
    }
}

impl Settings {
    /// Sets the kind, a gauge where no rule says otherwise, and drops what does not go with it: a key from one rule
    /// may meet a kind from another.
    fn take_kind(&mut self, kind: Option<Kind>) {
        let counted = if self.denominator.is_some() { Kind::Count } else { Kind::Gauge };
        self.kind = kind.unwrap_or(counted);
        if self.kind == Kind::Count {
            // Both say what the events come from.
            self.denominator = self.denominator.take().or(self.normalise_by.take());
        }
        if !self.counts_events() {
            self.denominator = None;
        }
        if self.kind != Kind::Quantile {
            self.quantile = None;
        }
        if self.counts_events() || self.kind == Kind::Quantile {
            self.normalise_by = None;
        }
        if !matches!(self.kind, Kind::Gauge | Kind::Quantile) || self.normalise_by.is_some() {
            self.requests = None;
        }
    }

    /// Whether the metric is judged as a number of events.
    pub(crate) fn counts_events(&self) -> bool {
        self.kind == Kind::Count || (self.kind == Kind::Counter && self.denominator.is_some())
    }
}

fn fill_in(rule: &mut Rule, preset: &PresetRule) {
    if rule.patterns.is_empty() {
        rule.patterns = preset.patterns.iter().map(|&pattern| pattern.to_owned()).collect();
    }
    rule.group.get_or_insert_with(|| preset.group.to_owned());
    rule.direction.get_or_insert(preset.direction);
    rule.weight.get_or_insert(Weight::literal(preset.weight));
}

#[cfg(test)]
mod tests {
    use super::super::{BoundsChange, Preset};
    use super::*;

    fn rule(pattern: &str) -> Rule {
        Rule { patterns: vec![pattern.to_owned()], ..Rule::default() }
    }

    fn resolve(rules: Vec<Rule>, name: &str) -> Settings {
        Resolver::new(&Config { rules, ..Config::default() }).unwrap().settings(name)
    }

    #[test]
    fn for_each_key_the_first_matching_rule_that_sets_it_wins() {
        let first = Rule { direction: Some(Direction::Increase), ..rule("*_p99") };
        let second = Rule {
            direction: Some(Direction::Decrease),
            group: Some("latency".into()),
            bounds: Some(BoundsChange { lower: None, upper: Some(1.1) }),
            ..rule("latency_*")
        };
        let settings = resolve(vec![first, second, rule("*")], "latency_p99");
        assert_eq!(settings.direction, Direction::Increase);
        assert_eq!(settings.group.as_deref(), Some("latency"));
        assert_eq!(settings.bounds, Bounds::new(0.8, 1.1).unwrap(), "the end left out is the default's");
        assert_eq!(settings.rules, [0, 1], "a rule that sets nothing shapes nothing");
    }

    #[test]
    fn a_preset_brings_patterns_group_and_direction() {
        let preset = |preset| Rule { preset: Some(preset), ..Rule::default() };
        let rules = vec![preset(Preset::Errors), preset(Preset::Latency), preset(Preset::Throughput)];
        let group = |name: &str| resolve(rules.clone(), name).group.unwrap_or_default();
        for (name, expected) in [
            ("http_request_errors_total", "errors"),
            ("checkout/latency_p99_us", "latency"),
            ("shop/cart/requests", "throughput"),
            ("app.rps", "throughput"),
            ("Stream-Triad_Like/MiB_s", "throughput"),
            ("Epoll_Wait/ops_sec", "throughput"),
            ("CPU_Cache/Bogo Ops_s", "throughput"),
            ("cursor_position", ""),
        ] {
            assert_eq!(group(name), expected, "{name}");
        }
        let own = Rule { group: Some("front".into()), ..preset(Preset::Latency) };
        assert_eq!(resolve(vec![own], "page_latency").group.as_deref(), Some("front"));
    }

    /// A conversion is no version, and what one preset takes no later preset mutes.
    #[test]
    fn informational_mutes_only_its_own() {
        let preset = |preset| Rule { preset: Some(preset), ..Rule::default() };
        let rules = vec![preset(Preset::Errors), preset(Preset::Informational)];
        let counts = |name: &str| resolve(rules.clone(), name).weight.get() > 0.0;
        let names = ["conversion_rate", "version_errors", "build_version", "uptime"];
        assert_eq!(names.map(counts), [true, true, false, false]);
    }

    #[test]
    fn every_preset_compiles() {
        for preset in Preset::ALL {
            resolve(vec![Rule { preset: Some(preset), ..Rule::default() }], "x");
        }
    }

    #[test]
    fn other_metrics_are_named_by_what_the_pattern_captured() {
        let errors = Rule { denominator: Some("$1/requests".into()), ..rule("*/errors") };
        let settings = resolve(vec![errors.clone()], "shop/cart/errors");
        assert_eq!(settings.kind, Kind::Count, "what has a denominator is a count");
        assert_eq!(settings.denominator.unwrap().name(), Some("shop/cart/requests"));
        let summed = Rule { kind: Some(Kind::Counter), ..rule("*") };
        assert_eq!(resolve(vec![errors.clone(), summed], "a/errors").kind, Kind::Counter, "a counter of events");
        let gauge = Rule { kind: Some(Kind::Gauge), ..rule("a/errors") };
        assert_eq!(resolve(vec![gauge, errors], "a/errors").denominator, None);
        let tail = Rule { quantile: Some(Fraction::literal(0.99)), requests: Some("$1_count".into()), ..rule("*_p99") };
        let settings = resolve(vec![tail], "db_p99");
        assert_eq!((settings.kind, settings.requests.unwrap().to_string()), (Kind::Quantile, "db_count".to_owned()));
    }

    #[test]
    fn keys_that_do_not_go_together_are_errors() {
        let check = |rule| Resolver::new(&Config { rules: vec![rule], ..Config::default() }).unwrap_err().to_string();
        let gauge = Rule { kind: Some(Kind::Gauge), denominator: Some("x".into()), ..rule("*") };
        assert_eq!(
            check(gauge),
            "rules[0].denominator: found kind = \"gauge\"; expected kind = \"count\" or \"counter\""
        );
        let quantile = Rule { kind: Some(Kind::Quantile), ..rule("*") };
        assert_eq!(
            check(quantile),
            "rules[0].quantile: found no value; expected one such as 0.99, as kind = \"quantile\" asks for it"
        );
        let both = Rule { denominator: Some("x".into()), normalise_by: Some("y".into()), ..rule("*") };
        assert_eq!(check(both), "rules[0].normalise_by: found `denominator` beside it; expected one of the two");
        let group = Rule { denominator: Some("$2/requests".into()), ..rule("*/errors") };
        assert_eq!(check(group), "rules[0].denominator: found $2 where `*/errors` captures 1; expected $1 to $1");
    }

    #[test]
    fn bad_rules_name_their_index_and_key() {
        let check = |rule| Resolver::new(&Config { rules: vec![rule], ..Config::default() }).unwrap_err().to_string();
        assert!(check(Rule::default()).starts_with("rules[0]: found neither `match` nor `preset`"));
        let bounds = Some(BoundsChange { lower: None, upper: Some(0.7) });
        assert_eq!(
            check(Rule { bounds, ..rule("*") }),
            "rules[0].bounds: found lower 0.8, upper 0.7; expected 0 <= lower < upper, both finite"
        );
        assert_eq!(check(rule("/[/")), "rules[0].match: pattern `/[/`: unclosed character class");
    }
}
