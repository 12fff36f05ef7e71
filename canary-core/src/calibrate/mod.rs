//! A config proposed by the past: from runs in which nothing was wrong to the rules under which nothing would
//! have been flagged.
//!
//! What a metric is comes from its values and its name (`nature`); how far apart healthy builds are comes from
//! the judge itself, which is asked at ever wider bounds (`spread`). Metrics of one measure share a rule; those
//! that need wider bounds than most of their kind are listed by exception (`rules`). Every metric is then looked
//! up in the config, as it would be at run time, and must find what was proposed for it.

mod globs;
mod name;
mod nature;
mod proposal;
mod rules;
mod split;
mod spread;

use crate::config::{Comments, Config};
use crate::error::ConfigError;
use crate::metric::MetricSet;

pub use split::{Split, split};

/// A proposed config, and what was seen as comments.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The config.
    pub config: Config,
    /// What was seen, over the config and over each rule.
    pub comments: Comments,
    /// Distinct metrics of the past.
    pub metrics: usize,
    /// Metrics that were left out of the score, as idle or too noisy.
    pub left_out: usize,
}

/// Proposes a config from `runs`, each a healthy build against another.
///
/// Bounds come from a ladder of factors, 1.05 to 3: a metric gets the first one within which every healthy run was
/// shown to stay, and one step more where there are fewer than three runs. A metric that no run shows to stay within
/// a factor of 3, and one that is idle, gets weight 0. Kinds come from the values, quantiles, directions and the
/// metrics that count requests from the names. The comments are for a reader who is to check all that.
///
/// `Err` only where a name makes a pattern that is too large. Cost: the judge once a run and factor.
pub fn calibrate(runs: &[MetricSet]) -> Result<Calibration, ConfigError> {
    let natures = nature::natures(runs);
    let base = rules::base(&natures);
    let spreads = spread::spreads(runs, &base)?;
    let proposals = proposal::proposals(&natures, &spreads, runs.len());
    rules::compressed(&proposals, runs)
}
