//! What the author of a canary decides: thresholds, rules, groups. None of it is needed.

mod bounds;
mod pattern;
mod preset;
mod reference;
mod related;
mod resolve;
mod span;
#[cfg(feature = "text")]
mod text;
mod thresholds;
#[cfg(feature = "text")]
mod written;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use bounds::{Bounds, BoundsChange};
pub use pattern::Patterns;
pub use preset::Preset;
pub use reference::Reference;
pub use resolve::{Resolver, Settings};
pub use span::{NotASpan, Span};
#[cfg(feature = "text")]
pub use text::Format;
pub use thresholds::{DEFAULT_MARGINAL, DEFAULT_PASS, Thresholds};
#[cfg(feature = "text")]
pub use written::Comments;

use crate::report::Check;
use crate::scalar::{Fraction, Magnitude, Positive, Share, Weight};
use crate::shape::Shape;

/// Everything that can be decided about a run. `Config::default()` is a sensible one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The scores that divide pass, marginal and fail.
    pub thresholds: Thresholds,
    /// What holds for every metric that no rule says otherwise of.
    pub defaults: Defaults,
    /// Rules, in order: for each key the first matching rule that sets it wins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// The weight of each group; 1 for a group that is not named.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, GroupSettings>,
    /// How much must be known.
    pub evidence: EvidenceSettings,
    /// How alike the two sides must be.
    pub fairness: FairnessSettings,
}

/// Which change counts against the canary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Only too high is a failure.
    Increase,
    /// Only too low is a failure.
    Decrease,
    /// Both are.
    #[default]
    Either,
}

/// The rule by which a metric is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum JudgeKind {
    /// The confidence interval of the ratio against the bounds.
    #[default]
    Interval,
    /// The classical rule: the ratio of the averages against the bounds.
    Bounds,
    /// The rule of the peer Kayenta: a rank test of all minutes of one side against all of the other.
    Kayenta,
}

impl JudgeKind {
    /// Every judge, for front ends that list the choices.
    pub const ALL: [Self; 3] = [Self::Interval, Self::Bounds, Self::Kayenta];

    /// The word in config, command line and report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Interval => "interval",
            Self::Bounds => "bounds",
            Self::Kayenta => "kayenta",
        }
    }
}

/// What the values of a metric are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A level at each time.
    #[default]
    Gauge,
    /// A sum that only grows, until it is reset: its increase a tick is judged. With a `denominator` it is
    /// judged as the count of events that it adds up.
    Counter,
    /// A number of events a tick: judged exactly, per event of its `denominator`, or else per tick.
    Count,
    /// A quantile over the requests of a tick, such as a p99: comparable only where `requests` are enough.
    Quantile,
}

impl Kind {
    /// The word in a config.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gauge => "gauge",
            Self::Counter => "counter",
            Self::Count => "count",
            Self::Quantile => "quantile",
        }
    }
}

/// What varies by chance from one to the next: what the noise of a comparison is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// The instance (machine, pod), where a side has several. Two of the same software differ for good, and
    /// no number of minutes averages that out.
    #[default]
    Instance,
    /// The minute: the instances of a side are averaged, and taken to differ by the software alone.
    Minute,
}

/// What is done about outliers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Outliers {
    /// Every value counts. The interval judge is robust by itself.
    #[default]
    Keep,
    /// Values outside Tukey's far-out fences (3 interquartile ranges) are dropped, each side by itself.
    Drop,
}

/// What holds for every metric that no rule says otherwise of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// Bounds on canary/baseline. 0.8 to 1.25 is symmetric in the log, so swapping the sides swaps hot and cold.
    pub bounds: Bounds,
    /// Which change counts against the canary.
    pub direction: Direction,
    /// The weight within the group.
    pub weight: Weight,
    /// The rule of comparison.
    pub judge: JudgeKind,
    /// The level of a metric's own interval: it certifies that the metric is within its bounds. Hot and cold
    /// take at least this level, and more where the run's false-alarm budget asks for it.
    pub level: Fraction,
    /// Fewer usable points than this are nodata: below 12 the interval has next to no degrees of freedom.
    pub min_points: u32,
    /// Where one side has less than this share of the other's points, the metric is nodata.
    pub min_coverage: Share,
    /// What is done about outliers.
    pub outliers: Outliers,
    /// This much of the canary's life is left out, from its first observation in each region.
    pub warmup: Span,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            bounds: Bounds::default(),
            direction: Direction::default(),
            weight: Weight::literal(1.0),
            judge: JudgeKind::default(),
            level: Fraction::literal(0.98),
            min_points: 12,
            min_coverage: Share::literal(0.5),
            outliers: Outliers::default(),
            warmup: Span::ZERO,
        }
    }
}

/// A rule: metrics whose name matches get what it sets. What it leaves out comes from later rules,
/// then from the defaults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Rule {
    /// A pattern on the metric's name, or several. `*` is any text, `?` any character, nothing else is special;
    /// a pattern between slashes is a regular expression. May be left out where a preset is named.
    #[serde(rename = "match", deserialize_with = "pattern::one_or_more", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "pattern::OneOrMore"))]
    pub patterns: Vec<String>,
    /// A ready-made rule: its patterns, group and direction stand where this rule leaves them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// The group that the metrics count in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Bounds on canary/baseline; an end that is left out is the default's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<BoundsChange>,
    /// Which change counts against the canary.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// The weight within the group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Weight>,
    /// One such metric against its direction fails the run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<bool>,
    /// Without data for such a metric the run is inconclusive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub must_have_data: Option<bool>,
    /// A change of the average smaller than this, in the metric's unit, never counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<Magnitude>,
    /// The rule of comparison.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeKind>,
    /// What the values are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What a count is counted over: the name of another metric of the same region, or a pattern whose
    /// matches are added up. `$1`, `$2`… is what the first, second… `*` (or group) of `match` stands for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Which quantile the values are, such as 0.99.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantile: Option<Fraction>,
    /// The number of requests behind each value, named as `denominator` is: the weight of a mean, the sample
    /// size of a quantile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<String>,
    /// The traffic that the values grow with, named as `denominator` is: each side is divided by its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub normalise_by: Option<String>,
    /// What varies by chance: the instance or the minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Shapes that count: such a metric is hot or cold though its level is not. The others are only flagged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shapes: Option<Vec<Shape>>,
    /// The level of the metric's own interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Fraction>,
    /// Fewer usable points than this are nodata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_points: Option<u32>,
    /// Where one side has less than this share of the other's points, the metric is nodata.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_coverage: Option<Share>,
    /// What is done about outliers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outliers: Option<Outliers>,
}

/// What is decided about a group.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct GroupSettings {
    /// Its weight among the groups.
    pub weight: Positive,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self { weight: Positive::literal(1.0) }
    }
}

/// How much must be known before a run can pass.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceSettings {
    /// The chance that a run without any change beyond its bounds is flagged, over all metrics, regions and
    /// looks; among flagged metrics the expected share of false ones is held to the same figure.
    pub false_alarm: Fraction,
    /// Whether undecided metrics make the run inconclusive.
    pub require: bool,
    /// A run with more of its weight without data than this is inconclusive.
    pub max_nodata: Share,
    /// A run with more of its judged weight undecided than this is inconclusive.
    pub max_undecided: Share,
}

impl Default for EvidenceSettings {
    fn default() -> Self {
        Self {
            false_alarm: Fraction::literal(0.05),
            require: false,
            max_nodata: Share::literal(0.2),
            max_undecided: Share::literal(0.5),
        }
    }
}

/// What is looked at before anything is compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct FairnessSettings {
    /// A pattern on the names of the metrics that count requests: both sides' traffic is compared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub traffic: Option<String>,
    /// Checks that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<Check>,
}
