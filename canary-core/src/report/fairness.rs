//! Whether the two sides can be compared at all.

use serde::{Deserialize, Serialize};

/// What was looked at before anything is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Check {
    /// The requests of both sides (`fairness.traffic`). Numbers: requests a tick.
    Traffic,
    /// The instances of both sides. Numbers: instances that report the most widely reported metric.
    Instances,
    /// Instances that appear after the start. Numbers: such instances over all instances.
    Restarts,
    /// Whether both clocks agree. Numbers: by how many ticks each side is late.
    ClockSkew,
    /// The time between observations. Numbers: seconds.
    Step,
    /// Whether the canary's first minutes differ from its later ones. Numbers: the share of metrics far
    /// from their later level in the first 10 minutes.
    WarmUp,
    /// How much of the common time is filled. Numbers: filled cells over all cells.
    Coverage,
    /// The live A/A comparison with `--control`. Numbers: hot and cold metrics of it, over all.
    Control,
}

impl Check {
    /// The word in the report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Traffic => "traffic",
            Self::Instances => "instances",
            Self::Restarts => "restarts",
            Self::ClockSkew => "clock_skew",
            Self::Step => "step",
            Self::WarmUp => "warm_up",
            Self::Coverage => "coverage",
            Self::Control => "control",
        }
    }
}

/// What a check found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Both sides are alike.
    Alike,
    /// They differ; the comparison stands, with a grain of salt.
    Odd,
    /// They differ so much that a comparison means nothing: the run is inconclusive.
    NotComparable,
}

/// One check with the numbers of both sides.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Fairness {
    /// What was looked at.
    pub check: Check,
    /// What was found.
    pub outcome: Outcome,
    /// The baseline's number; `None` where it has none.
    pub baseline: Option<f64>,
    /// The canary's number.
    pub canary: Option<f64>,
}

/// How much more than time noise separates equal machines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Noise {
    /// The spread of this run's own standardised log ratios, 1 where time noise explains them all. Far
    /// above 1 most metrics differ by more than their minutes explain: machine differences, or a change of
    /// almost everything. `None` below 20 metrics.
    pub observed: Option<f64>,
    /// The same of the control against the baseline, where there is a control.
    pub control: Option<f64>,
    /// What every interval was widened by: that of the control, at least 1.
    pub widening: f64,
}
