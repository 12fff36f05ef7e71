//! A metric beside its traffic: where both have a value, and divided by it where the rule asks for it.

use super::{Prepared, Traffic, push};
use crate::config::{Kind, Reference, Settings};
use crate::metric::MetricPair;
use crate::note::{Note, NoteCode, Side};
use crate::report::{Reason, RelatedKey};

/// What the traffic of a metric means to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Role {
    /// There is none, or the values were divided by it.
    #[default]
    Nothing,
    /// What events are counted over.
    Exposure,
    /// The weight of each value.
    Weight,
    /// How many requests each value is a quantile of.
    SampleSize,
}

/// Fetches the traffic that the rule names and keeps the ticks that make sense beside it.
pub(super) fn relate(pair: &MetricPair<'_>, settings: &Settings, traffic: &Traffic<'_>, out: &mut Prepared) {
    out.role = Role::Nothing;
    out.lacking = None;
    out.covered = None;
    let Some((key, reference)) = named(settings) else {
        if settings.counts_events() {
            out.role = Role::Exposure;
            per_tick(pair, out);
        }
        return;
    };
    let Some(sides) = traffic.of(pair.region, reference) else {
        out.lacking = Some(Reason::RelatedMissing { key, metric: reference.to_string().into() });
        return;
    };
    out.traffic = sides;
    out.lacking =
        silent(out).map(|side| Reason::RelatedWithoutValues { key, metric: reference.to_string().into(), side });
    if out.lacking.is_some() {
        return;
    }
    if key == RelatedKey::Requests {
        out.covered =
            Some(covered(&out.baseline, &out.traffic.baseline).min(covered(&out.canary, &out.traffic.canary)));
    }
    match key {
        RelatedKey::Denominator => {
            out.role = Role::Exposure;
            keep(out, |count, requests| count >= 0.0 && requests >= 0.0);
        }
        RelatedKey::NormaliseBy => {
            keep(out, |_, requests| requests > 0.0);
            divide(&mut out.baseline, &out.traffic.baseline);
            divide(&mut out.canary, &out.traffic.canary);
        }
        RelatedKey::Requests if settings.kind == Kind::Quantile => out.role = Role::SampleSize,
        RelatedKey::Requests => {
            out.role = Role::Weight;
            keep(out, |_, requests| requests > 0.0);
        }
    }
}

fn named(settings: &Settings) -> Option<(RelatedKey, &Reference)> {
    let denominator = settings.denominator.as_ref().map(|reference| (RelatedKey::Denominator, reference));
    let normalise_by = || settings.normalise_by.as_ref().map(|reference| (RelatedKey::NormaliseBy, reference));
    let requests = || settings.requests.as_ref().map(|reference| (RelatedKey::Requests, reference));
    denominator.or_else(normalise_by).or_else(requests)
}

/// Without a denominator events are counted per tick of an instance.
fn per_tick(pair: &MetricPair<'_>, out: &mut Prepared) {
    let Prepared { baseline, canary, traffic, scratch, .. } = out;
    for (arm, series, exposure) in
        [(&pair.baseline, baseline, &mut traffic.baseline), (&pair.canary, canary, &mut traffic.canary)]
    {
        exposure.clear();
        exposure.resize(series.len(), 0.0);
        scratch.clear();
        scratch.resize(series.len(), f64::NAN);
        for instance in 0..arm.instances() {
            arm.fill(instance, scratch);
            for (exposure, value) in exposure.iter_mut().zip(scratch.iter()) {
                *exposure += if value.is_nan() { 0.0 } else { 1.0 };
            }
        }
    }
    keep(out, |count, _| count >= 0.0);
}

/// The side whose metric has values and whose traffic has none at those times.
fn silent(out: &Prepared) -> Option<Side> {
    let is_silent = |series: &[f64], traffic: &[f64]| {
        let mut present = series.iter().zip(traffic).filter(|(value, _)| !value.is_nan()).peekable();
        present.peek().is_some() && present.all(|(_, traffic)| traffic.is_nan())
    };
    if is_silent(&out.baseline, &out.traffic.baseline) {
        Some(Side::Baseline)
    } else if is_silent(&out.canary, &out.traffic.canary) {
        Some(Side::Canary)
    } else {
        None
    }
}

/// A mean or a quantile of no request does not exist: of the ticks with requests, the share with a value.
fn covered(series: &[f64], requests: &[f64]) -> f64 {
    let busy = || series.iter().zip(requests).filter(|(_, requests)| **requests > 0.0);
    busy().filter(|(value, _)| !value.is_nan()).count() as f64 / busy().count().max(1) as f64
}

/// Takes away what `valid` refuses, on both the metric and its traffic; NaN is always refused.
fn keep(out: &mut Prepared, valid: impl Fn(f64, f64) -> bool) {
    let Prepared { baseline, canary, traffic, notes, .. } = out;
    for (side, series, traffic) in
        [(Side::Baseline, baseline, &mut traffic.baseline), (Side::Canary, canary, &mut traffic.canary)]
    {
        let mut dropped = 0;
        for (value, traffic) in series.iter_mut().zip(traffic.iter_mut()) {
            if !valid(*value, *traffic) || traffic.is_nan() {
                dropped += u64::from(!value.is_nan());
                (*value, *traffic) = (f64::NAN, f64::NAN);
            }
        }
        push(notes, Note::on(side, NoteCode::WithoutTraffic, dropped));
    }
}

fn divide(series: &mut [f64], traffic: &[f64]) {
    for (value, traffic) in series.iter_mut().zip(traffic) {
        *value /= traffic;
    }
}

/// The same with NaN where there is no traffic.
pub(super) fn divide_where_positive(series: &mut [f64], traffic: &[f64]) {
    for (value, traffic) in series.iter_mut().zip(traffic) {
        *value = if *traffic > 0.0 { *value / traffic } else { f64::NAN };
    }
}
