//! The causes of a region: which metrics belong together, and how much each cause matters.

use std::cmp::Reverse;
use std::sync::Arc;

use super::MOST_FINDINGS;
use super::groups::groups;
use super::kinship::Kinship;
use super::mover::Mover;
use super::name::{Names, beginning};
use crate::metric::TimeGrid;
use crate::report::{Evidence, MetricResult, State};

/// Of more metrics that moved than this, pairs are looked at of the most important ones; the rest join what they fit.
const MOST_PAIRED: usize = 128;
/// A metric that joins later is held against so many members.
const MOST_ASKED: usize = 8;
/// More metrics of one component are not asked whether they moved as well.
const MOST_SIBLINGS: usize = 64;
/// An ok metric moved where its change explains this many long-run variances: the largest χ² over all onsets exceeds
/// it in fewer than one of 100 series without a change (a test of `onset` counts).
pub(super) const SURE: f64 = 16.0;

/// What findings are made of, of one region.
pub(crate) struct Moved<'a> {
    pub(crate) region: Option<&'a Arc<str>>,
    pub(crate) grid: TimeGrid,
    /// The first tick at which both sides live.
    pub(crate) start: usize,
    /// All results of the run.
    pub(crate) results: &'a [MetricResult],
    /// What the names of those that moved have in common with others.
    pub(crate) names: Names<'a>,
    /// The share of the region's weight that each result has, by its place.
    pub(crate) share: &'a dyn Fn(usize) -> f64,
    /// By how much the region's score would rise without some results.
    pub(crate) loss: &'a dyn Fn(&[usize]) -> Option<f64>,
}

/// The names of a region's metrics, as far as those that moved share anything with others.
pub(crate) fn names<'a>(region: Option<&Arc<str>>, results: &'a [MetricResult], movers: &[Mover]) -> Names<'a> {
    let of_region = results.iter().filter(|result| result.region.as_ref() == region).map(|result| result.name.as_ref());
    Names::new(of_region, movers.iter().filter_map(|mover| Some(results.get(mover.index)?.name.as_ref())))
}

/// One cause before it is told.
pub(crate) struct Cause {
    pub(super) rank: Rank,
    pub(super) members: Vec<Mover>,
    /// How the names of all of its members begin; `None` where they begin alike in nothing.
    beginning: Option<String>,
    /// Whether most of them may have moved from the start on.
    from_start: bool,
}

/// The causes of a region, what matters most first.
pub(crate) fn causes(moved: &Moved<'_>, movers: &[Mover]) -> Vec<Cause> {
    let mut causes: Vec<Cause> = grouped(moved, movers)
        .into_iter()
        .filter_map(|group| {
            let rank = Rank::of(&group, moved)?;
            let of_members: Vec<&str> = group.iter().map(|mover| moved.name(mover)).collect();
            Some(Cause {
                rank,
                beginning: beginning(&of_members).map(ToOwned::to_owned),
                from_start: 2 * group.iter().filter(|mover| mover.onset.allows(moved.start)).count() > group.len(),
                members: group.into_iter().cloned().collect(),
            })
        })
        .collect();
    causes.sort_by(|a, b| b.rank.cmp(&a.rank));
    causes.truncate(MOST_FINDINGS);
    causes
}

impl Cause {
    /// The places of results that may have moved with it although the judge cannot say so: those of the same
    /// component that are ok. Where the cause was there from the start, only undecided ones: that a certified
    /// metric differs a little all the time is no news.
    pub(crate) fn siblings(&self, moved: &Moved<'_>) -> Vec<usize> {
        let Some(beginning) = &self.beginning else { return Vec::new() };
        let may = |result: &MetricResult| {
            result.state == State::Ok
                && result.region.as_ref() == moved.region
                && result.name.starts_with(beginning.as_str())
                && (!self.from_start || result.evidence == Evidence::Undecided)
        };
        let places = moved.results.iter().enumerate().filter(|(_, result)| may(result)).map(|(index, _)| index);
        places.take(MOST_SIBLINGS).collect()
    }

    /// Takes in those of `siblings` that moved with it.
    pub(crate) fn join<'m>(&mut self, siblings: impl Iterator<Item = &'m Mover>, moved: &Moved<'_>) {
        let kinship = moved.kinship();
        let asked: Vec<&Mover> = self.members.iter().filter(|member| !member.silent).take(MOST_ASKED).collect();
        let joins = |sibling: &&Mover| {
            let evidence =
                |member: &&Mover| kinship.evidence((sibling, moved.name(sibling)), (member, moved.name(member)));
            let is_member = self.members.iter().any(|member| member.index == sibling.index);
            sibling.strength >= SURE && !is_member && asked.iter().map(evidence).sum::<f64>() > 0.0
        };
        let joining: Vec<Mover> = siblings.filter(joins).cloned().collect();
        self.members.extend(joining);
    }
}

impl Moved<'_> {
    fn name(&self, mover: &Mover) -> &str {
        self.results.get(mover.index).map_or("", |result| result.name.as_ref())
    }

    fn kinship(&self) -> Kinship<'_> {
        let ticks = self.grid.ticks().saturating_sub(self.start);
        Kinship { names: &self.names, ticks, start: self.start }
    }
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

    pub(super) fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_share = || self.share.total_cmp(&other.share);
        let rest = |rank: &Self| (rank.members, Reverse(rank.onset));
        self.critical.cmp(&other.critical).then_with(by_share).then_with(|| rest(self).cmp(&rest(other)))
    }
}

/// The movers by cause.
fn grouped<'a>(moved: &Moved<'_>, movers: &'a [Mover]) -> Vec<Vec<&'a Mover>> {
    let kinship = moved.kinship();
    let between = |a: &Mover, b: &Mover| kinship.evidence((a, moved.name(a)), (b, moved.name(b)));
    let (paired, rest) = movers.split_at(movers.len().min(MOST_PAIRED));
    let evidence = |a: usize, b: usize| match (paired.get(a), paired.get(b)) {
        (Some(a), Some(b)) => between(a, b),
        _ => 0.0,
    };
    let mut groups: Vec<Vec<&Mover>> = groups(paired.len(), evidence)
        .into_iter()
        .map(|members| members.into_iter().filter_map(|member| paired.get(member)).collect())
        .collect();
    for mover in rest {
        let fit = |group: &[&Mover]| {
            let asked = group.iter().take(MOST_ASKED);
            let count = asked.len() as f64;
            asked.map(|other| between(mover, other)).sum::<f64>() / count
        };
        let fits = groups.iter_mut().filter(|group| group.len() > 1).map(|group| (fit(group), group));
        let best = fits.filter(|(fit, _)| *fit > 0.0).reduce(|best, next| if next.0 > best.0 { next } else { best });
        if let Some((_, group)) = best {
            group.push(mover);
        }
    }
    groups
}
