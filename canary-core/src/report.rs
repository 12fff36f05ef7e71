//! The wire contract: everything that a run says, in one serde value.
//!
//! Front ends read and write these types and define none of their own. Numbers are finite or `None`;
//! words are lower-case. `docs/schema/report.json` is generated from here.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::{Bounds, Config, Thresholds};
use crate::note::Note;

/// The version of the JSON form. It changes when a field is removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// The outcome of a run. Exhaustive on purpose: a new verdict must break a deploy tool's build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Roll out.
    Pass,
    /// Below the pass score, above the marginal one: a person decides.
    Marginal,
    /// Do not roll out.
    Fail,
    /// Too little evidence for any of the others.
    Inconclusive,
}

impl Verdict {
    /// Every verdict, for front ends that list the choices.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Marginal, Self::Fail, Self::Inconclusive];

    /// The word in command line and report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Marginal => "marginal",
            Self::Fail => "fail",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// The state of one metric. Exhaustive on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The canary is too high.
    Hot,
    /// The canary is too low.
    Cold,
    /// Neither was shown.
    Ok,
    /// The metric could not be judged; its reason says why.
    NoData,
}

impl State {
    /// Every state, for front ends that list the choices.
    pub const ALL: [Self; 4] = [Self::Hot, Self::Cold, Self::Ok, Self::NoData];

    /// The word in command line and report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Cold => "cold",
            Self::Ok => "ok",
            Self::NoData => "nodata",
        }
    }
}

/// Whether the data decide the state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The interval lies wholly within the bounds, or wholly outside.
    Certified,
    /// The interval reaches over a bound, or there is none: more data are needed.
    Undecided,
}

/// A confidence interval. A missing end is unbounded on that side.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Interval {
    /// The confidence level, 0 to 1.
    pub level: f64,
    /// The lower end.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
}

/// One number a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Average {
    /// The baseline's arithmetic mean over its usable points.
    pub baseline: Option<f64>,
    /// The canary's arithmetic mean over its usable points.
    pub canary: Option<f64>,
}

/// How much data a comparison rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Points {
    /// Usable points of the baseline.
    pub baseline: u64,
    /// Usable points of the canary.
    pub canary: u64,
    /// How many independent points the comparison is worth, autocorrelation taken into account.
    pub effective: Option<f64>,
}

/// The estimator that compared a metric, with its version. A change of results raises the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Method {
    /// Ratio of the two averages.
    #[serde(rename = "ratio_of_means/1")]
    RatioOfMeans,
    /// Huber location of the paired log ratio, autocorrelation-robust interval.
    #[serde(rename = "paired_huber/1")]
    PairedHuber,
    /// Ratio of sums with an interval by block sign flips, for series full of zeros.
    #[serde(rename = "sign_flip/1")]
    SignFlip,
    /// Every pair has the same ratio: no noise, nothing to estimate.
    #[serde(rename = "deterministic/1")]
    Deterministic,
}

/// Why a metric has its state, with the numbers that decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// The interval (or the ratio, where the judge has no interval) lies above the upper bound.
    AboveUpperBound,
    /// The interval (or the ratio) lies below the lower bound.
    BelowLowerBound,
    /// The interval (or the ratio) lies within the bounds.
    WithinBounds,
    /// The interval reaches over a bound.
    OverlapsBound,
    /// The interval lies outside the bounds, but the change is smaller than the floor.
    BelowFloor {
        /// Canary average minus baseline average, in the metric's unit.
        change: f64,
        /// The floor of the rule.
        floor: f64,
    },
    /// The baseline is zero throughout and the canary is not: the ratio is infinite.
    BaselineZero,
    /// The canary is zero throughout and the baseline is not: the ratio is zero.
    CanaryZero,
    /// Both sides are zero throughout: equal, and idle.
    BothZero,
    /// The baseline has data for this metric and region, the canary has none.
    MissingInCanary,
    /// The canary has data for this metric and region, the baseline has none.
    MissingInBaseline,
    /// Neither side holds a usable value.
    NoValues,
    /// Too many of one side's values are infinite: what computes them is broken.
    NotFinite {
        /// The infinite values over all values of that side.
        share: f64,
        /// The most that is taken for stray.
        limit: f64,
    },
    /// Both sides have values, never at the same time.
    NoCommonTimes,
    /// Fewer usable points than the rule asks for.
    TooFewPoints {
        /// Usable points found.
        found: u64,
        /// Points asked for (`min_points`).
        needed: u64,
    },
    /// One side has far fewer points than the other.
    LowCoverage {
        /// The points of the side with fewer over those of the side with more.
        share: f64,
        /// The share asked for (`min_coverage`).
        needed: f64,
    },
    /// One average is positive and the other negative: a ratio means nothing.
    OppositeAverages,
    /// Positive and negative values on one metric: a ratio means nothing.
    MixedSigns {
        /// The share of the usable pairs whose signs disagree with the rest.
        share: f64,
    },
}

/// An advisory finding on one metric that is not in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Flag {
    /// Every pair has the same ratio, so the interval has no width.
    Deterministic,
    /// All values are negative; the ratio is that of the magnitudes, so `hot` is further below zero.
    NegativeLevel,
    /// One side lacks values at more of the ticks than chance explains (sign test, p < 0.001).
    UnequalMissing,
}

/// The aligned series of one metric as the judge saw them, on the common grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Series {
    /// One value a tick, `None` where the baseline has none.
    pub baseline: Vec<Option<f64>>,
    /// One value a tick, `None` where the canary has none.
    pub canary: Vec<Option<f64>>,
}

/// What is said of one metric in one region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MetricResult {
    /// The metric's name.
    pub name: Arc<str>,
    /// Its region; `None` where the input has none.
    pub region: Option<Arc<str>>,
    /// The group it counts in.
    pub group: Arc<str>,
    /// Hot, cold, ok or nodata.
    pub state: State,
    /// Canary over baseline; `None` where undefined or infinite.
    pub ratio: Option<f64>,
    /// The interval that decided; the state is hot or cold exactly when it lies outside `bounds`
    /// (unless a floor says otherwise). `None` where the judge has none.
    pub interval: Option<Interval>,
    /// The bounds it was held against.
    pub bounds: Bounds,
    /// The averages of both sides.
    pub average: Average,
    /// The points of both sides.
    pub points: Points,
    /// Two-sided p-value of "the ratio lies within the bounds"; `None` where the judge has none.
    pub p_value: Option<f64>,
    /// The weight within its group.
    pub weight: f64,
    /// Whether it can fail the run alone.
    pub critical: bool,
    /// Whether silence of this metric makes the run inconclusive.
    pub must_have_data: bool,
    /// Whether its state lowers the score: hot or cold in a direction that is a failure.
    pub counts_against: bool,
    /// Certified or undecided.
    pub evidence: Evidence,
    /// Advisory findings.
    pub flags: Vec<Flag>,
    /// The estimator and its version; `None` where nothing was estimated.
    pub method: Option<Method>,
    /// Why.
    pub reason: Reason,
    /// The rules that shaped the judgement: indices into `config.rules`, in order.
    pub rules: Vec<usize>,
    /// What preprocessing dropped or changed on this metric.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// The series of both sides, where asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
}

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
    /// Why the verdict is what it is.
    pub reasons: Vec<VerdictReason>,
    /// Its metrics by state.
    pub counts: Counts,
    /// Its groups, by name.
    pub groups: Vec<GroupScore>,
}

/// Why a verdict is what it is, with the numbers that decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "code", rename_all = "snake_case")]
#[non_exhaustive]
pub enum VerdictReason {
    /// The score reaches the pass threshold.
    ScorePasses {
        /// The threshold.
        pass: f64,
    },
    /// The score lies between the two thresholds.
    ScoreBelowPass {
        /// The threshold that it misses.
        pass: f64,
    },
    /// The score lies below the marginal threshold.
    ScoreBelowMarginal {
        /// The threshold that it misses.
        marginal: f64,
    },
    /// A critical metric is hot or cold against its direction.
    CriticalFailed {
        /// The metric.
        metric: Arc<str>,
    },
    /// A critical metric or one that must have data has none.
    RequiredWithoutData {
        /// The metric.
        metric: Arc<str>,
    },
    /// A rule that is critical or must have data matches no metric at all.
    RequiredRuleWithoutMetric {
        /// Its index in `config.rules`.
        rule: usize,
        /// Its patterns.
        patterns: Vec<String>,
    },
    /// No metric of the region could be judged.
    NoData,
    /// Every metric that has data is zero on both sides.
    AllIdle,
    /// Too much of the weight has no data.
    TooMuchWithoutData {
        /// The share of the weight without data.
        share: f64,
        /// The most that is allowed.
        limit: f64,
    },
    /// Too much of the weight is undecided.
    TooMuchUndecided {
        /// The share of the judged weight that is undecided.
        share: f64,
        /// The most that is allowed.
        limit: f64,
    },
    /// `evidence.require` is set and some metrics are undecided.
    EvidenceRequired {
        /// How many are undecided.
        undecided: u64,
    },
}

/// A finding over several metrics. No judge makes any yet, so there is no value of this type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Finding {}

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
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Seconds between ticks, as text so that no digit is lost (`60`, `0.5`).
    pub step_seconds: Option<String>,
    /// Ticks on the grid.
    pub ticks: u64,
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
    /// Findings over several metrics.
    pub findings: Vec<Finding>,
    /// What was dropped or changed on the way.
    pub notes: Vec<Note>,
    /// The builds compared.
    pub builds: Builds,
    /// What was compared.
    pub inputs: Inputs,
    /// The configuration in force.
    pub config: Config,
    /// The seed of the randomised methods.
    pub seed: u64,
}
