//! The wire contract: everything that a run says, in one serde value.
//!
//! Front ends read and write these types and define none of their own. Numbers are finite or `None`;
//! words are lower-case. `docs/schema/report.json` is generated from here.

mod fairness;
mod finding;
mod metric;
mod peer;
mod verdict;
mod without;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use fairness::{Check, Fairness, Noise, Outcome};
pub use finding::{Finding, Member, MetricKey, Onset, Size, Tipping};
pub use metric::{
    Average, Band, Detectable, Evidence, Flag, Interval, Method, MetricResult, Points, Reason, RelatedKey, Series,
    State, Window,
};
pub use peer::{Peer, PeerDifference};
pub use verdict::{Verdict, VerdictReason};
pub use without::ScoresWithout;

use crate::config::{Config, Thresholds};
use crate::note::Note;

/// The version of the JSON form. It changes when a field is removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// How many metrics have each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// Metrics that are hot.
    pub hot: u64,
    /// Metrics that are cold.
    pub cold: u64,
    /// Metrics that are ok.
    pub ok: u64,
    /// Metrics that could not be judged.
    pub nodata: u64,
    /// Of the ok ones, those that the data do not decide yet.
    pub undecided: u64,
    /// Of the hot and cold ones, those that lower the score.
    pub against: u64,
}

impl Counts {
    /// All metrics.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.hot + self.cold + self.ok + self.nodata
    }
}

/// The group of a metric that neither a rule nor the input puts in one.
pub(crate) const NO_GROUP: &str = "default";

/// The score of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GroupScore {
    /// The group's name.
    pub name: Arc<str>,
    /// Its weight among the groups.
    pub weight: f64,
    /// 0 to 100; `None` where no metric of the group has data and weight.
    pub score: Option<f64>,
    /// Its metrics by state.
    pub counts: Counts,
}

/// The result of one region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RegionResult {
    /// The region; `None` where the input has none.
    pub name: Option<Arc<str>>,
    /// Its own verdict.
    pub verdict: Verdict,
    /// Its score, capped so that it never contradicts the verdict.
    pub score: Option<f64>,
    /// The weighted share itself.
    pub score_uncapped: Option<f64>,
    /// The interval of the weighted share; `None` where the judge has none.
    pub score_interval: Option<Interval>,
    /// Why the verdict is what it is.
    pub reasons: Vec<VerdictReason>,
    /// Its metrics by state.
    pub counts: Counts,
    /// Its groups, by name.
    pub groups: Vec<GroupScore>,
}

/// The builds compared, where the caller knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Builds {
    /// The old build.
    pub baseline: Option<String>,
    /// The new build.
    pub canary: Option<String>,
}

/// What one side's input held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideInput {
    /// Where it came from, as the caller named it; empty where it came from memory.
    pub sources: Vec<String>,
    /// Rows taken in.
    pub rows: u64,
    /// Distinct (metric, region) pairs.
    pub metrics: u64,
    /// Distinct instances; 0 where the input has none.
    pub instances: u64,
}

/// What was compared.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Inputs {
    /// The old build's side.
    pub baseline: SideInput,
    /// The new build's side.
    pub canary: SideInput,
    /// Start of the first tick of the grid, RFC 3339; `None` where there is no observation or no clock.
    pub start: Option<String>,
    /// End of the last tick of the grid, RFC 3339.
    pub end: Option<String>,
    /// Seconds between ticks.
    pub step_seconds: Option<f64>,
    /// Ticks on the grid.
    pub ticks: u64,
    /// The command that made the report, where a command did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
}

/// Everything that a run says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The worst region's verdict.
    pub verdict: Verdict,
    /// The worst region, whose verdict and score are the run's; `None` where the input has no regions.
    pub worst_region: Option<Arc<str>>,
    /// The worst region's score, capped so that it never contradicts the verdict.
    pub score: Option<f64>,
    /// The worst region's score before capping.
    pub score_uncapped: Option<f64>,
    /// The score over all regions together, uncapped.
    pub score_all: Option<f64>,
    /// The interval of the score; `None` where the judge has none.
    pub score_interval: Option<Interval>,
    /// The thresholds that the verdict was held against.
    pub thresholds: Thresholds,
    /// Why the verdict is what it is: the worst region's reasons.
    pub reasons: Vec<VerdictReason>,
    /// All metrics by state.
    pub counts: Counts,
    /// Each region, by name.
    pub regions: Vec<RegionResult>,
    /// Each group over all regions, by name.
    pub groups: Vec<GroupScore>,
    /// Each metric: critical first, then by weight, then by distance beyond the bounds, then by name.
    pub metrics: Vec<MetricResult>,
    /// Metrics that moved together, what costs the most score first.
    pub findings: Vec<Finding>,
    /// The fewest metrics without which the verdict would be another one; `None` where no such set was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tipping: Option<Tipping>,
    /// Whether the sides can be compared: what was looked at, and what was found.
    pub fairness: Vec<Fairness>,
    /// How much more than time noise separates the sides.
    pub noise: Noise,
    /// What was dropped or changed on the way.
    pub notes: Vec<Note>,
    /// What the peer's rule says of the same data, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Peer>,
    /// The builds compared.
    pub builds: Builds,
    /// What was compared.
    pub inputs: Inputs,
    /// The configuration in force.
    pub config: Config,
    /// The seed of the randomised methods.
    pub seed: u64,
}
