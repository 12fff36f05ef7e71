//! The notes of a run: what preprocessing said of every metric, added up, and what the rules missed.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Config, Resolver};
use crate::metric::MetricSet;
use crate::note::{Note, NoteCode, Side};
use crate::report::{Flag, MetricResult, Reason, RelatedKey, VerdictReason};

pub(super) fn collect(
    metrics: &MetricSet,
    results: &[MetricResult],
    resolver: &Resolver,
    config: &Config,
) -> Vec<Note> {
    let mut notes = metrics.notes().to_vec();
    notes.extend(on_one_side(metrics));
    let mut sums: BTreeMap<(NoteCode, Option<Side>), u64> = BTreeMap::new();
    for note in results.iter().flat_map(|result| &result.notes) {
        *sums.entry((note.code, note.side)).or_default() += note.count;
    }
    notes.extend(sums.into_iter().map(|((code, side), count)| Note { code, side, count, detail: None }));
    let matched = matched_rules(results.iter(), resolver);
    for (rule, (patterns, _)) in resolver.requirements().enumerate() {
        if !matched.contains(&rule) && !metrics.is_chosen() {
            let number = rule as u64 + 1;
            notes.push(Note::new(NoteCode::RuleMatchesNothing, number).with_detail(patterns.join(", ")));
        }
    }
    notes.extend(without_related(results));
    let unequal = results.iter().filter(|result| result.flags.contains(&Flag::UnequalMissing)).count() as u64;
    if unequal > 0 {
        notes.push(Note::new(NoteCode::UnequalMissing, unequal));
    }
    let groups: BTreeSet<&str> = results.iter().map(|result| result.group.as_ref()).collect();
    for group in config.groups.keys().filter(|group| !groups.contains(group.as_str())) {
        notes.push(Note::new(NoteCode::GroupWithoutMetric, 1).with_detail(group.as_str()));
    }
    notes
}

/// One note a key: how many metrics name by it what does not exist, and the first such name.
fn without_related(results: &[MetricResult]) -> Vec<Note> {
    let mut missing: BTreeMap<RelatedKey, (u64, &str)> = BTreeMap::new();
    for result in results {
        if let Reason::RelatedMissing { key, metric } = &result.reason {
            let entry = missing.entry(*key).or_insert((0, metric));
            *entry = (entry.0 + 1, entry.1.min(metric));
        }
    }
    let note = |(key, (count, name)): (RelatedKey, (u64, &str))| {
        Note::new(NoteCode::RelatedMetricMissing, count).with_detail(format!("{} = {name}", key.name()))
    };
    missing.into_iter().map(note).collect()
}

fn matched_rules<'a>(results: impl Iterator<Item = &'a MetricResult>, resolver: &Resolver) -> BTreeSet<usize> {
    let names: BTreeSet<&str> = results.map(|result| result.name.as_ref()).collect();
    let mut matched = BTreeSet::new();
    for name in names {
        if matched.len() == resolver.requirements().count() {
            break;
        }
        matched.extend(resolver.matching(name));
    }
    matched
}

fn on_one_side(metrics: &MetricSet) -> Vec<Note> {
    let mut notes = Vec::new();
    let count = |only: Side| {
        let alone = metrics.iter().filter(|pair| match only {
            Side::Baseline => pair.canary.instances() == 0,
            Side::Canary => pair.baseline.instances() == 0,
        });
        alone.count() as u64
    };
    let mut regions: BTreeMap<_, (bool, bool)> = BTreeMap::new();
    for pair in metrics.iter() {
        let sides = regions.entry(pair.region.cloned()).or_default();
        sides.0 |= pair.baseline.instances() > 0;
        sides.1 |= pair.canary.instances() > 0;
    }
    // Without regions the note on the metrics says it all.
    let named = regions.keys().any(Option::is_some);
    for (region, sides) in regions.into_iter().filter(|_| named) {
        let side = match sides {
            (true, false) => Side::Baseline,
            (false, true) => Side::Canary,
            _ => continue,
        };
        let name = region.unwrap_or_else(|| "(none)".into());
        notes.push(Note::on(side, NoteCode::RegionOnOneSide, 1).with_detail(name));
    }
    for side in [Side::Baseline, Side::Canary] {
        let alone = count(side);
        if alone > 0 {
            notes.push(Note::on(side, NoteCode::MetricsOnOneSide, alone));
        }
    }
    notes
}

/// Rules that are critical or must have data, and match none of a region's metrics: their silence counts.
pub(super) fn required_without_metric(results: &[&MetricResult], resolver: &Resolver) -> Vec<VerdictReason> {
    if !resolver.requirements().any(|(_, required)| required) {
        return Vec::new();
    }
    let matched = matched_rules(results.iter().copied(), resolver);
    let silent =
        resolver.requirements().enumerate().filter(|(rule, (_, required))| *required && !matched.contains(rule));
    silent
        .map(|(rule, (patterns, _))| VerdictReason::RequiredRuleWithoutMetric { rule, patterns: patterns.to_vec() })
        .collect()
}
