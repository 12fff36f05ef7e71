//! What the owner of the data can mend.

use std::io;

use crate::place::Place;

/// Column names shown in an error; a wide file may have thousands.
const SHOWN_COLUMNS: usize = 20;

/// Why an input could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// No such file or directory.
    #[error("`{path}`: not found; expected a file, a directory or a glob")]
    NotFound {
        /// As given.
        path: String,
    },
    /// A glob that matches nothing.
    #[error("`{pattern}`: the glob matches no file")]
    NoMatch {
        /// As given.
        pattern: String,
    },
    /// A glob that is not one.
    #[error("`{pattern}`: not a glob: {reason}, at byte {position}")]
    Glob {
        /// As given.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
        /// Where, from 0.
        position: usize,
    },
    /// A directory without data.
    #[error(
        "`{path}`: the directory holds no data file; expected *.parquet, *.csv, *.csv.gz or *.csv.zst \
         directly in it"
    )]
    NoDataFiles {
        /// The directory.
        path: String,
    },
    /// A pipe or a device.
    #[error("`{path}`: not a regular file; expected one, since it is read more than once")]
    NotAFile {
        /// The file.
        path: String,
    },
    /// The system refused.
    #[error("`{path}`: could not be read")]
    Io {
        /// The file.
        path: String,
        /// The system's words.
        source: io::Error,
    },
    /// No byte in it.
    #[error("`{path}`: the file is empty; expected Parquet, or CSV with a header")]
    Empty {
        /// The file.
        path: String,
    },
    /// The name says Parquet, the content does not.
    #[error("`{path}`: not a Parquet file: it does not start with `PAR1`")]
    NotParquet {
        /// The file.
        path: String,
    },
    /// A Parquet file without its end.
    #[error("`{path}`: the Parquet file is truncated: it starts with `PAR1` and does not end with it")]
    TruncatedParquet {
        /// The file.
        path: String,
    },
    /// Neither Parquet nor text.
    #[error("`{path}`: neither Parquet nor text; expected Parquet, or CSV, which may be gzip or zstd")]
    UnknownFormat {
        /// The file.
        path: String,
    },
    /// Compressed text that does not decompress.
    #[error("`{path}`: the compressed data is cut short or damaged")]
    Compressed {
        /// The file.
        path: String,
        /// The decoder's words.
        source: io::Error,
    },
    /// The decoder gave up.
    #[error("`{path}`: not readable as {format}: {message}")]
    Malformed {
        /// The file.
        path: String,
        /// `Parquet` or `CSV`.
        format: &'static str,
        /// The decoder's words.
        message: String,
    },
    /// The decoder came to a state that it does not expect.
    #[error("`{path}`: damaged: the {format} decoder stopped at {message}")]
    Damaged {
        /// The file.
        path: String,
        /// `Parquet` or `CSV`.
        format: &'static str,
        /// The decoder's words.
        message: String,
    },
    /// A file with a column of sides, given as one side of two.
    #[error(
        "`{path}`: the column `{column}` says that the file holds both sides; give it alone, or leave the column out"
    )]
    HoldsBothSides {
        /// The file.
        path: String,
        /// The column.
        column: String,
    },
    /// A header without columns that are needed.
    #[error(
        "`{path}`: no column {}; found {}; expected metric, timestamp and value (long) or timestamp and one \
         column a metric (wide), or a mapping such as --column value=NAME",
        listed(missing),
        listed(found)
    )]
    MissingColumns {
        /// The file.
        path: String,
        /// The columns looked for and not found.
        missing: Vec<String>,
        /// The columns there are.
        found: Vec<String>,
    },
    /// A wide file without metrics.
    #[error("`{path}`: no metric in a wide file; found {}; expected one column a metric", listed(found))]
    NoMetrics {
        /// The file.
        path: String,
        /// The columns there are.
        found: Vec<String>,
    },
    /// Two columns of one name.
    #[error("`{path}`: two columns are named `{column}`; expected each name once")]
    DuplicateColumn {
        /// The file.
        path: String,
        /// The name.
        column: String,
    },
    /// A column of a type that its role does not take.
    #[error("`{path}`, column `{column}`: found type {found}; expected {expected}")]
    ColumnType {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The type found.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Whole-number timestamps that could mean anything.
    #[error(
        "`{path}`, column `{column}`: found whole numbers such as {found} without a unit; state it with \
         --time-unit s|ms|us|ns"
    )]
    NoTimeUnit {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The first of them.
        found: String,
    },
    /// An empty cell where every row needs a value.
    #[error("{place}: found nothing; every row needs a {role}")]
    Missing {
        /// Where.
        place: Place,
        /// `metric`, `timestamp` or `side`.
        role: &'static str,
    },
    /// Text where a number belongs.
    #[error("{place}: found `{found}`; expected a number, or one of NaN, null, NA, inf, or nothing")]
    Number {
        /// Where.
        place: Place,
        /// The text.
        found: String,
    },
    /// Text that is no time.
    #[error("{place}: found `{found}`; expected {expected}")]
    Time {
        /// Where.
        place: Place,
        /// The text.
        found: String,
        /// What the rows before it hold, or what any row may.
        expected: &'static str,
    },
    /// One column with and without zones.
    #[error("{place}: found `{found}`; the rows before it have {}", if *zoned { "no zone" } else { "a zone" })]
    MixedZonesInColumn {
        /// Where.
        place: Place,
        /// The first time that differs.
        found: String,
        /// Whether that one has a zone.
        zoned: bool,
    },
    /// Two files, one with and one without zones.
    #[error(
        "the timestamps of `{zoned}` have a time zone and those of `{naive}` have none; expected both or \
         neither (without a zone they are taken as UTC)"
    )]
    MixedZones {
        /// A file whose timestamps have a zone.
        zoned: String,
        /// A file whose timestamps have none.
        naive: String,
    },
    /// A side that is none.
    #[error("{place}: found `{found}`; expected baseline or canary")]
    Side {
        /// Where.
        place: Place,
        /// The text.
        found: String,
    },
    /// The pool of threads could not be made.
    #[error("could not start threads: {message}")]
    Threads {
        /// The system's words.
        message: String,
    },
}

impl ReadError {
    pub(crate) fn io(path: &str, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path: path.to_owned() },
            _ => Self::Io { path: path.to_owned(), source },
        }
    }

    /// What a panic of the decoder says.
    pub(crate) fn damaged(path: &str, format: &'static str, panicked: &(dyn std::any::Any + Send)) -> Self {
        let text = panicked.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panicked.downcast_ref::<String>().cloned()).unwrap_or_default();
        let message = text.lines().next().unwrap_or_default().to_owned();
        Self::Damaged { path: path.to_owned(), format, message }
    }

    /// Of the decoder's words only the first line is kept: the rest is advice on its own options.
    pub(crate) fn malformed(path: &str, format: &'static str, error: &polars::error::PolarsError) -> Self {
        let message = error.to_string();
        let message = message.lines().next().unwrap_or_default().to_owned();
        Self::Malformed { path: path.to_owned(), format, message }
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
