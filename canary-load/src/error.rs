//! What the owner of a load test's output can mend.

use std::fmt;
use std::io;

use crate::format::Format;
use crate::table::TableError;

/// Why the output of a load tool could not be read. The path is as it was given.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The system refused.
    #[error("{path}: cannot be read")]
    Io {
        /// The file or folder.
        path: String,
        /// The system's words.
        source: io::Error,
    },
    /// A file without content.
    #[error("{path}: the file is empty; expected the output of a load tool")]
    Empty {
        /// The file.
        path: String,
    },
    /// A folder in which nothing is the output of a load tool.
    #[error(
        "{path}: found {found}, expected the output of a load tool: vegeta, k6, oha, wrk, wrk2, hey, autocannon, \
         Locust, or a table of steps"
    )]
    NothingKnown {
        /// The folder.
        path: String,
        /// What lies there, in words.
        found: String,
    },
    /// Content that is none of the formats.
    #[error("{path}: {problem}")]
    Unknown {
        /// The file.
        path: String,
        /// What it looks like, and what to do.
        problem: Unknown,
    },
    /// Several tools' outputs in one folder.
    #[error("{path}: found {first} and {second}, expected the output of one tool")]
    Mixed {
        /// The folder.
        path: String,
        /// One of them.
        first: Format,
        /// Another.
        second: Format,
    },
    /// The intended load stands neither in the output nor in the file's name.
    #[error(
        "{path}: {format} does not say which load was asked for; expected it in the name (…rps_200… or …conc_16…), \
         or give it (--rates or --clients)"
    )]
    NoLoad {
        /// The file, and the step in it where it holds several.
        path: String,
        /// Its format.
        format: Format,
    },
    /// As many loads were given as there are no steps.
    #[error("{path}: found {steps} steps and {given} loads, expected one load a step")]
    Loads {
        /// The file or folder.
        path: String,
        /// Steps found.
        steps: usize,
        /// Loads given.
        given: usize,
    },
    /// JSON that is cut short, is not JSON, or has other fields.
    #[error("{path}: {format}: {}", json_problem(source))]
    Json {
        /// The file.
        path: String,
        /// The format it began as.
        format: Format,
        /// Where and what.
        source: serde_json::Error,
    },
    /// CSV that is none.
    #[error("{path}: {format}: not CSV")]
    Csv {
        /// The file.
        path: String,
        /// The format it began as.
        format: Format,
        /// Where and what.
        source: csv::Error,
    },
    /// A value that cannot be, or that is missing.
    #[error("{path}: {format}: {place}: found {found}, expected {expected}")]
    Content {
        /// The file.
        path: String,
        /// The format it began as.
        format: Format,
        /// Where.
        place: Place,
        /// What stands there.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// A table of steps that cannot be read as one.
    #[error("{path}: {problem}")]
    Table {
        /// The file.
        path: String,
        /// What is wrong with it.
        problem: TableError,
    },
}

/// What content of no known format looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// Its first line, shortened.
    Starts(String),
    /// A form of a known tool that holds too little; what to ask the tool for instead.
    Wanted(&'static str),
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Starts(line) => write!(
                f,
                "found `{line}` in the first line, expected the output of vegeta, k6, oha, wrk, wrk2, hey, autocannon \
                 or Locust, or a table of steps"
            ),
            Self::Wanted(advice) => f.write_str(advice),
        }
    }
}

/// Where in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A line, from 1.
    Line(u64),
    /// A value of this name.
    Key(String),
    /// The header of a CSV file.
    Header,
    /// A report of several in the file, from 1, and a value of this name in it.
    Report(usize, &'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => write!(f, "line {line}"),
            Self::Key(key) => write!(f, "`{key}`"),
            Self::Header => f.write_str("header"),
            Self::Report(number, key) => write!(f, "report {number}: {key}"),
        }
    }
}

/// `serde_json`'s words, with what a cut-off file is called by its owner.
fn json_problem(error: &serde_json::Error) -> String {
    match error.classify() {
        serde_json::error::Category::Eof => {
            format!(
                "the JSON ends too early, at line {} column {}; is the file complete?",
                error.line(),
                error.column()
            )
        }
        serde_json::error::Category::Data => format!("{error}; another version of the tool?"),
        serde_json::error::Category::Syntax | serde_json::error::Category::Io => format!("not JSON: {error}"),
    }
}

/// What a parser finds wrong; the reader adds the file and the format.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Reading failed.
    Io(io::Error),
    /// See [`LoadError::Json`].
    Json(serde_json::Error),
    /// See [`LoadError::Csv`].
    Csv(csv::Error),
    /// See [`LoadError::Content`].
    Content { place: Place, found: String, expected: &'static str },
    /// See [`LoadError::Table`].
    Table(TableError),
}

impl Fault {
    /// A value that cannot be.
    pub(crate) fn new(place: Place, found: impl Into<String>, expected: &'static str) -> Self {
        Self::Content { place, found: found.into(), expected }
    }

    /// A value of a name that cannot be.
    pub(crate) fn key(key: &str, found: impl fmt::Display, expected: &'static str) -> Self {
        Self::new(Place::Key(key.to_owned()), found.to_string(), expected)
    }

    /// With the file and its format.
    pub(crate) fn within(self, path: &str, format: Format) -> LoadError {
        let path = path.to_owned();
        match self {
            Self::Io(source) => LoadError::Io { path, source },
            Self::Json(source) => LoadError::Json { path, format, source },
            Self::Csv(source) if source.is_io_error() => LoadError::Io { path, source: source.into() },
            Self::Csv(source) => LoadError::Csv { path, format, source },
            Self::Content { place, found, expected } => LoadError::Content { path, format, place, found, expected },
            Self::Table(problem) => LoadError::Table { path, problem },
        }
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { Self::Io(error.into()) } else { Self::Json(error) }
    }
}

impl From<csv::Error> for Fault {
    fn from(error: csv::Error) -> Self {
        Self::Csv(error)
    }
}

impl From<TableError> for Fault {
    fn from(error: TableError) -> Self {
        Self::Table(error)
    }
}
