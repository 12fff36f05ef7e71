//! Causes instead of cells: metrics of one region that moved together.
//!
//! 1. [`deviation`]: what the canary does against the baseline, on a scale on which its noise is even.
//! 2. [`onset`]: when the change began, as a [`belief`] over ticks; both make a [`mover`].
//! 3. [`kinship`]: how much speaks for one cause of two metrics; [`groups`] of all; each with its weight is a [`cause`].
//! 4. [`lead`]: who moved first, and when each did.
//! 5. [`size`]: by how much.
//!
//! Only metrics that moved are looked at, so that a healthy run pays nothing. Sources and measured results:
//! docs/method.md.

mod belief;
mod cause;
mod deviation;
mod groups;
mod kinship;
mod lead;
mod mover;
mod name;
mod onset;
mod size;

use std::sync::Arc;

use crate::report::{Finding, Member, MetricResult, NO_GROUP, Onset};
use belief::Belief;
pub(crate) use cause::{Cause, Moved, Rank, causes, names};
use lead::lead;
pub(crate) use mover::Mover;
use size::{Shift, part_of, shift, size};

/// More findings than this are tables again.
const MOST_FINDINGS: usize = 5;

/// The most important findings of all regions.
pub(crate) fn most_important(mut findings: Vec<(Rank, Finding)>) -> Vec<Finding> {
    findings.sort_by(|(a, _), (b, _)| b.cmp(a));
    findings.truncate(MOST_FINDINGS);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

impl Cause {
    /// Tells it.
    pub(crate) fn finding(&self, moved: &Moved<'_>) -> Option<(Rank, Finding)> {
        Some((self.rank, finding(&self.members, moved)?))
    }
}

fn finding(group: &[Mover], moved: &Moved<'_>) -> Option<Finding> {
    let beliefs: Vec<&Belief> = group.iter().map(|mover| &mover.onset).collect();
    let led = lead(&beliefs, moved.start, moved.grid.ticks())?;
    let results: Vec<&MetricResult> = group.iter().filter_map(|mover| moved.results.get(mover.index)).collect();
    let part = part_of(group.iter().filter(|mover| !mover.silent).count());
    let shifts: Vec<Option<Shift>> =
        group.iter().zip(&led.onsets).map(|(mover, onset)| shift(mover.deviations.as_ref()?, *onset, part)).collect();
    let finite = |ratio: f64| Some(ratio).filter(|ratio| ratio.is_finite());
    let members = results.iter().zip(&led.onsets).zip(&shifts).map(|((result, onset), shift)| Member {
        metric: result.name.clone(),
        state: result.state,
        counts_against: result.counts_against,
        ratio: shift.and_then(|shift| finite(shift.ratio)),
        onset_tick: *onset as u64,
    });
    let indices: Vec<usize> = group.iter().map(|mover| mover.index).collect();
    let of_members: Vec<&str> = results.iter().map(|result| result.name.as_ref()).collect();
    let known: Vec<Shift> = shifts.iter().flatten().copied().collect();
    Some(Finding {
        region: moved.region.cloned(),
        component: moved.names.component(&of_members).map(Arc::from).or_else(|| shared_group(&results)),
        onset: Onset {
            tick: led.onset as u64,
            minutes: moved.grid.minutes(led.onset),
            at: moved.grid.time_after(led.onset),
        },
        first_mover: results.get(led.first)?.name.clone(),
        size: size(&known),
        score_loss: (moved.loss)(&indices),
        members: members.collect(),
    })
}

/// The group of several metrics, where they have one and it is not that of no group.
fn shared_group(results: &[&MetricResult]) -> Option<Arc<str>> {
    let first = results.first()?;
    let shared = results.len() > 1 && results.iter().all(|result| result.group == first.group);
    (shared && first.group.as_ref() != NO_GROUP).then(|| first.group.clone())
}
