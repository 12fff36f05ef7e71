//! `autocannon --json`. Latencies are whole milliseconds; a number of connections is kept busy.

use std::collections::BTreeMap;
use std::io::Read;

use canary_core::squeeze::{Latency, Load, LoadNoteCode, Omission, Quantile, Replies};
use serde::Deserialize;
use serde_json::Value;

use crate::bounded::{not_negative, positive};
use crate::error::Fault;
use crate::parsed::{Found, Parsed};
use crate::status;
use crate::time::Time;

#[derive(Deserialize)]
struct Report {
    connections: u64,
    #[serde(default = "one")]
    pipelining: u64,
    duration: f64,
    start: Option<Time>,
    errors: u64,
    timeouts: u64,
    #[serde(default)]
    resets: u64,
    #[serde(rename = "statusCodeStats", default)]
    status_codes: BTreeMap<String, Counted>,
    #[serde(rename = "1xx", default)]
    informational: u64,
    #[serde(rename = "2xx")]
    success: u64,
    #[serde(rename = "3xx")]
    redirect: u64,
    #[serde(rename = "4xx")]
    client: u64,
    #[serde(rename = "5xx")]
    server: u64,
    latency: BTreeMap<String, Value>,
    requests: Requests,
}

#[derive(Deserialize)]
struct Counted {
    count: u64,
}

#[derive(Deserialize)]
struct Requests {
    sent: Option<u64>,
}

fn one() -> u64 {
    1
}

/// Parses one report or several behind each other.
pub(super) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    let reports = serde_json::Deserializer::from_reader(reader).into_iter::<Report>();
    let steps = reports.map(|report| step(&report?)).collect::<Result<_, Fault>>()?;
    Ok(Parsed { steps, ..Parsed::default() })
}

fn step(report: &Report) -> Result<Found, Fault> {
    let mut found = Found::new(positive("duration", report.duration)?);
    let in_flight = report.connections.saturating_mul(report.pipelining.max(1));
    if in_flight == 0 {
        return Err(Fault::key("connections", 0, "one connection or more"));
    }
    found.load = Some(Load::Closed { clients: in_flight });
    let step = &mut found.step;
    step.generator.max_in_flight = Some(in_flight);
    step.started_ms = report.start.map(|start| start.0.as_millisecond());
    count(report, step)?;
    step.latency = latency(&report.latency)?;
    found.note(LoadNoteCode::CoarseLatency, 1);
    found.note(LoadNoteCode::CoordinatedOmission, 0);
    if found.step.errors.total() > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total());
    }
    Ok(found)
}

fn count(report: &Report, step: &mut canary_core::squeeze::LoadStep) -> Result<(), Fault> {
    if report.status_codes.is_empty() {
        // Versions before statusCodeStats: a 503 cannot be told from another 5xx.
        step.ok = report.success.saturating_add(report.redirect);
        step.errors.client = report.client;
        step.errors.server = report.server;
        step.errors.other = report.informational;
    } else {
        let codes = report.status_codes.iter().map(|(code, counted)| (code.clone(), counted.count)).collect();
        (step.ok, step.errors) = status::tally(&codes);
        let classes = report.success.saturating_add(report.redirect);
        if step.ok != classes {
            return Err(Fault::key("statusCodeStats", step.ok, "as many good replies as in `2xx` and `3xx`"));
        }
    }
    // `errors` holds the timeouts; a reset may be in it or stand beside it.
    step.errors.timeout = report.timeouts;
    step.errors.connection = report.errors.saturating_sub(report.timeouts).max(report.resets);
    let answered = step.ok.saturating_add(step.errors.total());
    step.sent = report.requests.sent.unwrap_or(answered).max(answered);
    step.unfinished = step.sent - answered;
    Ok(())
}

fn latency(values: &BTreeMap<String, Value>) -> Result<Latency, Fault> {
    let number = |key: &str| {
        let value = values.get(key).and_then(Value::as_f64);
        value.map(|value| not_negative(key, value)).transpose()
    };
    let mut quantiles = Vec::new();
    for key in values.keys() {
        let percent = key.strip_prefix('p').and_then(|digits| digits.replace('_', ".").parse::<f64>().ok());
        let Some(percent) = percent.filter(|percent| *percent > 0.0 && *percent < 100.0) else { continue };
        quantiles.extend(number(key)?.map(|ms| Quantile { quantile: percent / 100.0, ms }));
    }
    quantiles.sort_by(|one: &Quantile, other| one.quantile.total_cmp(&other.quantile));
    Ok(Latency {
        of: Replies::All,
        mean_ms: number("average")?,
        min_ms: number("min")?,
        max_ms: number("max")?,
        quantiles,
        resolution_ms: Some(1.0),
        omission: Omission::Uncorrected,
        ..Latency::default()
    })
}
