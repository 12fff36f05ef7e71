//! Whether the two sides can be compared at all, looked at before anything is compared.
//!
//! A difference between the sides that is no difference between the builds (fewer minutes, another clock,
//! machines that keep restarting) shows in hundreds of metrics at once. Each check answers with the
//! numbers of both sides.

mod clock;
mod coverage;
mod instances;
mod traffic;
mod warm_up;

use crate::config::FairnessSettings;
use crate::metric::{Arm, MetricPair, MetricSet};
use crate::note::NoteCode;
use crate::report::{Check, Fairness, Outcome};

/// All checks on `metrics` but those that `settings` leaves out, in a fixed order. Checks that the data say
/// nothing about are left out as well. Cost: O(cells) for coverage; the others look at a sample.
pub(crate) fn checks(metrics: &MetricSet, settings: &FairnessSettings) -> Vec<Fairness> {
    let found = [
        traffic::traffic(metrics, settings),
        instances::instances(metrics),
        instances::restarts(metrics),
        clock::skew(metrics),
        Some(step(metrics)),
        warm_up::warm_up(metrics),
        coverage::coverage(metrics),
    ];
    found.into_iter().flatten().filter(|found| !settings.ignore.contains(&found.check)).collect()
}

/// At most this many metrics are looked at by the checks that need the series themselves.
const SAMPLE: usize = 200;

/// Evenly spaced metrics that both sides have; the same ones whatever the threads.
fn sample(metrics: &MetricSet) -> impl Iterator<Item = MetricPair<'_>> {
    let every = metrics.len().div_ceil(SAMPLE).max(1);
    metrics.iter().step_by(every).filter(|pair| pair.baseline.instances() > 0 && pair.canary.instances() > 0)
}

/// The mean over the instances that report, NaN where none does.
fn mean_series(arm: &Arm<'_>, ticks: usize) -> Vec<f64> {
    let (mut sums, mut counts) = (vec![0.0; ticks], vec![0.0; ticks]);
    let mut series = vec![f64::NAN; ticks];
    for instance in 0..arm.instances() {
        arm.fill(instance, &mut series);
        for ((sum, count), value) in sums.iter_mut().zip(&mut counts).zip(&series) {
            if !value.is_nan() {
                *sum += value;
                *count += 1.0;
            }
        }
    }
    sums.iter().zip(counts).map(|(sum, count)| sum / count).collect()
}

/// Two steps are one grid only after the finer side was averaged: its noise is smaller from then on.
fn step(metrics: &MetricSet) -> Fairness {
    let differs = metrics.notes().iter().any(|note| note.code == NoteCode::DifferentSteps);
    let outcome = if differs { Outcome::Odd } else { Outcome::Alike };
    // The steps themselves stand in the note.
    Fairness { check: Check::Step, outcome, baseline: None, canary: None }
}
