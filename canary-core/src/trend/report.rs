//! What a trend says, in one serde value: the wire contract of `canary trend`.

use serde::{Deserialize, Serialize};

use crate::report::Interval;

/// The version of the JSON form. It changes when a field is removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// Which way a number went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Moved {
    /// Up.
    Up,
    /// Down.
    Down,
}

/// A change of level.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Change {
    /// The first build of the new level, by its place in the history, from 0.
    pub index: usize,
    /// That build.
    pub build: String,
    /// Where the change may have begun, first and last place.
    pub range: [usize; 2],
    /// Which way.
    pub direction: Moved,
    /// Whether it went the wrong way.
    pub regression: bool,
    /// The median before.
    pub before: f64,
    /// The median after.
    pub after: f64,
    /// After over before, less 1.
    pub change: f64,
    /// The interval of `change` (Hodges-Lehmann), as wide as the series is persistent; ends are `null` where bounds
    /// leave them open.
    pub interval: Interval,
    /// Whether `after` is only a lower bound.
    #[serde(default)]
    pub after_is_bound: bool,
    /// The test statistic over its critical value, above 1: how clear it is.
    pub clearness: f64,
    /// Builds at the new level so far.
    pub builds_since: usize,
    /// Instances that it costs at the peak, negative where it saves some; `None` without a peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<i64>,
}

/// The newest build where it looks worse than its level: run it again, then decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suspect {
    /// Its place in the history.
    pub index: usize,
    /// The build.
    pub build: String,
    /// Which way it went.
    pub direction: Moved,
    /// The level it is held against.
    pub expected: f64,
    /// Its own number; an upper bound where `is_bound`.
    pub value: f64,
    /// Whether the number is only a bound.
    pub is_bound: bool,
    /// Value over level, less 1.
    pub change: f64,
    /// The interval of `change`: of one build, so it is wide.
    pub interval: Interval,
    /// How many standard errors off.
    pub z: f64,
    /// Instances that it would cost at the peak.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances: Option<i64>,
}

/// One stretch of builds at one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Level {
    /// First place.
    pub from: usize,
    /// Last place.
    pub to: usize,
    /// The median.
    pub median: f64,
}

/// Everything that a trend says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrendReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Confirmed changes, oldest first.
    pub changes: Vec<Change>,
    /// Whether the latest fall is not made good: the newest level is worse than the one before the fall, by the
    /// smallest change that is reported or more. A regression is a fall, and so are several in a row.
    #[serde(default)]
    pub regressed: bool,
    /// The newest build with a number, where it looks worse than its level.
    pub suspect: Option<Suspect>,
    /// The series judged: the newest build's.
    pub series: String,
    /// Its levels, oldest first.
    pub levels: Vec<Level>,
    /// Builds of the series with a number or a bound.
    pub builds: usize,
    /// Fewest of them in which a change can be found.
    #[serde(default)]
    pub needed: usize,
    /// The newest build where it has neither a number nor a bound: nothing is known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest_unknown: Option<String>,
    /// Builds of the series without.
    pub missing: usize,
    /// Builds of other series, left out.
    pub other_series: usize,
}

impl TrendReport {
    /// Where the latest fall began: the latest regression, or the first of several that no rise parts.
    #[must_use]
    pub fn latest_fall(&self) -> Option<&Change> {
        let backwards = self.changes.iter().rev().skip_while(|change| !change.regression);
        backwards.take_while(|change| change.regression).last()
    }
}
