//! `hey -o csv`: a row a request that got a reply, seconds since the tool began.

use std::io::Read;

use canary_core::squeeze::{LoadNote, LoadNoteCode, Omission, Outcome};

use crate::csv_rows::{Rows, number};
use crate::error::Fault;
use crate::fold::{Fold, Request};
use crate::parsed::Parsed;
use crate::status;

/// Parses one step.
pub(super) fn parse(reader: impl Read, limits_ms: &[f64], duration: Option<f64>) -> Result<Parsed, Fault> {
    let mut rows = Rows::new(reader)?;
    let (latency, status, offset) =
        (rows.column("response-time")?, rows.column("status-code")?, rows.column("offset")?);
    let mut fold = Fold::new(limits_ms, Omission::Uncorrected);
    while let Some((line, row)) = rows.next()? {
        let sent_ms = number(row, line, offset, "seconds in `offset`")? * 1000.0;
        let latency_ms = number(row, line, latency, "seconds in `response-time`")? * 1000.0;
        let status = number(row, line, status, "a status in `status-code`")?;
        let status = crate::bounded::count(status).and_then(|status| u16::try_from(status).ok());
        fold.add(Request { sent_ms, latency_ms, outcome: status.map_or(Outcome::Other, status::outcome) }, line)?;
    }
    let mut parsed = Parsed::default();
    if fold.sent() < 2 {
        parsed.notes.push(LoadNote::new(LoadNoteCode::RowsWithoutStep, fold.sent()));
        return Ok(parsed);
    }
    let mut found = fold.finish(duration, false);
    found.sent_rate = None;
    found.note(LoadNoteCode::CoordinatedOmission, 0);
    found
        .notes
        .push(LoadNote::new(LoadNoteCode::Other, 0).with_detail("requests without a reply are not in hey's CSV"));
    parsed.steps.push(found);
    Ok(parsed)
}
