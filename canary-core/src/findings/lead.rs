//! Which member of a finding moved first, and when each did.

use super::belief::{Belief, least_allowed};

/// A member whose onset has nothing to do with the others' is this likely, so that one does not decide for all.
const STRAY: f64 = 0.05;
/// A member this likely against the likeliest is as likely as that.
const TIED: f64 = 0.8;
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
/// such member given all beliefs; of those nearly as likely the one whose onset is known best. A metric whose onset is
/// known badly has little likelihood at any one tick, so that noise does not make it the first. Where the 95 %
/// confidence set of the onset reaches back to the `start` of the run, it is the start: most changes come with the
/// build. `None` without a member.
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
    let rests = |own: &[f64]| -> Vec<(usize, f64)> {
        candidates
            .iter()
            .zip(all.iter().zip(own))
            .map(|(&begin, (all, own))| (begin, (all - own - highest).exp()))
            .collect()
    };
    let leads = |(belief, own): (&&Belief, &Vec<f64>)| -> f64 {
        rests(own).into_iter().map(|(begin, rest)| rest * leading(belief, begin)).sum()
    };
    let scores: Vec<f64> = beliefs.iter().zip(&follow).map(leads).collect();
    let most = scores.iter().copied().reduce(f64::max)?;
    let likely_first = scores.iter().zip(beliefs).enumerate().filter(|(_, (score, _))| **score >= TIED * most);
    let surest = likely_first.min_by(|(_, (_, a)), (_, (_, b))| a.spread().total_cmp(&b.spread()));
    let (first, _) = surest?;
    let (leader, own) = (beliefs.get(first)?, follow.get(first)?);
    let after = rests(own);
    let rest = |tick: usize| -> f64 {
        let begins = after.iter().filter(|(begin, _)| *begin >= tick);
        begins.map(|(begin, rest)| rest * delay(begin - tick)).sum()
    };
    let likely = likeliest(leader, 0, rest)?;
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
    weighed.reduce(|best, next| if next.1 >= best.1 { next } else { best }).map(|(tick, _)| tick)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICKS: usize = 480;

    /// Known to about `spread` ticks: the log likelihood of a normal.
    fn about(tick: usize, spread: f64) -> Belief {
        let log = |at: usize| -0.5 * ((at as f64 - tick as f64) / spread).powi(2);
        Belief::new(0, &(0..TICKS).map(log).collect::<Vec<f64>>()).unwrap()
    }

    fn led(beliefs: &[Belief]) -> Lead {
        lead(&beliefs.iter().collect::<Vec<_>>(), 0, TICKS).unwrap()
    }

    #[test]
    fn delays_are_a_distribution() {
        // It telescopes: what is left beyond d is 1 / (d + 2).
        let sum: f64 = (0..1000).map(delay).sum();
        assert!((sum - (1.0 - 1.0 / 1001.0)).abs() < 1e-12);
    }

    #[test]
    fn the_one_that_is_surely_earlier_leads() {
        let found = led(&[about(203, 0.5), about(203, 0.5), about(200, 0.5), about(220, 0.5)]);
        assert_eq!((found.first, found.onset), (2, 200));
        assert_eq!(found.onsets, [203, 203, 200, 220]);
    }

    /// Its best tick is the earliest, but it may as well have moved with the rest.
    #[test]
    fn a_noisy_metric_that_seems_early_does_not_lead() {
        let found = led(&[about(190, 20.0), about(200, 0.5), about(204, 0.5), about(204, 1.0)]);
        assert_eq!((found.first, found.onset), (1, 200));
        // And is not said to have moved before the first one.
        assert!(found.onsets.iter().all(|onset| *onset >= 200), "{found:?}");
    }

    #[test]
    fn of_equals_the_surest_leads() {
        assert_eq!(led(&[about(200, 5.0), about(200, 0.6), about(200, 3.0)]).first, 1);
        let alone = led(&[Belief::certain(33)]);
        assert_eq!(alone, Lead { first: 0, onset: 33, onsets: vec![33] });
        assert_eq!(lead(&[], 0, TICKS), None);
    }

    #[test]
    fn what_may_have_begun_at_the_start_did() {
        let found = led(&[about(4, 3.0), about(2, 4.0), Belief::certain(0)]);
        assert_eq!((found.onset, found.onsets), (0, vec![0, 0, 0]));
    }

    #[test]
    fn one_stray_member_does_not_move_the_rest() {
        let found = led(&[about(200, 1.0), about(200, 1.0), about(203, 1.0), about(450, 0.5)]);
        assert!(found.onset.abs_diff(200) <= 1 && found.onsets[3] == 450, "{found:?}");
    }
}
