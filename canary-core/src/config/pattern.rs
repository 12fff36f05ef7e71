//! Patterns on metric names: globs in which only `*` and `?` are special, and `/regular expressions/`.

use std::fmt;

use regex::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

/// A compiled list of patterns; a name matches when any of them does.
#[derive(Clone, Debug)]
pub struct Patterns {
    set: RegexSet,
}

/// Compiled patterns larger than this are refused: a pattern is a line in a config, not a program.
const SIZE_LIMIT_BYTES: usize = 10 << 20;

impl Patterns {
    /// Compiles `patterns`. The error names the pattern at fault and says why.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, BadPattern> {
        let build = |sources: &[String]| RegexSetBuilder::new(sources).size_limit(SIZE_LIMIT_BYTES).build();
        let sources: Vec<String> = patterns.iter().map(|pattern| to_regex(pattern.as_ref())).collect();
        for (pattern, source) in patterns.iter().zip(&sources) {
            build(std::slice::from_ref(source))
                .map_err(|error| BadPattern { pattern: pattern.as_ref().to_owned(), message: last_line(&error) })?;
        }
        let whole_list = |error: regex::Error| BadPattern {
            pattern: patterns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", "),
            message: last_line(&error),
        };
        Ok(Self { set: build(&sources).map_err(whole_list)? })
    }

    /// Whether any of the patterns matches the whole name (a glob) or a part of it (a regular expression).
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        self.set.is_match(name)
    }
}

/// What patterns capture: each `*` of a glob, each group of a regular expression. Only rules that name other
/// metrics by it pay for these.
#[derive(Clone, Debug)]
pub(super) struct Captures {
    patterns: Vec<Regex>,
}

impl Captures {
    /// Compiles `patterns`, which [`Patterns::new`] has accepted one by one; one it would refuse is left out.
    pub(super) fn new(patterns: &[String]) -> Self {
        let build = |pattern: &String| RegexBuilder::new(&to_regex(pattern)).size_limit(SIZE_LIMIT_BYTES).build().ok();
        Self { patterns: patterns.iter().filter_map(build).collect() }
    }

    /// How many groups each pattern has, in order.
    pub(super) fn groups(&self) -> impl Iterator<Item = usize> {
        self.patterns.iter().map(|pattern| pattern.captures_len() - 1)
    }

    /// What the first pattern that matches captured, group by group; a group that took no part is empty.
    pub(super) fn of(&self, name: &str) -> Vec<String> {
        let found = self.patterns.iter().find_map(|pattern| pattern.captures(name));
        let groups = found.iter().flat_map(|found| found.iter().skip(1));
        groups.map(|group| group.map_or_else(String::new, |group| group.as_str().to_owned())).collect()
    }
}

/// One pattern, or a list of them.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "only its schema is used")]
pub(super) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

/// Reads one pattern or a list of them.
pub(super) fn one_or_more<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<String>, D::Error> {
    struct Either;
    impl<'de> Visitor<'de> for Either {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a pattern such as \"latency_*\", or a list of patterns")
        }

        fn visit_str<E>(self, pattern: &str) -> Result<Vec<String>, E> {
            Ok(vec![pattern.to_owned()])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Vec<String>, A::Error> {
            Vec::deserialize(SeqAccessDeserializer::new(list))
        }
    }
    input.deserialize_any(Either)
}

/// A pattern that does not compile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("pattern `{pattern}`: {message}")]
pub struct BadPattern {
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong.
    pub message: String,
}

/// The regex crate draws a picture over several lines; its last line says what is wrong.
fn last_line(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// A pattern as the source of a regular expression. Metric names are not paths: `*` matches `/` too.
fn to_regex(pattern: &str) -> String {
    let between_slashes = pattern.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    if let Some(source) = between_slashes.filter(|source| !source.is_empty()) {
        return source.to_owned();
    }
    let mut source = String::from("(?s)^");
    for part in pattern.split_inclusive(['*', '?']) {
        let literal = part.trim_end_matches(['*', '?']);
        source.push_str(&regex::escape(literal));
        match part.as_bytes().get(literal.len()) {
            Some(b'*') => source.push_str("(.*)"),
            Some(b'?') => source.push('.'),
            _ => {}
        }
    }
    source.push('$');
    source
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, name: &str) -> bool {
        Patterns::new(&[pattern]).unwrap().matches(name)
    }

    #[test]
    fn only_star_and_question_mark_are_special() {
        assert!(matches("latency_*", "latency_p99") && !matches("latency_*", "db_latency_p99"));
        assert!(matches("*/errors", "shop/cart/errors"), "a star crosses slashes");
        assert!(matches("a?c", "abc") && !matches("a?c", "ac"));
        assert!(matches("unit[0]#1|x.y@z", "unit[0]#1|x.y@z") && !matches("x.y", "xzy"));
        assert!(matches("*", "") && matches("*", "two\nlines"));
        assert!(matches("**a", "xa") && matches("a*?", "ab") && !matches("a*?", "a"));
    }

    #[test]
    fn slashes_make_a_regular_expression() {
        assert!(matches("/^p(50|99)$/", "p99") && !matches("/^p(50|99)$/", "p95"));
        assert!(matches("/", "/") && matches("//", "//"), "a lone or an empty pair of slashes is a name");
    }

    #[test]
    fn the_first_matching_pattern_captures() {
        let captures = Captures::new(&["*/errors".to_owned(), "/^(a|(b))_(.+)$/".to_owned(), "*".to_owned()]);
        assert_eq!(captures.groups().collect::<Vec<_>>(), [1, 3, 1]);
        assert_eq!(captures.of("shop/cart/errors"), ["shop/cart"]);
        assert_eq!(captures.of("a_5xx"), ["a", "", "5xx"]);
        assert_eq!(captures.of("rest"), ["rest"]);
    }

    #[test]
    fn the_error_names_the_pattern() {
        let error = Patterns::new(&["fine*", "/(/"]).unwrap_err();
        assert_eq!(error.pattern, "/(/");
        assert_eq!(error.message, "unclosed group");
    }
}
