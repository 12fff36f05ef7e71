//! Whether the interval of the score holds the score that the metrics' true ratios give.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use canary_core::report::{Report, State};
use canary_core::{Config, Judge};

use crate::recording::{Metric, Recording};
use crate::simulate::Random;
use crate::workers;

/// How the true ratios of a run are drawn: most are 1, as they are in a new build.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effects {
    /// The share of the metrics that change.
    pub share: f64,
    /// The standard deviation of their log ratios.
    pub spread: f64,
}

/// How often the interval held the truth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Coverage {
    /// Runs with an interval.
    pub runs: u32,
    /// Of those, the ones whose interval holds the true score.
    pub held: u32,
    /// Of the others, those whose true score is below it.
    pub below: u32,
    /// The mean of the true scores.
    pub truth: f64,
    /// The mean width of the intervals.
    pub width: f64,
}

/// Scores are sums of rounded shares.
const ROUNDING: f64 = 1e-9;

/// Draws true ratios, puts them on a recording in which nothing changed, and judges it, `draws` times.
///
/// # Errors
/// Where the recording is none.
pub fn coverage(recording: &Recording, effects: Effects, draws: usize) -> Result<Coverage, Box<dyn Error>> {
    let judge = Judge::new(Config::default())?.with_threads(1);
    let runs = workers::map(draws, |draw| {
        let mut random = Random::new(draw as u64);
        let mut changed = recording.clone();
        let mut ratios = HashMap::new();
        for metric in &mut changed.metrics {
            let ratio = effects.draw(&mut random);
            // A ratio means nothing to what is zero, or on both sides of it.
            if has_ratio(metric) {
                metric.multiply(ratio, 0);
                ratios.insert(metric.name.clone(), ratio);
            }
        }
        changed.set().map(|set| judge.judge(&set)).map(|report| (true_score(&report, &ratios), report.score_interval))
    });
    let mut found = Coverage::default();
    for run in runs {
        let (truth, interval) = run?;
        let Some((lower, upper)) = interval.and_then(|interval| interval.lower.zip(interval.upper)) else { continue };
        found.runs += 1;
        found.held += u32::from(truth >= lower - ROUNDING && truth <= upper + ROUNDING);
        found.below += u32::from(truth < lower - ROUNDING);
        found.truth += truth;
        found.width += upper - lower;
    }
    found.truth /= f64::from(found.runs.max(1));
    found.width /= f64::from(found.runs.max(1));
    Ok(found)
}

impl Effects {
    fn draw(self, random: &mut Random) -> f64 {
        let (changes, size) = (random.uniform() < self.share, random.normal());
        if changes { (self.spread * size).exp() } else { 1.0 }
    }
}

fn has_ratio(metric: &Metric) -> bool {
    let values = || metric.canary.iter().chain(&metric.baseline).filter(|value| value.is_finite());
    values().all(|value| *value >= 0.0) && metric.canary.iter().any(|value| *value > 0.0)
}

/// The score of a run whose metrics' ratios are known, over the metrics that the judge had data for. Every
/// metric and every group weighs the same by default.
fn true_score(report: &Report, ratios: &HashMap<String, f64>) -> f64 {
    let mut groups: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    for metric in report.metrics.iter().filter(|metric| metric.state != State::NoData) {
        let ratio = ratios.get(metric.name.as_ref()).copied().unwrap_or(1.0);
        let within = ratio >= metric.bounds.lower() && ratio <= metric.bounds.upper();
        let (sum, count) = groups.entry(&metric.group).or_default();
        *sum += f64::from(u8::from(within));
        *count += 1.0;
    }
    let scores = groups.values().map(|(sum, count)| 100.0 * sum / count);
    scores.sum::<f64>() / groups.len().max(1) as f64
}
