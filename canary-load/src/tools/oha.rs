//! `oha --output-format json`. Times are seconds.

use std::collections::BTreeMap;
use std::io::Read;

use canary_core::squeeze::{ErrorCounts, Latency, LoadNoteCode, Outcome, Pacing, Quantile, Replies};
use serde::Deserialize;

use crate::bounded::{milliseconds, positive};
use crate::error::Fault;
use crate::parsed::{Found, Parsed};
use crate::status;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    summary: Summary,
    #[serde(default)]
    latency_percentiles: BTreeMap<String, Option<f64>>,
    status_code_distribution: BTreeMap<String, u64>,
    #[serde(default)]
    error_distribution: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
struct Summary {
    total: f64,
    slowest: Option<f64>,
    fastest: Option<f64>,
    average: Option<f64>,
}

/// Parses one report or several behind each other.
pub(super) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    let reports = serde_json::Deserializer::from_reader(reader).into_iter::<Report>();
    let steps = reports.map(|report| step(&report?)).collect::<Result<_, Fault>>()?;
    Ok(Parsed { steps, ..Parsed::default() })
}

fn step(report: &Report) -> Result<Found, Fault> {
    let mut found = Found::new(positive("summary.total", report.summary.total)?);
    // A worker that waits for its turn at the end is counted as cut off like one that waits for a reply.
    found.idle_cut_off = true;
    let step = &mut found.step;
    // Not `requestsPerSec`, which counts what was cut off as answered.
    (step.ok, step.errors) = status::tally(&report.status_code_distribution);
    step.unfinished = unanswered(&report.error_distribution, &mut step.errors);
    step.sent = step.ok.saturating_add(step.errors.total()).saturating_add(step.unfinished);
    step.latency = latency(report)?;
    step.generator.pacing = Pacing::Even;
    if step.errors.total() > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total());
    }
    Ok(found)
}

/// Sorts requests without a reply into errors; those cut off at the end are returned.
fn unanswered(distribution: &BTreeMap<String, u64>, errors: &mut ErrorCounts) -> u64 {
    let mut cut_off = 0_u64;
    for (words, &count) in distribution {
        if words == "aborted due to deadline" {
            cut_off = cut_off.saturating_add(count);
        } else {
            let kind = status::failure(words);
            status::add(errors, if kind == Outcome::Ok { Outcome::Other } else { kind }, count);
        }
    }
    cut_off
}

fn latency(report: &Report) -> Result<Latency, Fault> {
    let ms = |key: &str, value| milliseconds(key, value, 1000.0);
    let mut quantiles = Vec::new();
    for (key, value) in &report.latency_percentiles {
        let percent = key.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
        let Some(percent) = percent.filter(|percent| *percent > 0.0 && *percent < 100.0) else { continue };
        quantiles.extend(ms(key, *value)?.map(|ms| Quantile { quantile: percent / 100.0, ms }));
    }
    quantiles.sort_by(|one: &Quantile, other| one.quantile.total_cmp(&other.quantile));
    Ok(Latency {
        of: Replies::All,
        mean_ms: ms("summary.average", report.summary.average)?,
        min_ms: ms("summary.fastest", report.summary.fastest)?,
        max_ms: ms("summary.slowest", report.summary.slowest)?,
        quantiles,
        ..Latency::default()
    })
}
