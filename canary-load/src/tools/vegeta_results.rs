//! `vegeta encode -to csv`: a row a request, without a header. Times are nanoseconds.

use std::io::Read;

use canary_core::squeeze::{LoadNote, LoadNoteCode, Omission, Outcome, Pacing};
use csv::{ByteRecord, ReaderBuilder};

use crate::csv_rows::{number, text};
use crate::error::Fault;
use crate::fold::{Fold, Request};
use crate::parsed::Parsed;
use crate::status;

const NS_IN_MS: f64 = 1e6;
const BUFFER: usize = 1 << 16;
/// Columns of vegeta's row.
const SENT: usize = 0;
const STATUS: usize = 1;
const LATENCY: usize = 2;
const ERROR: usize = 5;

/// Parses one step.
pub(super) fn parse(reader: impl Read, limits_ms: &[f64], duration: Option<f64>) -> Result<Parsed, Fault> {
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(BUFFER).from_reader(reader);
    let mut row = ByteRecord::new();
    let mut fold = Fold::new(limits_ms, Omission::Unknown);
    while reader.read_byte_record(&mut row)? {
        let line = row.position().map_or(0, csv::Position::line);
        let sent_ms = number(&row, line, SENT, "nanoseconds since 1970 in the first field")? / NS_IN_MS;
        let latency_ms = number(&row, line, LATENCY, "nanoseconds in the third field")? / NS_IN_MS;
        let status = number(&row, line, STATUS, "a status in the second field")?;
        fold.add(Request { sent_ms, latency_ms, outcome: outcome(&row, status) }, line)?;
    }
    let mut parsed = Parsed::default();
    if fold.sent() < 2 {
        parsed.notes.push(LoadNote::new(LoadNoteCode::RowsWithoutStep, fold.sent()));
        return Ok(parsed);
    }
    let mut found = fold.finish(duration, true);
    found.step.generator.pacing = Pacing::Even;
    parsed.steps.push(found);
    Ok(parsed)
}

fn outcome(row: &ByteRecord, status: f64) -> Outcome {
    if status == 0.0 {
        return status::failure(text(row, ERROR));
    }
    crate::bounded::count(status).and_then(|status| u16::try_from(status).ok()).map_or(Outcome::Other, status::outcome)
}
