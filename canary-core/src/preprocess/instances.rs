//! The series of every instance, where the instance is the unit.

use super::{Prepared, Traffic, counter, relate};
use crate::config::{Kind, Settings, Unit};
use crate::metric::{Arm, MetricPair};
use crate::preprocess::Role;

/// The series of both sides' instances on the grid; empty where the minute is the unit.
#[derive(Clone, Debug, Default)]
pub(crate) struct InstanceSeries {
    pub(crate) baseline: Vec<Vec<f64>>,
    pub(crate) canary: Vec<Vec<f64>>,
}

/// Keeps the instances apart, where a side has several and the rule does not say that minutes are the unit.
/// A value counts where its side has one: common start, warm-up and what else was left out hold for all.
pub(super) fn keep_apart(pair: &MetricPair<'_>, settings: &Settings, traffic: &Traffic<'_>, out: &mut Prepared) {
    out.instances.baseline.clear();
    out.instances.canary.clear();
    let (baseline, canary) = (pair.baseline.instances(), pair.canary.instances());
    let several = baseline.max(canary) > 1 && baseline.min(canary) > 0;
    if !several || settings.unit == Unit::Minute || out.role == Role::Exposure || out.lacking.is_some() {
        return;
    }
    out.instances.baseline = series(&pair.baseline, settings.kind, &out.baseline);
    out.instances.canary = series(&pair.canary, settings.kind, &out.canary);
    if let Some(reference) = &settings.normalise_by {
        let own = traffic.single(pair.region, reference);
        let own = own.as_ref().map(|(pair, kind)| (&pair.baseline, &pair.canary, *kind));
        let (of_baseline, of_canary, kind) =
            own.map_or((None, None, Kind::Gauge), |(b, c, kind)| (Some(b), Some(c), kind));
        divide(&mut out.instances.baseline, of_baseline, kind, &out.traffic.baseline);
        divide(&mut out.instances.canary, of_canary, kind, &out.traffic.canary);
    }
}

fn series(arm: &Arm<'_>, kind: Kind, side: &[f64]) -> Vec<Vec<f64>> {
    let one = |instance: usize| {
        let mut values = of(arm, instance, kind, side.len());
        for (value, side) in values.iter_mut().zip(side) {
            if side.is_nan() {
                *value = f64::NAN;
            }
        }
        values
    };
    (0..arm.instances()).map(one).collect()
}

fn of(arm: &Arm<'_>, instance: usize, kind: Kind, ticks: usize) -> Vec<f64> {
    let mut values = vec![f64::NAN; ticks];
    arm.fill(instance, &mut values);
    if kind == Kind::Counter {
        counter::to_increases(&mut values);
    }
    values
}

/// The least and the greatest value over the instances of one side at every tick where `side` has one, NaN where
/// it has none. `None` for a single instance, and where the side is their sum, which none of them is near.
pub(crate) fn extremes(arm: &Arm<'_>, settings: &Settings, side: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    if arm.instances() < 2 || settings.counts_events() || settings.normalise_by.is_some() {
        return None;
    }
    let mut ends = (vec![f64::NAN; side.len()], vec![f64::NAN; side.len()]);
    for values in series(arm, settings.kind, side) {
        for (value, (least, greatest)) in values.into_iter().zip(ends.0.iter_mut().zip(ends.1.iter_mut())) {
            *least = least.min(value);
            *greatest = greatest.max(value);
        }
    }
    Some(ends)
}

/// Each instance over its own traffic, where one metric with the same instances holds it; else over an equal
/// share of its side's.
fn divide(instances: &mut [Vec<f64>], own: Option<&Arm<'_>>, kind: Kind, side: &[f64]) {
    let share = 1.0 / instances.len().max(1) as f64;
    let own = own.filter(|arm| arm.instances() == instances.len());
    for (instance, values) in instances.iter_mut().enumerate() {
        match own {
            Some(arm) => relate::divide_where_positive(values, &of(arm, instance, kind, side.len())),
            None => values.iter_mut().zip(side).for_each(|(value, total)| *value /= total * share),
        }
    }
}
