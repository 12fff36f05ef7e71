//! How long a new instance takes until it carries its share.

use serde::{Deserialize, Serialize};

use crate::stats::quantile;

/// With fewer starts the 95 % point is no better than the slowest one.
const FEWEST_FOR_QUANTILE: usize = 20;

/// An instance is up to speed when its latency is within this share of the steady one.
const AT_SPEED: f64 = 0.9;

/// Neighbouring replies of which the middle one must be fast: one lucky reply is no start.
const NEIGHBOURS: usize = 5;

/// Start times over several starts, seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StartTime {
    /// The median.
    pub median_seconds: f64,
    /// The 95 % point; of fewer than 20 starts, the slowest.
    pub slow_seconds: f64,
    /// Starts.
    pub count: usize,
}

impl StartTime {
    /// From the seconds that single starts took; those that are not finite or negative are left out. `None` without any.
    #[must_use]
    pub fn from_samples(seconds: &[f64]) -> Option<Self> {
        let mut kept: Vec<f64> = seconds.iter().copied().filter(|one| *one >= 0.0 && one.is_finite()).collect();
        let count = kept.len();
        let share = if count < FEWEST_FOR_QUANTILE { 1.0 } else { 0.95 };
        Some(Self { median_seconds: quantile(&mut kept, 0.5)?, slow_seconds: quantile(&mut kept, share)?, count })
    }
}

/// One reply of an instance that starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirstReply {
    /// Seconds since launch.
    pub seconds: f64,
    /// How long it took, milliseconds.
    pub latency_ms: f64,
    /// Whether it was a good one.
    pub ok: bool,
}

/// Seconds from launch to taking traffic at its usual speed: the first good reply from which on the middle one of five
/// neighbours is good and takes at most `steady_ms` / 0.9. `None` where that does not happen. Replies in the order of
/// their time. Cost: O(n).
#[must_use]
pub fn start_seconds(replies: &[FirstReply], steady_ms: f64) -> Option<f64> {
    let fast = |reply: &FirstReply| reply.ok && reply.latency_ms * AT_SPEED <= steady_ms;
    let at_speed = |neighbours: &&[FirstReply]| {
        let several = neighbours.iter().filter(|reply| fast(reply)).count();
        neighbours.first().is_some_and(fast) && 2 * several > NEIGHBOURS
    };
    replies.windows(NEIGHBOURS).find(at_speed).and_then(|neighbours| neighbours.first()).map(|reply| reply.seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_starts_are_judged_by_the_slowest() {
        let few = StartTime::from_samples(&[3.0, 1.0, f64::NAN, 2.0, -1.0]).unwrap();
        assert_eq!((few.count, few.median_seconds, few.slow_seconds), (3, 2.0, 3.0));
        let many: Vec<f64> = (0..=100).map(f64::from).collect();
        let many = StartTime::from_samples(&many).unwrap();
        assert_eq!((many.median_seconds, many.slow_seconds), (50.0, 95.0));
        assert_eq!(StartTime::from_samples(&[f64::INFINITY]), None);
    }

    #[test]
    fn a_start_is_over_when_replies_are_as_fast_as_later_ones() {
        let reply = |(place, latency_ms): (usize, f64)| FirstReply { seconds: place as f64, latency_ms, ok: place > 1 };
        let latencies = [5.0, 5.0, 90.0, 9.0, 80.0, 70.0, 11.0, 10.0, 60.0, 10.0, 9.0, 11.0, 10.0];
        let replies: Vec<FirstReply> = latencies.into_iter().enumerate().map(reply).collect();
        // The reply at 3 s is fast alone; from 6 s on most are.
        assert_eq!(start_seconds(&replies, 10.0), Some(6.0));
        assert_eq!(start_seconds(&replies, 1.0), None);
        assert_eq!(start_seconds(&replies[..4], 10.0), None);
    }
}
