//! Quantiles of few requests: whether the two sides' can be compared at all.
//!
//! The p99 of three requests is their largest, not a p99: its expectation lies far below. Where one side has
//! such ticks and the other has not, the ratio says how much traffic there was, not which build is slower.

use crate::config::Settings;
use crate::preprocess::{Prepared, Role};
use crate::report::Reason;
use crate::stats::{mean, median};

/// So many requests beyond the quantile make it nearly unbiased.
const BEYOND: f64 = 10.0;
/// Sides whose ticks are on average of the same size up to this factor are biased alike. At a factor of 2 a side
/// with one request a tick is held against one with two: 4 % of such p95 and p99 are flagged at 2 %.
const ALIKE: f64 = 1.5;

/// Why the quantiles cannot be compared, where the requests behind them are known and too few.
pub(super) fn bias(prepared: &Prepared, settings: &Settings, instances: Instances) -> Option<Reason> {
    let quantile = settings.quantile.filter(|_| prepared.role == Role::SampleSize)?.get();
    let baseline = requests(&prepared.baseline, &prepared.traffic.baseline, instances.baseline)?;
    let canary = requests(&prepared.canary, &prepared.traffic.canary, instances.canary)?;
    let needed = BEYOND / (1.0 - quantile);
    let fewest = baseline.median.min(canary.median);
    let (fewer, more) = (baseline.mean.min(canary.mean), baseline.mean.max(canary.mean));
    let is_fair = fewest >= needed || (fewer > 0.0 && more <= ALIKE * fewer);
    (!is_fair).then_some(Reason::SampleSizeBias { quantile, requests: fewest, needed })
}

/// How many instances each side's values are the mean of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instances {
    pub(super) baseline: usize,
    pub(super) canary: usize,
}

/// Requests behind one value of one side.
#[derive(Clone, Copy, Debug)]
struct Requests {
    median: f64,
    mean: f64,
}

/// Over the ticks that have a value; each instance has its share.
fn requests(series: &[f64], requests: &[f64], instances: usize) -> Option<Requests> {
    let present = series.iter().zip(requests).filter(|(value, requests)| !value.is_nan() && !requests.is_nan());
    let mut requests: Vec<f64> = present.map(|(_, requests)| *requests / instances.max(1) as f64).collect();
    Some(Requests { mean: mean(&requests)?, median: median(&mut requests)? })
}
