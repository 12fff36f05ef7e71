//! Where a metric stands to its bounds, for the interval of the score.

use std::collections::HashMap;
use std::sync::Arc;

use super::classify::Classified;
use super::score::group_weight;
use crate::config::{Config, Direction, Settings};
use crate::report::{Interval, MetricResult, Reason, State};
use crate::stats::{Estimate, Prior, ScoreDraws};

/// The level of the score's interval.
const LEVEL: f64 = 0.95;
/// Draws of the true ratios: they put the ends of the interval within a tenth of its width.
const DRAWS: usize = 1000;
/// The correlation between metrics of one thing, such as the quantiles of one operation's latency.
const CORRELATION: f64 = 0.5;
/// What separates the name of a thing from that of its measure.
const SEPARATORS: [char; 4] = ['/', '.', ':', '|'];

/// One metric's log ratio with its error, and the bounds that count against it, in logarithms.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standing {
    log_ratio: f64,
    error: f64,
    lower: f64,
    upper: f64,
}

impl Standing {
    /// `None` for a metric that has no part in the score.
    pub(super) fn new(classified: &Classified, settings: &Settings) -> Option<Self> {
        if classified.state == State::NoData || settings.weight.get() <= 0.0 {
            return None;
        }
        let (log_ratio, error) = classified.location?;
        let bounds = settings.bounds;
        let counts = |direction| settings.direction != direction;
        let harmless = matches!(classified.reason, Reason::BelowFloor { .. });
        let lower = if harmless || !counts(Direction::Increase) { f64::NEG_INFINITY } else { bounds.lower().ln() };
        let upper = if harmless || !counts(Direction::Decrease) { f64::INFINITY } else { bounds.upper().ln() };
        Some(Self { log_ratio, error, lower, upper })
    }
}

/// The interval of the score of one region (or of all metrics): the metrics' true ratios are drawn from
/// what their estimates and those of all others say (empirical Bayes, Stephens 2017), and scored.
/// `None` without a metric in the score.
pub(super) fn score_interval(
    metrics: &[(&MetricResult, Option<Standing>)],
    config: &Config,
    seed: u64,
) -> Option<(f64, f64)> {
    let mut group_sums: HashMap<&str, f64> = HashMap::new();
    let counted = || metrics.iter().filter_map(|(metric, standing)| Some((metric, (*standing)?)));
    for (metric, _) in counted() {
        *group_sums.entry(&metric.group).or_default() += metric.weight;
    }
    let mut things: HashMap<&str, u32> = HashMap::new();
    let estimates: Vec<Estimate> = counted()
        .map(|(metric, standing)| {
            let next = u32::try_from(things.len()).unwrap_or(u32::MAX);
            let thing = *things.entry(thing(&metric.name)).or_insert(next);
            let in_group = metric.weight / group_sums.get(metric.group.as_ref()).copied().unwrap_or(1.0);
            let Standing { log_ratio, error, lower, upper } = standing;
            let weight = in_group * group_weight(config, &metric.group);
            Estimate { log_ratio, error, lower, upper, weight, group: thing }
        })
        .collect();
    let prior = Prior::fit(&estimates);
    let beyond: Vec<_> = estimates.iter().map(|estimate| prior.beyond(estimate)).collect();
    let draws = ScoreDraws { draws: DRAWS, seed, correlation: CORRELATION, level: LEVEL };
    let found = draws.score(&estimates, &beyond)?;
    Some((found.lower, found.upper))
}

/// The interval for the report. It holds the plain share as well, which counts what is undecided as ok: a
/// reader must not find the score outside of its own interval, and an interval that is wider covers no less.
pub(super) fn with_plain((lower, upper): (f64, f64), score: Option<f64>) -> Interval {
    let (lower, upper) = score.map_or((lower, upper), |score| (lower.min(score), upper.max(score)));
    Interval { level: LEVEL, lower: Some(lower), upper: Some(upper) }
}

/// What a metric is about: its name without the last part, which says what is measured of it.
fn thing(name: &Arc<str>) -> &str {
    name.rsplit_once(SEPARATORS).map_or(name, |(thing, _)| thing)
}
