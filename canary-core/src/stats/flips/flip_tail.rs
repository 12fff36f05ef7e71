//! The tail of a sum of blocks with random signs, down to 2^-blocks.

use std::f64::consts::LN_2;

use crate::stats::tails::{normal_density, normal_sf};

/// Largest share of the sum of squares that one block may hold for the saddlepoint approximation, which
/// takes the distribution for one with a single mode.
const MAX_SHARE: f64 = 0.25;
/// At most so many blocks are split off: 2^3 approximations cost what the grid does.
const MAX_SPLITS: usize = 3;
/// Fewer patterns than this in the tail are counted on a grid: the approximation is off by 5 % and more.
const MIN_PATTERNS: f64 = 256.0;
/// Cells of the grid between no flipped block and the observed sum.
const CELLS: f64 = 1024.0;
/// Below this share of the largest value a common step is too fine to matter.
const FINEST_STEP: f64 = 1e-4;
/// Remainders below this share of the largest value are rounding.
const STEP_ROUNDING: f64 = 1e-9;
/// Newton's method on the transformed equation takes 2 to 6 steps.
const MAX_STEPS: usize = 50;
/// Relative, of t; what is left after a step is of the order of its square.
const TOLERANCE: f64 = 1e-6;
/// So many factors of at most 2 are multiplied before a logarithm is taken.
const FACTORS: u32 = 512;
/// Nearer to the centre than this the correction of the normal tail is below 1e-5.
const CENTRE: f64 = 1e-4;

/// Blocks of one value, each with a sign of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flip {
    /// The block's value under the signs observed.
    pub(super) value: f64,
    /// How many blocks have it.
    pub(super) times: u32,
}

impl Flip {
    fn count(self) -> f64 {
        f64::from(self.times)
    }
}

/// P(Σ ±v >= Σ v) for signs at random, with patterns that equal the observed one. Multiples of `step` are corrected
/// for continuity; 0 for none.
///
/// Cost: O(values) a step, 4 steps or so; O(1024 blocks) where the grid is needed.
pub(super) fn block_tail(mut flips: Vec<Flip>, step: f64) -> f64 {
    flips.retain(|flip| flip.value != 0.0);
    let floor = 0.5_f64.powf(flips.iter().map(|flip| flip.count()).sum()).max(f64::MIN_POSITIVE);
    let against: f64 = flips.iter().filter(|flip| flip.value < 0.0).map(|flip| -flip.value * flip.count()).sum();
    let total: f64 = flips.iter().map(|flip| flip.value.abs() * flip.count()).sum();
    if against == 0.0 {
        return floor;
    }
    if against >= total {
        return 1.0;
    }
    let sizes = largest_first(&flips);
    match split(&sizes, total - 2.0 * against - step, step, MAX_SPLITS) {
        Some(tail) if tail >= MIN_PATTERNS * floor => tail.clamp(floor, 1.0),
        _ => convolution(&flips, against).clamp(floor, 1.0),
    }
}

/// The sizes of the values, those first, block by block, that may have to be split off.
fn largest_first(flips: &[Flip]) -> Vec<Flip> {
    let mut sizes: Vec<Flip> = flips.iter().map(|flip| Flip { value: flip.value.abs(), ..*flip }).collect();
    let larger = |a: &Flip, b: &Flip| b.value.total_cmp(&a.value);
    if sizes.len() > MAX_SPLITS {
        sizes.select_nth_unstable_by(MAX_SPLITS, larger);
    }
    if let Some(largest) = sizes.get_mut(..MAX_SPLITS.min(flips.len())) {
        largest.sort_unstable_by(larger);
    }
    let mut single = Vec::with_capacity(sizes.len() + MAX_SPLITS);
    for size in &mut sizes {
        let wanted = MAX_SPLITS.saturating_sub(single.len());
        let taken = size.times.min(u32::try_from(wanted).unwrap_or(u32::MAX));
        single.extend((0..taken).map(|_| Flip { times: 1, ..*size }));
        size.times -= taken;
    }
    single.extend(sizes.iter().filter(|size| size.times > 0));
    single
}

/// P(Σ ±size >= `point`): a block that dominates is taken with either sign, the rest by the saddlepoint
/// approximation. `None` where `splits` blocks are not enough.
fn split(sizes: &[Flip], point: f64, step: f64, splits: usize) -> Option<f64> {
    let total: f64 = sizes.iter().map(|size| size.value * size.count()).sum();
    if point > total {
        return Some(0.0);
    }
    if point <= -total {
        return Some(1.0);
    }
    let squares: f64 = sizes.iter().map(|size| size.value * size.value * size.count()).sum();
    let (largest, rest) = sizes.split_first()?;
    if largest.value * largest.value <= MAX_SHARE * squares {
        return saddlepoint(sizes, total, squares, point, step);
    }
    let fewer = splits.checked_sub(1)?;
    let (without, with) = (point + largest.value, point - largest.value);
    Some(0.5 * (split(rest, with, step, fewer)? + split(rest, without, step, fewer)?))
}

/// The first two derivatives of the cumulant generating function of Σ ±size.
struct Slopes {
    first: f64,
    second: f64,
}

/// At t: tanh and 1/cosh² both from exp(-2|t| size), which cannot overflow.
fn slopes(sizes: &[Flip], t: f64) -> Slopes {
    let (mut first, mut second) = (0.0, 0.0);
    for size in sizes {
        let e = (-2.0 * t.abs() * size.value).exp();
        let inverse = 1.0 / (1.0 + e);
        let weight = size.value * size.count();
        first += weight * (1.0 - e) * inverse;
        second += weight * size.value * 4.0 * e * inverse * inverse;
    }
    Slopes { first: first.copysign(t), second }
}

/// The cumulant generating function itself.
fn cumulant(sizes: &[Flip], t: f64) -> f64 {
    let (mut sum, mut product, mut factors) = (0.0, 1.0, 0);
    for size in sizes {
        let stretched = t.abs() * size.value;
        let factor = 1.0 + (-2.0 * stretched).exp();
        sum += size.count() * (stretched - LN_2);
        if factors + size.times > FACTORS {
            sum += f64::ln(product);
            (product, factors) = (1.0, 0);
        }
        if size.times > FACTORS {
            sum += size.count() * factor.ln();
        } else {
            product *= power(factor, size.times);
            factors += size.times;
        }
    }
    sum + product.ln()
}

/// Most values have one block.
fn power(factor: f64, times: u32) -> f64 {
    (1..times).fold(factor, |power, _| power * factor)
}

/// P(Σ ±size >= `point`) by Lugannani & Rice (1980), with Daniels' (1987) second continuity correction:
/// `point` lies half of a step of the sum, which is `step`, below the value in question. `None` where no
/// saddlepoint is found.
fn saddlepoint(sizes: &[Flip], total: f64, squares: f64, point: f64, step: f64) -> Option<f64> {
    let Saddle { t, second } = solve(sizes, total, squares, point)?;
    let w = (2.0 * (t * point - cumulant(sizes, t))).max(0.0).sqrt().copysign(t);
    if w.abs() < CENTRE {
        return Some(normal_sf(w));
    }
    let stretched = if step > 0.0 { (t * step).sinh() / step } else { t };
    let tail = normal_sf(w) + normal_density(w) * (1.0 / (stretched * second.sqrt()) - 1.0 / w);
    (tail.is_finite() && tail > 0.0).then_some(tail)
}

/// Where the first cumulant is a point, and the second one there, to [`TOLERANCE`].
struct Saddle {
    t: f64,
    second: f64,
}

/// The t at which the first cumulant is `point`. Solved for atanh(K'(t) / Σ|v|), which is a line where
/// all blocks are equal and nearly so elsewhere.
fn solve(sizes: &[Flip], total: f64, squares: f64, point: f64) -> Option<Saddle> {
    let target = (point / total).atanh();
    let mut t = target * total / squares;
    for _ in 0..MAX_STEPS {
        let at = slopes(sizes, t);
        let share = at.first / total;
        let slope = at.second / total / (1.0 - share * share);
        let step = (target - share.atanh()) / slope;
        t += step;
        if !t.is_finite() {
            return None;
        }
        if step.abs() <= TOLERANCE * t.abs() {
            return Some(Saddle { t, second: at.second });
        }
    }
    None
}

/// The share of the sets of blocks whose sizes sum to at most `against`, by convolution on a grid.
///
/// Sizes are rounded to cells, so that a set of k blocks is off by √(k/12) cells or so. That much is
/// allowed for: sets that equal the observed one are in, and p errs upward.
fn convolution(flips: &[Flip], against: f64) -> f64 {
    let cells = |flip: &Flip| (flip.value.abs() * (CELLS / against)).round();
    let observed: f64 = flips.iter().filter(|flip| flip.value < 0.0).map(|flip| cells(flip) * flip.count()).sum();
    // What is next to nothing (below 1e-304) has no cells: nothing is said by it.
    if !observed.is_finite() {
        return 1.0;
    }
    let blocks: f64 = flips.iter().map(|flip| flip.count()).sum();
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "about CELLS")]
    let length = 1 + (observed + (blocks / 12.0).sqrt().ceil()) as usize;
    let mut shares = vec![0.0; length];
    if let Some(none) = shares.first_mut() {
        *none = 1.0;
    }
    let mut next = shares.clone();
    for flip in flips.iter().flat_map(|flip| std::iter::repeat_n(flip, flip.times as usize)) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no negative size; saturates")]
        let shift = cells(flip) as usize;
        let (low, high) = next.split_at_mut(shift.min(length));
        for (next, share) in low.iter_mut().zip(&shares) {
            *next = 0.5 * share;
        }
        let kept = shares.iter().skip(shift);
        for ((next, share), flipped) in high.iter_mut().zip(kept).zip(&shares) {
            *next = 0.5 * (share + flipped);
        }
        std::mem::swap(&mut shares, &mut next);
    }
    shares.iter().sum()
}

/// The largest step that all `values` are multiples of, to rounding; 0 where it is too fine to matter.
pub(super) fn lattice_step(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let largest = values.clone().fold(0.0, f64::max);
    let mut step = 0.0;
    for value in values.filter(|value| *value > 0.0) {
        step = common_divisor(value, step, STEP_ROUNDING * largest);
        if step < FINEST_STEP * largest {
            return 0.0;
        }
    }
    step
}

/// Euclid's algorithm on reals: remainders to the nearest multiple, those within `rounding` being zero.
fn common_divisor(mut larger: f64, mut smaller: f64, rounding: f64) -> f64 {
    while smaller > rounding {
        let remainder = (larger - smaller * (larger / smaller).round()).abs();
        (larger, smaller) = (smaller, remainder);
    }
    larger
}
