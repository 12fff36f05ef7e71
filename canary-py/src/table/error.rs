//! What the owner of a data frame can mend.

use std::fmt;

/// Column names shown in an error; a wide frame may have thousands.
const SHOWN_COLUMNS: usize = 20;
const LAYOUTS: &str = "expected metric, timestamp and value (long) or timestamp and one column a metric (wide), or a \
                       mapping such as columns={\"value\": \"NAME\"}";

/// Why a data frame could not be taken in. `table` is what the caller calls it: `baseline`, `canary` or a path.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TableError {
    #[error("{table}: {message}")]
    Stream { table: String, message: String },
    #[error("{table}: no column {}; found {}; {LAYOUTS}", listed(missing), listed(found))]
    MissingColumns { table: String, missing: Vec<String>, found: Vec<String> },
    #[error("{table}: no metric in a wide frame; found {}; expected one column a metric", listed(found))]
    NoMetrics { table: String, found: Vec<String> },
    #[error("{table}: two columns are named `{column}`; expected each name once")]
    DuplicateColumn { table: String, column: String },
    #[error(
        "{table}: the column `{column}` says that the frame holds both sides; give it alone, or leave the column out"
    )]
    HoldsBothSides { table: String, column: String },
    #[error("{table}, column `{column}`: found type {found}; expected {expected}")]
    ColumnType { table: String, column: String, found: String, expected: &'static str },
    #[error(
        "{table}, column `{column}`: found whole numbers such as {found} without a unit; state it with \
         time_unit=\"s\", \"ms\", \"us\" or \"ns\""
    )]
    NoTimeUnit { table: String, column: String, found: String },
    #[error("{place}: found nothing; every row needs a {role}")]
    Missing { place: Place, role: &'static str },
    #[error("{place}: found `{found}`; expected a number, or one of NaN, null, NA, inf, or nothing")]
    Number { place: Place, found: String },
    #[error("{place}: found `{found}`; expected {expected}")]
    Time { place: Place, found: String, expected: &'static str },
    #[error("{place}: found {found}, a time that does not fit into 64 bits")]
    TimeTooLarge { place: Place, found: String },
    #[error("{place}: found `{found}`; the rows before it have {}", if *zoned { "no zone" } else { "a zone" })]
    MixedZonesInColumn { place: Place, found: String, zoned: bool },
    #[error(
        "the timestamps of {zoned} have a time zone and those of {naive} have none; expected both or neither \
         (without a zone they are taken as UTC)"
    )]
    MixedZones { zoned: String, naive: String },
    #[error("{place}: found `{found}`; expected baseline or canary")]
    Side { place: Place, found: String },
}

/// A cell of a data frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) table: String,
    pub(crate) column: String,
    /// From 0, as pandas and polars count.
    pub(crate) row: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, column `{}`, row {}", self.table, self.column, self.row)
    }
}

/// Where a batch of rows comes from, for those who must say where one stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Origin<'a> {
    pub(crate) table: &'a str,
    /// Rows of the frame before this batch.
    pub(crate) first_row: usize,
}

impl Origin<'_> {
    pub(crate) fn place(&self, column: &str, row: usize) -> Place {
        Place { table: self.table.to_owned(), column: column.to_owned(), row: self.first_row + row }
    }

    pub(crate) fn column_type(&self, column: &str, found: &impl ToString, expected: &'static str) -> TableError {
        let (table, column) = (self.table.to_owned(), column.to_owned());
        TableError::ColumnType { table, column, found: found.to_string(), expected }
    }
}

fn listed(names: &[String]) -> String {
    let mut list: Vec<String> = names.iter().take(SHOWN_COLUMNS).map(|name| format!("`{name}`")).collect();
    if list.is_empty() {
        return "none".to_owned();
    }
    if let Some(last) = list.last_mut().filter(|_| names.len() > SHOWN_COLUMNS) {
        *last = format!("{last} and {} more", names.len() - SHOWN_COLUMNS);
    }
    list.join(", ")
}
