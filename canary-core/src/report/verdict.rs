//! The outcome of a run, and why.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::fairness::Check;
use crate::note::Side;

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

    /// How bad it is: of several regions the one with the highest severity decides.
    #[must_use]
    pub fn severity(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Marginal => 1,
            Self::Inconclusive => 2,
            Self::Fail => 3,
        }
    }

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
    /// The score reaches the pass threshold, but the lower end of its interval lies below the marginal one.
    ScoreUncertain {
        /// The lower end.
        lower: f64,
        /// The threshold that it misses.
        marginal: f64,
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
    /// One side's data end long before the other's: what came after is not compared.
    EndsEarly {
        /// The side that ends.
        side: Side,
        /// After which share of the common time.
        share: f64,
        /// The least that is allowed.
        limit: f64,
    },
    /// The sides differ in something that is no difference of the builds.
    NotComparable {
        /// In what.
        check: Check,
        /// The baseline's number, where it has one.
        baseline: Option<f64>,
        /// The canary's number, where it has one.
        canary: Option<f64>,
    },
    /// One side of a critical metric or one that must have data ends long before the other.
    RequiredEndsEarly {
        /// The metric.
        metric: Arc<str>,
        /// The side that ends.
        side: Side,
        /// After which share of the common time.
        share: f64,
        /// The least that is allowed.
        limit: f64,
    },
    /// Too much of the weight has no data, or data that end long before the other side's.
    TooMuchEndsEarly {
        /// The share of the weight of both.
        share: f64,
        /// The most that is allowed.
        limit: f64,
    },
    /// Every judged value is the same on both sides, and they change too often for chance: the same input twice.
    IdenticalSides {
        /// How many pairs of values.
        values: u64,
    },
    /// Every metric with data is zero on one side, and not on the other.
    OneSideIdle {
        /// The side that is zero.
        side: Side,
    },
    /// No metric of one side changes any more, long before the side ends: traffic has stopped, or the values
    /// are stuck.
    StandsStill {
        /// The side that stands still.
        side: Side,
        /// After which share of its time.
        share: f64,
        /// The least that is allowed.
        limit: f64,
    },
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
