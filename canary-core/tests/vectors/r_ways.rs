//! Where R approximates and this crate does not: R's way from our statistic to R's number, so that both can
//! be compared.

use std::f64::consts::PI;

use canary_core::stats::{Alternative, Continuity, KolmogorovSmirnov, Sample, TwoSamples, mann_whitney, signed_rank};

/// R's default tolerance for the ends of an interval, in the unit of the values.
pub(crate) const R_ROOT_TOLERANCE: f64 = 1e-4;

/// Below 1 R sums the theta series of Kolmogorov's distribution to its first term: its p-value is too large
/// by the second one, 2e-5 at most.
pub(crate) fn as_r_truncates(found: KolmogorovSmirnov) -> f64 {
    let x = found.scaled;
    let second = (2.0 * PI).sqrt() / x * (-9.0 * PI * PI / (8.0 * x * x)).exp();
    if x < 1.0 { found.p_value() + second } else { found.p_value() }
}

/// The normal quantile of a two-sided level, from tables.
pub(crate) fn normal_quantile(level: f64) -> f64 {
    match level {
        0.9 => 1.644_853_626_951_472_2,
        0.95 => 1.959_963_984_540_054,
        0.98 => 2.326_347_874_040_841,
        other => panic!("no vector has the level {other}"),
    }
}

/// The tolerance with which R was called.
pub(crate) fn r_shift_tolerance(sides: &TwoSamples) -> f64 {
    let values = sides.baseline.values().iter().chain(sides.canary.values());
    1e-13 * values.fold(0.0, |largest: f64, value| largest.max(value.abs()))
}

/// Where R's root finder stops on its way to the shift at which U is `quantile` from its mean. The statistic
/// is a step function. R's estimate (quantile 0) is the first point of the plateau at which it arrives.
pub(crate) fn root_of_shift(sides: &TwoSamples, quantile: f64, continuity: Continuity) -> f64 {
    let (baseline, canary) = (sides.baseline.values(), sides.canary.values());
    let (low, high) = (canary[0] - baseline[baseline.len() - 1], canary[canary.len() - 1] - baseline[0]);
    let excess = |shift: f64| {
        let at_shift = TwoSamples { baseline: sides.baseline.clone(), canary: shifted(canary, shift) };
        mann_whitney(&at_shift).z(Alternative::TwoSided, continuity) - quantile
    };
    root_within(excess, low, high, r_shift_tolerance(sides))
}

/// R takes an end of the range where the statistic is on the far side of it already.
fn root_within(excess: impl Fn(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    if excess(low) <= 0.0 {
        low
    } else if excess(high) >= 0.0 {
        high
    } else {
        root(excess, low, high, tolerance)
    }
}

/// Where R's root finder stops on its way to the shift at which the signed ranks are `quantile` from
/// their mean.
pub(crate) fn root_of_signed_rank(differences: &Sample, quantile: f64, continuity: Continuity) -> f64 {
    let values = differences.values();
    let (low, high) = (values[0], values[values.len() - 1]);
    let excess = |shift: f64| signed_rank(&shifted(values, shift)).z(Alternative::TwoSided, continuity) - quantile;
    root_within(excess, low, high, R_ROOT_TOLERANCE)
}

fn shifted(values: &[f64], shift: f64) -> Sample {
    Sample::new(&values.iter().map(|value| value - shift).collect::<Vec<_>>()).unwrap()
}

/// A root of `function` between `low` and `high` by Brent's (1973) method, as R's `uniroot` runs it.
///
/// The function is a step function here: the method stops at the first point where it is exactly zero, or
/// when the bracket is narrower than `tolerance`. Both depend on its path, so the path is followed.
fn root(function: impl Fn(f64) -> f64, low: f64, high: f64, tolerance: f64) -> f64 {
    let at = |x: f64| Point { x, y: function(x) };
    // `best` has the smaller value, `across` the other sign; `last` is the best before this one.
    let (mut last, mut best) = (at(low), at(high));
    let mut across = last;
    for _ in 0..1000 {
        let moved = best.x - last.x;
        if across.y.abs() < best.y.abs() {
            (last, best, across) = (best, across, best);
        }
        let narrow = 2.0 * f64::EPSILON * best.x.abs() + tolerance / 2.0;
        let half = (across.x - best.x) / 2.0;
        if half.abs() <= narrow || best.y == 0.0 {
            break;
        }
        let trusted = moved.abs() >= narrow && last.y.abs() > best.y.abs();
        let step = if trusted { interpolated(last, best, across, moved, narrow) } else { None }.unwrap_or(half);
        let step = if step.abs() < narrow { narrow.copysign(step) } else { step };
        last = best;
        best = at(best.x + step);
        if (best.y > 0.0) == (across.y > 0.0) && best.y != 0.0 {
            across = last;
        }
    }
    best.x
}

#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

/// A secant or inverse quadratic step, where it is short enough to be believed.
fn interpolated(last: Point, best: Point, across: Point, moved: f64, narrow: f64) -> Option<f64> {
    let width = across.x - best.x;
    let (numerator, denominator) = if last.x == across.x {
        let ratio = best.y / last.y;
        (width * ratio, 1.0 - ratio)
    } else {
        let (over, near, ratio) = (last.y / across.y, best.y / across.y, best.y / last.y);
        let numerator = ratio * (width * over * (over - near) - (best.x - last.x) * (near - 1.0));
        (numerator, (over - 1.0) * (near - 1.0) * (ratio - 1.0))
    };
    let (numerator, denominator) = if numerator > 0.0 { (numerator, -denominator) } else { (-numerator, denominator) };
    let inside = numerator < 0.75 * width * denominator - (narrow * denominator).abs() / 2.0;
    let shrinking = numerator < (moved * denominator / 2.0).abs();
    (inside && shrinking).then(|| numerator / denominator)
}
