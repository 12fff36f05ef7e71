//! `vegeta report -type=json`: one report, or several behind each other. Times are nanoseconds.

use std::collections::BTreeMap;
use std::io::Read;

use canary_core::squeeze::{Latency, LoadNoteCode, Outcome, Pacing, Quantile, Replies};
use serde::Deserialize;

use crate::bounded::{milliseconds, not_negative, positive};
use crate::error::Fault;
use crate::parsed::{Found, Parsed};
use crate::status;
use crate::time::Time;

const NS_IN_MS: f64 = 1e6;
const NS_IN_SECOND: f64 = 1e9;

#[derive(Deserialize)]
struct Report {
    latencies: Latencies,
    earliest: Time,
    end: Time,
    duration: f64,
    wait: f64,
    requests: u64,
    status_codes: BTreeMap<String, u64>,
    #[serde(default)]
    errors: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Latencies {
    mean: Option<f64>,
    min: Option<f64>,
    #[serde(rename = "50th")]
    p50: Option<f64>,
    #[serde(rename = "90th")]
    p90: Option<f64>,
    #[serde(rename = "95th")]
    p95: Option<f64>,
    #[serde(rename = "99th")]
    p99: Option<f64>,
    max: Option<f64>,
}

/// Parses.
pub(super) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    let mut parsed = Parsed::default();
    for report in serde_json::Deserializer::from_reader(reader).into_iter::<Report>() {
        let report = report?;
        if report.requests < 2 {
            // One request has no rate.
            parsed.notes.push(canary_core::squeeze::LoadNote::new(LoadNoteCode::RowsWithoutStep, 1));
            continue;
        }
        parsed.steps.push(step(&report)?);
    }
    Ok(parsed)
}

fn step(report: &Report) -> Result<Found, Fault> {
    let requests = report.requests as f64;
    let first_to_last = positive("duration", report.duration)? / NS_IN_SECOND;
    let wait = not_negative("wait", report.wait)? / NS_IN_SECOND;
    if report.end < report.earliest {
        return Err(Fault::key("end", report.end.0, "a time after `earliest`"));
    }
    let counted: u64 = report.status_codes.values().fold(0, |sum, &count| sum.saturating_add(count));
    if counted != report.requests {
        return Err(Fault::key("status_codes", format!("{counted} requests"), "as many as in `requests`"));
    }
    // `duration` is from the first to the last request: one distance less than the step.
    let seconds = first_to_last * requests / (requests - 1.0);
    let mut found = Found::new(seconds);
    found.sent_rate = Some(requests / seconds);
    let step = &mut found.step;
    step.started_ms = Some(report.earliest.0.as_millisecond());
    step.sent = report.requests;
    (step.ok, step.errors) = status::tally(&report.status_codes);
    unanswered(report, &mut step.errors);
    step.drain_seconds = Some((first_to_last + wait - seconds).max(0.0));
    step.latency = latency(&report.latencies)?;
    step.generator.pacing = Pacing::Even;
    if step.errors.total() > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total());
    }
    Ok(found)
}

/// Status 0 is a request without a reply; the distinct errors say of which kind, where they agree.
fn unanswered(report: &Report, errors: &mut canary_core::squeeze::ErrorCounts) {
    let unanswered = report.status_codes.get("0").copied().unwrap_or_default();
    let words = report.errors.iter().flatten().filter(|words| !words.starts_with(|first: char| first.is_ascii_digit()));
    let mut kinds = words.map(|words| status::failure(words));
    if let Some(kind) = kinds.next().filter(|kind| *kind != Outcome::Other && kinds.all(|other| other == *kind)) {
        errors.other -= unanswered.min(errors.other);
        status::add(errors, kind, unanswered);
    }
}

fn latency(latencies: &Latencies) -> Result<Latency, Fault> {
    let ms = |key, value| milliseconds(key, value, 1.0 / NS_IN_MS);
    let mut quantiles = Vec::new();
    for (quantile, key, value) in [
        (0.5, "50th", latencies.p50),
        (0.9, "90th", latencies.p90),
        (0.95, "95th", latencies.p95),
        (0.99, "99th", latencies.p99),
    ] {
        quantiles.extend(ms(key, value)?.map(|ms| Quantile { quantile, ms }));
    }
    Ok(Latency {
        of: Replies::All,
        mean_ms: ms("mean", latencies.mean)?,
        min_ms: ms("min", latencies.min)?,
        max_ms: ms("max", latencies.max)?,
        quantiles,
        ..Latency::default()
    })
}
