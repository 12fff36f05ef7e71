//! `k6 run --out csv=…`: a row a measurement. Each scenario is a step; its name says the load.

use std::collections::BTreeMap;
use std::io::Read;

use canary_core::squeeze::{LoadNote, LoadNoteCode, Omission, Outcome, Pacing};
use csv::ByteRecord;

use crate::csv_rows::{Rows, field, number, text};
use crate::error::Fault;
use crate::fold::{Fold, Request};
use crate::parsed::{Found, Parsed};
use crate::status;
use crate::time::Clock;

/// Digits of the time in whole seconds.
const SECONDS_DIGITS: usize = 10;

/// The columns that are read, wherever this version of k6 has them.
struct Columns {
    metric: usize,
    time: usize,
    value: usize,
    status: usize,
    scenario: Option<usize>,
    error_code: Option<usize>,
    expected: Option<usize>,
}

/// More requests an iteration than this, and a rate of iterations is none of requests.
const SEVERAL: f64 = 1.2;

struct Scenario {
    fold: Fold,
    dropped: u64,
    iterations: u64,
}

/// What a row measured, of what is read.
#[derive(Clone, Copy)]
enum Metric {
    Request,
    Dropped,
    Iteration,
}

/// Parses.
pub(super) fn parse(reader: impl Read, limits_ms: &[f64], duration: Option<f64>) -> Result<Parsed, Fault> {
    let mut rows = Rows::new(reader)?;
    let columns = Columns {
        metric: rows.column("metric_name")?,
        time: rows.column("timestamp")?,
        value: rows.column("metric_value")?,
        status: rows.column("status")?,
        scenario: rows.find("scenario"),
        error_code: rows.find("error_code"),
        expected: rows.find("expected_response"),
    };
    let mut scenarios: BTreeMap<String, Scenario> = BTreeMap::new();
    let mut clock = None;
    let mut whole_seconds = false;
    while let Some((line, row)) = rows.next()? {
        let metric = match row.get(columns.metric) {
            Some(b"http_req_duration") => Metric::Request,
            Some(b"dropped_iterations") => Metric::Dropped,
            Some(b"iterations") => Metric::Iteration,
            _ => continue,
        };
        let name = columns.scenario.map_or("", |column| text(row, column));
        if !scenarios.contains_key(name) {
            let fold = Fold::new(limits_ms, Omission::Unknown);
            scenarios.insert(name.to_owned(), Scenario { fold, dropped: 0, iterations: 0 });
        }
        let Some(scenario) = scenarios.get_mut(name) else { continue };
        let value = number(row, line, columns.value, "a number in `metric_value`")?;
        match metric {
            Metric::Dropped => {
                scenario.dropped = scenario.dropped.saturating_add(crate::bounded::nearest_count(value));
            }
            Metric::Iteration => {
                scenario.iterations = scenario.iterations.saturating_add(crate::bounded::nearest_count(value));
            }
            Metric::Request => {
                let stamp = field(row, columns.time);
                let clock = match clock {
                    Some(clock) => clock,
                    None => *clock.insert(Clock::of(stamp, line)?),
                };
                whole_seconds = stamp.len() == SECONDS_DIGITS;
                let ended_ms = clock.milliseconds(stamp, line)?;
                // k6 stamps a request when it ends.
                let request = Request { sent_ms: ended_ms - value, latency_ms: value, outcome: outcome(row, &columns) };
                scenario.fold.add(request, line)?;
            }
        }
    }
    let step = |(name, scenario): (String, Scenario)| scenario.step(name, duration, whole_seconds);
    let mut steps: Vec<Found> = scenarios.into_iter().map(step).collect();
    steps.sort_by_key(|found| found.step.started_ms);
    let mut parsed = Parsed { steps, ..Parsed::default() };
    if whole_seconds {
        let advice = "K6_CSV_TIME_FORMAT=unix_micro cuts a step at its end exactly";
        parsed.notes.push(LoadNote::new(LoadNoteCode::Other, 0).with_detail(advice));
    }
    Ok(parsed)
}

impl Scenario {
    fn step(self, name: String, duration: Option<f64>, whole_seconds: bool) -> Found {
        let (dropped, iterations) = (self.dropped, self.iterations);
        let fold = if whole_seconds { self.fold.in_whole_seconds() } else { self.fold };
        let mut found = fold.finish(duration, true);
        found.step.generator.pacing = Pacing::Even;
        found.step.generator.dropped = dropped;
        if dropped > 0 {
            found.note(LoadNoteCode::DroppedByGenerator, dropped);
        }
        let each = found.step.sent as f64 / iterations as f64;
        if each >= SEVERAL && each.is_finite() {
            let advice = format!("{each:.1} requests an iteration: --rates gives the rates in requests");
            found.notes.push(LoadNote::new(LoadNoteCode::Other, 0).with_detail(advice));
        }
        found.load = crate::name::Named::of(&name).load();
        // What was sent is what was asked for only where k6 says that it dropped nothing, which it does not.
        found.sent_rate = None;
        found.name = Some(name);
        found
    }
}

/// What k6 was told to expect wins over the status: a 404 may be right.
fn outcome(row: &ByteRecord, columns: &Columns) -> Outcome {
    let status = status::code(field(row, columns.status)).unwrap_or_default();
    match columns.expected.map(|column| field(row, column)) {
        Some(b"true") => return Outcome::Ok,
        Some(b"false") if (200..400).contains(&status) => return Outcome::Other,
        _ => {}
    }
    if status == 0 {
        failure(columns.error_code.map_or("", |column| text(row, column)))
    } else {
        status::outcome(status)
    }
}

/// k6's documented codes of requests without a reply.
fn failure(code: &str) -> Outcome {
    match code.parse::<u32>() {
        Ok(1050 | 1211) => Outcome::Timeout,
        Ok(1100..=1399 | 1600..=1799) => Outcome::Connection,
        _ => Outcome::Other,
    }
}
