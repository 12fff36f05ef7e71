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
const TOLERANCE: f64 = 1e-9;
/// Nearer to the centre than this the correction of the normal tail is below 1e-5.
const CENTRE: f64 = 1e-4;
/// So many factors of at most 2 are multiplied before a logarithm is taken.
const FACTORS: usize = 512;

/// P(Σ ±v >= Σ v) for signs at random, with patterns that equal the observed one. Zeros are removed from
/// `values`. Multiples of `step` are corrected for continuity; 0 for none.
///
/// Cost: O(n) a step, 4 steps or so; O(1024 n) where the grid is needed.
pub(super) fn block_tail(values: &mut Vec<f64>, step: f64) -> f64 {
    values.retain(|value| *value != 0.0);
    let floor = 0.5_f64.powf(values.len() as f64).max(f64::MIN_POSITIVE);
    let against: f64 = values.iter().filter(|value| **value < 0.0).map(|value| -value).sum();
    let total: f64 = values.iter().map(|value| value.abs()).sum();
    if against == 0.0 {
        return floor;
    }
    if against >= total {
        return 1.0;
    }
    let sizes = largest_first(values);
    match split(&sizes, total - 2.0 * against - step, step, MAX_SPLITS) {
        Some(tail) if tail >= MIN_PATTERNS * floor => tail.clamp(floor, 1.0),
        _ => convolution(values, against).clamp(floor, 1.0),
    }
}

/// The sizes, those first that may have to be split off.
fn largest_first(values: &[f64]) -> Vec<f64> {
    let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
    if sizes.len() > MAX_SPLITS {
        sizes.select_nth_unstable_by(MAX_SPLITS, |a, b| b.total_cmp(a));
        if let Some(largest) = sizes.get_mut(..MAX_SPLITS) {
            largest.sort_unstable_by(|a, b| b.total_cmp(a));
        }
    }
    sizes
}

/// P(Σ ±size >= `point`): a block that dominates is taken with either sign, the rest by the saddlepoint
/// approximation. `None` where `splits` blocks are not enough.
fn split(sizes: &[f64], point: f64, step: f64, splits: usize) -> Option<f64> {
    let total: f64 = sizes.iter().sum();
    if point > total {
        return Some(0.0);
    }
    if point <= -total {
        return Some(1.0);
    }
    let squares: f64 = sizes.iter().map(|size| size * size).sum();
    let (largest, rest) = sizes.split_first()?;
    if largest * largest <= MAX_SHARE * squares {
        return saddlepoint(sizes, total, squares, point, step);
    }
    let fewer = splits.checked_sub(1)?;
    Some(0.5 * (split(rest, point - largest, step, fewer)? + split(rest, point + largest, step, fewer)?))
}

/// The cumulant generating function of Σ ±size at t: its value and first two derivatives.
struct Cumulants {
    value: f64,
    first: f64,
    second: f64,
}

fn cumulants(sizes: &[f64], t: f64) -> Cumulants {
    let (mut first, mut second, mut logarithm) = (0.0, 0.0, 0.0);
    for chunk in sizes.chunks(FACTORS) {
        let mut product = 1.0;
        for size in chunk {
            // ln cosh, tanh and 1/cosh² all from e = exp(-2|t| size), which cannot overflow.
            let e = (-2.0 * t.abs() * size).exp();
            let inverse = 1.0 / (1.0 + e);
            first += size * (1.0 - e) * inverse;
            second += size * size * 4.0 * e * inverse * inverse;
            logarithm += t.abs() * size - LN_2;
            product *= 1.0 + e;
        }
        logarithm += product.ln();
    }
    Cumulants { value: logarithm, first: first.copysign(t), second }
}

/// P(Σ ±size >= `point`) by Lugannani & Rice (1980), with Daniels' (1987) second continuity correction:
/// `point` lies half of a step of the sum, which is `step`, below the value in question. `None` where no
/// saddlepoint is found.
fn saddlepoint(sizes: &[f64], total: f64, squares: f64, point: f64, step: f64) -> Option<f64> {
    let t = solve(sizes, total, squares, point)?;
    let at = cumulants(sizes, t);
    let w = (2.0 * (t * point - at.value)).max(0.0).sqrt().copysign(t);
    if w.abs() < CENTRE {
        return Some(normal_sf(w));
    }
    let stretched = if step > 0.0 { (t * step).sinh() / step } else { t };
    let tail = normal_sf(w) + normal_density(w) * (1.0 / (stretched * at.second.sqrt()) - 1.0 / w);
    (tail.is_finite() && tail > 0.0).then_some(tail)
}

/// The t at which the first cumulant is `point`. Solved for atanh(K'(t) / Σ|v|), which is a line where
/// all blocks are equal and nearly so elsewhere.
fn solve(sizes: &[f64], total: f64, squares: f64, point: f64) -> Option<f64> {
    let target = (point / total).atanh();
    let mut t = target * total / squares;
    for _ in 0..MAX_STEPS {
        let at = cumulants(sizes, t);
        let share = at.first / total;
        let slope = at.second / total / (1.0 - share * share);
        let step = (target - share.atanh()) / slope;
        t += step;
        if !t.is_finite() {
            return None;
        }
        if step.abs() <= TOLERANCE * t.abs() {
            return Some(t);
        }
    }
    None
}

/// The share of the sets of blocks whose sizes sum to at most `against`, by convolution on a grid.
///
/// Sizes are rounded to cells, so that a set of k blocks is off by √(k/12) cells or so. That much is
/// allowed for: sets that equal the observed one are in, and p errs upward.
fn convolution(values: &[f64], against: f64) -> f64 {
    let cells = |value: &f64| (value.abs() * (CELLS / against)).round();
    let observed: f64 = values.iter().filter(|value| **value < 0.0).map(cells).sum();
    // What is next to nothing (below 1e-304) has no cells: nothing is said by it.
    if !observed.is_finite() {
        return 1.0;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "about CELLS")]
    let length = 1 + (observed + (values.len() as f64 / 12.0).sqrt().ceil()) as usize;
    let mut shares = vec![0.0; length];
    if let Some(none) = shares.first_mut() {
        *none = 1.0;
    }
    let mut next = shares.clone();
    for value in values {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "no negative size; saturates")]
        let shift = cells(value) as usize;
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
