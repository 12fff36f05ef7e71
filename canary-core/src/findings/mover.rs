//! One metric that moved, and how.

use super::belief::Belief;
use super::deviation::{Deviations, deviations};
use super::onset::{self, Change};
use crate::preprocess::Prepared;
use crate::report::State;
use crate::shape::ShapeFinding;

/// One metric that moved.
#[derive(Clone, Debug)]
pub(crate) struct Mover {
    /// Its place among the results.
    pub(crate) index: usize,
    pub(super) onset: Belief,
    /// Empty where it fell silent.
    pub(super) residuals: Vec<f64>,
    pub(super) persistence: f64,
    pub(super) direction: f64,
    pub(super) deviations: Option<Deviations>,
    pub(super) silent: bool,
    /// What its change explains, in long-run variances; infinite where it is certain.
    pub(super) strength: f64,
    /// The first tick at which both sides of the region live.
    start: usize,
}

impl Mover {
    /// A metric whose level moved the way that its state says (either way if it says nothing), or that has the `shape`
    /// that counts. `None` where its series shows no change that way. Cost: O(ticks).
    pub(crate) fn moving(
        index: usize,
        state: State,
        shape: Option<&ShapeFinding>,
        start: usize,
        prepared: &Prepared,
    ) -> Option<Self> {
        let deviations = deviations(prepared)?;
        let ticks = deviations.values.len();
        let of = |direction| onset::change(&deviations.values, start, direction).map(|change| (direction, change));
        let change = match state {
            State::Hot => of(1.0),
            State::Cold => of(-1.0),
            State::Ok | State::NoData => [of(1.0), of(-1.0)].into_iter().flatten().reduce(stronger),
        };
        let Some(shape) = shape else {
            let (direction, Change { onset, residuals, persistence, strength }) = change?;
            let deviations = Some(deviations);
            let certain = Self::silent(index, start, start);
            return Some(Self {
                onset,
                residuals,
                persistence,
                direction,
                deviations,
                strength,
                silent: false,
                ..certain
            });
        };
        // Noise that is wider was so from some time on, which nobody knows.
        let anywhere = || Belief::new(start, &vec![0.0; ticks.saturating_sub(start)]);
        let onset = shape.onset_tick.map(Belief::certain).or_else(anywhere)?;
        Some(Self { onset, deviations: Some(deviations), silent: false, ..Self::silent(index, start, start) })
    }

    /// A metric of which the canary has no value from `tick` on.
    pub(crate) fn silent(index: usize, tick: usize, start: usize) -> Self {
        let (onset, residuals) = (Belief::certain(tick), Vec::new());
        let strength = f64::INFINITY;
        Self {
            index,
            onset,
            residuals,
            persistence: 0.0,
            direction: -1.0,
            deviations: None,
            silent: true,
            strength,
            start,
        }
    }

    /// The first tick at which both sides of its region live.
    pub(crate) fn start(&self) -> usize {
        self.start
    }
}

fn stronger(one: (f64, Change), other: (f64, Change)) -> (f64, Change) {
    if other.1.strength > one.1.strength { other } else { one }
}
