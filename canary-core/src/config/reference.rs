//! How a rule names other metrics: `$1/requests`, `*/requests`.

use std::fmt;

/// A reference as written in a rule: text, `*`, `?`, and `$1`, `$2`… for what the pattern captured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    parts: Vec<TemplatePart>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum TemplatePart {
    Plain(Part),
    /// What group `n`, from 1, captured.
    Group(usize),
}

/// Metrics of one region as a rule names them for one metric: a name, or a pattern that several may match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Part {
    Text(String),
    /// `*`
    AnyText,
    /// `?`
    AnyCharacter,
}

impl Template {
    /// Every text is one. A `$` that no digit follows is a plain character.
    pub(super) fn new(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = written;
        while let Some(first) = rest.chars().next() {
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let part = match first {
                '*' => TemplatePart::Plain(Part::AnyText),
                '?' => TemplatePart::Plain(Part::AnyCharacter),
                '$' if digits > 0 => {
                    let (number, after) = rest.split_at(digits);
                    rest = after;
                    // A number that no machine holds names no group either.
                    TemplatePart::Group(number.parse().unwrap_or(usize::MAX))
                }
                plain => {
                    text.push(plain);
                    continue;
                }
            };
            if !text.is_empty() {
                parts.push(TemplatePart::Plain(Part::Text(std::mem::take(&mut text))));
            }
            parts.push(part);
        }
        if !text.is_empty() {
            parts.push(TemplatePart::Plain(Part::Text(text)));
        }
        Self { parts }
    }

    /// The groups it names.
    pub(super) fn groups(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().filter_map(|part| match part {
            TemplatePart::Group(number) => Some(*number),
            TemplatePart::Plain(_) => None,
        })
    }

    /// The reference for one metric. What was captured is plain text, whatever it holds.
    pub(super) fn fill(&self, captures: &[String]) -> Reference {
        let mut parts: Vec<Part> = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let next = match part {
                TemplatePart::Plain(part) => part.clone(),
                TemplatePart::Group(number) => {
                    let text = number.checked_sub(1).and_then(|index| captures.get(index));
                    Part::Text(text.cloned().unwrap_or_default())
                }
            };
            match (parts.last_mut(), next) {
                (Some(Part::Text(text)), Part::Text(more)) => text.push_str(&more),
                (_, next) => parts.push(next),
            }
        }
        Reference { parts }
    }
}

impl Reference {
    /// The one metric that is named; `None` for a pattern.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(name)] => Some(name),
            _ => None,
        }
    }

    /// What every name that matches begins with.
    pub(crate) fn prefix(&self) -> &str {
        match self.parts.first() {
            Some(Part::Text(text)) => text,
            _ => "",
        }
    }

    /// Whether `name` is meant. Cost: O(name) but for pathological patterns.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let mut parts = self.parts.as_slice();
        let mut rest = name;
        // Where the last star stands and the text it may still take in: all that is ever tried again.
        let mut retry: Option<(&[Part], &str)> = None;
        loop {
            let taken = match parts.split_first() {
                None if rest.is_empty() => return true,
                None => None,
                Some((Part::AnyText, after)) => {
                    retry = Some((after, rest));
                    Some((after, rest))
                }
                Some((Part::AnyCharacter, after)) => without_first(rest).map(|rest| (after, rest)),
                Some((Part::Text(text), after)) => rest.strip_prefix(text.as_str()).map(|rest| (after, rest)),
            };
            if let Some((after, remaining)) = taken {
                (parts, rest) = (after, remaining);
                continue;
            }
            let Some((after, from)) = retry else { return false };
            let Some(shorter) = without_first(from) else { return false };
            retry = Some((after, shorter));
            (parts, rest) = (after, shorter);
        }
    }
}

fn without_first(text: &str) -> Option<&str> {
    let mut characters = text.chars();
    characters.next().map(|_| characters.as_str())
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::AnyText => f.write_str("*"),
            Part::AnyCharacter => f.write_str("?"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, captures: &[&str]) -> Reference {
        let captures: Vec<String> = captures.iter().map(|&text| text.to_owned()).collect();
        Template::new(template).fill(&captures)
    }

    #[test]
    fn captures_are_plain_text() {
        assert_eq!(filled("$1/requests", &["shop/SELECT * FROM"]).name(), Some("shop/SELECT * FROM/requests"));
        assert_eq!(filled("$2_$1", &["a", "b"]).name(), Some("b_a"));
        assert_eq!(filled("cost in $", &[]).name(), Some("cost in $"));
        assert_eq!(filled("$1", &[]).name(), Some(""), "a group that took no part captured nothing");
        let wild = filled("$1/*", &["a*"]);
        assert_eq!((wild.name(), wild.to_string()), (None, "a*/*".to_owned()));
        assert!(wild.matches("a*/x") && !wild.matches("ab/x"));
        assert_eq!(wild.prefix(), "a*/");
    }

    #[test]
    fn stars_and_question_marks() {
        let matches = |template: &str, name: &str| filled(template, &[]).matches(name);
        assert!(matches("*/requests", "a/b/requests") && !matches("*/requests", "a/requests_total"));
        assert!(matches("a*b*c", "axxbyybzc") && !matches("a*b*c", "axxbyybz"));
        assert!(matches("?ä*", "xä") && !matches("?ä*", "ä"));
        assert!(matches("*", "") && matches("**", "x") && matches("", "") && !matches("", "x"));
    }
}
