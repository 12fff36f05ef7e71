//! Where rows come from, for those who must say where one stands.

use crate::csv::Lines;
use crate::place::{Place, Row};

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
