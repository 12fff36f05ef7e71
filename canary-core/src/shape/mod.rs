//! Changes that leave the level where it is: wider noise, a longer tail, spikes, a frozen or a silent series.
//!
//! Every detector looks at what is left of a side once its own running median is taken off, so that neither
//! a shift nor a drift nor a late step of the level is a shape. What a level change does to the noise
//! depends on the metric: latencies scale with it, counts spread like its root, a constant added to a gauge
//! changes nothing. Where the levels differ, a shape is therefore one only if it is one under both extremes:
//! noise that follows the level, and noise that does not.
//!
//! Without a change the sides can be exchanged tick by tick, and every test here rests on that symmetry:
//! none assumes a distribution. Shapes are advisory: on replicas, which differ for good, they differ too.

mod excess;
mod level;
mod running_median;
mod runs;
mod sign;
mod spikes;
mod spread;
mod stuck;
mod tail;
mod zeroed;

use serde::{Deserialize, Serialize};

use excess::{Excess, Unit, shared_movement};
use level::Sides;

/// Two-sided level of the tests for spread and tail. Both have a margin, which keeps metrics without a change
/// well below this rate.
const ALPHA: f64 = 0.05;

/// A way in which the canary can differ at the same level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Shape {
    /// The noise about the level is wider or narrower. `size`: canary's mean deviation over the baseline's.
    Spread,
    /// High values are more or less frequent. `size`: the canary's share of them over the baseline's.
    Tail,
    /// A few values far beyond everything else on one side. `size`: how many.
    Spikes,
    /// The canary repeats one value while the baseline moves. `size`: for how many values.
    Stuck,
    /// The canary is zero where the baseline is not. `size`: at how many values.
    Zeroed,
}

/// Where a shape points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShapeDirection {
    /// The canary has more of it than the baseline.
    Up,
    /// The canary has less of it.
    Down,
}

/// A shape that was found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShapeFinding {
    /// Which.
    pub shape: Shape,
    /// More or less of it; `None` for a shape that has no opposite.
    pub direction: Option<ShapeDirection>,
    /// Two-sided p-value of "the sides differ by no more than a bound": 1.25 times the spread, 1.5 times as
    /// many high values; for spikes, "not at all". `None` where nothing was tested.
    pub p_value: Option<f64>,
    /// How much, in the shape's own measure; `None` where it is infinite.
    pub size: Option<f64>,
    /// The first tick of the grid it was seen at, for shapes that have one.
    pub onset_tick: Option<usize>,
}

/// Both sides on the common grid, NaN where a value is missing.
#[derive(Clone, Copy, Debug)]
pub struct ShapeInput<'a> {
    /// The baseline, one value a tick.
    pub baseline: &'a [f64],
    /// The canary, one value a tick.
    pub canary: &'a [f64],
}

/// Buffers that are used again for every metric.
#[derive(Debug, Default)]
pub struct ShapeWorkspace {
    sides: Sides,
    excess: Excess,
    spread: spread::Buffers,
    tail: tail::Buffers,
}

/// Every shape in which the canary differs from the baseline, in the order of [`Shape`].
///
/// Spread, tail and spikes take the ticks at which both sides have a value; stuck and zeroed take all of
/// each side. Infinite values count as missing. Units that differ by a power of two give the same bits.
/// Cost: about 15 microseconds at 480 ticks, a third of it for the running medians; linear in the ticks.
#[must_use]
pub fn find(input: &ShapeInput<'_>, workspace: &mut ShapeWorkspace) -> Vec<ShapeFinding> {
    let silence = zeroed::find(input).or_else(|| stuck::find(input));
    workspace.sides.read(input);
    let mut findings = Vec::new();
    findings.extend(spread::find(&workspace.sides, &mut workspace.spread));
    findings.extend(upward(workspace).into_iter().flatten());
    // A side that fell silent has less noise and fewer high values, but that is the same finding.
    findings.retain(|found| silence.is_none() || found.direction != Some(ShapeDirection::Down));
    findings.extend(silence);
    findings
}

/// Tail and spikes: found only if found in both units.
fn upward(workspace: &mut ShapeWorkspace) -> [Option<ShapeFinding>; 2] {
    let ShapeWorkspace { sides, excess, tail, .. } = workspace;
    let shared = shared_movement(sides);
    // Where a side rests at zero, its high values are its level.
    let mostly_zero = sides.baseline.is_mostly_zero() || sides.canary.is_mostly_zero();
    let mut in_unit = |unit: Unit| {
        excess.measure(sides, shared, unit);
        let tail = if mostly_zero { None } else { tail::find(excess, tail) };
        [tail, spikes::find(excess, &sides.ticks)]
    };
    let common = in_unit(Unit::Common);
    if common == [None, None] {
        return common;
    }
    let [tail, spikes] = common;
    let [own_tail, own_spikes] = in_unit(Unit::Own);
    [weaker(tail, own_tail), weaker(spikes, own_spikes)]
}

/// The one with the larger p-value, if both say the same.
fn weaker(a: Option<ShapeFinding>, b: Option<ShapeFinding>) -> Option<ShapeFinding> {
    let (a, b) = (a?, b?);
    if a.direction != b.direction {
        return None;
    }
    Some(if b.p_value > a.p_value { b } else { a })
}
