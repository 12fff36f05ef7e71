//! What a metric's name says of it.

use std::collections::BTreeSet;

use crate::config::{Config, Direction, Preset, Resolver, Rule};
use crate::error::ConfigError;

/// What separates the name of a thing from that of its measure.
const SEPARATORS: [char; 4] = ['/', '|', ':', '.'];
/// What the number of requests of a thing is called, most telling first.
const REQUESTS: [&str; 6] = ["requests", "requests_total", "request_count", "calls", "count", "total"];
/// Quantiles by their name.
const QUANTILES: [(&str, f64); 8] = [
    ("p50", 0.5),
    ("p75", 0.75),
    ("p90", 0.9),
    ("p95", 0.95),
    ("p98", 0.98),
    ("p99", 0.99),
    ("p999", 0.999),
    ("median", 0.5),
];

/// The thing, with its separator, and the measure: `a/b/` and `p99`. `None` for a name of one piece.
pub(super) fn thing_and_measure(name: &str) -> Option<(&str, &str)> {
    let at = name.rfind(SEPARATORS)?;
    name.split_at_checked(at + 1).filter(|(_, measure)| !measure.is_empty())
}

/// The ends of the first pieces of a name: where a prefix may be cut.
pub(super) fn cuts(name: &str) -> impl Iterator<Item = usize> + '_ {
    name.match_indices(|c: char| SEPARATORS.contains(&c) || c == '_').map(|(at, found)| at + found.len())
}

/// Which quantile the name speaks of.
pub(super) fn quantile(name: &str) -> Option<f64> {
    let lower = name.to_ascii_lowercase();
    let words: BTreeSet<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    QUANTILES.into_iter().find(|(word, _)| words.contains(word)).map(|(_, quantile)| quantile)
}

/// The measure that counts the requests of the thing `name` is about, where there is such a metric.
pub(super) fn requests(name: &str, all: &BTreeSet<&str>) -> Option<&'static str> {
    let (thing, measure) = thing_and_measure(name)?;
    let mut known = REQUESTS.into_iter().filter(|requests| *requests != measure);
    known.find(|requests| all.contains(format!("{thing}{requests}").as_str()))
}

/// The words that say which change is a failure.
#[derive(Debug)]
pub(super) struct Vocabulary {
    directions: Resolver,
    errors: Resolver,
    informational: Resolver,
}

impl Vocabulary {
    /// The presets' words.
    pub(super) fn new() -> Result<Self, ConfigError> {
        let resolver = |presets: &[Preset]| {
            let rule = |preset: &Preset| Rule { preset: Some(*preset), ..Rule::default() };
            Resolver::new(&Config { rules: presets.iter().map(rule).collect(), ..Config::default() })
        };
        Ok(Self {
            directions: resolver(&[Preset::Errors, Preset::Latency, Preset::Throughput])?,
            errors: resolver(&[Preset::Errors])?,
            informational: resolver(&[Preset::Informational])?,
        })
    }

    /// The direction that is clearly a failure; either where the name does not say.
    pub(super) fn direction(&self, name: &str) -> Direction {
        self.directions.settings(name).direction
    }

    /// Whether it counts what goes wrong.
    pub(super) fn is_error(&self, name: &str) -> bool {
        !self.errors.matching(name).is_empty()
    }

    /// Whether it says what a build is rather than how it does.
    pub(super) fn is_informational(&self, name: &str) -> bool {
        !self.informational.matching(name).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_they_measure() {
        assert_eq!(thing_and_measure("a|SELECT b.c/latency_p99_us"), Some(("a|SELECT b.c/", "latency_p99_us")));
        assert_eq!(thing_and_measure("cpu"), None);
        assert_eq!(quantile("db/latency_p99_us"), Some(0.99));
        assert_eq!([quantile("db/p9"), quantile("http2"), quantile("shop/P50")], [None, None, Some(0.5)]);
        let all = BTreeSet::from(["a/requests", "a/errors", "b/errors", "b/count"]);
        assert_eq!(requests("a/errors", &all), Some("requests"));
        assert_eq!(requests("b/errors", &all), Some("count"));
        assert_eq!(requests("b/count", &all), None, "a metric does not count itself");
    }
}
