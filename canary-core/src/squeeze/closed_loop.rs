//! What a closed-loop run shows.

use super::crossing::{Crossing, Resampling, crossing};
use super::found::{Found, knee, lowest, mark_broken};
use super::observed::Observed;
use super::report::{Estimate, Kind, ModelName, Reason, Status, StepReason};
use super::scaling_law::{FEWEST_LOADS, scaling};
use super::slo::Slo;
use super::usl::Load;
use crate::stats::student_quantile;

/// Beyond this share of capacity the rate hardly changes with the clients while latency does: an objective that is
/// crossed there cannot be placed on a scale of rates.
const PLACEABLE: f64 = 0.9;

/// CPU of a generator from which its timing cannot be trusted, percent.
const GENERATOR_CPU: f64 = 90.0;

/// Judges steps sorted by clients.
pub(super) fn closed_loop(steps: &[Observed], slo: &Slo, resampling: Resampling) -> Found {
    let level = 1.0 - resampling.alpha;
    let busy = |step: &&Observed| step.generator_cpu.is_some_and(|cpu| cpu > GENERATOR_CPU);
    let behind: Vec<&Observed> = steps.iter().filter(busy).collect();
    let used: Vec<&Observed> = steps.iter().filter(|step| !busy(step) && step.goodput > 0.0).collect();
    let best = used.iter().map(|step| step.goodput).fold(0.0, f64::max);
    let points: Vec<Load> = used.iter().map(|step| Load { concurrency: step.rate, throughput: step.settled }).collect();
    let mut distinct: Vec<f64> = points.iter().map(|point| point.concurrency).collect();
    distinct.dedup();
    let law = if distinct.len() >= FEWEST_LOADS { scaling(&points, resampling.alpha) } else { None };
    let at_least = Estimate::at_least(best, level);
    let mut found = Found::nothing(Status::LowerBound, Reason::NeverSaturated);
    found.capacity = Some(at_least);
    found.decided_by = used.last().map(|step| step.index).into_iter().collect();
    match law {
        None => found.reasons = vec![Reason::TooFewLoads],
        Some(law) => {
            found.model = Some(law.model);
            match law.peak {
                Some((ln_capacity, error)) => {
                    let half = student_quantile(resampling.alpha / 2.0, law.degrees) * error;
                    let end = |ln: f64| Some(ln.exp()).filter(|end| end.is_finite());
                    found.capacity = Some(Estimate {
                        estimate: end(ln_capacity),
                        lower: end(ln_capacity - half),
                        upper: end(ln_capacity + half),
                        level,
                    });
                    found.status = Status::Measured;
                    found.kind = Some(law.kind);
                    found.reasons =
                        if law.kind == Kind::Retrograde { vec![Reason::FallsBeyondPeak] } else { Vec::new() };
                    mark_beyond(&used, ln_capacity.exp(), &mut found);
                }
                None if law.model.name == ModelName::Usl => found.reasons.push(Reason::PeakExtrapolated),
                None => {}
            }
        }
    }
    if found.status != Status::Measured && !behind.is_empty() {
        found.status = Status::GeneratorLimited;
        found.reasons.insert(0, Reason::GeneratorBehind);
    }
    found.marks.extend(behind.iter().map(|step| (step.index, false, StepReason::GeneratorBehind)));
    mark_broken(steps, slo, &mut found.marks);
    found.knee = knee(steps);
    let capacity = found.capacity.unwrap_or(at_least);
    let crossings: Vec<Crossing> = slo
        .objectives
        .iter()
        .enumerate()
        .map(|(place, objective)| crossing(&used, place, objective.share, resampling))
        .collect();
    let rate = |clients: f64| law.map(|law| law.throughput(clients)).filter(|rate| rate.is_finite());
    let most = capacity.estimate.unwrap_or(best) * PLACEABLE;
    // What held up to the peak held at every rate that there is.
    let every_rate = Crossing::Above(capacity.estimate.map_or(best, |capacity| capacity.max(best)));
    let peak = law.and_then(|law| law.peak_clients());
    let placed = match lowest(&crossings) {
        Crossing::At { lower: Some(held), .. } if peak.is_some_and(|peak| held >= peak) => every_rate,
        Crossing::At { rate: clients, lower, upper, failing } => match rate(clients) {
            Some(placed) if placed < most => {
                let lower = lower.and_then(rate).map(|lower| lower.min(placed));
                let upper = upper.and_then(rate).map(|upper| upper.max(placed));
                Crossing::At { rate: placed, lower, upper, failing }
            }
            _ => {
                found.reasons.push(Reason::CrossingNeedsOpenLoop);
                Crossing::Unknown
            }
        },
        Crossing::Above(_) => {
            found.reasons.push(Reason::SloNeverBroken);
            every_rate
        }
        Crossing::Below(_) => {
            found.reasons.push(Reason::SloBrokenAtLowestRate);
            used.first().map_or(Crossing::Unknown, |step| Crossing::Below(step.goodput))
        }
        Crossing::Unknown => Crossing::Unknown,
    };
    found.slo_crossing = Estimate::of_crossing(placed, level);
    // Where an objective was crossed but cannot be placed, capacity is all that bounds the sweet spot, from above.
    let unplaced = found.reasons.contains(&Reason::CrossingNeedsOpenLoop);
    found.sweet_spot = match found.slo_crossing {
        Some(crossing) => Some(Estimate::lower_of(crossing, capacity)),
        None if unplaced => capacity.upper.map(|upper| Estimate::at_most(upper, level)),
        None => Some(capacity),
    };
    found
}

fn mark_beyond(used: &[&Observed], capacity: f64, found: &mut Found) {
    let peak = used.iter().position(|step| step.settled >= 0.97 * capacity).unwrap_or(used.len());
    let beyond = used.iter().skip(peak);
    found.decided_by = beyond.clone().map(|step| step.index).collect();
    found.marks.extend(beyond.map(|step| (step.index, true, StepReason::Saturated)));
    found.decided_by.sort_unstable();
}
