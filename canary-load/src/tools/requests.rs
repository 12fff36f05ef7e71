//! The tool-neutral log: a row a request, with `timestamp`, `latency_ms` (or `_s`, `_us`, `_ns`), `status`, and
//! `offered_rps` or `concurrency`, or a `step` whose name says its load. Rows of one step stand together.

use std::io::Read;

use canary_core::squeeze::{Load, LoadNote, LoadNoteCode, Omission, Outcome};
use csv::ByteRecord;

use crate::csv_rows::{Rows, field, number, text};
use crate::error::{Fault, Place};
use crate::fold::{Fold, Request};
use crate::parsed::Parsed;
use crate::status;
use crate::table::{CLIENT_NAMES, RATE_NAMES};
use crate::time::Clock;

/// Of more steps than this, rows do not stand together.
const MOST_STEPS: usize = 20_000;

const LATENCIES: [(&str, f64); 4] =
    [("latency_ms", 1.0), ("latency_s", 1000.0), ("latency_us", 1e-3), ("latency_ns", 1e-6)];

struct Columns {
    time: usize,
    latency: usize,
    latency_ms: f64,
    status: usize,
    rate: Option<usize>,
    clients: Option<usize>,
    step: Option<usize>,
}

impl Columns {
    fn of<R: Read>(rows: &Rows<R>) -> Result<Self, Fault> {
        let wrong = |found: String, expected| Fault::new(Place::Header, found, expected);
        let known: Vec<_> = LATENCIES.iter().filter_map(|&(name, ms)| Some((rows.find(name)?, ms))).collect();
        let [(latency, latency_ms)] = known[..] else {
            let found = format!("the columns {}", rows.header().join(", "));
            return Err(wrong(found, "one column latency_ms, latency_s, latency_us or latency_ns"));
        };
        let any = |names: &[&str]| names.iter().find_map(|name| rows.find(name));
        let (rate, clients) = (any(RATE_NAMES), any(CLIENT_NAMES));
        if rate.is_some() && clients.is_some() {
            return Err(wrong("a rate and a number of clients".to_owned(), "one of the two, as the step's load"));
        }
        let (time, status) = (rows.column("timestamp")?, rows.column("status")?);
        Ok(Self { time, latency, latency_ms, status, rate, clients, step: rows.find("step") })
    }

    /// What tells the row's step from the next one.
    fn key<'row>(&self, row: &'row ByteRecord) -> [&'row [u8]; 2] {
        let field = |column: Option<usize>| column.and_then(|column| row.get(column)).unwrap_or_default();
        [field(self.step), field(self.rate.or(self.clients))]
    }

    fn load(&self, row: &ByteRecord, line: u64) -> Result<Option<Load>, Fault> {
        let value = |column, expected| {
            number(row, line, column, expected).and_then(|value| {
                let wrong = || Fault::new(Place::Line(line), format!("`{value}`"), expected);
                if value > 0.0 { Ok(value) } else { Err(wrong()) }
            })
        };
        Ok(match (self.rate, self.clients) {
            (Some(column), _) => Some(Load::Open { rate: value(column, "a rate above 0")? }),
            (_, Some(column)) => {
                let clients = crate::bounded::nearest_count(value(column, "a number of clients above 0")?);
                Some(Load::Closed { clients })
            }
            _ => None,
        })
    }
}

/// Parses.
pub(super) fn parse(reader: impl Read, limits_ms: &[f64], duration: Option<f64>) -> Result<Parsed, Fault> {
    let mut rows = Rows::new(reader)?;
    let columns = Columns::of(&rows)?;
    let mut parsed = Parsed::default();
    let mut open: Option<Step> = None;
    let mut clock = None;
    let mut alone = 0;
    while let Some((line, row)) = rows.next()? {
        let clock = match clock {
            Some(clock) => clock,
            None => *clock.insert(Clock::of(field(row, columns.time), line)?),
        };
        let request = request(row, line, &columns, clock)?;
        let key = columns.key(row);
        if open.as_ref().is_none_or(|step| !step.has(key)) {
            if let Some(step) = open.take() {
                step.finish(duration, &mut parsed, &mut alone);
            }
            if parsed.steps.len() >= MOST_STEPS {
                let found = format!("another step, the {MOST_STEPS}th");
                return Err(Fault::new(Place::Line(line), found, "rows of one step that stand together"));
            }
            let name = text(row, columns.step.unwrap_or(usize::MAX)).to_owned();
            let load = columns.load(row, line)?;
            let fold = Fold::new(limits_ms, Omission::Unknown);
            open = Some(Step { key: key.map(<[u8]>::to_vec), name, load, fold });
        }
        if let Some(step) = &mut open {
            step.fold.add(request, line)?;
        }
    }
    if let Some(step) = open {
        step.finish(duration, &mut parsed, &mut alone);
    }
    if alone > 0 {
        parsed.notes.push(LoadNote::new(LoadNoteCode::RowsWithoutStep, alone));
    }
    Ok(parsed)
}

struct Step {
    key: [Vec<u8>; 2],
    name: String,
    load: Option<Load>,
    fold: Fold,
}

impl Step {
    /// Byte by byte: for the few that a name has, a call to compare memory took a third of the whole time.
    fn has(&self, key: [&[u8]; 2]) -> bool {
        let same = |own: &Vec<u8>, other: &[u8]| own.len() == other.len() && own.iter().zip(other).all(|(a, b)| a == b);
        self.key.iter().zip(key).all(|(own, other)| same(own, other))
    }

    /// A row that stands alone is no step; such are counted.
    fn finish(self, duration: Option<f64>, parsed: &mut Parsed, alone: &mut u64) {
        if self.fold.sent() < 2 && duration.is_none() {
            *alone += self.fold.sent();
            return;
        }
        let mut found = self.fold.finish(duration, true);
        found.load = self.load.or_else(|| crate::name::Named::of(&self.name).load());
        found.name = Some(self.name).filter(|name| !name.is_empty());
        parsed.steps.push(found);
    }
}

fn request(row: &ByteRecord, line: u64, columns: &Columns, clock: Clock) -> Result<Request, Fault> {
    let latency = number(row, line, columns.latency, "a latency")?;
    let sent_ms = clock.milliseconds(field(row, columns.time), line)?;
    let outcome = match status::code(field(row, columns.status)) {
        Some(code) => status::outcome(code),
        None => match text(row, columns.status) {
            "ok" => Outcome::Ok,
            "" => Outcome::Other,
            words => status::failure(words),
        },
    };
    Ok(Request { sent_ms, latency_ms: latency * columns.latency_ms, outcome })
}
