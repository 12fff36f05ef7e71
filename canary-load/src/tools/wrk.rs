//! The text of wrk, and of wrk2, which is wrk with a rate (`-R`).

use canary_core::squeeze::{
    Bucket, Histogram, Latency, Load, LoadNote, LoadNoteCode, LoadStep, Omission, Pacing, Quantile, Replies,
};

use crate::bounded::positive;
use crate::error::{Fault, Place};
use crate::length;
use crate::parsed::{Found, Parsed};

/// Seconds that wrk2 takes to calibrate itself, during which it records no latency.
const CALIBRATION_SECONDS: u64 = 10;

/// Parses one report or several behind each other.
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let mut parsed = Parsed::default();
    let mut reports: Vec<String> = Vec::new();
    for line in text.lines() {
        if line.starts_with("Running ") && line.contains(" test @ ") {
            reports.push(String::new());
        }
        if let Some(report) = reports.last_mut() {
            report.push_str(line);
            report.push('\n');
        }
    }
    for (at, report) in reports.iter().enumerate() {
        let is_wrk2 = report.contains("Thread calibration") || report.contains("Recorded Latency");
        if is_wrk2 {
            parsed.tool = Some("wrk2".to_owned());
        }
        parsed.steps.push(step(report, at + 1, is_wrk2)?);
    }
    Ok(parsed)
}

fn step(report: &str, number: usize, is_wrk2: bool) -> Result<Found, Fault> {
    let connections = connections(report).ok_or_else(|| missing(number, "threads and connections"))?;
    let (requests, seconds) = totals(report).ok_or_else(|| missing(number, "requests in"))?;
    let mut found = Found::new(positive("requests in", seconds)?);
    // wrk2 says nowhere which rate it was asked for, and sends fewer when the server is slow.
    found.load = (!is_wrk2).then_some(Load::Closed { clients: connections });
    let step = &mut found.step;
    count(report, requests, number, is_wrk2, step)?;
    step.generator.max_in_flight = Some(connections);
    step.generator.pacing = if is_wrk2 { Pacing::Waves } else { Pacing::Unknown };
    step.latency = latency(report, is_wrk2);
    if is_wrk2 {
        found.note(LoadNoteCode::ArrivalWaves, connections);
        found.note(LoadNoteCode::FirstSecondsLeftOut, CALIBRATION_SECONDS);
    } else {
        found.note(LoadNoteCode::CoordinatedOmission, 0);
    }
    if found.step.errors.total() > 0 {
        found.notes.push(LoadNote::new(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total()));
    }
    Ok(found)
}

fn missing(number: usize, what: &'static str) -> Fault {
    Fault::new(Place::Report(number, what), "nothing", "the line of wrk's report; is the file complete?")
}

/// `  1 threads and 64 connections`
fn connections(report: &str) -> Option<u64> {
    let line = report.lines().find(|line| line.contains(" threads and "))?;
    let connections = line.split(" and ").nth(1)?.trim().strip_suffix("connections")?;
    connections.trim().parse().ok().filter(|connections| *connections > 0)
}

/// `  5438 requests in 17.01s, 669.13KB read`
fn totals(report: &str) -> Option<(u64, f64)> {
    let (requests, rest) = report.lines().find_map(|line| line.trim().split_once(" requests in "))?;
    let ms = length::milliseconds(rest.split(',').next()?)?;
    Some((requests.trim().parse().ok()?, ms / 1000.0))
}

/// `  Non-2xx or 3xx responses: 12` and `  Socket errors: connect 0, read 1, write 0, timeout 2`; requests
/// without a reply are not among the requests.
fn count(report: &str, requests: u64, number: usize, is_wrk2: bool, step: &mut LoadStep) -> Result<(), Fault> {
    let after = |title: &str| report.lines().find_map(|line| line.trim().strip_prefix(title));
    let bad = after("Non-2xx or 3xx responses:").map_or(Some(0), |count| count.trim().parse::<u64>().ok());
    let bad = bad.filter(|bad| *bad <= requests);
    step.errors.other = bad.ok_or_else(|| {
        Fault::new(Place::Report(number, "Non-2xx or 3xx responses"), "no such count", "at most as many as requests")
    })?;
    step.ok = requests - step.errors.other;
    for part in after("Socket errors:").into_iter().flat_map(|parts| parts.split(',')) {
        let mut words = part.split_whitespace();
        let (Some(kind), Some(Ok(count))) = (words.next(), words.next().map(str::parse::<u64>)) else {
            let found = format!("`{}`", part.trim());
            return Err(Fault::new(Place::Report(number, "Socket errors"), found, "a kind and its count"));
        };
        let class = if kind == "timeout" { &mut step.errors.timeout } else { &mut step.errors.connection };
        *class = class.saturating_add(count);
    }
    if !is_wrk2 {
        // wrk calls a reply that took longer than its limit a timeout and counts it among the requests as well.
        step.errors.timeout = step.errors.timeout.min(step.ok);
        step.ok -= step.errors.timeout;
    }
    step.sent = step.ok.saturating_add(step.errors.total());
    Ok(())
}

fn latency(report: &str, is_wrk2: bool) -> Latency {
    let stats = report.lines().find_map(|line| line.trim().strip_prefix("Latency "));
    let mut stats = stats.into_iter().flat_map(str::split_whitespace).map(length::milliseconds);
    let mean_ms = stats.next().flatten();
    let max_ms = stats.nth(1).flatten();
    Latency {
        of: Replies::All,
        mean_ms,
        max_ms,
        quantiles: report.lines().filter_map(quantile).collect(),
        histogram: if is_wrk2 { spectrum(report) } else { None },
        omission: if is_wrk2 { Omission::Corrected } else { Omission::Uncorrected },
        ..Latency::default()
    }
}

/// `     50%   12.45ms` and ` 99.900%    3.04s`
fn quantile(line: &str) -> Option<Quantile> {
    let (percent, length) = line.trim().split_once('%')?;
    let percent = percent.parse::<f64>().ok().filter(|percent| *percent > 0.0 && *percent < 100.0)?;
    Some(Quantile { quantile: percent / 100.0, ms: length::milliseconds(length)? })
}

/// `    2093.055     0.500000         1078         2.00`: value in ms, share, count up to it.
fn spectrum(report: &str) -> Option<Histogram> {
    let (_, rows) = report.split_once("Detailed Percentile spectrum:")?;
    let mut buckets = Vec::new();
    let mut before = (0.0, 0_u64);
    let rows = rows.lines().skip_while(|line| !line.trim().starts_with(|first: char| first.is_ascii_digit()));
    for row in rows.take_while(|line| !line.starts_with('#')) {
        let mut fields = row.split_whitespace();
        let upper_ms = fields.next()?.parse::<f64>().ok()?;
        let count = fields.nth(1)?.parse::<u64>().ok()?;
        if upper_ms.is_nan() || upper_ms < before.0 || count < before.1 {
            return None;
        }
        buckets.push(Bucket { upper_ms, count: count - before.1 });
        before = (upper_ms, count);
    }
    (!buckets.is_empty()).then(|| Histogram::new(buckets))
}
