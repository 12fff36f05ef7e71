//! A config as TOML that a person would have written: only what is not a default, a comment over each rule.

use std::fmt::Write;

use toml::{Table, Value};

use super::{Config, Rule};

/// What stands as comments in a written config. Every line of a text becomes a line of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comments {
    /// At the top.
    pub head: Vec<String>,
    /// Over the rule with the same index; a rule beyond the last has none.
    pub rules: Vec<Vec<String>>,
}

/// Lists that take more columns than this are written one item a line.
const MAX_COLUMNS: usize = 100;

impl Config {
    /// The config as TOML with `comments`. Sections that say what the defaults say are left out; reading the text
    /// again gives an equal config. `Err` only where a value has no form in TOML, which no checked config holds.
    pub fn to_toml(&self, comments: &Comments) -> Result<String, toml::ser::Error> {
        let mut out = String::new();
        comment(&mut out, &comments.head);
        let (written, plain) = (Table::try_from(self)?, Table::try_from(Self::default())?);
        for key in ["thresholds", "defaults"] {
            section(&mut out, key, written.get(key), plain.get(key));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            start(&mut out);
            comment(&mut out, comments.rules.get(index).map(Vec::as_slice).unwrap_or_default());
            write_rule(&mut out, rule)?;
        }
        for (name, group) in &self.groups {
            start(&mut out);
            let _ = writeln!(out, "[groups.{}]", quoted_key(name));
            pairs(&mut out, &Table::try_from(group)?, None);
        }
        for key in ["evidence", "fairness"] {
            section(&mut out, key, written.get(key), plain.get(key));
        }
        Ok(out)
    }
}

/// A blank line between two parts. Writing to a `String` cannot fail: its results are not looked at.
fn start(out: &mut String) {
    if !out.is_empty() {
        out.push('\n');
    }
}

fn comment(out: &mut String, texts: &[String]) {
    for line in texts.iter().flat_map(|text| text.lines()) {
        // A control character would end the comment, or is not allowed in one.
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(out, "{}", format!("# {line}").trim_end());
    }
}

fn section(out: &mut String, key: &str, written: Option<&Value>, plain: Option<&Value>) {
    let (Some(Value::Table(written)), Some(Value::Table(plain))) = (written, plain) else { return };
    if written != plain {
        start(out);
        let _ = writeln!(out, "[{key}]");
        pairs(out, written, Some(plain));
    }
}

fn write_rule(out: &mut String, rule: &Rule) -> Result<(), toml::ser::Error> {
    out.push_str("[[rules]]\n");
    pairs(out, &Table::try_from(rule)?, None);
    Ok(())
}

/// The keys of `table` that `plain` does not say as well; what a rule matches stands first.
fn pairs(out: &mut String, table: &Table, plain: Option<&Table>) {
    let (first, rest): (Vec<_>, Vec<_>) = table.iter().partition(|(key, _)| key.as_str() == "match");
    for (key, value) in first.into_iter().chain(rest) {
        if plain.is_none_or(|plain| plain.get(key) != Some(value)) {
            let _ = writeln!(out, "{} = {}", quoted_key(key), inline(value, MAX_COLUMNS));
        }
    }
}

/// A value on one line, or a list on one a line where it would be wider than `columns`.
fn inline(value: &Value, columns: usize) -> String {
    match value {
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| inline(item, usize::MAX)).collect();
            let one_line = format!("[{}]", items.join(", "));
            if one_line.len() <= columns { one_line } else { format!("[\n    {},\n]", items.join(",\n    ")) }
        }
        Value::Table(table) => {
            let pair = |(key, value): (&String, &Value)| format!("{} = {}", quoted_key(key), inline(value, usize::MAX));
            format!("{{ {} }}", table.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

fn quoted_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !key.is_empty() && key.chars().all(is_bare) { key.to_owned() } else { Value::from(key).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{BoundsChange, Format, GroupSettings, Thresholds};
    use crate::scalar::{Positive, Score, Weight};

    #[test]
    fn what_is_written_is_read_again() {
        let rule = Rule {
            patterns: vec!["a \"quoted\" name\n".into(), "*\\back/*".into(), "ünï".into()],
            bounds: Some(BoundsChange { lower: Some(0.1 + 0.2), upper: None }),
            weight: Some(Weight::literal(0.0)),
            ..Rule::default()
        };
        let long = Rule { patterns: (0..40).map(|i| format!("metric_{i}")).collect(), ..Rule::default() };
        let thresholds = Thresholds::new(Score::new(90.0).unwrap(), Score::new(60.5).unwrap()).unwrap();
        let groups = [("my group".to_owned(), GroupSettings { weight: Positive::literal(2.5) })].into_iter().collect();
        let config = Config { thresholds, rules: vec![rule, long], groups, ..Config::default() };
        let comments =
            Comments { head: vec!["made\nby hand".into()], rules: vec![vec!["a \u{7} bell, and a line\rend".into()]] };
        let text = config.to_toml(&comments).unwrap();
        assert_eq!(Config::from_text(&text, Format::Toml).unwrap(), config, "{text}");
        assert!(text.starts_with("# made\n# by hand\n\n[thresholds]\nmarginal = 60.5\npass = 90\n"), "{text}");
        assert!(text.contains("\n    \"metric_39\",\n]"), "{text}");
    }

    #[test]
    fn the_default_config_is_nothing_but_its_comments() {
        assert_eq!(Config::default().to_toml(&Comments::default()).unwrap(), "");
    }
}
