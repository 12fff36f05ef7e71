//! k6's summary: `--summary-export`, or `data` of `handleSummary`. One step: the whole run.

use std::collections::BTreeMap;
use std::io::Read;

use canary_core::squeeze::{Latency, LoadNoteCode, Pacing, Quantile, Replies};
use serde::Deserialize;
use serde_json::Value;

use crate::bounded::{nearest_count, not_negative, positive};
use crate::error::Fault;
use crate::parsed::{Found, Parsed};

#[derive(Deserialize)]
struct Summary {
    metrics: BTreeMap<String, Value>,
    #[serde(default)]
    state: State,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    test_run_duration_ms: Option<f64>,
}

/// Parses one summary or several behind each other.
pub(super) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    let summaries = serde_json::Deserializer::from_reader(reader).into_iter::<Summary>();
    let steps = summaries.map(|summary| step(&summary?)).collect::<Result<_, Fault>>()?;
    Ok(Parsed { steps, ..Parsed::default() })
}

impl Summary {
    /// A number of a metric; `handleSummary` keeps them one level deeper.
    fn number(&self, metric: &str, key: &str) -> Option<f64> {
        let metric = self.metrics.get(metric)?;
        metric.get("values").unwrap_or(metric).get(key)?.as_f64()
    }

    fn required(&self, metric: &'static str, key: &'static str) -> Result<f64, Fault> {
        self.number(metric, key).ok_or_else(|| Fault::key(&format!("metrics.{metric}.{key}"), "nothing", "a number"))
    }
}

fn step(summary: &Summary) -> Result<Found, Fault> {
    let requests = not_negative("metrics.http_reqs.count", summary.required("http_reqs", "count")?)?;
    let rate = summary.required("http_reqs", "rate")?;
    let told = summary.state.test_run_duration_ms.map(|ms| ms / 1000.0);
    let seconds = positive("metrics.http_reqs.rate", told.unwrap_or(requests / rate))?;
    // In a rate metric `value` is the share of what it is about: of failed requests here.
    let failed = summary.number("http_req_failed", "value").or_else(|| summary.number("http_req_failed", "rate"));
    let share =
        failed.ok_or_else(|| Fault::key("metrics.http_req_failed.value", "nothing", "the share of failures"))?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Fault::key("metrics.http_req_failed.value", share, "a share between 0 and 1"));
    }
    let mut found = Found::new(seconds);
    let step = &mut found.step;
    let errors = nearest_count(share * requests);
    step.sent = nearest_count(requests);
    step.ok = step.sent.saturating_sub(errors);
    step.errors.other = errors;
    step.generator.dropped = nearest_count(summary.number("dropped_iterations", "count").unwrap_or_default());
    step.generator.max_in_flight = summary.number("vus_max", "max").map(nearest_count);
    step.generator.pacing = Pacing::Even;
    step.latency = latency(summary)?;
    let dropped = step.generator.dropped;
    // The run's length holds its graceful stop, and nothing says where it began.
    found.note(LoadNoteCode::DrainInRate, 0);
    if dropped > 0 {
        found.note(LoadNoteCode::DroppedByGenerator, dropped);
    }
    if errors > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, errors);
    }
    Ok(found)
}

fn latency(summary: &Summary) -> Result<Latency, Fault> {
    const METRIC: &str = "http_req_duration";
    let ms = |key: &str| summary.number(METRIC, key).map(|ms| not_negative(key, ms)).transpose();
    let mut quantiles = Vec::new();
    quantiles.extend(ms("med")?.map(|ms| Quantile { quantile: 0.5, ms }));
    for (key, quantile) in [("p(90)", 0.9), ("p(95)", 0.95), ("p(99)", 0.99), ("p(99.9)", 0.999)] {
        quantiles.extend(ms(key)?.map(|ms| Quantile { quantile, ms }));
    }
    Ok(Latency {
        of: Replies::All,
        mean_ms: ms("avg")?,
        min_ms: ms("min")?,
        max_ms: ms("max")?,
        quantiles,
        ..Latency::default()
    })
}
