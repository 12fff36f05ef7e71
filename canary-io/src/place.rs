//! Where something stands in a file.

use std::fmt;

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
