//! Where something stands in a file.

use std::fmt;

use crate::csv::Lines;

/// A row as its reader counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// The data row, from 1 (Parquet).
    Row(u64),
    /// The line of the text, from 1, the header included (CSV).
    Line(u64),
}

/// A cell of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub path: String,
    /// The column, by its name in the file.
    pub column: String,
    /// The row.
    pub row: Row,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, column, row } = self;
        match row {
            Row::Row(row) => write!(f, "`{path}`, column `{column}`, row {row}"),
            Row::Line(line) => write!(f, "`{path}`, column `{column}`, line {line}"),
        }
    }
}

/// Where a stretch of rows comes from. Finding a line number costs a pass over the file, so it is done
/// only for an error.
#[derive(Clone, Copy)]
pub(crate) struct Origin<'a> {
    pub(crate) path: &'a str,
    /// Data rows of the file before this stretch.
    pub(crate) first_row: usize,
    pub(crate) lines: Option<&'a Lines<'a>>,
}

impl Origin<'_> {
    pub(crate) fn place(&self, column: &str, row: usize) -> Place {
        let row = self.first_row + row;
        let line = self.lines.and_then(|lines| lines.of_row(row)).map(Row::Line);
        Place { path: self.path.to_owned(), column: column.to_owned(), row: line.unwrap_or(Row::Row(row as u64 + 1)) }
    }
}
