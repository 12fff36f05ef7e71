//! Causes instead of cells: metrics of one region that moved together.
//!
//! 1. [`deviation`]: what the canary does against the baseline, on a scale on which its noise is even.
//! 2. [`onset`]: when the change began, as a [`belief`] over ticks.
//! 3. [`kinship`]: how much speaks for one cause of two metrics; [`groups`] of all.
//! 4. [`lead`]: who moved first, and when each did.
//! 5. [`size`]: by how much.
//!
//! Only metrics that moved are looked at, so that a healthy run pays nothing. Sources and measured results:
//! docs/method.md.

mod belief;
mod deviation;
mod groups;
mod kinship;
mod lead;
mod name;
mod onset;
mod size;

use std::cmp::Reverse;
use std::sync::Arc;

use crate::metric::TimeGrid;
use crate::preprocess::Prepared;
use crate::report::{Finding, Member, MetricResult, Onset, State};
use crate::shape::ShapeFinding;
use belief::Belief;
use deviation::Deviations;
use kinship::Kinship;
use lead::lead;
use name::Names;
use size::{Shift, part_of, shift, size};

/// More findings than this are tables again.
const MOST_FINDINGS: usize = 5;
/// Of more metrics that moved than this, pairs are looked at of the most important ones; the rest join what they fit.
const MOST_PAIRED: usize = 128;
/// A metric that joins later is held against so many members.
const MOST_ASKED: usize = 8;

/// One metric that moved.
#[derive(Clone, Debug)]
pub(crate) struct Mover {
    /// Its place among the results.
    pub(crate) index: usize,
    onset: Belief,
    /// Empty where it fell silent.
    residuals: Vec<f64>,
    persistence: f64,
    direction: f64,
    deviations: Option<Deviations>,
    silent: bool,
    /// The first tick at which both sides of the region live.
    start: usize,
}

impl Mover {
    /// A metric whose level moved, or that has the `shape` that counts. `None` where its series shows no change that
    /// way. Cost: O(ticks).
    pub(crate) fn flagged(
        index: usize,
        state: State,
        shape: Option<&ShapeFinding>,
        start: usize,
        prepared: &Prepared,
    ) -> Option<Self> {
        let direction = if state == State::Hot { 1.0 } else { -1.0 };
        let deviations = deviation::deviations(prepared)?;
        let ticks = deviations.values.len();
        let (onset, residuals, persistence) = if let Some(shape) = shape {
            // Noise that is wider was so at some time, which nobody knows.
            let anywhere = || Belief::new(start, &vec![0.0; ticks.saturating_sub(start)]);
            (shape.onset_tick.map(Belief::certain).or_else(anywhere)?, Vec::new(), 0.0)
        } else {
            let found = onset::change(&deviations.values, start, direction)?;
            (found.onset, found.residuals, found.persistence)
        };
        let deviations = Some(deviations);
        Some(Self { index, onset, residuals, persistence, direction, deviations, silent: false, start })
    }

    /// A metric of which the canary has no value from `tick` on.
    pub(crate) fn silent(index: usize, tick: usize, start: usize) -> Self {
        let (onset, residuals) = (Belief::certain(tick), Vec::new());
        Self { index, onset, residuals, persistence: 0.0, direction: -1.0, deviations: None, silent: true, start }
    }

    /// The first tick at which both sides of its region live.
    pub(crate) fn start(&self) -> usize {
        self.start
    }
}

/// What findings are made of, of one region.
pub(crate) struct Moved<'a> {
    pub(crate) region: Option<Arc<str>>,
    pub(crate) grid: TimeGrid,
    /// The first tick at which both sides live.
    pub(crate) start: usize,
    /// All results of the run.
    pub(crate) results: &'a [MetricResult],
    /// Those of the region that moved, the most important first.
    pub(crate) movers: Vec<Mover>,
    /// The share of the region's weight that each result has, by its place.
    pub(crate) share: &'a dyn Fn(usize) -> f64,
    /// By how much the region's score would rise without some results.
    pub(crate) loss: &'a dyn Fn(&[usize]) -> Option<f64>,
}

/// The findings of a region, what matters most first, and what each costs.
pub(crate) fn findings(moved: &Moved<'_>) -> Vec<(Rank, Finding)> {
    let name = |mover: &Mover| moved.results.get(mover.index).map_or("", |result| result.name.as_ref());
    let of_region = moved.results.iter().filter(|result| result.region == moved.region);
    let names = Names::new(of_region.map(|result| result.name.as_ref()), moved.movers.iter().map(name));
    let ticks = moved.grid.ticks().saturating_sub(moved.start);
    let kinship = Kinship { names: &names, ticks, start: moved.start, moved: moved.movers.len() };
    let mut groups: Vec<(Rank, Vec<&Mover>)> =
        grouped(moved, &kinship).into_iter().filter_map(|group| Some((Rank::of(&group, moved)?, group))).collect();
    groups.sort_by(|(a, _), (b, _)| b.cmp(a));
    groups.truncate(MOST_FINDINGS);
    groups.into_iter().filter_map(|(rank, group)| Some((rank, finding(&group, moved, &names)?))).collect()
}

/// The most important findings of all regions.
pub(crate) fn most_important(mut findings: Vec<(Rank, Finding)>) -> Vec<Finding> {
    findings.sort_by(|(a, _), (b, _)| b.cmp(a));
    findings.truncate(MOST_FINDINGS);
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// How much a finding matters: what fails the run alone, then the share of the weight, then how many moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rank {
    critical: bool,
    share: f64,
    members: usize,
    onset: usize,
}

impl Rank {
    /// `None` for what is no finding: nothing that counts, or a single metric that fell silent and may.
    fn of(group: &[&Mover], moved: &Moved<'_>) -> Option<Self> {
        let members = || group.iter().filter_map(|mover| Some((*mover, moved.results.get(mover.index)?)));
        let counting = || members().filter(|(mover, result)| mover.silent || result.counts_against);
        let must =
            |(mover, result): (&Mover, &MetricResult)| result.critical || (mover.silent && result.must_have_data);
        let critical = counting().any(must);
        let told = counting().any(|(mover, _)| !mover.silent) || counting().count() > 1 || critical;
        told.then(|| Self {
            critical,
            share: counting().map(|(mover, _)| (moved.share)(mover.index)).sum(),
            members: group.len(),
            onset: group.iter().map(|mover| mover.onset.best()).min().unwrap_or(0),
        })
    }

    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_share = || self.share.total_cmp(&other.share);
        let rest = |rank: &Self| (rank.members, Reverse(rank.onset));
        self.critical.cmp(&other.critical).then_with(by_share).then_with(|| rest(self).cmp(&rest(other)))
    }
}

/// The movers by cause.
fn grouped<'a>(moved: &'a Moved<'_>, kinship: &Kinship<'_>) -> Vec<Vec<&'a Mover>> {
    let name = |mover: &Mover| moved.results.get(mover.index).map_or("", |result| result.name.as_ref());
    let (paired, rest) = moved.movers.split_at(moved.movers.len().min(MOST_PAIRED));
    let evidence = |a: usize, b: usize| match (paired.get(a), paired.get(b)) {
        (Some(a), Some(b)) => kinship.evidence((a, name(a)), (b, name(b))),
        _ => 0.0,
    };
    let mut groups: Vec<Vec<&Mover>> = groups::groups(paired.len(), evidence)
        .into_iter()
        .map(|members| members.into_iter().filter_map(|member| paired.get(member)).collect())
        .collect();
    for mover in rest {
        let fit = |group: &[&Mover]| {
            let asked = group.iter().take(MOST_ASKED);
            let count = asked.len() as f64;
            asked.map(|other| kinship.evidence((mover, name(mover)), (other, name(other)))).sum::<f64>() / count
        };
        let fits = groups.iter_mut().filter(|group| group.len() > 1).map(|group| (fit(group), group));
        let best = fits.filter(|(fit, _)| *fit > 0.0).reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, group)) = best {
            group.push(mover);
        }
    }
    groups
}

fn finding(group: &[&Mover], moved: &Moved<'_>, names: &Names<'_>) -> Option<Finding> {
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
        region: moved.region.clone(),
        component: names.component(&of_members).map(Arc::from).or_else(|| shared_group(&results)),
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
    (shared && first.group.as_ref() != crate::judge::NO_GROUP).then(|| first.group.clone())
}
