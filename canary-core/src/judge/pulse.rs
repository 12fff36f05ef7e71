//! Signs of life: values that are equal on both sides, zero or still throughout agree with anything, and
//! prove nothing.

use crate::note::Side;
use crate::preprocess::Prepared;
use crate::report::VerdictReason;

/// A side that stands still before this share of its time is over has stopped.
const MIN_MOVING_SHARE: f64 = 0.9;
/// A metric of which one side ends before this share of the common time is over has stopped.
const MIN_COMMON_SHARE: f64 = 0.9;
/// Changes (or values) that come at random all lie before the end with a smaller chance than this.
const STOPPED_P_VALUE: f64 = 0.001;
/// The same values on both sides are no chance where they change at least this often.
const MIN_EQUAL_CHANGES: u64 = 12;

/// The signs of life of one metric, or of several together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pulse {
    baseline: Life,
    canary: Life,
    equal: Equal,
}

/// One side of a metric that ends before the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EarlyEnd {
    pub(super) side: Side,
    pub(super) share: f64,
    pub(super) limit: f64,
    /// The first tick without it.
    pub(super) tick: usize,
}

/// The pairs, as far as they are the same on both sides.
#[derive(Clone, Copy, Debug)]
struct Equal {
    /// Whether every pair is.
    all: bool,
    pairs: u64,
    /// How often a pair differs from the one before.
    changes: u64,
}

/// One side, from its first usable value on.
#[derive(Clone, Copy, Debug, Default)]
struct Life {
    /// Its first and its last tick with a value.
    reach: Option<(usize, usize)>,
    values: u32,
    last_change: Option<usize>,
    /// How often the value changes; of several metrics, that of the one with most: they may change together.
    changes: u32,
    /// Whether any value is not zero.
    alive: bool,
}

impl Pulse {
    /// Of a metric without series: it has no part in the life of its region.
    pub(super) const NONE: Self = {
        let none = Life { reach: None, values: 0, last_change: None, changes: 0, alive: false };
        Self { baseline: none, canary: none, equal: Equal { all: true, pairs: 0, changes: 0 } }
    };

    /// Of one metric. Cost: O(ticks).
    pub(super) fn of(prepared: &Prepared) -> Self {
        let pairs = prepared.pairs.as_slice();
        let after = pairs.get(1..).unwrap_or_default();
        let changes = pairs.iter().zip(after).map(|(before, pair)| u64::from(before != pair)).sum();
        #[allow(clippy::float_cmp, reason = "a copy is equal to the last bit")]
        let all = pairs.iter().all(|(baseline, canary)| baseline == canary);
        Self {
            baseline: Life::of(&prepared.baseline),
            canary: Life::of(&prepared.canary),
            equal: Equal { all, pairs: pairs.len() as u64, changes },
        }
    }

    /// The side of a metric that ends well before the other, and after which share of their common time. Of
    /// few values the last comes early by chance.
    pub(super) fn ends_early(&self) -> Option<EarlyEnd> {
        let (baseline, canary) = (self.baseline.reach?, self.canary.reach?);
        let start = baseline.0.max(canary.0);
        let length = |reach: (usize, usize)| (reach.1 + 1).saturating_sub(start) as f64;
        let (side, early, late, values) = if canary.1 < baseline.1 {
            (Side::Canary, canary, baseline, self.canary.values)
        } else {
            (Side::Baseline, baseline, canary, self.baseline.values)
        };
        let share = length(early) / length(late);
        let by_chance = share.powf(f64::from(values)) >= STOPPED_P_VALUE;
        let end = EarlyEnd { side, share, limit: MIN_COMMON_SHARE, tick: early.1 + 1 };
        (share < MIN_COMMON_SHARE && !by_chance).then_some(end)
    }

    fn with(self, other: &Self) -> Self {
        Self {
            baseline: self.baseline.with(other.baseline),
            canary: self.canary.with(other.canary),
            equal: Equal {
                all: self.equal.all && other.equal.all,
                pairs: self.equal.pairs + other.equal.pairs,
                changes: self.equal.changes + other.equal.changes,
            },
        }
    }
}

impl Life {
    fn of(series: &[f64]) -> Self {
        if series.iter().any(|value| value.is_nan()) {
            let (ticks, values): (Vec<usize>, Vec<f64>) =
                series.iter().enumerate().filter(|(_, value)| !value.is_nan()).unzip();
            Self::of_values(&values, |place| ticks.get(place).copied())
        } else {
            Self::of_values(series, Some)
        }
    }

    /// Of values without a gap, and the tick of each. One question a pass: a pass takes many values at once.
    #[allow(clippy::float_cmp, reason = "a value that is stuck is equal to the last bit")]
    fn of_values(values: &[f64], tick: impl Fn(usize) -> Option<usize>) -> Self {
        let after = values.get(1..).unwrap_or_default();
        let changes = || values.iter().zip(after).map(|(before, value)| before != value);
        let last = values.len().checked_sub(1);
        Self {
            reach: last.and_then(|last| tick(0).zip(tick(last))),
            values: u32::try_from(values.len()).unwrap_or(u32::MAX),
            last_change: changes().rposition(|changed| changed).and_then(|place| tick(place + 1)),
            changes: changes().map(u32::from).sum(),
            alive: values.iter().any(|value| *value != 0.0),
        }
    }

    fn with(self, other: Self) -> Self {
        let reach = match (self.reach, other.reach) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (one, other) => one.or(other),
        };
        Self {
            reach,
            values: self.values.saturating_add(other.values),
            last_change: self.last_change.max(other.last_change),
            changes: self.changes.max(other.changes),
            alive: self.alive || other.alive,
        }
    }

    /// After which share of its time nothing changes any more.
    fn moving_share(self) -> Option<f64> {
        let (first, last) = self.reach?;
        let ticks = |to: usize| (to + 1).saturating_sub(first) as f64;
        Some(self.last_change.map_or(0.0, ticks) / ticks(last))
    }
}

/// What speaks against taking a region's agreement for evidence. `counted` are the metrics that can move the
/// verdict.
pub(super) fn silence<'a>(counted: impl Iterator<Item = &'a Pulse>) -> Vec<VerdictReason> {
    let Some(region) = counted.copied().reduce(|sum, next| sum.with(&next)) else { return Vec::new() };
    let mut silence = Vec::new();
    if region.equal.all && region.equal.changes >= MIN_EQUAL_CHANGES {
        silence.push(VerdictReason::IdenticalSides { values: region.equal.pairs });
    }
    let sides = [(Side::Baseline, region.baseline, region.canary), (Side::Canary, region.canary, region.baseline)];
    for (side, life, other) in sides {
        // Both at zero is a reason of its own.
        if !life.alive && other.alive && life.reach.is_some() {
            silence.push(VerdictReason::OneSideIdle { side });
        } else if let Some(share) = life.moving_share().filter(|share| stands_still(*share, life, other)) {
            silence.push(VerdictReason::StandsStill { side, share, limit: MIN_MOVING_SHARE });
        }
    }
    silence
}

/// Whether a standstill after `share` of the time is none of chance: as many changes as the livelier side
/// has, spread evenly over the time (or over both sides), would all lie before it (or on the other side).
fn stands_still(share: f64, life: Life, other: Life) -> bool {
    let changes = life.changes.max(other.changes);
    share < MIN_MOVING_SHARE && share.max(0.5).powf(f64::from(changes)) < STOPPED_P_VALUE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_life_is_where_values_are_and_where_they_change() {
        let missing = f64::NAN;
        let life = Life::of(&[missing, 5.0, 5.0, missing, 6.0, 6.0, 6.0, 6.0, 6.0, missing]);
        assert_eq!((life.reach, life.last_change, life.changes, life.alive), (Some((1, 8)), Some(4), 1, true));
        // Ticks 1 to 4 of 1 to 8.
        assert_eq!(life.moving_share(), Some(0.5));
        assert_eq!(Life::of(&[missing]).moving_share(), None);
        assert_eq!(Life::of(&[3.0, 3.0]).moving_share(), Some(0.0), "never");
    }

    #[test]
    fn an_early_end_is_told_from_chance() {
        let reaching = |last, values| Life { reach: Some((0, last)), values, ..Life::default() };
        let equal = Equal { all: false, pairs: 0, changes: 0 };
        let of = |baseline, canary| Pulse { baseline, canary, equal }.ends_early().map(|end| (end.side, end.share));
        // Half of the time: 2^-10 is the first power of a half below 0.001.
        assert_eq!(of(reaching(99, 100), reaching(49, 10)), Some((Side::Canary, 0.5)));
        assert_eq!(of(reaching(99, 100), reaching(49, 9)), None);
        assert_eq!(of(reaching(79, 80), reaching(99, 100)), Some((Side::Baseline, 0.8)));
        assert_eq!(of(reaching(99, 100), reaching(89, 90)), None, "90 % will do");
        assert_eq!(of(reaching(99, 100), Life::default()), None, "no value at all is no data");
    }

    #[test]
    fn a_standstill_is_told_from_chance() {
        let moving = |changes| Life { changes, ..Life::default() };
        // Half of the time: 2^-10 is the first power of a half below 0.001.
        assert!(!stands_still(0.5, moving(9), moving(0)) && stands_still(0.5, moving(10), moving(0)));
        // Never changed: each change could have been on either side.
        assert!(!stands_still(0.0, moving(0), moving(9)) && stands_still(0.0, moving(0), moving(10)));
        // 0.85^42 = 0.00109, 0.85^43 = 0.00092.
        assert!(!stands_still(0.85, moving(42), moving(0)) && stands_still(0.85, moving(43), moving(0)));
        assert!(!stands_still(0.9, moving(1000), moving(1000)), "still moving");
    }
}
