//! From the observations of one metric to pairs of values, in a fixed order of steps:
//!
//! 1. **counter** – each instance's sums become increases a tick; a fall is a reset and drops its tick.
//! 2. **instances** – the mean over the instances that report at a tick; the sum, where the metric is a count
//!    or divided by its traffic.
//! 3. **common start** – ticks before both sides of the region live are left out.
//! 4. **warm-up** – the first part of the canary's life is left out, on both sides.
//! 5. **outliers** – dropped, where the rule asks for it, each side by itself.
//! 6. **traffic** – values are put beside the traffic that the rule names, or divided by it.
//! 7. **pairing** – a tick counts where both sides have a value.
//!
//! Alignment to the grid, the window, duplicates and missing values come before: they are the same for
//! every metric and happen once, in [`crate::MetricSet::from_observations`]. Every step that drops or
//! changes something leaves a note with the count.

mod counter;
mod coverage;
mod instances;
mod outlier;
mod relate;
mod traffic;

use crate::config::{Kind, Outliers, Settings};
use crate::metric::{Arm, MetricPair};
use crate::note::{Note, NoteCode, Side};
use crate::report::Reason;
pub(crate) use coverage::{missing_unequally, unjudgeable};
pub(crate) use instances::{InstanceSeries, extremes};
pub(crate) use relate::Role;
use relate::relate;
pub(crate) use traffic::{Sides, Traffic};

/// Buffers that are used again for every metric, and what they hold after [`prepare`].
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    /// The baseline on the grid, NaN where missing.
    pub(crate) baseline: Vec<f64>,
    /// The canary on the grid, NaN where missing.
    pub(crate) canary: Vec<f64>,
    /// (baseline, canary) at every tick where both have a value.
    pub(crate) pairs: Vec<(f64, f64)>,
    /// The same before the deployment, where there is such a time.
    pub(crate) before: Vec<(f64, f64)>,
    /// Usable values of the baseline.
    pub(crate) baseline_points: usize,
    /// Usable values of the canary.
    pub(crate) canary_points: usize,
    /// The traffic of both sides, where `role` says what it means.
    pub(crate) traffic: Sides,
    /// What the traffic means.
    pub(crate) role: Role,
    /// The share of a side's ticks with requests that have a value, the lesser of both sides; `None` where
    /// requests are not known.
    pub(crate) covered: Option<f64>,
    /// Why there is no traffic where the rule names some.
    pub(crate) lacking: Option<Reason>,
    /// The instances one by one, where they are the unit.
    pub(crate) instances: InstanceSeries,
    /// What was dropped or changed.
    pub(crate) notes: Vec<Note>,
    scratch: Vec<f64>,
}

/// Times of the run, in ticks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    /// The length of the canary's life that is left out.
    pub(crate) warmup: usize,
    /// The tick from which on the canary runs the new build; what comes before is its past.
    pub(crate) deployed: Option<usize>,
}

impl Times {
    /// The first tick that is compared in the region of `pair`.
    pub(crate) fn start(&self, pair: &MetricPair<'_>) -> usize {
        if let Some(deployed) = self.deployed {
            return deployed.saturating_add(self.warmup);
        }
        let warm = pair.first_canary.filter(|_| self.warmup > 0).map_or(0, |first| first.saturating_add(self.warmup));
        pair.first_common.unwrap_or(0).max(warm)
    }
}

/// Runs the steps on one metric. Cost: O(ticks × instances).
pub(crate) fn prepare(
    pair: &MetricPair<'_>,
    settings: &Settings,
    traffic: &Traffic<'_>,
    ticks: usize,
    times: Times,
    out: &mut Prepared,
) {
    // From the deployment on the warm-up is counted where there is one, not from the start of the canary.
    let warmup = if times.deployed.is_none() { times.warmup } else { 0 };
    each_side(pair, settings, ticks, warmup, out);
    relate(pair, settings, traffic, out);
    if let Some(deployed) = times.deployed {
        // Each side's own past cancels what differs between machines.
        split_off_past(deployed, times.warmup, out);
    } else {
        out.before.clear();
        instances::keep_apart(pair, settings, traffic, out);
    }
    pair_up(out);
}

/// Every step that concerns each side by itself.
fn each_side(pair: &MetricPair<'_>, settings: &Settings, ticks: usize, warmup: usize, out: &mut Prepared) {
    let Prepared { baseline, canary, notes, scratch, .. } = out;
    let summed = settings.counts_events() || settings.normalise_by.is_some();
    notes.clear();
    for (side, arm, series) in [(Side::Baseline, &pair.baseline, &mut *baseline), (Side::Canary, &pair.canary, canary)]
    {
        notes_on_input(side, arm, notes);
        series.clear();
        series.resize(ticks, f64::NAN);
        let resets = if summed {
            sum_over_instances(arm, settings.kind, series, scratch)
        } else {
            mean_over_instances(arm, settings.kind, series, scratch)
        };
        push(notes, Note::on(side, NoteCode::CounterReset, resets));
        let first = pair.first_common.unwrap_or(0);
        push(notes, Note::on(side, NoteCode::BeforeCommonStart, clear(series, 0..first)));
        let warm = pair.first_canary.map_or(0, |first| first.saturating_add(warmup));
        let from = if warmup == 0 { 0 } else { warm };
        push(notes, Note::on(side, NoteCode::WarmUp, clear(series, 0..from)));
        if settings.outliers == Outliers::Drop {
            push(notes, Note::on(side, NoteCode::Outliers, outlier::drop_far_out(series, scratch)));
        }
    }
}

/// The pairs before the deployment go apart; warm-up starts there.
fn split_off_past(deployed: usize, warmup: usize, out: &mut Prepared) {
    let Prepared { baseline, canary, before, notes, instances, .. } = out;
    *instances = InstanceSeries::default();
    before.clear();
    let past = baseline.iter().zip(canary.iter()).take(deployed);
    before.extend(past.filter(|(b, c)| !b.is_nan() && !c.is_nan()).map(|(&b, &c)| (b, c)));
    for (side, series) in [(Side::Baseline, baseline), (Side::Canary, canary)] {
        push(notes, Note::on(side, NoteCode::BeforeDeployment, clear(series, 0..deployed)));
        let warm = deployed..deployed.saturating_add(warmup);
        push(notes, Note::on(side, NoteCode::WarmUp, clear(series, warm)));
    }
}

fn pair_up(out: &mut Prepared) {
    let Prepared { baseline, canary, pairs, notes, .. } = out;
    let points = |series: &[f64]| series.iter().filter(|value| !value.is_nan()).count();
    out.baseline_points = points(baseline);
    out.canary_points = points(canary);
    pairs.clear();
    let both = baseline.iter().zip(canary.iter()).filter(|(b, c)| !b.is_nan() && !c.is_nan());
    pairs.extend(both.map(|(&b, &c)| (b, c)));
    let alone = |points: usize| (points - pairs.len()) as u64;
    push(notes, Note::on(Side::Baseline, NoteCode::OnlyOneSide, alone(out.baseline_points)));
    push(notes, Note::on(Side::Canary, NoteCode::OnlyOneSide, alone(out.canary_points)));
}

fn push(notes: &mut Vec<Note>, note: Note) {
    if note.count > 0 {
        notes.push(note);
    }
}

fn notes_on_input(side: Side, arm: &Arm<'_>, notes: &mut Vec<Note>) {
    let counts = arm.counts();
    push(notes, Note::on(side, NoteCode::Missing, counts.missing));
    push(notes, Note::on(side, NoteCode::NotFinite, counts.infinite));
    push(notes, Note::on(side, NoteCode::SeveralPerTick, counts.several));
}

/// Writes the mean over the instances over `series`; answers the number of counter resets. Instances are
/// taken in by name, so that the order of the input changes no bit.
fn mean_over_instances(arm: &Arm<'_>, kind: Kind, series: &mut [f64], scratch: &mut Vec<f64>) -> u64 {
    let mut resets = 0;
    let mut one_instance = |instance: usize, values: &mut [f64]| {
        arm.fill(instance, values);
        if kind == Kind::Counter {
            resets += counter::to_increases(values);
        }
    };
    if arm.instances() == 1 {
        one_instance(0, series);
        return resets;
    }
    scratch.clear();
    scratch.resize(series.len(), f64::NAN);
    let mut counts = vec![0_u32; series.len()];
    for instance in 0..arm.instances() {
        one_instance(instance, scratch);
        for ((mean, count), &value) in series.iter_mut().zip(&mut counts).zip(scratch.iter()) {
            if !value.is_nan() {
                *count += 1;
                let share = 1.0 / f64::from(*count);
                // A running mean of shares: neither a sum nor a difference of two values can overflow.
                *mean = if *count == 1 { value } else { *mean * (1.0 - share) + value * share };
            }
        }
    }
    resets
}

/// Adds the sum over the instances that report at a tick to `series`, where NaN is no value yet; answers the
/// number of counter resets.
fn sum_over_instances(arm: &Arm<'_>, kind: Kind, series: &mut [f64], scratch: &mut Vec<f64>) -> u64 {
    let mut resets = 0;
    scratch.clear();
    scratch.resize(series.len(), f64::NAN);
    for instance in 0..arm.instances() {
        arm.fill(instance, scratch);
        if kind == Kind::Counter {
            resets += counter::to_increases(scratch);
        }
        for (sum, &value) in series.iter_mut().zip(scratch.iter()).filter(|(_, value)| !value.is_nan()) {
            *sum = if sum.is_nan() { value } else { *sum + value };
        }
    }
    resets
}

/// Takes the values of `range` away; answers how many there were.
fn clear(series: &mut [f64], range: std::ops::Range<usize>) -> u64 {
    let end = range.end.min(series.len());
    let mut cleared = 0;
    for value in series.get_mut(range.start..end).unwrap_or_default() {
        cleared += u64::from(!value.is_nan());
        *value = f64::NAN;
    }
    cleared
}
