//! What metrics' names have in common, and how rare that is.
//!
//! Names come in many forms (`svc/op/latency_p99_us`, `a:b/c`, `jvm_gc_pause`), so nothing is taken for granted of
//! their parts: a beginning or a part that few of the region's metrics share says much, `latency_p99_us` little.

use std::collections::HashMap;

/// What separates the parts of a name. In a name without any of them, words do.
const SEPARATORS: [char; 4] = ['/', '.', ':', '|'];
const WORD_SEPARATORS: [char; 2] = ['_', '-'];
/// A part is the component of a finding where so many of its members have it.
const MOST_MEMBERS: f64 = 2.0 / 3.0;

/// Something that names share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Common<'a> {
    /// How they begin, up to and with a separator.
    Beginning(&'a str),
    /// A part between separators, anywhere.
    Part(&'a str),
}

impl<'a> Common<'a> {
    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Beginning(text) | Self::Part(text) => text,
        }
    }
}

/// Everything of a name that others may share: its beginnings, longest last, then its parts.
pub(crate) fn commons(name: &str) -> Vec<Common<'_>> {
    let is_separator: fn(char) -> bool = if name.contains(SEPARATORS) {
        |letter| SEPARATORS.contains(&letter)
    } else {
        |letter| WORD_SEPARATORS.contains(&letter)
    };
    let ends =
        name.char_indices().filter(|(_, letter)| is_separator(*letter)).map(|(at, letter)| at + letter.len_utf8());
    let beginnings = ends.filter(|end| *end < name.len()).filter_map(|end| name.get(..end)).map(Common::Beginning);
    let parts = name.split(is_separator).filter(|part| !part.is_empty()).map(Common::Part);
    beginnings.chain(parts).collect()
}

/// The longest beginning, up to and with a separator, that all of `names` share.
pub(crate) fn beginning<'a>(names: &[&'a str]) -> Option<&'a str> {
    let beginnings = commons(names.first()?).into_iter().filter_map(|common| match common {
        Common::Beginning(text) => Some(text),
        Common::Part(_) => None,
    });
    beginnings.rev().find(|text| names.iter().all(|name| name.starts_with(text)))
}

/// How many of a region's metrics share what some of them have in their names.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    metrics: usize,
    moved: usize,
    counts: HashMap<Common<'a>, Count>,
}

/// Of the metrics that share something.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Count {
    /// All.
    pub(crate) metrics: usize,
    /// Those that moved.
    pub(crate) moved: usize,
}

impl<'a> Names<'a> {
    /// Counts over `all` names of the region what the names of the `movers` hold. Cost: O(names).
    pub(crate) fn new<'b>(all: impl Iterator<Item = &'b str>, movers: impl Iterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<Common<'a>, Count> = HashMap::new();
        let mut moved = 0;
        for name in movers {
            moved += 1;
            for common in distinct(commons(name)) {
                counts.entry(common).or_default().moved += 1;
            }
        }
        let mut metrics = 0;
        let mut known: HashMap<Common<'_>, &mut Count> =
            counts.iter_mut().map(|(common, count)| (*common, count)).collect();
        for name in all {
            metrics += 1;
            for common in distinct(commons(name)) {
                if let Some(count) = known.get_mut(&common) {
                    count.metrics += 1;
                }
            }
        }
        drop(known);
        Self { metrics, moved, counts }
    }

    /// Of what two names share, that which the fewest metrics do.
    pub(crate) fn rarest(&self, one: &str, other: &str) -> Option<Count> {
        let others = commons(other);
        let shared = commons(one).into_iter().filter(|common| others.contains(common));
        shared.filter_map(|common| self.counts.get(&common)).copied().min_by_key(|count| count.metrics)
    }

    /// How many metrics the region has.
    pub(crate) fn metrics(&self) -> usize {
        self.metrics
    }

    /// How many of them moved.
    pub(crate) fn moved(&self) -> usize {
        self.moved
    }

    /// What most of these names have in common: the longest beginning that all share, else the rarest that most do.
    pub(crate) fn component(&self, names: &[&'a str]) -> Option<&'a str> {
        let mut holders: HashMap<Common<'a>, usize> = HashMap::new();
        for name in names {
            for common in distinct(commons(name)) {
                *holders.entry(common).or_default() += 1;
            }
        }
        let enough = |count: usize| count as f64 >= MOST_MEMBERS * names.len() as f64;
        let rank = |common: Common<'a>, held: usize| {
            let whole = held == names.len();
            let beginning = matches!(common, Common::Beginning(_));
            let of_all = self.counts.get(&common).map_or(0, |count| count.metrics);
            (whole, beginning, std::cmp::Reverse(of_all), held, common.text().len(), common)
        };
        // What most metrics of the region share says nothing.
        let telling = |common: &Common<'a>| {
            names.len() == 1 || self.counts.get(common).is_some_and(|count| 2 * count.metrics <= self.metrics.max(2))
        };
        let found = holders.into_iter().filter(|(common, held)| enough(*held) && telling(common));
        found.max_by_key(|(common, held)| rank(*common, *held)).map(|(common, _)| common.text())
    }
}

fn distinct(mut commons: Vec<Common<'_>>) -> Vec<Common<'_>> {
    commons.sort_unstable();
    commons.dedup();
    commons
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names<'a>(all: &[&'a str]) -> Names<'a> {
        Names::new(all.iter().copied(), all.iter().copied())
    }

    #[test]
    fn beginnings_and_parts_of_many_forms() {
        let of = |name| commons(name).into_iter().map(Common::text).collect::<Vec<_>>();
        assert_eq!(of("svc/op/latency_p99_us"), ["svc/", "svc/op/", "svc", "op", "latency_p99_us"]);
        assert_eq!(of("a:b|c"), ["a:", "a:b|", "a", "b", "c"]);
        assert_eq!(of("jvm_gc_pause"), ["jvm_", "jvm_gc_", "jvm", "gc", "pause"]);
        assert_eq!(of("plain"), ["plain"]);
        assert_eq!(of(""), Vec::<&str>::new());
        assert_eq!(of("größe/µ"), ["größe/", "größe", "µ"]);
        assert_eq!(of("a//"), ["a/", "a"], "nothing ends with all of the name");
    }

    #[test]
    fn the_component_is_what_most_have_and_few_others_do() {
        let all = ["a/x/p50", "a/x/p99", "a/y/p50", "b/x/p50", "b/y/p99", "c/z/p99", "c/z/p50", "d/z/p50"];
        let names = names(&all);
        assert_eq!(names.component(&["a/x/p50", "a/x/p99"]), Some("a/x/"));
        assert_eq!(names.component(&["a/x/p50", "a/x/p99", "a/y/p50"]), Some("a/"));
        assert_eq!(names.component(&["a/x/p50", "a/y/p50", "b/x/p50"]), Some("a/"), "two of three");
        assert_eq!(names.component(&["a/x/p99", "b/y/p99", "c/z/p99"]), Some("p99"), "a part");
        assert_eq!(names.component(&["a/x/p50", "c/z/p99"]), None);
        assert_eq!(names.component(&["c/z/p50"]), Some("c/z/"), "of one, what it is about");
    }

    #[test]
    fn what_all_metrics_share_is_no_component() {
        let names = names(&["app/a/x", "app/b/x", "app/c/y"]);
        assert_eq!(names.component(&["app/a/x", "app/c/y"]), None);
    }

    #[test]
    fn the_rarest_of_what_two_share() {
        let names = names(&["a/x/p50", "a/x/p99", "a/y/p50", "b/z/p50"]);
        let count = |one, other| names.rarest(one, other).map(|count| count.metrics);
        assert_eq!(count("a/x/p50", "a/x/p99"), Some(2));
        assert_eq!(count("a/x/p50", "b/z/p50"), Some(3));
        assert_eq!(count("a/x/p99", "b/z/p50"), None);
    }
}
