//! From the steps of a run to what they show.

use serde::{Deserialize, Serialize};

use super::closed_loop::closed_loop;
use super::crossing::Resampling;
use super::found::Found;
use super::load::{Load, LoadLoop, LoadRun, LoadStep};
use super::observed::{Observations, Observed, observe};
use super::open_loop::open_loop;
use super::report::{Estimate, Reason, SCHEMA_VERSION, SqueezeReport, Status, StepReason, StepResult};
use super::slo::Slo;
use super::units;
use crate::scalar::Fraction;

/// Fewer steps are no curve.
const FEWEST_STEPS: usize = 3;

/// How a run is analysed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SqueezeOptions {
    /// Nominal coverage of the intervals.
    pub level: Fraction,
    /// Draws of the bootstrap.
    pub draws: usize,
    /// Seed of the bootstrap.
    pub seed: u64,
}

impl Default for SqueezeOptions {
    fn default() -> Self {
        Self { level: Fraction::literal(0.95), draws: 400, seed: 0 }
    }
}

/// What a run shows: capacity, the crossing of the objectives, the sweet spot, each with its interval, and a status
/// that says how far they can be trusted. Never fails: input without evidence is a status.
///
/// Several instances or repeats are judged each by itself where each has steps enough, and then together, with the
/// difference between them in the interval. Same run, objectives and options give the same bits. Cost: O(steps × 800)
/// and, with seconds, O(draws × seconds); the requests themselves are folded by [`super::LoadStep::from_requests`].
#[must_use]
pub fn analyze(run: &LoadRun, slo: &Slo, options: &SqueezeOptions) -> SqueezeReport {
    let observations = observe(run, slo);
    let mut steps: Vec<StepResult> = run.steps.iter().map(described).collect();
    for &(index, reason) in &observations.refused {
        mark(&mut steps, index, false, reason);
    }
    for step in &observations.steps {
        if let Some(result) = steps.get_mut(step.index) {
            result.goodput = Some(step.goodput);
            result.bad_share = strictest(step, slo);
            result.used = true;
        }
    }
    let load_loop = observations.load_loop;
    let found = judge(observations, slo, options);
    for &(index, used, reason) in &found.marks {
        mark(&mut steps, index, used, reason);
    }
    let mut report = SqueezeReport {
        schema_version: SCHEMA_VERSION,
        status: found.status,
        kind: found.kind,
        load_loop,
        capacity: found.capacity,
        slo_crossing: found.slo_crossing,
        sweet_spot: found.sweet_spot,
        knee: found.knee,
        projection: found.projection,
        model: found.model,
        steps,
        reasons: found.reasons,
        decided_by: found.decided_by,
        required: None,
        comparison: None,
        units: Vec::new(),
        notes: run.notes.clone(),
        slo: slo.clone(),
        tool: run.tool.clone(),
        unit: run.unit.clone(),
        seed: options.seed,
    };
    units::together(run, slo, options, &mut report);
    report
}

/// What the steps show together.
fn judge(observations: Observations, slo: &Slo, options: &SqueezeOptions) -> Found {
    let steps = observations.steps;
    if let Some(reason) = observations.fatal {
        return Found::nothing(Status::Unusable, reason);
    }
    if !steps.is_empty() && steps.iter().all(|step| step.goodput <= 0.0) {
        return Found::nothing(Status::Unusable, Reason::NoGoodReplies);
    }
    if steps.len() < FEWEST_STEPS {
        let odd = observations.refused.iter().any(|refused| refused.1 == StepReason::ImpossibleNumbers);
        return Found::nothing(Status::Unusable, if odd { Reason::ImpossibleNumbers } else { Reason::TooFewSteps });
    }
    let resampling = Resampling { draws: options.draws, seed: options.seed, alpha: 1.0 - options.level.get() };
    let mut found = match observations.load_loop {
        Some(LoadLoop::Closed) => closed_loop(&steps, slo, resampling),
        _ => open_loop(&steps, slo, resampling),
    };
    let without_latency = |place: usize| steps.iter().any(|step| step.bad.get(place).is_none_or(Option::is_none));
    if (0..slo.objectives.len()).any(without_latency) {
        found.reasons.push(Reason::LatencyMissing);
    }
    let untested = |place: usize| steps.iter().all(|step| step.bad.get(place).is_none_or(Option::is_none));
    if (0..slo.objectives.len()).any(untested) {
        leave_open(&mut found);
    }
    if observations.waves {
        found.reasons.push(Reason::ArrivalsInWaves);
    }
    found
}

/// An objective that nothing was measured of may break at any rate: what else is known bounds the numbers from above.
fn leave_open(found: &mut Found) {
    let above = |estimate: Option<Estimate>| {
        let estimate = estimate?;
        estimate.upper.or(estimate.estimate).map(|upper| Estimate::at_most(upper, estimate.level))
    };
    (found.slo_crossing, found.sweet_spot) = (above(found.slo_crossing), above(found.sweet_spot));
    found.reasons.retain(|reason| !matches!(reason, Reason::SloNeverBroken | Reason::LatencyMissing));
    found.reasons.insert(0, Reason::ObjectiveUntested);
}

/// What is known of a step before it is judged.
fn described(step: &LoadStep) -> StepResult {
    let (offered, concurrency) = match step.load {
        Load::Open { rate } => (Some(rate).filter(|rate| rate.is_finite()), None),
        Load::Closed { clients } => (None, Some(clients)),
    };
    StepResult {
        offered,
        concurrency,
        goodput: None,
        errors: step.errors.total(),
        bad_share: None,
        used: false,
        reason: None,
        instance: step.instance.clone(),
        repeat: step.repeat,
    }
}

/// The share of bad requests under the objective that it comes nearest to breaking.
fn strictest(step: &Observed, slo: &Slo) -> Option<f64> {
    let known = step.bad.iter().zip(&slo.objectives).filter_map(|(bad, objective)| Some(((*bad)?, objective.share)));
    known.max_by(|one, other| (one.0 / one.1).total_cmp(&(other.0 / other.1))).map(|found| found.0)
}

fn mark(steps: &mut [StepResult], index: usize, used: bool, reason: StepReason) {
    if let Some(step) = steps.get_mut(index) {
        step.used = used;
        step.reason = Some(reason);
    }
}
