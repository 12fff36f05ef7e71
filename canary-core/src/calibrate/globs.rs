//! The fewest patterns that match some names and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::name::cuts;
use crate::kayenta::exact_pattern;

/// Patterns that match every one of `names` and none of the rest of `all`: prefixes and suffixes cut where names
/// have their joints, the widest first, then names by themselves. Cost: O(joints of all names).
pub(super) fn covering(names: &BTreeSet<&str>, all: &BTreeSet<&str>) -> Vec<String> {
    let mut candidates: BTreeMap<String, usize> = BTreeMap::new();
    for pattern in names.iter().flat_map(|name| globs_of(name)) {
        *candidates.entry(pattern).or_default() += 1;
    }
    for pattern in all.difference(names).flat_map(|name| globs_of(name)) {
        candidates.remove(&pattern);
    }
    let mut widest: Vec<(usize, String)> = candidates.into_iter().map(|(pattern, count)| (count, pattern)).collect();
    widest.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.len().cmp(&b.1.len())).then_with(|| a.1.cmp(&b.1)));
    let mut left = names.clone();
    let mut patterns = Vec::new();
    for (count, pattern) in widest {
        if count < 2 || left.len() < 2 {
            break;
        }
        let matched: Vec<&str> = left.iter().copied().filter(|name| matches(&pattern, name)).collect();
        if matched.len() > 1 {
            left.retain(|name| !matched.contains(name));
            patterns.push(pattern);
        }
    }
    patterns.extend(left.into_iter().map(exact_pattern));
    patterns
}

/// The globs with one star at an end that match a name, cut at its joints.
fn globs_of(name: &str) -> impl Iterator<Item = String> + '_ {
    let plain = |piece: &str| !piece.is_empty() && !piece.contains(['*', '?']);
    cuts(name).filter_map(|at| name.split_at_checked(at)).flat_map(move |(head, tail)| {
        let suffix = plain(tail).then(|| {
            // With its separator, so that it ends a piece and not a word.
            let from = head.char_indices().next_back().map_or(0, |(at, _)| at);
            format!("*{}", name.get(from..).unwrap_or(tail))
        });
        let prefix = plain(head).then(|| format!("{head}*"));
        prefix.into_iter().chain(suffix)
    })
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(suffix), _) => name.ends_with(suffix),
        (_, Some(prefix)) => name.starts_with(prefix),
        _ => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_that_match_exactly() {
        let all = BTreeSet::from(["a/x/p99", "a/y/p99", "b/x/p99", "b/x/p50", "b/y/p50", "c"]);
        let covered = |names: &[&str]| covering(&names.iter().copied().collect(), &all);
        assert_eq!(covered(&["a/x/p99", "a/y/p99", "b/x/p99"]), ["*/p99"]);
        assert_eq!(covered(&["a/x/p99", "a/y/p99"]), ["a/*"]);
        assert_eq!(covered(&["a/x/p99", "a/y/p99", "c"]), ["a/*", "c"]);
        assert_eq!(covered(&["b/x/p99", "a/y/p99"]), ["a/y/p99", "b/x/p99"]);
    }
}
