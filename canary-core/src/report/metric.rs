//! What is said of one metric.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::Bounds;
use crate::kayenta::Label;
use crate::note::{Note, Side};
use crate::shape::{Shape, ShapeFinding};

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

/// The part of the run that a number is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Window {
    /// All of it.
    Full,
    /// The last half of the pairs.
    LastHalf,
    /// The last quarter.
    LastQuarter,
    /// The last eighth.
    LastEighth,
    /// The end of a robust line through all of it.
    End,
}

/// The smallest changes over the whole window that would just be hot or cold by now, as ratios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Detectable {
    /// Canary over baseline that would just be hot; `None` where no increase would be yet.
    pub increase: Option<f64>,
    /// Canary over baseline that would just be cold; `None` where no decrease would be yet.
    pub decrease: Option<f64>,
}

/// One number a side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Average {
    /// The baseline's arithmetic mean over its usable points; of a count its events per unit of the denominator
    /// (without one, per tick and instance), of a mean with `requests` the mean over all requests, of a measured
    /// metric the number that was measured.
    pub baseline: Option<f64>,
    /// The canary's.
    pub canary: Option<f64>,
}

/// How much data a comparison rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Points {
    /// Usable points of the baseline; 0 of a measured metric.
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
    #[serde(rename = "paired_huber/2")]
    PairedHuber,
    /// Ratio of sums with an interval by block sign flips, for series full of zeros.
    #[serde(rename = "sign_flip/2")]
    SignFlip,
    /// Huber location of the paired difference over the median magnitude, for values on both sides of zero.
    #[serde(rename = "paired_difference/1")]
    PairedDifference,
    /// The peer's rank test of unpaired minutes.
    #[serde(rename = "kayenta/1")]
    Kayenta,
    /// Rates of events by the exact conditional test, mid-p.
    #[serde(rename = "rate_ratio/1")]
    RateRatio,
    /// Ratio of means, each tick weighted by its requests.
    #[serde(rename = "weighted_mean/1")]
    WeightedMean,
    /// Exact rank test on one location an instance.
    #[serde(rename = "instance_rank/1")]
    InstanceRank,
    /// One location an instance, on Student's t with the spread between instances.
    #[serde(rename = "instance_means/1")]
    InstanceMeans,
    /// Every pair has the same ratio: no noise, nothing to estimate.
    #[serde(rename = "deterministic/1")]
    Deterministic,
    /// Ratio of two numbers that a test of their own measured, from their intervals: no series.
    #[serde(rename = "measured/1")]
    Measured,
}

/// A key of a rule that names another metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum RelatedKey {
    /// `denominator`
    Denominator,
    /// `requests`
    Requests,
    /// `normalise_by`
    NormaliseBy,
}

impl RelatedKey {
    /// The word in a config.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Denominator => "denominator",
            Self::Requests => "requests",
            Self::NormaliseBy => "normalise_by",
        }
    }
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
    /// The level is within its bounds, but a rule counts this shape.
    Shape {
        /// Which.
        shape: Shape,
    },
    /// What the peer's rule says, with its interval and estimate of the shift in the metric's unit.
    Kayenta {
        /// Its label.
        label: Label,
        /// The interval's lower end; `None` where no test was made.
        lower: Option<f64>,
        /// The interval's upper end.
        upper: Option<f64>,
        /// The estimated shift.
        estimate: Option<f64>,
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
    /// No metric of the region is what a key of the rule names.
    RelatedMissing {
        /// The key.
        key: RelatedKey,
        /// The metric, or the pattern, that was looked for.
        metric: Arc<str>,
    },
    /// One side of the metric that a key of the rule names has no value where this one has.
    RelatedWithoutValues {
        /// The key.
        key: RelatedKey,
        /// The metric, or the pattern, that was found.
        metric: Arc<str>,
        /// The side without values.
        side: Side,
    },
    /// A count whose denominator is zero throughout on one side.
    NoTraffic {
        /// The side without traffic.
        side: Side,
    },
    /// No event on either side, in traffic that was there: equal, and not idle.
    NoEvents {
        /// What the baseline's events were looked for in: its denominator, added up.
        baseline: f64,
        /// The same of the canary.
        canary: f64,
    },
    /// A quantile of too few requests on one side, and of far more on the other: it is biased, not worse.
    SampleSizeBias {
        /// The quantile.
        quantile: f64,
        /// Requests in the median tick of the side with fewer.
        requests: f64,
        /// Requests it takes: 10 beyond the quantile.
        needed: f64,
    },
    /// A measured metric whose test gave no number for this side.
    NotMeasured {
        /// The side without a number; the baseline where neither has one.
        side: Side,
    },
    /// A measured metric of which both tests gave only bounds from which no ratio follows.
    OnlyBounds,
    /// A measured metric whose tests differ in their objectives, in what they count, or in their loop.
    DifferentTests,
    /// A measured metric whose name another metric of the region has.
    NameTaken,
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
    /// Values on both sides of zero: the ratio is that of m + d/2 to m - d/2, with m the median magnitude and d
    /// the difference.
    MixedSigns,
    /// The change is in the end of the window; the whole window does not show it as clearly.
    LateOnset,
    /// The change grows: it is the end of a line through the window that lies outside the bounds.
    Drift,
    /// The noise about the level is wider or narrower.
    Spread,
    /// High values are more or less frequent.
    Tail,
    /// A few values far beyond everything else.
    Spikes,
    /// The canary repeats one value while the baseline moves.
    Stuck,
    /// The canary is zero where the baseline is not.
    Zeroed,
    /// What separated the sides before the deployment was taken off.
    AdjustedByPast,
    /// One side lacks values at more of the ticks than chance explains (sign test, p < 0.001).
    UnequalMissing,
    /// A quantile of far fewer requests on one side than on the other: its expectation differs by that alone.
    SampleSizeBias,
}

/// The aligned series of one metric as the judge saw them, on the common grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Series {
    /// One value a tick, `None` where the baseline has none.
    pub baseline: Vec<Option<f64>>,
    /// One value a tick, `None` where the canary has none.
    pub canary: Vec<Option<f64>>,
    /// The baseline's instances about it, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline_band: Option<Band>,
    /// The canary's instances about it, where it has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canary_band: Option<Band>,
}

/// The least and the greatest value over the instances of one side, tick by tick.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Band {
    /// The least, `None` where no instance has a value.
    pub lower: Vec<Option<f64>>,
    /// The greatest, `None` where no instance has a value.
    pub upper: Vec<Option<f64>>,
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
    /// Canary over baseline in `window`; `None` where undefined or infinite, or where only a bound of it is known.
    pub ratio: Option<f64>,
    /// The interval that decided; the state is hot or cold exactly when it lies outside `bounds`
    /// (unless a floor says otherwise). `None` where the judge has none.
    pub interval: Option<Interval>,
    /// The bounds it was held against.
    pub bounds: Bounds,
    /// The averages of both sides in `window`.
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
    /// The part of the run that ratio, interval and averages are about: the one that decided.
    pub window: Option<Window>,
    /// The smallest changes that could have been seen by now; `None` where the judge cannot say.
    pub detectable: Option<Detectable>,
    /// Where undecided: after how many more minutes it would be decided, if the ratio stays as it is.
    pub minutes_to_decide: Option<f64>,
    /// Where undecided with the instance as the unit: how many instances a side it would take, if the ratio
    /// and their spread stay as they are. More minutes would not do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instances_to_decide: Option<u32>,
    /// Advisory findings.
    pub flags: Vec<Flag>,
    /// Shapes in which the canary differs at the same level, with their numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shapes: Vec<ShapeFinding>,
    /// What the peer's rule says, where it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer: Option<Label>,
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
