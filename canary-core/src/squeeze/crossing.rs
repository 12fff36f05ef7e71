//! Where an objective is crossed: the highest rate at which the share of bad requests stays within it.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::observed::{Observed, Second};
use crate::stats::{Proportion, Weighted, isotonic_median, quantile};

/// The crossing of one objective.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Crossing {
    /// Between two tested rates.
    At {
        rate: f64,
        lower: Option<f64>,
        upper: Option<f64>,
        /// Steps whose fitted share lies beyond the objective.
        failing: usize,
    },
    /// Held at every rate: above this one.
    Above(f64),
    /// Failed at the lowest rate: below this one.
    Below(f64),
    /// No step says anything.
    Unknown,
}

/// One step's share of bad requests.
#[derive(Clone, Copy, Debug)]
struct Bad {
    rate: f64,
    share: f64,
    count: f64,
}

/// Steps sorted by rate, those with outliers already left out; `objective` is a place in each step's shares.
///
/// The shares are fitted by a non-decreasing sequence with weighted medians, weights the number of requests: one
/// disturbed step does not move the crossing, as it does with means. Between the last step within the objective and
/// the first beyond it, a straight line of logit(share) in ln(rate). Cost: O(steps log steps) a draw.
pub(super) fn crossing(steps: &[&Observed], objective: usize, share: f64, resampling: Resampling) -> Crossing {
    let known: Vec<&Observed> =
        steps.iter().copied().filter(|step| step.bad.get(objective).is_some_and(Option::is_some)).collect();
    let bad: Vec<Bad> = known
        .iter()
        .filter_map(|step| {
            let found = step.bad.get(objective).copied().flatten()?;
            Some(Bad { rate: step.rate, share: found, count: step.finished })
        })
        .collect();
    let (Some(first), Some(last)) = (bad.first(), bad.last()) else { return Crossing::Unknown };
    let fitted = fit(&bad);
    let Some(place) = fitted.iter().position(|fitted| *fitted > share) else { return Crossing::Above(last.rate) };
    if place == 0 {
        return Crossing::Below(first.rate);
    }
    let Some(rate) = between(&bad, &fitted, place, share) else { return Crossing::Unknown };
    let tested = |place: usize| bad.get(place).map(|bad| bad.rate);
    // Two steps below the first failing one, and lower where chance could have made those look good.
    let held =
        (0..place).rev().find(|&from| surely(bad.get(from..place), share, resampling.alpha) == Some(Side::Within));
    let mut lower = held.and_then(|held| tested(held.min(place.saturating_sub(2))));
    let broken =
        (place..bad.len()).find(|&to| surely(bad.get(place..=to), share, resampling.alpha) == Some(Side::Beyond));
    let mut upper = broken.and_then(tested);
    if let Some((low, high)) = resampling.interval(&known, objective, share) {
        lower = lower.map(|lower| lower.min(low));
        upper = upper.map(|upper| upper.max(high));
    }
    let (lower, upper) = (lower.map(|lower| lower.min(rate)), upper.map(|upper| upper.max(rate)));
    Crossing::At { rate, lower, upper, failing: fitted.len() - place }
}

/// On which side of an objective a share lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Within,
    Beyond,
}

/// The side on which the share over these steps together lies, where Wilson's interval leaves no other. As shares rise
/// with the rate, what holds for steps together holds for the lowest of them, and what fails, for the highest.
fn surely(steps: Option<&[Bad]>, share: f64, alpha: f64) -> Option<Side> {
    let steps = steps?;
    let count: f64 = steps.iter().map(|step| step.count).sum();
    let bad: f64 = steps.iter().map(|step| step.share * step.count).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts, rounded; a cast saturates")]
    let (low, high) = Proportion::new(bad.round() as u64, count.round() as u64)?.wilson(alpha);
    if high < share {
        Some(Side::Within)
    } else if low > share {
        Some(Side::Beyond)
    } else {
        None
    }
}

fn fit(bad: &[Bad]) -> Vec<f64> {
    let values: Vec<Weighted> =
        bad.iter().map(|bad| Weighted { value: bad.share, weight: bad.count.max(1.0) }).collect();
    isotonic_median(&values)
}

/// The rate between the steps `place - 1` and `place` at which the fitted share reaches the objective.
fn between(bad: &[Bad], fitted: &[f64], place: usize, share: f64) -> Option<f64> {
    let at = |place: usize| Some((bad.get(place)?, *fitted.get(place)?));
    let logit = |share: f64| (share / (1.0 - share)).ln();
    let clipped = |bad: &Bad, share: f64| logit(share.clamp(0.5 / bad.count.max(1.0), 1.0 - 0.5 / bad.count.max(1.0)));
    let ((below, low), (above, high)) = (at(place - 1)?, at(place)?);
    let (low, high, wanted) = (clipped(below, low), clipped(above, high), logit(share));
    let way = if high > low { ((wanted - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
    Some((below.rate.ln() + way * (above.rate.ln() - below.rate.ln())).exp())
}

/// Draws of a run from its own seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resampling {
    pub(super) draws: usize,
    pub(super) seed: u64,
    /// Two-sided.
    pub(super) alpha: f64,
}

/// Draws times steps, at most: ten thousand steps still take well under a second.
const MOST_WORK: usize = 1_000_000;

/// Fewest draws whose quantiles are worth giving.
const FEWEST_DRAWS: usize = 50;

impl Resampling {
    /// The interval of the crossing by a moving-block bootstrap of each step's seconds (Künsch 1989). `None` where a
    /// step has no seconds, or no second has latencies.
    fn interval(self, steps: &[&Observed], objective: usize, share: f64) -> Option<(f64, f64)> {
        if steps
            .iter()
            .any(|step| step.seconds.len() < 2 || step.seconds.iter().any(|second| second.bad.len() <= objective))
        {
            return None;
        }
        let draws = self.draws.min(MOST_WORK / steps.len().max(1)).max(FEWEST_DRAWS);
        let mut random = Pcg64Mcg::seed_from_u64(self.seed);
        let first = steps.first()?.rate;
        let last = steps.last()?.rate;
        let mut found: Vec<f64> = (0..draws)
            .map(|_| {
                let bad: Vec<Bad> = steps.iter().map(|step| resampled(step, objective, &mut random)).collect();
                let fitted = fit(&bad);
                match fitted.iter().position(|fitted| *fitted > share) {
                    None => last,
                    Some(0) => first,
                    Some(place) => between(&bad, &fitted, place, share).unwrap_or(last),
                }
            })
            .collect();
        Some((quantile(&mut found, self.alpha / 2.0)?, quantile(&mut found, 1.0 - self.alpha / 2.0)?))
    }
}

/// One step drawn anew: blocks of neighbouring seconds, as long as the cube root of their number, at least one.
fn resampled(step: &Observed, objective: usize, random: &mut Pcg64Mcg) -> Bad {
    let seconds = &step.seconds;
    let block = (seconds.len() as f64).cbrt().round().max(1.0);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small and positive")]
    let block = block as usize;
    let (mut bad, mut finished) = (0.0, 0.0);
    let mut taken = 0;
    while taken < seconds.len() {
        let starts = (seconds.len() + 1 - block.min(seconds.len())) as u64;
        let start = usize::try_from(random.next_u64() % starts.max(1)).unwrap_or(0);
        let length = block.min(seconds.len() - taken);
        for second in seconds.iter().skip(start).take(length) {
            bad += bad_of(second, objective);
            finished += second.finished;
        }
        taken += length;
    }
    let share = if finished > 0.0 { bad / finished } else { 1.0 };
    Bad { rate: step.rate, share: share.clamp(0.0, 1.0), count: finished }
}

fn bad_of(second: &Second, objective: usize) -> f64 {
    second.bad.get(objective).copied().unwrap_or(0.0)
}
