//! Errors, divided by who can mend them.

/// The author of the configuration can mend these.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The text is not TOML, YAML or JSON, or holds a value that its key does not take.
    #[error("{format} line {line}, column {column}: {message}")]
    Text {
        /// `TOML`, `YAML` or `JSON`.
        format: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was found and what would be right.
        message: String,
    },
    /// A key that does not exist.
    #[error("{format} line {line}, column {column}: unknown key `{key}`{} The keys here are {}", did_you_mean(suggestion.as_deref()), known.join(", "))]
    UnknownKey {
        /// `TOML`, `YAML` or `JSON`.
        format: &'static str,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The key as written.
        key: String,
        /// The nearest right one, where one is near.
        suggestion: Option<String>,
        /// The keys that may stand there.
        known: Vec<String>,
    },
    /// Bounds that no ratio can lie in.
    #[error("{path}: found lower {lower}, upper {upper}; expected 0 <= lower < upper, both finite")]
    Bounds {
        /// The key.
        path: String,
        /// The lower bound in force.
        lower: f64,
        /// The upper bound in force.
        upper: f64,
    },
    /// Thresholds the wrong way round.
    #[error("thresholds: found marginal {marginal}, pass {pass}; expected 0 <= marginal <= pass <= 100")]
    Thresholds {
        /// The marginal threshold.
        marginal: f64,
        /// The pass threshold.
        pass: f64,
    },
    /// A pattern that is not a regular expression, or is too large.
    #[error("rules[{rule}].match: pattern `{pattern}`: {message}")]
    Pattern {
        /// The rule's index.
        rule: usize,
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        message: String,
    },
    /// A rule that says neither what it matches nor which preset it is.
    #[error("rules[{rule}]: found neither `match` nor `preset`; expected patterns such as match = [\"latency_*\"]")]
    RuleWithoutMatch {
        /// The rule's index.
        rule: usize,
    },
    /// A key that does not go with the rest of its rule.
    #[error("rules[{rule}].{key}: found {found}; expected {expected}")]
    RuleKey {
        /// The rule's index.
        rule: usize,
        /// The key.
        key: &'static str,
        /// What was found.
        found: String,
        /// What would be right.
        expected: String,
    },
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(|| ".".to_owned(), |key| format!("; did you mean `{key}`?"))
}

/// The owner of the data can mend these.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// A column is longer or shorter than the values.
    #[error("column `{column}` has {found} rows where the values have {expected}")]
    ColumnLength {
        /// The column.
        column: &'static str,
        /// Its rows.
        found: usize,
        /// The rows of the value column.
        expected: usize,
    },
    /// A row names no metric, or a label outside the dictionary.
    #[error("column `{column}`, row {row}: no such label")]
    LabelCode {
        /// The column.
        column: &'static str,
        /// The row, from 0.
        row: usize,
    },
    /// The grid would be absurdly long.
    #[error(
        "the times run from {start} to {end}, {ticks} steps of {step}; at most {limit} are judged: check the time unit, or give a window or a longer step"
    )]
    TooManyTicks {
        /// First time, RFC 3339.
        start: String,
        /// Last time, RFC 3339.
        end: String,
        /// The step in force.
        step: String,
        /// How many ticks that makes.
        ticks: u64,
        /// The limit.
        limit: u64,
    },
    /// A series whose length is not the grid's.
    #[error("metric `{metric}`, {side}: {found} ticks where the grid has {expected}")]
    SeriesLength {
        /// The metric.
        metric: String,
        /// `baseline` or `canary`.
        side: &'static str,
        /// Its ticks.
        found: usize,
        /// The grid's ticks.
        expected: usize,
    },
    /// The same metric and region twice.
    #[error("metric `{metric}`, region {region}: given twice")]
    DuplicateMetric {
        /// The metric.
        metric: String,
        /// The region, `none` where it has none.
        region: String,
    },
    /// A measured number whose ends contradict each other, or that is no positive number.
    #[error(
        "metric `{metric}`, {side}: found {found}; expected 0 < lower <= estimate <= upper, finite, at a level between 0 and 1"
    )]
    Measured {
        /// The metric.
        metric: String,
        /// `baseline` or `canary`.
        side: &'static str,
        /// What was found.
        found: String,
    },
    /// More distinct labels than fit.
    #[error("more than {limit} distinct series on one side")]
    TooManySeries {
        /// The limit.
        limit: u64,
    },
}
