//! Which member of a finding moved first, and when each did.

use super::belief::{Belief, least_allowed};

/// A member whose onset has nothing to do with the others' is this likely, so that one does not decide for all.
const STRAY: f64 = 0.05;
/// More ticks are not looked through.
const MOST_TICKS: usize = 1 << 16;

/// The first mover and the onsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lead {
    /// Its place among the members.
    pub(crate) first: usize,
    /// When it moved.
    pub(crate) onset: usize,
    /// When each member moved, never before that.
    pub(crate) onsets: Vec<usize>,
}

/// The chance of a delay of so many ticks: half without any, and no scale of its own, as what is behind a delay may be
/// a queue or a cron job. Sums to 1.
fn delay(ticks: usize) -> f64 {
    let ticks = ticks as f64;
    1.0 / ((ticks + 1.0) * (ticks + 2.0))
}

/// One member moved at some tick, the rest began at that tick or later, each with a [`delay`] of its own: the likeliest
/// such member given all beliefs. A metric whose onset is known badly has little likelihood at any one tick, so that
/// noise does not make it the first. Where the 95 % confidence set of the onset reaches back to the `start` of the
/// run, it is the start: most changes come with the build. `None` without a member.
///
/// Cost: O(members × ticks that are likely onsets × the width of a belief).
pub(crate) fn lead(beliefs: &[&Belief], start: usize, ticks: usize) -> Option<Lead> {
    let candidates = candidates(beliefs);
    // How likely each member's onset is if the rest begin at a tick, in logarithms; and their sum over all.
    let follow: Vec<Vec<f64>> = beliefs
        .iter()
        .map(|belief| candidates.iter().map(|&begin| following(belief, begin, ticks).ln()).collect())
        .collect();
    let all: Vec<f64> =
        (0..candidates.len()).map(|place| follow.iter().filter_map(|member| member.get(place)).sum()).collect();
    let highest = all.iter().copied().reduce(f64::max)?;
    let mut best: Option<(f64, usize)> = None;
    for (member, (belief, own)) in beliefs.iter().zip(&follow).enumerate() {
        let rests = all.iter().zip(own).zip(&candidates);
        let score: f64 = rests.map(|((all, own), &begin)| (all - own - highest).exp() * leading(belief, begin)).sum();
        if best.is_none_or(|(most, _)| score > most) {
            best = Some((score, member));
        }
    }
    let (_, first) = best?;
    let leader = beliefs.get(first)?;
    let own = follow.get(first)?;
    let rest = |tick: usize| -> f64 {
        let begins = all.iter().zip(own).zip(&candidates).filter(|(_, begin)| **begin >= tick);
        begins.map(|((all, own), &begin)| (all - own - highest).exp() * delay(begin - tick)).sum()
    };
    let likely = likeliest(leader, 0, &rest)?;
    let weight = |tick: usize| leader.at(tick) * rest(tick);
    let from_start = weight(start) >= least_allowed() * weight(likely);
    let onset = if from_start { start } else { likely };
    let onsets = beliefs.iter().enumerate().map(|(member, belief)| {
        let with_it = member == first || (from_start && belief.allows(start));
        if with_it { onset } else { likeliest(belief, onset, |tick| delay(tick - onset)).unwrap_or(onset) }
    });
    Some(Lead { first, onset, onsets: onsets.collect() })
}

/// The ticks at which the rest may have begun.
fn candidates(beliefs: &[&Belief]) -> Vec<usize> {
    let mut ticks: Vec<usize> = beliefs.iter().flat_map(|belief| belief.ticks().map(|(tick, _)| tick)).collect();
    ticks.sort_unstable();
    ticks.dedup();
    ticks.truncate(MOST_TICKS);
    ticks
}

/// The likelihood of a member that moves with the rest, who begin at `begin`.
fn following(belief: &Belief, begin: usize, ticks: usize) -> f64 {
    let later = belief.ticks().filter(|(tick, _)| *tick >= begin);
    let likelihood: f64 = later.map(|(tick, chance)| chance * delay(tick - begin)).sum();
    (1.0 - STRAY) * likelihood + STRAY / ticks.max(1) as f64
}

/// The likelihood of a member that moves first, if the rest begin at `begin`.
fn leading(belief: &Belief, begin: usize) -> f64 {
    let earlier = belief.ticks().filter(|(tick, _)| *tick <= begin);
    earlier.map(|(tick, chance)| chance * delay(begin - tick)).sum()
}

/// The likeliest tick of a belief from `from` on, weighed by `prior`; of equals the last, as in the belief.
fn likeliest(belief: &Belief, from: usize, prior: impl Fn(usize) -> f64) -> Option<usize> {
    let weighed = belief.ticks().filter(|(tick, _)| *tick >= from).map(|(tick, chance)| (tick, chance * prior(tick)));
    weighed.reduce(|best, next| if next.1 > best.1 { next } else { best }).map(|(tick, _)| tick)
}
