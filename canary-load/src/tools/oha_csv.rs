//! `oha --output-format csv`: a row a request that got a reply, seconds since the tool began.

use std::io::Read;

use canary_core::squeeze::{LoadNote, LoadNoteCode, Omission, Outcome, Pacing};

use crate::csv_rows::{Rows, number};
use crate::error::Fault;
use crate::fold::{Fold, Request};
use crate::parsed::Parsed;
use crate::status;

/// Parses one step.
pub(super) fn parse(reader: impl Read, limits_ms: &[f64], duration: Option<f64>) -> Result<Parsed, Fault> {
    let mut rows = Rows::new(reader)?;
    let (sent, latency, status) =
        (rows.column("request-start")?, rows.column("request-duration")?, rows.column("status")?);
    let mut fold = Fold::new(limits_ms, Omission::Unknown);
    while let Some((line, row)) = rows.next()? {
        let sent_ms = number(row, line, sent, "seconds in `request-start`")? * 1000.0;
        let latency_ms = number(row, line, latency, "seconds in `request-duration`")? * 1000.0;
        let status = number(row, line, status, "a status in `status`")?;
        let status = crate::bounded::count(status).and_then(|status| u16::try_from(status).ok());
        fold.add(Request { sent_ms, latency_ms, outcome: status.map_or(Outcome::Other, status::outcome) }, line)?;
    }
    let mut parsed = Parsed::default();
    if fold.sent() == 0 && duration.is_none() {
        parsed.notes.push(LoadNote::new(LoadNoteCode::RowsWithoutStep, 1));
        return Ok(parsed);
    }
    let mut found = fold.finish(duration, false);
    found.step.generator.pacing = Pacing::Even;
    // Requests without a reply have no row: whoever knows how many were asked for must count them.
    found
        .notes
        .push(LoadNote::new(LoadNoteCode::Other, 0).with_detail("requests without a reply are not in oha's CSV"));
    parsed.steps.push(found);
    Ok(parsed)
}
