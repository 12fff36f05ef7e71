//! From observations to a [`MetricSet`]: three passes over the rows of each side, both sides at once.
//!
//! 1. [`survey`]: which series there are, from when to when, and a sample of times for the step.
//! 2. The common grid, from both sides' steps.
//! 3. [`fill`]: every value into its cell.
//!
//! The result does not depend on the order of rows, batches or dictionaries.

mod fill;
mod match_up;
mod names;
mod rows;
mod survey;

pub(super) use fill::mean_of_unordered;
pub(super) use match_up::{Rows, match_up};

use super::grid::TimeGrid;
use super::set::MetricSet;
use super::step::{Rhythm, rhythm};
use crate::config::{Patterns, Span};
use crate::error::InputError;
use crate::note::{Note, NoteCode, Side};
use crate::observation::Observations;
use fill::fill;
use names::{Batch, Filter, Names};
use survey::{Survey, survey};

/// Which observations are taken in. The default takes all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// From this time on, in milliseconds since 1970.
    pub start_ms: Option<i64>,
    /// Up to this time, which is left out.
    pub end_ms: Option<i64>,
    /// The grid's step, instead of the inferred one.
    pub step: Option<Span>,
    /// Only metrics whose name matches.
    pub metrics: Option<Patterns>,
    /// Only these regions.
    pub regions: Option<Vec<String>>,
}

impl MetricSet {
    /// Takes in the observations of both sides, in any number of batches and any order.
    ///
    /// Both sides are put on one grid: the step is inferred from the differences between times of one
    /// series (the coarser side's where they differ), values that share a cell are averaged, NaN and
    /// infinities are missing. Metrics are matched by (name, region); what stands on one side only is kept.
    ///
    /// Cost: O(rows), plus 8 bytes a cell of the dense panel (series × ticks), or 12 bytes a value where
    /// more than 7 cells of 8 would be empty.
    pub fn from_observations(
        baseline: &[Observations<'_>],
        canary: &[Observations<'_>],
        selection: &Selection,
    ) -> Result<Self, InputError> {
        for batch in baseline.iter().chain(canary) {
            batch.check()?;
        }
        let mut names = Names::default();
        let baseline: Vec<Batch<'_>> = baseline.iter().map(|batch| names.batch(batch)).collect();
        let canary: Vec<Batch<'_>> = canary.iter().map(|batch| names.batch(batch)).collect();
        let filter = Filter::new(selection, &names);
        let (surveyed_baseline, surveyed_canary) =
            both(|| survey(&baseline, &names, &filter), || survey(&canary, &names, &filter));
        let (mut surveyed_baseline, mut surveyed_canary) = (surveyed_baseline?, surveyed_canary?);
        let mut notes = Vec::new();
        let grid = grid(&mut surveyed_baseline, &mut surveyed_canary, selection.step, &mut notes)?;
        let (rows_baseline, rows_canary) = (surveyed_baseline.sorted(&names), surveyed_canary.sorted(&names));
        let (filled_baseline, filled_canary) = both(
            || fill(&baseline, &surveyed_baseline, &rows_baseline, grid, &filter),
            || fill(&canary, &surveyed_canary, &rows_canary, grid, &filter),
        );
        notes.extend(surveyed_baseline.outside_note(Side::Baseline));
        notes.extend(surveyed_canary.outside_note(Side::Canary));
        let (pairs, regions) =
            match_up(filled_baseline.rows(&names, &rows_baseline), filled_canary.rows(&names, &rows_canary));
        let baseline = filled_baseline.into_side(grid.ticks, surveyed_baseline.rows, rows_baseline.instances);
        let canary = filled_canary.into_side(grid.ticks, surveyed_canary.rows, rows_canary.instances);
        let chosen = selection.metrics.is_some();
        let mut set = Self { grid, pairs, regions, baseline, canary, notes, chosen };
        set.note_common_time();
        Ok(set)
    }
}

/// Runs one closure a side, at the same time. Not on a pool: core keeps no thread between calls.
fn both<B: Send, C: Send>(baseline: impl FnOnce() -> B, canary: impl FnOnce() -> C + Send) -> (B, C) {
    std::thread::scope(|scope| {
        let canary = scope.spawn(canary);
        let baseline = baseline();
        match canary.join() {
            Ok(canary) => (baseline, canary),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

fn grid(
    baseline: &mut Survey,
    canary: &mut Survey,
    step: Option<Span>,
    notes: &mut Vec<Note>,
) -> Result<TimeGrid, InputError> {
    let rhythms = (rhythm(&mut baseline.samples), rhythm(&mut canary.samples));
    let Some(reference) = rhythms.0.or(rhythms.1) else {
        return Ok(TimeGrid { start_ms: None, step_ms: step.map_or(60_000, Span::ms).max(1), ticks: 0 });
    };
    let inferred = |rhythm: Option<Rhythm>| rhythm.map_or(0, |rhythm| rhythm.step_ms);
    if let (Some(a), Some(b)) = rhythms
        && a.step_ms != b.step_ms
        && step.is_none()
    {
        let detail = format!("baseline {}, canary {}", Span::from_ms(a.step_ms), Span::from_ms(b.step_ms));
        notes.push(Note::new(NoteCode::DifferentSteps, 1).with_detail(detail));
    }
    let step_ms = step.map_or(inferred(rhythms.0).max(inferred(rhythms.1)), Span::ms).max(1);
    for (side, rhythm) in [(Side::Baseline, rhythms.0), (Side::Canary, rhythms.1)] {
        if rhythm.is_some_and(|rhythm| !rhythm.regular) {
            let step = Span::from_ms(step_ms).to_string();
            notes.push(Note::on(side, NoteCode::IrregularTimes, 1).with_detail(step));
        }
    }
    let anchor_ms = reference.centre_ms;
    for (survey, rhythm) in [(&mut *baseline, rhythms.0), (&mut *canary, rhythms.1)] {
        survey.offset_ms = rhythm.map_or(0, |rhythm| rhythm.offset_ms(anchor_ms, step_ms));
    }
    let (first, last) = (baseline.first_ms().min(canary.first_ms()), baseline.last_ms().max(canary.last_ms()));
    TimeGrid::covering(first, last, step_ms, anchor_ms)
}
