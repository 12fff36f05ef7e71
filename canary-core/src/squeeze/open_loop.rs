//! What an open-loop run shows.

use super::crossing::{Crossing, Resampling, crossing};
use super::found::{Found, knee, lowest, mark_broken};
use super::observed::Observed;
use super::plateau::{Plateau, Shown, plateau};
use super::report::{Estimate, Kind, Model, ModelName, Parameter, Parameters, Reason, Status, StepReason};
use super::slo::Slo;

/// An objective that failed at so many steps beyond its crossing was crossed, whether or not the server was saturated.
const CONFIRMING_STEPS: usize = 2;

/// Judges steps sorted by rate.
pub(super) fn open_loop(steps: &[Observed], slo: &Slo, resampling: Resampling) -> Found {
    let level = 1.0 - resampling.alpha;
    let plateau = plateau(steps, resampling.alpha);
    let left_out = |at: &usize| plateau.outliers.contains(at) || plateau.behind.contains(at);
    let used: Vec<&Observed> = (0..steps.len()).filter(|at| !left_out(at)).filter_map(|at| steps.get(at)).collect();
    let mut found = shown(steps, &plateau, &used, level);
    mark_steps(steps, &plateau, &mut found);
    mark_broken(steps, slo, &mut found.marks);
    found.knee = knee(steps);
    if matches!(found.status, Status::Unstable | Status::Unusable) {
        return found;
    }
    let crossings: Vec<Crossing> = slo
        .objectives
        .iter()
        .enumerate()
        .map(|(place, objective)| crossing(&used, place, objective.share, resampling))
        .collect();
    let largest = slo.objectives.iter().map(|objective| objective.share).fold(0.0, f64::max);
    let crossed = capped(lowest(&crossings), found.capacity, largest);
    found.slo_crossing = Estimate::of_crossing(crossed, level);
    found.sweet_spot = sweet_spot(&found, &used, level);
    match crossed {
        Crossing::Above(_) => found.reasons.push(Reason::SloNeverBroken),
        Crossing::Below(_) => {
            found.reasons.push(Reason::SloBrokenAtLowestRate);
            found.decided_by.extend(used.first().map(|step| step.index));
        }
        Crossing::At { rate, failing, .. } => {
            let beside = used
                .iter()
                .filter(|step| step.rate >= rate)
                .take(1)
                .chain(used.iter().rev().filter(|step| step.rate < rate).take(1));
            found.decided_by.extend(beside.map(|step| step.index));
            if found.status == Status::LowerBound && failing >= CONFIRMING_STEPS {
                found.status = Status::Measured;
            }
        }
        Crossing::Unknown => {}
    }
    found.decided_by.sort_unstable();
    found.decided_by.dedup();
    found
}

/// In the long run at least the share 1 - C/a is bad at a rate a beyond capacity C, waiting or shed: a crossing lies at
/// C/(1 - share) at most. Short steps beyond capacity look better, as their queue has not filled yet.
fn capped(crossed: Crossing, capacity: Option<Estimate>, share: f64) -> Crossing {
    let most = |end: Option<f64>| end.map(|end| end / (1.0 - share));
    let capacity = capacity.filter(|capacity| capacity.estimate.is_some());
    match (crossed, capacity) {
        (Crossing::At { rate, lower, upper, failing }, Some(capacity)) => {
            let rate = most(capacity.estimate).map_or(rate, |most| rate.min(most));
            let upper = match (upper, most(capacity.upper)) {
                (Some(upper), Some(most)) => Some(upper.min(most)),
                (known, None) | (None, known) => known,
            };
            Crossing::At {
                rate,
                lower: lower.map(|lower| lower.min(rate)),
                upper: upper.map(|upper| upper.max(rate)),
                failing,
            }
        }
        _ => crossed,
    }
}

fn sweet_spot(found: &Found, used: &[&Observed], level: f64) -> Option<Estimate> {
    let mut capacity = found.capacity?;
    if found.kind == Some(Kind::Soft) {
        // An extrapolated plateau is no sweet spot; what was answered is.
        capacity.estimate = None;
    }
    if found.status == Status::SaturatedFromStart {
        let lowest = used.first().map(|step| step.rate)?;
        return Some(Estimate::at_most(capacity.upper.map_or(lowest, |upper| upper.min(lowest)), level));
    }
    Some(found.slo_crossing.map_or(capacity, |crossing| Estimate::lower_of(crossing, capacity)))
}

fn shown(steps: &[Observed], plateau: &Plateau, used: &[&Observed], level: f64) -> Found {
    let bound = |status: Status, reason: Reason, rate: f64| Found {
        capacity: Some(Estimate::at_least(rate, level)),
        decided_by: used.last().map(|step| step.index).into_iter().collect(),
        ..Found::nothing(status, reason)
    };
    let index = |place: usize| steps.get(place).map(|step| step.index);
    let saturated = (0..steps.len()).filter(|&place| plateau.saturated.get(place) == Some(&true)).filter_map(index);
    let mut found = match plateau.shown {
        Shown::TooFew => Found::nothing(Status::Unusable, Reason::TooFewSteps),
        Shown::AtLeast(rate) => bound(Status::LowerBound, Reason::NeverSaturated, rate),
        Shown::Behind(rate) => bound(Status::GeneratorLimited, Reason::GeneratorBehind, rate),
        Shown::Unstable(reason) => {
            Found { decided_by: saturated.collect(), ..Found::nothing(Status::Unstable, reason) }
        }
        Shown::FromStart { .. } | Shown::FromStartSoft(_) | Shown::FromStartOnly => {
            let lowest = used.first().map(|step| step.index);
            let mut found = Found::nothing(Status::SaturatedFromStart, Reason::LowestRateSaturated);
            found.decided_by = lowest.into_iter().collect();
            found.capacity = Some(Estimate::at_most(used.first().map_or(0.0, |step| step.rate), level));
            match plateau.shown {
                Shown::FromStart { capacity, lower, upper } => {
                    found.capacity =
                        Some(Estimate { estimate: Some(capacity), lower: Some(lower), upper: Some(upper), level });
                }
                Shown::FromStartSoft(lower) => {
                    found.capacity = Some(Estimate::at_least(lower, level));
                    found.reasons.push(Reason::PlateauExtrapolated);
                }
                _ => {}
            }
            found
        }
        Shown::Measured { kind, capacity, lower, upper } => {
            let mut found = Found::nothing(Status::Measured, Reason::FallsBeyondPeak);
            found.reasons.clear();
            found.kind = Some(kind);
            found.capacity = Some(Estimate { estimate: Some(capacity), lower: Some(lower), upper, level });
            match kind {
                Kind::Hard => {}
                Kind::Soft => {
                    found.reasons.push(Reason::PlateauExtrapolated);
                    found.projection = Some(capacity);
                }
                Kind::Retrograde => found.reasons.push(Reason::FallsBeyondPeak),
            }
            found.decided_by = saturated.collect();
            if found.decided_by.len() == 1 {
                found.reasons.push(Reason::OneSaturatedStep);
            }
            found
        }
    };
    if !plateau.outliers.is_empty() && found.status != Status::Unstable {
        found.reasons.push(Reason::OutlierSteps);
    }
    if !plateau.behind.is_empty() && found.status != Status::GeneratorLimited {
        found.reasons.push(Reason::GeneratorBehind);
    }
    if let (Some(curve), Some(capacity)) = (plateau.curve, found.capacity.filter(|_| found.kind.is_some())) {
        let estimate = curve.ln_capacity.exp();
        let capacity = Parameter { estimate, lower: capacity.lower, upper: capacity.upper };
        let parameters =
            Parameters { capacity: Some(capacity), sharpness: Some(curve.sharpness), ..Parameters::default() };
        found.model = Some(Model { name: ModelName::SmoothMinimum, parameters, aicc: None });
    }
    found
}

fn mark_steps(steps: &[Observed], plateau: &Plateau, found: &mut Found) {
    for (place, step) in steps.iter().enumerate() {
        if plateau.behind.contains(&place) {
            found.marks.push((step.index, false, StepReason::GeneratorBehind));
        } else if plateau.outliers.contains(&place) {
            found.marks.push((step.index, false, StepReason::Outlier));
        } else if plateau.saturated.get(place) == Some(&true) {
            found.marks.push((step.index, true, StepReason::Saturated));
        }
    }
}
