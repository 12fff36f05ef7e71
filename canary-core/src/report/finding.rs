//! What is said of several metrics at once: causes instead of cells.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Interval, State, Verdict};

/// Metrics of one region that moved together: one cause rather than so many cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// The region; `None` where the input has none.
    pub region: Option<Arc<str>>,
    /// What the names of the members have in common, such as `checkout/`, or their group; `None` where they
    /// share nothing.
    pub component: Option<Arc<str>>,
    /// When it began.
    pub onset: Onset,
    /// The member that moved first.
    pub first_mover: Arc<str>,
    /// The typical size of the change.
    pub size: Size,
    /// By how much the region's uncapped score would rise without the members; `None` where nothing would be
    /// left to score.
    pub score_loss: Option<f64>,
    /// The metrics that moved, the most telling one first.
    pub members: Vec<Member>,
}

/// When a change began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Onset {
    /// The first changed tick of the grid, from 0.
    pub tick: u64,
    /// Minutes from the start of the grid.
    pub minutes: f64,
    /// The time of that tick, RFC 3339; `None` without a clock.
    pub at: Option<String>,
}

/// How large a change is, whatever its direction: 1.5 is half as much again, or two thirds of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Size {
    /// The median factor over the members from the onset on, 1 or more; `None` where it is infinite.
    pub factor: Option<f64>,
    /// Its interval; `None` where the members do not give one.
    pub interval: Option<Interval>,
}

/// One metric of a finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Member {
    /// The metric, in the finding's region.
    pub metric: Arc<str>,
    /// Its state.
    pub state: State,
    /// Whether it lowers the score.
    pub counts_against: bool,
    /// Canary over baseline from its own onset on; `None` where undefined or infinite.
    pub ratio: Option<f64>,
    /// Its own first changed tick.
    pub onset_tick: u64,
}

/// The fewest metrics without which the verdict would be another one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tipping {
    /// What the verdict would be.
    pub verdict: Verdict,
    /// The metrics, in the order of the report.
    pub metrics: Vec<MetricKey>,
}

/// What names one metric of a report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricKey {
    /// The metric's name.
    pub name: Arc<str>,
    /// Its region; `None` where the input has none.
    pub region: Option<Arc<str>>,
}
