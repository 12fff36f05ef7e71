//! What can go wrong with a history.

/// Why a history could not be read or written. The path is as it was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// `SQLite`'s own words.
    #[error("{path}: {problem}")]
    Sqlite {
        /// The file.
        path: String,
        /// What was tried, and what `SQLite` said.
        problem: Sqlite,
    },
    /// No database at all.
    #[error("{path}: found a file that is not a database, expected a history that `canary trend --add` made")]
    NotADatabase {
        /// The file.
        path: String,
    },
    /// Another process is writing.
    #[error("{path}: another process has had the history locked for {seconds} s; try again when it is done")]
    Locked {
        /// The file.
        path: String,
        /// How long was waited.
        seconds: f64,
    },
    /// A file or folder that may not be written, or a history that was opened for reading.
    #[error("{path}: the history may only be read; expected a file and a folder that may be written")]
    ReadOnly {
        /// The file.
        path: String,
    },
    /// A database of something else.
    #[error("{path}: found the database of another program, expected a history that `canary trend --add` made")]
    NotAHistory {
        /// The file.
        path: String,
    },
    /// A history of a newer version.
    #[error("{path}: found version {found} of the history's form, expected at most {known}; a newer canary made it")]
    Newer {
        /// The file.
        path: String,
        /// Its version.
        found: i64,
        /// The newest that is known.
        known: i64,
    },
    /// A history without an entry.
    #[error("{path}: the history is empty")]
    Empty {
        /// The file.
        path: String,
    },
    /// A series that nobody has added to.
    #[error("{path}: found no series `{series}`; there are: {known}")]
    NoSeries {
        /// The file.
        path: String,
        /// The series asked for.
        series: String,
        /// Those there are.
        known: String,
    },
    /// Several series, and none was asked for.
    #[error("{path}: found the series {known}; say which (--series, in Python series=)")]
    SeveralSeries {
        /// The file.
        path: String,
        /// Those there are.
        known: String,
    },
    /// A value that cannot be stored.
    #[error("{key}: found {found}, expected {expected}")]
    Value {
        /// Which.
        key: &'static str,
        /// What it is.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
}

/// What `SQLite` could not do; its error type stays inside this crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sqlite(pub(crate) String);

impl std::fmt::Display for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
