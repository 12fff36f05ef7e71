//! How far apart healthy builds are, by the judge that will judge them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::{Bounds, Config};
use crate::error::ConfigError;
use crate::judge::Judge;
use crate::metric::MetricSet;
use crate::report::{Evidence, MetricResult, State};

/// Bounds as factors: 1/f to f, the same either way in the logarithm.
pub(super) const LADDER: [f64; 6] = [1.05, 1.1, 1.25, 1.5, 2.0, 3.0];

/// What the past says of one metric.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Spread {
    /// Results in which it was judged at all.
    pub(super) judged: usize,
    /// The step of the ladder within which every result that decides was shown to stay.
    pub(super) step: Option<usize>,
    /// Results that lie beyond a factor of 3.
    pub(super) beyond: usize,
    /// The least and the largest ratio.
    pub(super) ratios: Option<(f64, f64)>,
}

/// The bounds of a step.
pub(super) fn bounds(step: usize) -> Bounds {
    let factor = LADDER.get(step).copied().unwrap_or(3.0);
    // A factor of 1.25 is written 0.8, not 0.8000000000000000x.
    let lower = (1e4 / factor).round() / 1e4;
    Bounds::new(lower, factor).unwrap_or_default()
}

/// Where one result stands on the ladder.
#[derive(Clone, Copy, Debug)]
enum Standing {
    Within(usize),
    /// At the widest bounds there is too little evidence either way.
    Open,
    Beyond,
}

/// The metric of one run and region.
type Key = (usize, Option<Arc<str>>, Arc<str>);

/// Judges every run at every step of the ladder with what else `base` says.
pub(super) fn spreads(runs: &[MetricSet], base: &Config) -> Result<BTreeMap<Arc<str>, Spread>, ConfigError> {
    let mut standings: BTreeMap<Key, Standing> = BTreeMap::new();
    let mut spreads: BTreeMap<Arc<str>, Spread> = BTreeMap::new();
    for step in 0..LADDER.len() {
        let mut config = base.clone();
        config.defaults.bounds = bounds(step);
        let judge = Judge::new(config)?;
        for (index, run) in runs.iter().enumerate() {
            for result in judge.judge(run).metrics.iter().filter(|result| result.state != State::NoData) {
                if step == 0 {
                    let spread = spreads.entry(Arc::clone(&result.name)).or_default();
                    spread.judged += 1;
                    spread.ratios = widened(spread.ratios, result.ratio);
                }
                let key = (index, result.region.clone(), Arc::clone(&result.name));
                take(standings.entry(key).or_insert(Standing::Open), result, step);
            }
        }
    }
    for ((_, _, name), standing) in standings {
        let spread = spreads.entry(name).or_default();
        match standing {
            Standing::Within(step) => spread.step = Some(spread.step.map_or(step, |known| known.max(step))),
            Standing::Open => {}
            Standing::Beyond => spread.beyond += 1,
        }
    }
    Ok(spreads)
}

/// The first step from which on the result stays within.
fn take(standing: &mut Standing, result: &MetricResult, step: usize) {
    *standing = match (result.state, result.evidence, *standing) {
        (State::Ok, Evidence::Certified, Standing::Within(first)) => Standing::Within(first),
        (State::Ok, Evidence::Certified, _) => Standing::Within(step),
        (State::Ok, ..) => Standing::Open,
        _ => Standing::Beyond,
    };
}

fn widened(range: Option<(f64, f64)>, ratio: Option<f64>) -> Option<(f64, f64)> {
    match (range, ratio) {
        (Some((low, high)), Some(ratio)) => Some((low.min(ratio), high.max(ratio))),
        (None, Some(ratio)) => Some((ratio, ratio)),
        (range, None) => range,
    }
}
