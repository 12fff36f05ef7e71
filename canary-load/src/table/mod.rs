//! The tool-neutral table: a row a step, columns by name, in any order.
//!
//! | column | meaning |
//! | --- | --- |
//! | `offered_rps` or `concurrency` | the load that was intended; one of the two |
//! | `duration_s` | how long requests were sent |
//! | `sent`, `ok`, `errors`, `unfinished` | counts |
//! | `goodput_rps` | good replies a second, where `ok` over `duration_s` is not it |
//! | `p50_ms`, `p99_ms`, `p99.9_ms` …, `mean_ms`, `min_ms`, `max_ms` | latencies |
//! | `start_epoch_ms` | when the step began |
//! | `dropped` | requests that the load tool should have sent and did not |
//! | `server_cpu_pct`, `system_cpu_pct`, `generator_cpu_pct` | as their names say |
//! | `instance`, `repeat`, `tool` | which of several |
//!
//! A time's unit stands in its column's name: `_s`, `_ms`, `_us`, `_ns`. A column without one is an error, as is
//! one that stands there in two units. Columns of other names are left alone.

mod builds;
mod columns;
mod error;
mod rows;

use std::io::Read;
use std::path::Path;

use canary_core::squeeze::LoadRun;

pub use columns::Column;
pub use error::TableError;

use crate::csv_rows::Rows;
use crate::error::{Fault, LoadError};
use crate::format::Format;
use crate::parsed::{Parsed, collect};
use crate::source::decompressed;

/// Names of the column with the intended rate.
pub(crate) const RATE_NAMES: &[&str] = &["offered_rps", "target_rps", "rate_rps"];
/// Names of the column with the number of clients.
pub(crate) const CLIENT_NAMES: &[&str] = &["concurrency", "clients", "users", "connections"];

/// A table of steps, or of builds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<(String, Column)>,
}

impl Table {
    /// From columns of equal length.
    pub fn new(columns: Vec<(String, Column)>) -> Result<Self, TableError> {
        let mut lengths = columns.iter().map(|(name, column)| (name, column.len()));
        if let Some((first, rows)) = lengths.next()
            && let Some((name, other)) = lengths.find(|(_, other)| *other != rows)
        {
            return Err(TableError::Lengths { first: first.clone(), rows, name: name.clone(), other });
        }
        Ok(Self { columns })
    }

    /// Reads CSV, gzip or not: every cell as text.
    pub fn read(path: &Path) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        let reader = decompressed(path).map_err(|source| LoadError::Io { path: shown.clone(), source })?;
        of_csv(reader).map_err(|fault| fault.within(&shown, Format::Table))
    }

    /// The run that it is about.
    pub fn run(&self) -> Result<LoadRun, TableError> {
        let parsed = rows::steps(&self.columns)?;
        let mut run = LoadRun { tool: parsed.tool, notes: parsed.notes, ..LoadRun::default() };
        collect(&mut run, parsed.steps);
        Ok(run)
    }
}

/// Parses CSV.
pub(crate) fn parse(reader: impl Read) -> Result<Parsed, Fault> {
    Ok(rows::steps(&of_csv(reader)?.columns)?)
}

fn of_csv(reader: impl Read) -> Result<Table, Fault> {
    let mut rows = Rows::new(reader)?;
    let names = rows.header().to_vec();
    let mut cells: Vec<Vec<Option<String>>> = names.iter().map(|_| Vec::new()).collect();
    while let Some((line, row)) = rows.next()? {
        if row.len() != names.len() {
            let found = format!("{} fields", row.len());
            return Err(Fault::new(crate::error::Place::Line(line), found, "as many fields as the header has"));
        }
        for (column, field) in cells.iter_mut().zip(row) {
            let text = String::from_utf8_lossy(field).trim().to_owned();
            column.push(Some(text).filter(|text| !text.is_empty()));
        }
    }
    let columns = names.into_iter().zip(cells).map(|(name, cells)| (name, Column::Text(cells))).collect();
    Ok(Table::new(columns)?)
}
