//! What is wrong with a table of steps.

/// Why a table is no run.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// Columns of different length.
    #[error("column `{first}` has {rows} rows and column `{name}` {other}, expected as many")]
    Lengths {
        /// A column.
        first: String,
        /// Its rows.
        rows: usize,
        /// Another.
        name: String,
        /// Its rows.
        other: usize,
    },
    /// A column that must be there.
    #[error("found the columns {found}, expected {expected}")]
    Missing {
        /// The columns there are.
        found: String,
        /// What is missing.
        expected: &'static str,
    },
    /// A column of a name that the caller gave.
    #[error("found the columns {found}, expected `{name}`; another name is said by --column, in Python column=")]
    NoColumn {
        /// The columns there are.
        found: String,
        /// The one that is missing.
        name: String,
    },
    /// A series without a row.
    #[error("found no row of series `{series}`")]
    NoSeries {
        /// The series asked for.
        series: String,
    },
    /// A time whose unit is not known.
    #[error("column `{name}` does not say its unit, expected such as `{name}_ms`")]
    NoUnit {
        /// The column.
        name: String,
    },
    /// One quantity in two columns.
    #[error("columns `{first}` and `{second}` say the same, expected one of them")]
    Twice {
        /// A column.
        first: String,
        /// Another.
        second: String,
    },
    /// A value that cannot be.
    #[error("row {row}, column `{column}`: found {found}, expected {expected}")]
    Value {
        /// The row, from 1, without the header.
        row: usize,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Several runs.
    #[error("column `{column}` holds several runs, such as `{one}` and `{other}`, expected one run a file")]
    SeveralRuns {
        /// The column.
        column: String,
        /// One of them.
        one: String,
        /// Another.
        other: String,
    },
}
