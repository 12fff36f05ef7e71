//! Which metrics moved, and the findings that they come to.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::importance::by_importance;
use super::pulse::Pulse;
use super::score::{group_weight, scored};
use super::verdict::Case;
use crate::findings::{self, Moved, Mover};
use crate::note::Side;
use crate::preprocess::Prepared;
use crate::report::{Finding, MetricResult, Reason, State};

/// The places of the results that moved: hot and cold ones, and those of which the canary fell silent, where that
/// can matter to the verdict.
fn moved(results: &[MetricResult], pulses: &[Pulse]) -> Vec<usize> {
    let counts = |result: &MetricResult| result.weight > 0.0 || result.critical || result.must_have_data;
    let is_moved = |(result, pulse): (&MetricResult, &Pulse)| {
        is_flagged(result) || (counts(result) && fell_silent(result, pulse).is_some())
    };
    (0..results.len())
        .zip(results.iter().zip(pulses))
        .filter(|(_, one)| is_moved(*one))
        .map(|(index, _)| index)
        .collect()
}

/// Whether any metric moved: most runs end here.
pub(super) fn any(case: &Case<'_>) -> bool {
    !moved(case.results, case.pulses).is_empty()
}

fn is_flagged(result: &MetricResult) -> bool {
    matches!(result.state, State::Hot | State::Cold)
}

/// When a canary's metric fell silent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silence {
    /// It never said anything.
    FromStart,
    /// From this tick on.
    From(usize),
}

fn fell_silent(result: &MetricResult, pulse: &Pulse) -> Option<Silence> {
    if result.reason == Reason::MissingInCanary {
        return Some(Silence::FromStart);
    }
    let ended = pulse.ends_early().filter(|end| end.side == Side::Canary)?;
    Some(Silence::From(ended.tick))
}

/// What one result that moved did; `None` where its series does not show it. `prepare` fills the buffers with its
/// series, `start` is the first tick at which both sides of its region live.
pub(super) fn mover(
    index: usize,
    result: &MetricResult,
    pulse: &Pulse,
    start: usize,
    prepare: impl FnOnce(&mut Prepared),
    prepared: &mut Prepared,
) -> Option<Mover> {
    if !is_flagged(result) {
        match fell_silent(result, pulse) {
            Some(Silence::FromStart) => return Some(Mover::silent(index, start, start)),
            Some(Silence::From(tick)) => return Some(Mover::silent(index, tick, start)),
            None => {}
        }
    }
    prepare(prepared);
    let shape = match result.reason {
        Reason::Shape { shape } => result.shapes.iter().find(|found| found.shape == shape),
        _ => None,
    };
    Mover::moving(index, result.state, shape, start, prepared)
}

/// The findings of every region, what matters most first. `ask` says what results at some places did, in order; it
/// is asked once for those that moved and once for what may have moved with them.
pub(super) fn findings(case: &Case<'_>, ask: impl Fn(Vec<usize>) -> Vec<Mover>) -> Vec<Finding> {
    let result = |mover: &Mover| case.results.get(mover.index);
    let mut regions: BTreeMap<Option<Arc<str>>, Vec<Mover>> = BTreeMap::new();
    for mover in ask(moved(case.results, case.pulses)) {
        let region = result(&mover).and_then(|result| result.region.clone());
        regions.entry(region).or_default().push(mover);
    }
    let mut found = Vec::new();
    for (region, mut movers) in regions {
        movers.sort_by(|a, b| match (result(a), result(b)) {
            (Some(a), Some(b)) => by_importance(a, b),
            _ => a.index.cmp(&b.index),
        });
        found.extend(of_region(case, region.as_ref(), &movers, &ask));
    }
    findings::most_important(found)
}

fn of_region(
    case: &Case<'_>,
    region: Option<&Arc<str>>,
    movers: &[Mover],
    ask: &impl Fn(Vec<usize>) -> Vec<Mover>,
) -> Vec<(findings::Rank, Finding)> {
    let metrics: Vec<(usize, &MetricResult)> =
        case.results.iter().enumerate().filter(|(_, result)| result.region.as_ref() == region).collect();
    let mut groups: HashMap<&str, f64> = HashMap::new();
    for (_, metric) in &metrics {
        *groups.entry(&metric.group).or_default() += metric.weight;
    }
    let share = |index: usize| {
        let Some(metric) = case.results.get(index) else { return 0.0 };
        let of_group = groups.get(metric.group.as_ref()).copied().filter(|weight| *weight > 0.0);
        of_group.map_or(0.0, |of_group| group_weight(case.config, &metric.group) * metric.weight / of_group)
    };
    let whole =
        case.scores.regions.iter().find(|(name, _)| name.as_ref() == region).and_then(|(_, scored)| scored.score);
    let loss = |members: &[usize]| {
        let rest = metrics.iter().filter(|(index, _)| !members.contains(index));
        let without = scored(rest.map(|(_, metric)| *metric).collect(), case.config).score?;
        Some((without - whole?).max(0.0))
    };
    let moved = Moved {
        region,
        grid: case.metrics.grid(),
        start: movers.iter().map(Mover::start).min().unwrap_or(0),
        results: case.results,
        names: findings::names(region, case.results, movers),
        share: &share,
        loss: &loss,
    };
    let mut causes = findings::causes(&moved, movers);
    let siblings: Vec<Vec<usize>> = causes.iter().map(|cause| cause.siblings(&moved)).collect();
    let mut asked: Vec<usize> = siblings.iter().flatten().copied().collect();
    asked.sort_unstable();
    asked.dedup();
    let answers = ask(asked);
    for (cause, siblings) in causes.iter_mut().zip(siblings) {
        cause.join(answers.iter().filter(|mover| siblings.binary_search(&mover.index).is_ok()), &moved);
    }
    causes.iter().filter_map(|cause| cause.finding(&moved)).collect()
}
