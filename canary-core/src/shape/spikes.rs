//! A few values far beyond everything else.

use super::excess::Excess;
use super::sign::Discordant;
use super::{Shape, ShapeDirection, ShapeFinding};
use crate::stats::sum_of;

/// A spike rises above the level by at least this many times the level,
const FAR: f64 = 4.0;
/// and by at least this many mean deviations.
const FAR_DEVIATIONS: f64 = 10.0;
/// Fewer than this are an accident.
const MIN_SPIKES: u32 = 5;
/// Spikes this many pairs apart are one episode, and fewer episodes than this are an incident.
const EPISODE: usize = 10;
const MIN_EPISODES: usize = 3;
/// More than one in this many pairs is a tail.
const RARE: usize = 40;
/// Two-sided; 6 against none is significant. Few metrics have values this far out at all.
const ALPHA: f64 = 0.035;

/// Whose values lie far beyond the level, where such values are rare?
///
/// The exact sign test on the ticks at which one side has a spike and the other has none. It takes spikes
/// for independent of each other, which those that last two ticks are not: a pointer, not a proof. Spikes
/// of a single incident do not count. Cost: O(n).
pub(super) fn find(excess: &Excess, ticks: &[usize]) -> Option<ShapeFinding> {
    let far = far(excess);
    let sign = |(b, c): (&f64, &f64)| i32::from(*c > far) - i32::from(*b > far);
    let signs = excess.baseline.iter().zip(&excess.canary).map(sign);
    let found = Discordant::of(signs.clone());
    let (more, fewer) = (found.more(), found.fewer());
    if more < MIN_SPIKES || (more + fewer) as usize > ticks.len() / RARE {
        return None;
    }
    let p = found.p_value(1.0);
    if p > ALPHA {
        return None;
    }
    let (direction, sought) =
        if found.canary > found.baseline { (ShapeDirection::Up, 1) } else { (ShapeDirection::Down, -1) };
    let spikes = signs.enumerate().filter(|(_, sign)| *sign == sought).map(|(index, _)| index);
    let onset_tick = spikes.clone().next().and_then(|index| ticks.get(index)).copied();
    if episodes(spikes) < MIN_EPISODES {
        return None;
    }
    let (direction, size) = (Some(direction), Some(f64::from(more)));
    Some(ShapeFinding { shape: Shape::Spikes, direction, p_value: Some(p), size, onset_tick })
}

fn episodes(spikes: impl Iterator<Item = usize>) -> usize {
    let mut last = None;
    let begins = |index: usize| last.replace(index).is_none_or(|last| index > last + EPISODE);
    spikes.map(begins).filter(|begins| *begins).count()
}

/// Where spikes begin, in units of the level.
fn far(excess: &Excess) -> f64 {
    // Deviations count up to the level: spikes must not raise their own bar.
    FAR.max(FAR_DEVIATIONS * f64::midpoint(capped_deviation(&excess.baseline), capped_deviation(&excess.canary)))
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn capped_deviation(values: &[f64]) -> f64 {
    sum_of(values, |value| if value.abs() < 1.0 { value.abs() } else { 1.0 }) / values.len().max(1) as f64
}
