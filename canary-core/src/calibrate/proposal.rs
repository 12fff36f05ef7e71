//! What is proposed for each metric.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::nature::Nature;
use super::spread::{LADDER, Spread};

/// From this many runs on the ladder is taken as it is; from fewer, one step more.
const ENOUGH_RUNS: usize = 3;

/// Why a metric is left out of the score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum LeftOut {
    /// No data, or zero throughout.
    Idle,
    /// Never shown to lie within a factor of 3, nor beyond.
    Noisy,
    /// Beyond a factor of 3 between healthy builds.
    Wild,
    /// It says what a build is, not how it does.
    Informational,
}

/// What is proposed for one metric.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal {
    pub(super) nature: Nature,
    pub(super) spread: Spread,
    /// The step of the ladder that its bounds stand on, or why it does not count.
    pub(super) step: Result<usize, LeftOut>,
}

/// By name.
pub(super) type Proposals = BTreeMap<Arc<str>, Proposal>;

/// What the past of each metric comes to.
pub(super) fn proposals(
    natures: &BTreeMap<Arc<str>, Nature>,
    spreads: &BTreeMap<Arc<str>, Spread>,
    runs: usize,
) -> Proposals {
    let proposal = |(name, nature): (&Arc<str>, &Nature)| {
        let spread = spreads.get(name).copied().unwrap_or_default();
        let step = step(nature, spread, runs);
        (Arc::clone(name), Proposal { nature: nature.clone(), spread, step })
    };
    natures.iter().map(proposal).collect()
}

fn step(nature: &Nature, spread: Spread, runs: usize) -> Result<usize, LeftOut> {
    let margin = usize::from(runs < ENOUGH_RUNS);
    match spread.step {
        _ if nature.informational => Err(LeftOut::Informational),
        _ if nature.idle || spread.judged == 0 => Err(LeftOut::Idle),
        _ if spread.beyond > 0 => Err(LeftOut::Wild),
        None => Err(LeftOut::Noisy),
        Some(step) => Ok((step + margin).min(LADDER.len() - 1)),
    }
}
