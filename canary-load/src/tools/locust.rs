//! Locust's `*_stats_history.csv`: a row a second. A step is a time with one number of users.

use std::io::Read;

use canary_core::squeeze::{Latency, Load, LoadNote, LoadNoteCode, Omission, Quantile, Replies};
use csv::ByteRecord;

use crate::csv_rows::{Rows, number, text};
use crate::error::{Fault, Place};
use crate::parsed::{Found, Parsed};

/// Seconds at the start of a step that still hold the step before.
const SETTLING_SECONDS: f64 = 2.0;
/// Users are added one after the other: a number of users held for less is on the way to another.
const SHORTEST_SECONDS: f64 = 2.0;
/// The time that Locust's percentiles look back.
const SLIDING_SECONDS: f64 = 10.0;
/// The row that holds all names.
const AGGREGATED: &str = "Aggregated";
const QUANTILES: [(&str, f64); 6] =
    [("50%", 0.5), ("90%", 0.9), ("95%", 0.95), ("99%", 0.99), ("99.9%", 0.999), ("100%", 1.0)];

struct Columns {
    time: usize,
    users: usize,
    name: usize,
    requests: usize,
    failures: usize,
    mean: Option<usize>,
    quantiles: Vec<(usize, f64)>,
}

/// One second.
#[derive(Clone, Debug)]
struct Second {
    time: f64,
    users: u64,
    requests: u64,
    failures: u64,
    /// Mean latency of everything so far.
    mean_ms: Option<f64>,
    quantiles: Vec<Quantile>,
}

/// Parses.
pub(super) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    let mut rows = Rows::new(reader)?;
    let columns = Columns {
        time: rows.column("Timestamp")?,
        users: rows.column("User Count")?,
        name: rows.column("Name")?,
        requests: rows.column("Total Request Count")?,
        failures: rows.column("Total Failure Count")?,
        mean: rows.find("Total Average Response Time"),
        quantiles: QUANTILES.iter().filter_map(|&(name, quantile)| Some((rows.find(name)?, quantile))).collect(),
    };
    let mut seconds: Vec<Second> = Vec::new();
    let mut backwards = 0;
    while let Some((line, row)) = rows.next()? {
        if text(row, columns.name) != AGGREGATED {
            continue;
        }
        let second = second(row, line, &columns)?;
        if seconds.last().is_some_and(|last| second.time < last.time) {
            backwards += 1;
        }
        seconds.push(second);
    }
    if seconds.is_empty() {
        let expected = "rows with the name `Aggregated`";
        return Err(Fault::new(Place::Key("Name".to_owned()), "no such row", expected));
    }
    let mut parsed = steps(&seconds);
    if backwards > 0 {
        parsed.notes.push(LoadNote::new(LoadNoteCode::TimesOutOfOrder, backwards));
    }
    Ok(parsed)
}

fn second(row: &ByteRecord, line: u64, columns: &Columns) -> Result<Second, Fault> {
    let count = |column: usize, expected: &'static str| {
        let number = number(row, line, column, expected)?;
        crate::bounded::count(number).ok_or_else(|| Fault::new(Place::Line(line), format!("`{number}`"), expected))
    };
    let requests = count(columns.requests, "a count in `Total Request Count`")?;
    let failures = count(columns.failures, "a count in `Total Failure Count`")?;
    if failures > requests {
        let found = format!("{failures} failures of {requests} requests");
        return Err(Fault::new(Place::Line(line), found, "at most as many failures as requests"));
    }
    let milliseconds = |column: usize| text(row, column).parse::<f64>().ok().filter(|ms| *ms >= 0.0 && ms.is_finite());
    let quantile = |&(column, quantile): &(usize, f64)| milliseconds(column).map(|ms| Quantile { quantile, ms });
    Ok(Second {
        time: number(row, line, columns.time, "seconds since 1970 in `Timestamp`")?,
        users: count(columns.users, "a count in `User Count`")?,
        requests,
        failures,
        mean_ms: columns.mean.and_then(milliseconds),
        quantiles: columns.quantiles.iter().filter_map(quantile).collect(),
    })
}

fn steps(seconds: &[Second]) -> Parsed {
    let mut parsed = Parsed::default();
    let mut left_out = 0_u64;
    // Counts that fall were reset (Locust does so when all users are there): what comes after stands by itself.
    let belongs = |one: &Second, next: &Second| {
        one.users == next.users
            && next.requests >= one.requests
            && next.failures >= one.failures
            && next.time >= one.time
    };
    for held in seconds.chunk_by(belongs) {
        match step(held) {
            Some(found) => parsed.steps.push(found),
            None if held.iter().any(|second| second.users > 0) => left_out += held.len() as u64,
            None => {}
        }
    }
    if left_out > 0 {
        parsed.notes.push(LoadNote::new(LoadNoteCode::RowsWithoutStep, left_out));
    }
    if !parsed.steps.is_empty() {
        let seconds = crate::bounded::nearest_count(SETTLING_SECONDS);
        parsed.notes.push(LoadNote::new(LoadNoteCode::FirstSecondsLeftOut, seconds));
        parsed.notes.push(LoadNote::new(LoadNoteCode::CoordinatedOmission, 0));
    }
    parsed
}

/// A step from the rows with its number of users; `None` where they are too few to tell a rate.
fn step(held: &[Second]) -> Option<Found> {
    let (start, end) = (held.first()?, held.last()?);
    let settled = held.iter().find(|second| second.time >= start.time + SETTLING_SECONDS)?;
    let seconds = end.time - settled.time;
    if start.users == 0 || seconds < SHORTEST_SECONDS {
        return None;
    }
    let mut found = Found::new(seconds);
    found.load = Some(Load::Closed { clients: start.users });
    let step = &mut found.step;
    step.started_ms = Some(crate::bounded::whole_ms(settled.time * 1000.0));
    step.sent = end.requests - settled.requests;
    step.errors.other = end.failures - settled.failures;
    step.ok = step.sent.saturating_sub(step.errors.other);
    step.generator.max_in_flight = Some(start.users);
    let (max, quantiles): (Vec<Quantile>, Vec<Quantile>) = end.quantiles.iter().partition(|at| at.quantile >= 1.0);
    step.latency = Latency {
        of: Replies::All,
        mean_ms: mean(settled, end),
        max_ms: max.first().map(|max| max.ms),
        quantiles,
        sliding_seconds: Some(SLIDING_SECONDS),
        omission: Omission::Uncorrected,
        ..Latency::default()
    };
    if seconds < SLIDING_SECONDS {
        found.note(LoadNoteCode::SlidingQuantiles, crate::bounded::nearest_count(SLIDING_SECONDS));
    }
    Some(found)
}

/// The mean of the step alone, out of two means since the start of the run.
fn mean(settled: &Second, end: &Second) -> Option<f64> {
    let sum = |second: &Second| second.mean_ms.map(|mean| mean * second.requests as f64);
    let requests = end.requests.saturating_sub(settled.requests);
    let mean = (sum(end)? - sum(settled)?) / requests as f64;
    (mean >= 0.0 && mean.is_finite()).then_some(mean)
}
