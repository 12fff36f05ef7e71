//! What steps show, before it is written down; and how a sweet spot is made of a crossing and a capacity.

use super::crossing::Crossing;
use super::kneedle::{Curve, Run, kneedle};
use super::observed::Observed;
use super::report::{Estimate, Kind, Model, Reason, Status, StepReason};
use super::slo::Slo;

/// What the steps show.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) status: Status,
    pub(super) kind: Option<Kind>,
    pub(super) capacity: Option<Estimate>,
    pub(super) slo_crossing: Option<Estimate>,
    pub(super) sweet_spot: Option<Estimate>,
    pub(super) knee: Option<f64>,
    pub(super) projection: Option<f64>,
    pub(super) model: Option<Model>,
    pub(super) reasons: Vec<Reason>,
    /// Indices of steps in the run.
    pub(super) decided_by: Vec<usize>,
    /// Index in the run, whether it was used, and what it showed.
    pub(super) marks: Vec<(usize, bool, StepReason)>,
}

impl Found {
    /// No number.
    pub(super) fn nothing(status: Status, reason: Reason) -> Self {
        Self {
            status,
            kind: None,
            capacity: None,
            slo_crossing: None,
            sweet_spot: None,
            knee: None,
            projection: None,
            model: None,
            reasons: vec![reason],
            decided_by: Vec::new(),
            marks: Vec::new(),
        }
    }
}

impl Estimate {
    /// Only a lower bound.
    pub(super) fn at_least(lower: f64, level: f64) -> Self {
        Self { estimate: None, lower: Some(lower), upper: None, level }
    }

    /// Only an upper bound.
    pub(super) fn at_most(upper: f64, level: f64) -> Self {
        Self { estimate: None, lower: None, upper: Some(upper), level }
    }

    /// A crossing as a report has it; `None` where nothing is known of it.
    pub(super) fn of_crossing(crossing: Crossing, level: f64) -> Option<Self> {
        match crossing {
            Crossing::At { rate, lower, upper, .. } => Some(Self { estimate: Some(rate), lower, upper, level }),
            Crossing::Above(rate) => Some(Self::at_least(rate, level)),
            Crossing::Below(rate) => Some(Self::at_most(rate, level)),
            Crossing::Unknown => None,
        }
    }

    /// The lower of two unknowns: what is not known of one may be anything.
    ///
    /// An upper end of either holds for the lower of both; a lower end needs both. The estimate is the lower one where
    /// both are known, and that of the one where it lies below all that the other can be.
    pub(super) fn lower_of(one: Self, other: Self) -> Self {
        let either = |first: Option<f64>, second: Option<f64>| match (first, second) {
            (Some(first), Some(second)) => Some(first.min(second)),
            (known, None) | (None, known) => known,
        };
        let lower = one.lower.zip(other.lower).map(|(first, second)| first.min(second));
        let below = |known: Self, bound: Self| {
            known.estimate.filter(|estimate| bound.lower.is_some_and(|lower| *estimate <= lower))
        };
        let estimate = match (one.estimate, other.estimate) {
            (Some(first), Some(second)) => Some(first.min(second)),
            (Some(_), None) => below(one, other),
            (None, Some(_)) => below(other, one),
            (None, None) => None,
        };
        Self { estimate, lower, upper: either(one.upper, other.upper), level: one.level }
    }
}

/// The crossing of several objectives: the lowest.
pub(super) fn lowest(crossings: &[Crossing]) -> Crossing {
    let place = |crossing: &Crossing| match *crossing {
        Crossing::Below(rate) => (0, rate),
        Crossing::At { rate, .. } => (1, rate),
        Crossing::Above(rate) => (2, rate),
        Crossing::Unknown => (3, 0.0),
    };
    let order = |one: &&Crossing, other: &&Crossing| {
        let (one, other) = (place(one), place(other));
        one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
    };
    let Some(&lowest) = crossings.iter().min_by(order) else { return Crossing::Unknown };
    let Crossing::At { rate, lower, upper, failing } = lowest else { return lowest };
    // Another objective may be crossed as early as its own lower end.
    let ends = crossings.iter().fold((lower, upper), |ends, crossing| match *crossing {
        Crossing::At { lower, upper, .. } => (
            ends.0.zip(lower).map(|(one, other)| one.min(other)),
            ends.1.map(|end| upper.map_or(end, |upper| end.min(upper.max(rate)))).or(upper),
        ),
        _ => ends,
    });
    Crossing::At { rate, lower: ends.0, upper: ends.1, failing }
}

/// The knee of goodput over load, for information.
pub(super) fn knee(steps: &[Observed]) -> Option<f64> {
    let mut points: Vec<(f64, f64)> = steps.iter().map(|step| (step.offered, step.goodput)).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points.dedup_by(|next, kept| next.0.total_cmp(&kept.0).is_eq());
    kneedle(&points, Curve::Concave, Run::Increasing, 1.0)
}

/// Steps that break an objective without being marked for more.
pub(super) fn mark_broken(steps: &[Observed], slo: &Slo, marks: &mut Vec<(usize, bool, StepReason)>) {
    for step in steps {
        let breaks =
            step.bad.iter().zip(&slo.objectives).any(|(bad, objective)| bad.is_some_and(|bad| bad > objective.share));
        if breaks && marks.iter().all(|mark| mark.0 != step.index) {
            marks.push((step.index, true, StepReason::BreaksSlo));
        }
    }
}
