//! Notes: every step that drops or changes something says so, with the count.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// One side of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The old build.
    Baseline,
    /// The new build.
    Canary,
}

/// What happened. The prose for each code lives in canary-report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NoteCode {
    /// The two sides have different steps; the coarser one is the grid. `detail`: both steps.
    DifferentSteps,
    /// Times do not lie on a regular grid; they were put on the nearest tick. `detail`: the step.
    IrregularTimes,
    /// The two sides have no time in common.
    NoCommonTime,
    /// Rows outside `--start`/`--end`.
    OutsideWindow,
    /// Several rows for one metric, instance and tick: their mean was taken.
    SeveralPerTick,
    /// Values that are not finite: infinities, which count as missing.
    NotFinite,
    /// Explicit NaN or null values, which count as missing.
    Missing,
    /// Ticks before both sides of the region live, left out.
    BeforeCommonStart,
    /// Points before the deployment: the past that each side is held against.
    BeforeDeployment,
    /// Points dropped as warm-up.
    WarmUp,
    /// Counter resets; the tick was dropped.
    CounterReset,
    /// Points dropped by the outlier policy.
    Outliers,
    /// Ticks dropped because the traffic that the rule names is missing there, or zero where it divides, or
    /// because a count is negative.
    WithoutTraffic,
    /// Metrics of which a rule names a `denominator`, `requests` or `normalise_by` that does not exist.
    /// `detail`: the key and the first such name.
    RelatedMetricMissing,
    /// Ticks on which only this side has a value.
    OnlyOneSide,
    /// Metrics of which one side lacks values more often than chance explains.
    UnequalMissing,
    /// Pairs with a value on the other side of zero than the rest of the metric; it was taken for zero.
    OddSigns,
    /// A region that stands on one side only. `detail`: the region.
    RegionOnOneSide,
    /// Metrics that stand on one side only.
    MetricsOnOneSide,
    /// A rule that matches no metric. `count`: its number, from 1; `detail`: its patterns.
    RuleMatchesNothing,
    /// A `[groups]` entry that no metric belongs to. `detail`: the group.
    GroupWithoutMetric,
}

/// Something that was dropped, changed or odd.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Note {
    /// What happened.
    pub code: NoteCode,
    /// On which side, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// How many rows, points or ticks.
    pub count: u64,
    /// A name or a value that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Arc<str>>,
}

impl Note {
    /// A note on one side.
    #[must_use]
    pub fn on(side: Side, code: NoteCode, count: u64) -> Self {
        Self { code, side: Some(side), count, detail: None }
    }

    /// A note on the whole.
    #[must_use]
    pub fn new(code: NoteCode, count: u64) -> Self {
        Self { code, side: None, count, detail: None }
    }

    /// With a name or value.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<Arc<str>>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
