//! What each side shows above its level and the other side does not share, in units of the level.

use super::level::{Side, Sides, mean_magnitude};

/// A level below this share of the side's mean level is not divided by.
const MIN_LEVEL_SHARE: f64 = 0.1;

/// What an excess over the level is measured in. Where the levels agree the two are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// The mean of both levels: fair where noise does not follow the level.
    Common,
    /// The side's own level: fair where it does.
    Own,
}

/// Both sides' excesses, tick by tick.
#[derive(Debug, Default)]
pub(super) struct Excess {
    pub(super) baseline: Vec<f64>,
    pub(super) canary: Vec<f64>,
    unit: Vec<f64>,
}

impl Excess {
    /// Measures the excesses of `sides`. What both sides show above their levels at the same tick is load
    /// and not the canary's doing: of the other side's upward movement the share that the sides have in
    /// common is taken off. Exchanging the sides exchanges the results.
    pub(super) fn measure(&mut self, sides: &Sides, shared: f64, unit: Unit) {
        let Self { baseline, canary, unit: units, .. } = self;
        match unit {
            Unit::Common => {
                common_unit(sides, units);
                divide(&sides.baseline.excess, units, baseline);
                divide(&sides.canary.excess, units, canary);
            }
            Unit::Own => {
                own_unit(&sides.baseline, units);
                divide(&sides.baseline.excess, units, baseline);
                own_unit(&sides.canary, units);
                divide(&sides.canary.excess, units, canary);
            }
        }
        take_off_shared(baseline, canary, shared);
    }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn take_off_shared(baseline: &mut [f64], canary: &mut [f64], shared: f64) {
    for (b, c) in baseline.iter_mut().zip(canary) {
        let (up_b, up_c) = (if *b > 0.0 { *b } else { 0.0 }, if *c > 0.0 { *c } else { 0.0 });
        *b -= shared * up_c;
        *c -= shared * up_b;
    }
}

/// The share of the movements about the level that the sides have in common, 0 to 1: the correlation of a
/// normal pair whose signs agree as often (Sheppard 1899), which no far value can move.
pub(super) fn shared_movement(sides: &Sides) -> f64 {
    let (mut balance, mut moving) = (0_i32, 0_i32);
    for (b, c) in sides.baseline.excess.iter().zip(&sides.canary.excess) {
        let both = sign(*b) * sign(*c);
        balance += both;
        moving += both * both;
    }
    if balance <= 0 {
        return 0.0;
    }
    (std::f64::consts::FRAC_PI_2 * f64::from(balance) / f64::from(moving)).sin()
}

/// -1, 0 or 1.
fn sign(value: f64) -> i32 {
    i32::from(value > 0.0) - i32::from(value < 0.0)
}

fn common_unit(sides: &Sides, out: &mut Vec<f64>) {
    let Sides { baseline, canary, .. } = sides;
    let least = f64::midpoint(least_unit(baseline), least_unit(canary));
    out.clear();
    out.extend(baseline.level.iter().zip(&canary.level).map(|(b, c)| larger(f64::midpoint(b.abs(), c.abs()), least)));
}

fn own_unit(side: &Side, out: &mut Vec<f64>) {
    let least = least_unit(side);
    out.clear();
    out.extend(side.level.iter().map(|level| larger(level.abs(), least)));
}

/// Where the level is zero throughout, the mean value stands for it.
fn least_unit(side: &Side) -> f64 {
    let level = mean_magnitude(&side.level);
    if level > 0.0 { MIN_LEVEL_SHARE * level } else { mean_magnitude(&side.values) }
}

fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}

#[multiversion::multiversion(targets("x86_64+avx2"))]
fn divide(values: &[f64], units: &[f64], out: &mut Vec<f64>) {
    out.clear();
    // A unit of zero is that of a side that is zero throughout.
    out.extend(values.iter().zip(units).map(|(value, unit)| if *unit > 0.0 { value / unit } else { 0.0 }));
}
