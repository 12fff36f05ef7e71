//! A longer or shorter upper tail.

use super::excess::Excess;
use super::sign::{Discordant, p_of_mean};
use super::{ALPHA, Shape, ShapeDirection, ShapeFinding};
use crate::stats::RESOLUTION;

/// The highest values of both sides together that are looked at, as shares of all. Where 5 % of the
/// canary's values stick out they are 2.5 % of all, if they stick out far; nearer ones mix with the rest.
const SHARES: [f64; 2] = [0.025, 0.05];
/// Of fewer highest values than this too many would have to be the canary's.
const MIN_HIGHEST: usize = 12;
/// A value counts from this multiple of the threshold on: on a metric of few distinct values the threshold
/// is one of them, and where the last digits were rounded away its equals lie next to it.
const CLEARLY_ABOVE: f64 = 1.05;
/// A side must have this many more of the highest values than the other.
const MIN_DIFFERENCE: u32 = 6;
/// Up to this many times as many high values are not a finding: machines differ by as much, and on a long
/// series any difference is significant.
const BOUND: f64 = 1.5;

/// Buffers that are used again for every metric.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    pool: Vec<f64>,
    signs: Vec<f64>,
}

/// Whose values are the highest 2.5 % and the highest 5 % of both sides together?
///
/// At each threshold the sides are compared by the ticks at which one is above and the other is not: by the
/// exact sign test (Dixon & Mood 1946), and by the mean difference with a long-run standard error, whichever says less. Either
/// is held against a side that has 1.5 times as many, and both thresholds are paid for (Bonferroni). No distribution is assumed and ties do no harm: the sides could be
/// exchanged at any tick. Cost: O(n); a long-run variance where the sign test is significant.
pub(super) fn find(excess: &Excess, buffers: &mut Buffers) -> Option<ShapeFinding> {
    let thresholds = thresholds(excess, &mut buffers.pool)?;
    let tested = thresholds.into_iter().filter_map(|threshold| above(threshold, excess, &mut buffers.signs));
    tested.min_by(|a, b| a.p_value.unwrap_or(1.0).total_cmp(&b.p_value.unwrap_or(1.0)))
}

/// `None` where there are too few values.
fn thresholds(excess: &Excess, pool: &mut Vec<f64>) -> Option<[f64; SHARES.len()]> {
    pool.clear();
    pool.extend(excess.baseline.iter().chain(&excess.canary));
    let count = pool.len() as f64;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a length")]
    let ranks = SHARES.map(|share| ((share * count) as usize).max(MIN_HIGHEST));
    let [.., widest] = ranks;
    if widest >= pool.len() {
        return None;
    }
    let (highest, ..) = pool.select_nth_unstable_by(widest, |a, b| b.total_cmp(a));
    highest.sort_unstable_by(|a, b| b.total_cmp(a));
    Some(ranks.map(|rank| pool.get(rank).copied().unwrap_or(0.0).max(0.0)))
}

fn above(threshold: f64, excess: &Excess, signs: &mut Vec<f64>) -> Option<ShapeFinding> {
    let threshold = threshold * CLEARLY_ABOVE + RESOLUTION;
    let sign = |(b, c): (&f64, &f64)| i32::from(*c > threshold) - i32::from(*b > threshold);
    let signs_of_pairs = excess.baseline.iter().zip(&excess.canary).map(sign);
    let found = Discordant::of(signs_of_pairs.clone());
    if found.more() - found.fewer() < MIN_DIFFERENCE {
        return None;
    }
    let tests = SHARES.len() as f64;
    let p_exact = tests * found.p_value(BOUND);
    if p_exact > ALPHA {
        return None;
    }
    let side = if found.canary > found.baseline { 1 } else { -1 };
    signs.clear();
    signs.extend(signs_of_pairs.map(|sign| if sign == -side { -BOUND } else { f64::from(sign * side) }));
    let p = p_exact.max(tests * p_of_mean(signs));
    (p <= ALPHA).then(|| ShapeFinding {
        shape: Shape::Tail,
        direction: Some(if side > 0 { ShapeDirection::Up } else { ShapeDirection::Down }),
        p_value: Some(p),
        size: (found.baseline > 0).then(|| f64::from(found.canary) / f64::from(found.baseline)),
        onset_tick: None,
    })
}
