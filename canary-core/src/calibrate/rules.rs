//! From a proposal for each metric to few rules.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Calibration;
use super::globs::covering;
use super::name::thing_and_measure;
use super::nature::Nature;
use super::proposal::{LeftOut, Proposal, Proposals};
use super::spread::{LADDER, bounds};
use crate::config::{Bounds, BoundsChange, Comments, Config, Direction, Kind, Resolver, Rule, Settings};
use crate::error::ConfigError;
use crate::kayenta::exact_pattern;
use crate::metric::MetricSet;
use crate::scalar::{Fraction, Weight};

/// A measure that fewer metrics share has no rule of its own.
const FAMILY: usize = 3;
/// The bounds of a pool hold at least this share of its metrics; the others are exceptions.
const HELD: f64 = 0.9;
/// More prefixes than this make no groups.
const MAX_GROUPS: usize = 12;

/// What the metrics of a pool are.
#[derive(Clone, Debug, PartialEq)]
struct What {
    direction: Direction,
    kind: Kind,
    quantile: Option<f64>,
    /// `$1/requests`
    requests: Option<String>,
}

/// Metrics that share a rule.
#[derive(Clone, Debug)]
struct Pool<'a> {
    names: Vec<&'a str>,
    /// Patterns that match these names and no others; none for what the defaults are for.
    patterns: Vec<String>,
    what: What,
}

/// A config that says of every metric what it is, and nothing of its bounds.
pub(super) fn base(natures: &BTreeMap<Arc<str>, Nature>) -> Config {
    let of = |name: &str| natures.get(name);
    let pools = pools(&natures.keys().map(AsRef::as_ref).collect(), &of);
    let mut rules = odd_kinds(&pools, &of).into_iter().map(|(rule, _)| rule).collect::<Vec<_>>();
    rules.extend(pools.iter().filter(|pool| !pool.patterns.is_empty()).map(|pool| pool.rule(None)));
    Config { rules, ..Config::default() }
}

/// The proposals as a config with comments.
pub(super) fn compressed(proposals: &Proposals, runs: &[MetricSet]) -> Result<Calibration, ConfigError> {
    let of = |name: &str| proposals.get(name).map(|proposal| &proposal.nature);
    let all: BTreeSet<&str> = proposals.keys().map(AsRef::as_ref).collect();
    let pools = pools(&all, &of);
    let steps: Vec<Option<usize>> = pools.iter().map(|pool| pool_step(pool, proposals)).collect();
    let mut config = Config::default();
    let plain = pools.iter().zip(&steps).find(|(pool, _)| pool.patterns.is_empty());
    if let Some((_, Some(step))) = plain {
        config.defaults.bounds = bounds(*step);
    }
    let mut rules = left_out(proposals, &all);
    rules.extend(wider(&pools, &steps, proposals, &all));
    rules.extend(odd_kinds(&pools, &of));
    rules.extend(merged(&pools, &steps, proposals, runs.len()));
    rules.extend(groups(&all, runs));
    let (rules, comments): (Vec<_>, Vec<_>) = rules.into_iter().unzip();
    config.rules = rules;
    let mut comments = Comments { head: head(proposals, runs.len(), plain.map(|(pool, _)| pool)), rules: comments };
    mend(&mut config, &mut comments, &pools, &steps, proposals)?;
    let left_out = proposals.values().filter(|proposal| proposal.step.is_err()).count();
    Ok(Calibration { config, comments, metrics: proposals.len(), left_out })
}

/// Every metric in one pool: by measure, and what is left by what it is.
fn pools<'a, 'n>(names: &BTreeSet<&'a str>, of: &impl Fn(&str) -> Option<&'n Nature>) -> Vec<Pool<'a>> {
    let mut families: BTreeMap<&str, Vec<&'a str>> = BTreeMap::new();
    let mut loose: Vec<&'a str> = Vec::new();
    for name in names {
        match thing_and_measure(name) {
            Some((thing, _)) => families.entry(name.get(thing.len() - 1..).unwrap_or(name)).or_default().push(name),
            None => loose.push(name),
        }
    }
    let mut pools = Vec::new();
    for (suffix, members) in families {
        if members.len() < FAMILY || suffix.contains(['*', '?']) {
            loose.extend(members);
        } else {
            let what = family_of(suffix, &members, of);
            pools.push(Pool { names: members, patterns: vec![format!("*{suffix}")], what });
        }
    }
    let mut by_what: Vec<Pool<'a>> = Vec::new();
    for name in loose {
        let what = of(name).map_or_else(What::plain, |nature| What { requests: None, ..What::of(nature, None) });
        match by_what.iter_mut().find(|pool| pool.what == what) {
            Some(pool) => pool.names.push(name),
            None => by_what.push(Pool { names: vec![name], patterns: Vec::new(), what }),
        }
    }
    for pool in by_what.iter_mut().filter(|pool| pool.what != What::plain()) {
        pool.patterns = covering(&pool.names.iter().copied().collect(), names);
    }
    pools.extend(by_what);
    pools
}

/// What most of a family's metrics are that are not idle; what counts their requests only where that is so for all.
fn family_of<'n>(suffix: &str, members: &[&str], of: &impl Fn(&str) -> Option<&'n Nature>) -> What {
    let natures = || members.iter().filter_map(|name| of(name)).filter(|nature| !nature.idle);
    let mut kinds: Vec<(usize, &Nature)> = Vec::new();
    for nature in natures() {
        match kinds.iter_mut().find(|(_, known)| known.kind == nature.kind) {
            Some((count, _)) => *count += 1,
            None => kinds.push((1, nature)),
        }
    }
    let most = kinds.into_iter().max_by_key(|(count, _)| *count).map(|(_, nature)| nature);
    let Some(most) = most.or_else(|| members.first().and_then(|name| of(name))) else { return What::plain() };
    let shared = members.iter().all(|name| of(name).is_some_and(|nature| nature.requests == most.requests));
    let separator = suffix.get(..1).unwrap_or("/");
    let alike = members.iter().all(|name| of(name).is_some_and(|nature| nature.direction == most.direction));
    let direction = if alike { most.direction } else { Direction::Either };
    let what = What::of(most, most.requests.filter(|_| shared).map(|requests| format!("$1{separator}{requests}")));
    What { direction, ..what }
}

impl What {
    fn plain() -> Self {
        Self { direction: Direction::Either, kind: Kind::Gauge, quantile: None, requests: None }
    }

    fn of(nature: &Nature, requests: Option<String>) -> Self {
        Self { direction: nature.direction, kind: nature.kind, quantile: nature.quantile, requests }
    }
}

impl Pool<'_> {
    fn rule(&self, step: Option<usize>) -> Rule {
        let What { direction, kind, quantile, requests } = &self.what;
        let counts = matches!(kind, Kind::Count | Kind::Counter);
        Rule {
            patterns: self.patterns.clone(),
            bounds: step.map(change),
            direction: Some(*direction).filter(|direction| *direction != Direction::Either),
            kind: Some(*kind).filter(|kind| *kind != Kind::Gauge),
            quantile: quantile.and_then(|quantile| Fraction::new(quantile).ok()),
            denominator: requests.clone().filter(|_| counts),
            requests: requests.clone().filter(|_| *kind == Kind::Quantile),
            ..Rule::default()
        }
    }
}

fn change(step: usize) -> BoundsChange {
    let bounds = bounds(step);
    BoundsChange { lower: Some(bounds.lower()), upper: Some(bounds.upper()) }
}

/// The step that holds most of a pool; `None` where none of it counts.
fn pool_step(pool: &Pool<'_>, proposals: &Proposals) -> Option<usize> {
    let mut steps: Vec<usize> =
        pool.names.iter().filter_map(|name| proposals.get(*name)?.step.as_ref().ok().copied()).collect();
    steps.sort_unstable();
    let held = HELD * steps.len() as f64;
    steps.iter().enumerate().find(|(index, _)| (index + 1) as f64 >= held).map(|(_, step)| *step)
}

/// A rule and what stands over it.
type Commented = (Rule, Vec<String>);

/// The metrics that do not count, by why.
fn left_out(proposals: &Proposals, all: &BTreeSet<&str>) -> Vec<Commented> {
    let mut by_reason: BTreeMap<LeftOut, BTreeSet<&str>> = BTreeMap::new();
    for (name, proposal) in proposals {
        if let Err(reason) = proposal.step {
            by_reason.entry(reason).or_default().insert(name);
        }
    }
    let rule = |(reason, names): (LeftOut, BTreeSet<&str>)| {
        let why = match reason {
            LeftOut::Idle => "no data, or zero throughout",
            LeftOut::Noisy => "too noisy: no run shows them to stay within a factor of 3",
            LeftOut::Wild => "beyond a factor of 3 between healthy builds",
            LeftOut::Informational => "they say what a build is, not how it does",
        };
        let rule = Rule { patterns: covering(&names, all), weight: Some(Weight::literal(0.0)), ..Rule::default() };
        (rule, vec![format!("{}, shown and not counted: {why}", metrics(names.len()))])
    };
    by_reason.into_iter().map(rule).collect()
}

/// The metrics that need wider bounds than their pool, by step.
fn wider(pools: &[Pool<'_>], steps: &[Option<usize>], proposals: &Proposals, all: &BTreeSet<&str>) -> Vec<Commented> {
    let mut by_step: BTreeMap<usize, BTreeSet<&str>> = BTreeMap::new();
    for (pool, pool_step) in pools.iter().zip(steps) {
        for name in &pool.names {
            let step = proposals.get(*name).and_then(|proposal| proposal.step.ok());
            if let (Some(step), Some(pool_step)) = (step, pool_step)
                && step > *pool_step
            {
                by_step.entry(step).or_default().insert(name);
            }
        }
    }
    let rule = |(step, names): (usize, BTreeSet<&str>)| {
        let seen = names.iter().filter_map(|name| proposals.get(*name));
        let comment = format!("{} that differ more than most of their kind{}", metrics(names.len()), ratios(seen));
        (Rule { patterns: covering(&names, all), bounds: Some(change(step)), ..Rule::default() }, vec![comment])
    };
    by_step.into_iter().map(rule).collect()
}

/// The metrics that are something else than their pool.
fn odd_kinds<'n>(pools: &[Pool<'_>], of: &impl Fn(&str) -> Option<&'n Nature>) -> Vec<Commented> {
    let mut odd: Vec<(Kind, Vec<String>)> = Vec::new();
    for pool in pools {
        for name in &pool.names {
            let Some(nature) = of(name).filter(|nature| is_odd(nature, &pool.what)) else { continue };
            match odd.iter_mut().find(|(kind, _)| *kind == nature.kind) {
                Some((_, patterns)) => patterns.push(exact_pattern(name)),
                None => odd.push((nature.kind, vec![exact_pattern(name)])),
            }
        }
    }
    // A quantile has its number from its pool, or it is none.
    let odd = odd.into_iter().filter(|(kind, _)| *kind != Kind::Quantile);
    odd.map(|(kind, patterns)| {
        let comment = format!("{} that look like another kind than their measure's others", metrics(patterns.len()));
        (Rule { patterns, kind: Some(kind), ..Rule::default() }, vec![comment])
    })
    .collect()
}

/// Whether a metric is something else than its measure's others. A count without many zeros is a count as well.
fn is_odd(nature: &Nature, what: &What) -> bool {
    let frequent = what.kind == Kind::Count && nature.kind == Kind::Gauge && nature.whole;
    !nature.idle && nature.kind != what.kind && !frequent
}

/// One rule for all pools that come to the same.
fn merged(pools: &[Pool<'_>], steps: &[Option<usize>], proposals: &Proposals, runs: usize) -> Vec<Commented> {
    let mut rules: Vec<(Rule, Vec<&str>)> = Vec::new();
    for (pool, step) in pools.iter().zip(steps).filter(|(pool, _)| !pool.patterns.is_empty()) {
        let rule = pool.rule(*step);
        if rule == (Rule { patterns: pool.patterns.clone(), ..Rule::default() }) {
            continue;
        }
        let alike = |known: &&mut (Rule, Vec<&str>)| {
            Rule { patterns: Vec::new(), ..known.0.clone() } == Rule { patterns: Vec::new(), ..rule.clone() }
        };
        match rules.iter_mut().find(alike) {
            Some((known, names)) => {
                known.patterns.extend(rule.patterns);
                names.extend(&pool.names);
            }
            None => rules.push((rule, pool.names.clone())),
        }
    }
    let commented = |(rule, names): (Rule, Vec<&str>)| {
        let seen = ratios(names.iter().filter_map(|name| proposals.get(*name)));
        let runs = if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") };
        let mut comments = vec![format!("{}{seen} over {runs}", metrics(names.len()))];
        comments.extend(what_text(&rule));
        (rule, comments)
    };
    rules.into_iter().map(commented).collect()
}

/// What was read from the names and is to be checked.
fn what_text(rule: &Rule) -> Option<String> {
    let direction = rule.direction.map(|_| "the direction is read from the name");
    let kind = match rule.kind {
        Some(Kind::Counter) => Some("the values only grow, but for resets"),
        Some(Kind::Count) => Some("small whole numbers"),
        Some(Kind::Quantile) => Some("the quantile is read from the name"),
        _ => None,
    };
    let related = rule.denominator.as_ref().or(rule.requests.as_ref()).map(|_| "their requests stand beside them");
    let texts: Vec<&str> = [kind, related, direction].into_iter().flatten().collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

/// Groups by the first part of the name, where the input has none and the parts are few.
fn groups(all: &BTreeSet<&str>, runs: &[MetricSet]) -> Vec<Commented> {
    if runs.iter().any(|run| run.iter().any(|pair| pair.group.is_some())) {
        return Vec::new();
    }
    let mut prefixes: BTreeMap<&str, usize> = BTreeMap::new();
    for name in all {
        let cut = super::name::cuts(name).next().and_then(|at| name.get(..at));
        *prefixes.entry(cut.unwrap_or_default()).or_default() += 1;
    }
    let plain = prefixes.keys().all(|prefix| !prefix.contains(['*', '?']));
    let few = (2..=MAX_GROUPS).contains(&prefixes.len()) && prefixes.values().all(|count| *count >= FAMILY);
    if !plain || !few {
        return Vec::new();
    }
    let named = prefixes.into_iter().filter(|(prefix, _)| !prefix.is_empty());
    named
        .map(|(prefix, count)| {
            let group = prefix.trim_end_matches(|c: char| !c.is_alphanumeric()).to_owned();
            let rule = Rule { patterns: vec![format!("{prefix}*")], group: Some(group), ..Rule::default() };
            (rule, vec![metrics(count)])
        })
        .collect()
}

fn head(proposals: &Proposals, runs: usize, plain: Option<&Pool<'_>>) -> Vec<String> {
    let counted: Vec<&Proposal> = proposals.values().filter(|proposal| proposal.step.is_ok()).collect();
    let ladder: Vec<String> = LADDER.iter().map(ToString::to_string).collect();
    let margin = if runs < 3 { ", and one step more as there are fewer than 3 runs" } else { "" };
    let mut head = vec![
        format!("{} of the past; {} count.", metrics(proposals.len()), counted.len()),
        format!("Bounds: the first factor of {} within which every run was shown to stay{margin}.", ladder.join(", ")),
        "Kinds are read from the values, directions and quantiles from the names: check them.".to_owned(),
    ];
    if let Some(plain) = plain {
        let seen = plain.names.iter().filter_map(|name| proposals.get(*name));
        head.push(format!(
            "[defaults] stands for {} that share no measure{}.",
            metrics(plain.names.len()),
            ratios(seen)
        ));
    }
    head
}

fn metrics(count: usize) -> String {
    if count == 1 { "1 metric".to_owned() } else { format!("{count} metrics") }
}

/// The range of ratios that was seen among metrics that count.
fn ratios<'a>(proposals: impl Iterator<Item = &'a Proposal>) -> String {
    let counted = proposals.filter(|proposal| proposal.step.is_ok());
    let range = counted.filter_map(|proposal| proposal.spread.ratios);
    let range = range.reduce(|(low, high), (least, most)| (low.min(least), high.max(most)));
    range.map(|(low, high)| format!("; ratios {low:.2} to {high:.2}")).unwrap_or_default()
}

/// Looks every metric up, and names those one by one that do not find what was proposed for them.
fn mend(
    config: &mut Config,
    comments: &mut Comments,
    pools: &[Pool<'_>],
    steps: &[Option<usize>],
    proposals: &Proposals,
) -> Result<(), ConfigError> {
    let resolver = Resolver::new(config)?;
    let mut missed: Vec<(Rule, Vec<&str>)> = Vec::new();
    for (pool, pool_step) in pools.iter().zip(steps) {
        for name in &pool.names {
            let Some(proposal) = proposals.get(*name) else { continue };
            let step = proposal.step.ok().map(|step| pool_step.map_or(step, |pool_step| step.max(pool_step)));
            let expected = step.map(bounds);
            if !finds(&resolver.settings(name), expected, pool.what.direction) {
                let mut rule =
                    Rule { direction: Some(pool.what.direction), bounds: step.map(change), ..Rule::default() };
                rule.weight = Some(Weight::literal(if step.is_some() { 1.0 } else { 0.0 }));
                match missed.iter_mut().find(|(known, _)| *known == rule) {
                    Some((_, names)) => names.push(name),
                    None => missed.push((rule, vec![name])),
                }
            }
        }
    }
    for (mut rule, names) in missed {
        rule.patterns = names.iter().map(|name| exact_pattern(name)).collect();
        config.rules.insert(0, rule);
        comments.rules.insert(0, vec![format!("{} that a pattern below would take for others", metrics(names.len()))]);
    }
    Ok(())
}

fn finds(settings: &Settings, expected: Option<Bounds>, direction: Direction) -> bool {
    let counts = settings.weight.get() > 0.0;
    settings.direction == direction
        && counts == expected.is_some()
        && expected.is_none_or(|bounds| settings.bounds == bounds)
}
