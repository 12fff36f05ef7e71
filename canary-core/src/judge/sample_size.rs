//! Quantiles of few requests: whether the two sides' can be compared at all.
//!
//! The p99 of three requests is their largest, not a p99: its expectation lies far below. Where one side has
//! such ticks and the other has not, the ratio says how much traffic there was, not which build is slower.

use crate::config::Settings;
use crate::preprocess::{Prepared, Role};
use crate::report::Reason;
use crate::stats::median;

/// So many requests beyond the quantile make it nearly unbiased.
const BEYOND: f64 = 10.0;
/// Sides whose ticks are of the same size up to this factor are taken to be biased alike. At 1.5 nearly all
/// medians of a ninth of the traffic are refused as well, which are sound.
const ALIKE: f64 = 2.0;

/// Why the quantiles cannot be compared, where the requests behind them are known and too few.
pub(super) fn bias(prepared: &Prepared, settings: &Settings, instances: Instances) -> Option<Reason> {
    let quantile = settings.quantile.filter(|_| prepared.role == Role::SampleSize)?.get();
    let baseline = typical(&prepared.baseline, &prepared.traffic.baseline)? / instances.baseline.max(1) as f64;
    let canary = typical(&prepared.canary, &prepared.traffic.canary)? / instances.canary.max(1) as f64;
    let needed = BEYOND / (1.0 - quantile);
    let (fewer, more) = (baseline.min(canary), baseline.max(canary));
    let is_fair = fewer >= needed || (fewer > 0.0 && more <= ALIKE * fewer);
    (!is_fair).then_some(Reason::SampleSizeBias { quantile, requests: fewer, needed })
}

/// How many instances each side's values are the mean of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instances {
    pub(super) baseline: usize,
    pub(super) canary: usize,
}

/// The median number of requests over the ticks that have a value.
fn typical(series: &[f64], requests: &[f64]) -> Option<f64> {
    let present = series.iter().zip(requests).filter(|(value, requests)| !value.is_nan() && !requests.is_nan());
    let mut requests: Vec<f64> = present.map(|(_, requests)| *requests).collect();
    median(&mut requests)
}
