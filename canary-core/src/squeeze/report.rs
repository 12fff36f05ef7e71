//! What a squeeze test says, in one serde value: the wire contract of `canary squeeze`.

use serde::{Deserialize, Serialize};

use super::compare::SqueezeComparison;
use super::load::{LoadLoop, LoadNote};
use super::slo::Slo;

/// The version of the JSON form. It changes when a field is removed or changes its meaning.
pub const SCHEMA_VERSION: u32 = 1;

/// What the test showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Clean and saturated steps were seen, or an objective held, then failed: the sweet spot is a number.
    Measured,
    /// The server was never pressed: the sweet spot is at least so much.
    LowerBound,
    /// Even the lowest load was too much: the sweet spot is less than it.
    SaturatedFromStart,
    /// The steps contradict one curve: no number.
    Unstable,
    /// The load tool gave out before the server: at least so much.
    GeneratorLimited,
    /// The input holds no evidence: no number.
    Unusable,
}

impl Status {
    /// The word in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::LowerBound => "lower_bound",
            Self::SaturatedFromStart => "saturated_from_start",
            Self::Unstable => "unstable",
            Self::GeneratorLimited => "generator_limited",
            Self::Unusable => "unusable",
        }
    }
}

/// How throughput ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A plateau: what is offered beyond it waits or is shed.
    Hard,
    /// Requests are shed long before the plateau, which was extrapolated.
    Soft,
    /// Throughput falls again beyond a peak.
    Retrograde,
}

/// A number with its interval, requests a second. Where a bound is all that is known, the estimate and the other end
/// are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Estimate {
    /// The likeliest value.
    pub estimate: Option<f64>,
    /// The lower end.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
    /// The nominal coverage, 0 to 1.
    pub level: f64,
}

/// Why the status is what it is, and what qualifies the numbers. The prose lives in canary-report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Unusable: fewer than three usable steps.
    TooFewSteps,
    /// Unusable: no good reply in any step.
    NoGoodReplies,
    /// Unusable: a step ends before it begins, or a reply comes before its request.
    ClockBack,
    /// Unusable: rates, durations or counts that are not finite, or negative, or contradict each other.
    ImpossibleNumbers,
    /// Unusable: open-loop and closed-loop steps in one run.
    MixedLoops,
    /// Lower bound: every offered rate was answered.
    NeverSaturated,
    /// The objectives held at every rate.
    SloNeverBroken,
    /// Saturated from start: the lowest rate was not answered.
    LowestRateSaturated,
    /// The objectives fail at the lowest rate: the crossing lies below it.
    SloBrokenAtLowestRate,
    /// Steps that contradict their neighbours were left out.
    OutlierSteps,
    /// Unstable: too many steps contradict their neighbours.
    ContradictingSteps,
    /// Unstable: throughput fell onto a lower level and stayed there.
    FellToShelf,
    /// The load tool did not send what it was asked in some steps, which were left out.
    GeneratorBehind,
    /// Soft: requests are shed before the plateau; capacity is at least the lower end.
    PlateauExtrapolated,
    /// Retrograde: throughput falls beyond its peak; stay below it.
    FallsBeyondPeak,
    /// Closed loop: the peak lies beyond the clients tested.
    PeakExtrapolated,
    /// Closed loop: too few distinct numbers of clients for a law of scaling.
    TooFewLoads,
    /// Closed loop: objectives near capacity cannot be placed on a scale of rates.
    CrossingNeedsOpenLoop,
    /// An objective on latency, and steps without latencies: those steps say nothing about it.
    LatencyMissing,
    /// No step says anything about an objective: it has no latencies, or does not count errors. What one instance sustains
    /// within the objectives is not known.
    ObjectiveUntested,
    /// Unusable: the test was interrupted.
    Interrupted,
    /// Unusable: what guards the surroundings stopped the test.
    GuardFailed,
    /// Unusable: no request was answered well any more.
    TargetFailed,
    /// Requests came in waves: latency is that of bursts, capacity is not affected.
    ArrivalsInWaves,
    /// Instances or repeats differ by more than their own noise; the interval holds the difference.
    UnitsDiffer,
    /// Only one step is beyond capacity: the interval is wide.
    OneSaturatedStep,
}

/// Why a step was not used, or what it showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepReason {
    /// No request was answered and none failed.
    Empty,
    /// A number is NaN, infinite, negative or missing.
    ImpossibleNumbers,
    /// The clock went back.
    ClockBack,
    /// The load tool sent less than it was asked.
    GeneratorBehind,
    /// It contradicts a later step at a higher rate.
    Outlier,
    /// Used: the server answered less than was offered.
    Saturated,
    /// Used: too many bad requests.
    BreaksSlo,
}

/// One step as it was judged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StepResult {
    /// Requests a second that were meant to be sent; `None` in a closed loop.
    pub offered: Option<f64>,
    /// Clients; `None` in an open loop.
    pub concurrency: Option<u64>,
    /// Good replies a second; `None` where the step says none.
    pub goodput: Option<f64>,
    /// Requests that failed.
    pub errors: u64,
    /// The share of bad requests under the strictest objective, 0 to 1; `None` without objectives or latencies.
    pub bad_share: Option<f64>,
    /// Whether the step is part of the evidence.
    pub used: bool,
    /// Why not, or what it showed.
    pub reason: Option<StepReason>,
    /// The instance under load.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    /// The repeat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u32>,
}

/// The curve that was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ModelName {
    /// Gunther's universal scalability law.
    Usl,
    /// Amdahl's law.
    Amdahl,
    /// A smooth minimum of two lines.
    SmoothMinimum,
}

/// A parameter with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameter {
    /// The likeliest value.
    pub estimate: f64,
    /// The lower end; `None` where the fit has no degree of freedom left.
    pub lower: Option<f64>,
    /// The upper end.
    pub upper: Option<f64>,
}

/// The parameters of a curve; those that it does not have are `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Parameters {
    /// Throughput of one client alone, requests a second (γ; closed loop).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gamma: Option<Parameter>,
    /// Contention (σ, α in some texts), 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sigma: Option<Parameter>,
    /// Crosstalk (κ, β in some texts), 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<Parameter>,
    /// The plateau, requests a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<Parameter>,
    /// How sharp the bend is: from 25 on a corner, below 6 a slow bend.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sharpness: Option<f64>,
    /// Clients at the peak; `None` where no retrograde region was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_concurrency: Option<f64>,
    /// Throughput that contention alone would allow with ever more clients, γ/σ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<f64>,
}

/// The fitted curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Model {
    /// Which.
    pub name: ModelName,
    /// Its parameters.
    pub parameters: Parameters,
    /// Corrected Akaike criterion; smaller is better. `None` in an open loop, where there is one candidate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aicc: Option<f64>,
}

/// One instance or one repeat by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnitResult {
    /// The instance.
    pub instance: Option<String>,
    /// The repeat.
    pub repeat: Option<u32>,
    /// What it shows alone.
    pub status: Status,
    /// Its capacity.
    pub capacity: Option<Estimate>,
    /// Its crossing.
    pub slo_crossing: Option<Estimate>,
    /// Its sweet spot.
    pub sweet_spot: Option<Estimate>,
}

/// Everything that a squeeze test says. Rates are requests a second for what was under load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SqueezeReport {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What the test showed.
    pub status: Status,
    /// How throughput ends; `None` where its end was not seen.
    pub kind: Option<Kind>,
    /// Open or closed; `None` where there are no steps.
    #[serde(rename = "loop")]
    pub load_loop: Option<LoadLoop>,
    /// Good replies a second when more is offered than can be served.
    pub capacity: Option<Estimate>,
    /// The highest rate at which the objectives hold; `None` without objectives.
    pub slo_crossing: Option<Estimate>,
    /// The lower of both: what one instance sustains. Its `lower` is the number to scale by.
    pub sweet_spot: Option<Estimate>,
    /// The knee of the curve (rate, or clients in a closed loop): a property of the rates tested, for information.
    pub knee: Option<f64>,
    /// Where capacity was not seen: what a queue with the latencies seen would have; a projection, no measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projection: Option<f64>,
    /// The curve.
    pub model: Option<Model>,
    /// Each step, in the order of the run.
    pub steps: Vec<StepResult>,
    /// Why, the deciding one first.
    pub reasons: Vec<Reason>,
    /// The steps that decided, by their place in `steps`.
    pub decided_by: Vec<usize>,
    /// The throughput that is asked for ([`SqueezeReport::meets`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<f64>,
    /// How it compares with the old build's test, where there is one ([`SqueezeReport::against`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<SqueezeComparison>,
    /// Each instance and repeat by itself, where there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<UnitResult>,
    /// What the parser left out, changed or doubts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<LoadNote>,
    /// The objectives.
    pub slo: Slo,
    /// The load tool.
    pub tool: Option<String>,
    /// What is counted; `None` means requests.
    pub unit: Option<String>,
    /// The seed of the resampling.
    pub seed: u64,
}

impl SqueezeReport {
    /// Whether what one instance sustains reaches [`SqueezeReport::required`]: as the whole interval does, or a bound;
    /// `None` where that is undecided, or nothing is required.
    #[must_use]
    pub fn meets(&self) -> Option<bool> {
        let (required, sweet) = (self.required?, self.sweet_spot?);
        if sweet.lower.is_some_and(|lower| lower >= required) {
            Some(true)
        } else if sweet.upper.is_some_and(|upper| upper < required) {
            Some(false)
        } else {
            None
        }
    }

    /// Takes the numbers back, and says why: what happened to the test leaves none that can be believed. The steps stay.
    pub fn withdraw(&mut self, status: Status, reason: Reason) {
        self.status = status;
        (self.kind, self.capacity, self.slo_crossing, self.sweet_spot) = (None, None, None, None);
        (self.knee, self.projection, self.model) = (None, None, None);
        self.decided_by.clear();
        self.reasons.retain(|known| *known != reason);
        self.reasons.insert(0, reason);
    }
}
