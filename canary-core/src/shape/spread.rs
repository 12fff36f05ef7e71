//! Wider or narrower noise.

use super::level::{Side, Sides};
use super::{ALPHA, Shape, ShapeDirection, ShapeFinding};
use crate::stats::{HuberLocation, huber_location, huber_scores, long_run, student_sf};

/// Ticks in a block: long enough for a mean deviation, short enough for 40 blocks in a working day.
const BLOCK_TICKS: usize = 12;
/// A side moves in a block if it is off its level at this many ticks.
const MIN_MOVING: usize = BLOCK_TICKS / 2;
/// Fewer blocks say too little about the blocks' own scatter.
const MIN_BLOCKS: usize = 8;
/// A spread within this factor of the baseline's is not a finding.
const BOUND: f64 = 1.25;
/// A block's log ratio is believed up to this: a side without any noise makes it infinite.
const MAX_LOG_RATIO: f64 = 3.0;

/// Buffers that are used again for every metric.
#[derive(Debug, Default)]
pub(super) struct Buffers {
    wider: Vec<f64>,
    narrower: Vec<f64>,
    plain: Vec<f64>,
    scores: Vec<f64>,
    scratch: Vec<f64>,
}

/// Compares the mean deviations of the sides from their levels, block by block: the analysis of log variances
/// of groups (Bartlett & Kendall 1946) with deviations, which single values move less.
///
/// The log ratios of the blocks' mean deviations get a Huber location with a long-run standard error, held
/// against a factor of 1.25 either way. From each ratio the part that a change of the block's level
/// explains is taken off first. Blocks in which both sides hardly move are left out: the noise of a value
/// that changes once an hour is a matter of rare events. Cost: O(n).
pub(super) fn find(sides: &Sides, buffers: &mut Buffers) -> Option<ShapeFinding> {
    let Buffers { wider, narrower, plain, scores, scratch } = buffers;
    [&mut *wider, &mut *narrower, &mut *plain].into_iter().for_each(Vec::clear);
    for start in (0..sides.len()).step_by(BLOCK_TICKS) {
        let Some(block) = Block::new(sides, start) else { continue };
        wider.push(block.spread - block.level.max(0.0));
        narrower.push(block.level.min(0.0) - block.spread);
        plain.push(block.spread);
    }
    if plain.len() < MIN_BLOCKS {
        return None;
    }
    let p_wider = p_beyond(wider, scores, scratch);
    let p_narrower = p_beyond(narrower, scores, scratch);
    let (p, direction) =
        if p_wider <= p_narrower { (p_wider, ShapeDirection::Up) } else { (p_narrower, ShapeDirection::Down) };
    let p = 2.0 * p;
    if p > ALPHA {
        return None;
    }
    let size = huber_location(plain, scratch).map(|found| found.location.exp());
    Some(ShapeFinding { shape: Shape::Spread, direction: Some(direction), p_value: Some(p), size, onset_tick: None })
}

/// The canary's deviation and level over the baseline's, in logarithms.
struct Block {
    spread: f64,
    level: f64,
}

impl Block {
    /// `None` for a block that is too short, or in which neither side moves.
    fn new(sides: &Sides, start: usize) -> Option<Self> {
        let (baseline, canary) = (Part::new(&sides.baseline, start)?, Part::new(&sides.canary, start)?);
        if baseline.moving.max(canary.moving) < MIN_MOVING {
            return None;
        }
        // A trend of one side alone leaves its mark on the deviations: up to its slope they do not count.
        let slope = (canary.change - baseline.change).abs() / BLOCK_TICKS as f64;
        let spread = log_ratio(baseline.deviation.max(slope), canary.deviation.max(slope))?;
        Some(Self { spread, level: log_ratio(baseline.level, canary.level).unwrap_or(0.0) })
    }
}

/// One side's part of a block.
struct Part {
    /// Mean deviation from the running median.
    deviation: f64,
    /// Mean magnitude.
    level: f64,
    /// By how much the running median moves from end to end.
    change: f64,
    /// At how many ticks the value is off the running median.
    moving: usize,
}

impl Part {
    fn new(side: &Side, start: usize) -> Option<Self> {
        let ticks = start..start + BLOCK_TICKS;
        let (excess, level) = (side.excess.get(ticks.clone())?, side.level.get(ticks.clone())?);
        Some(Self {
            deviation: mean_of_part(excess),
            level: mean_of_part(side.values.get(ticks)?),
            change: level.last()? - level.first()?,
            moving: excess.iter().filter(|excess| **excess != 0.0).count(),
        })
    }
}

/// The mean of the magnitudes of one part: too few for lanes.
fn mean_of_part(part: &[f64]) -> f64 {
    part.iter().map(|value| value.abs()).sum::<f64>() / BLOCK_TICKS as f64
}

fn log_ratio(baseline: f64, canary: f64) -> Option<f64> {
    if baseline == 0.0 && canary == 0.0 {
        return None;
    }
    Some((canary / baseline).ln().clamp(-MAX_LOG_RATIO, MAX_LOG_RATIO))
}

/// One-sided p-value of "the location is at most the bound".
fn p_beyond(values: &[f64], scores: &mut Vec<f64>, scratch: &mut Vec<f64>) -> f64 {
    let Some(found) = huber_location(values, scratch) else { return 1.0 };
    let beyond = found.location - BOUND.ln();
    if beyond <= 0.0 {
        return 1.0;
    }
    if found.scale == 0.0 {
        // All blocks agree: a sign test is all there is.
        return 0.5_f64.powf(values.len() as f64);
    }
    let (error, degrees) = standard_error(values, &found, scores);
    student_sf(beyond / error, degrees)
}

fn standard_error(values: &[f64], found: &HuberLocation, scores: &mut Vec<f64>) -> (f64, f64) {
    huber_scores(values, found, scores);
    let count = values.len() as f64;
    let long_run = long_run(scores);
    (found.scale * (long_run.variance / count).sqrt() * count / found.inliers.max(1) as f64, long_run.degrees)
}
