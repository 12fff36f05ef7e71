//! The file.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Row, TransactionBehavior, params};

use crate::entry::Entry;
use crate::error::{HistoryError, Sqlite};

/// Marks the file as ours: "cnry".
const APPLICATION: i64 = 0x636e_7279;
/// The version of the table.
const VERSION: i64 = 1;
/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

const SCHEMA: &str = "
create table squeeze_run (
    run_id integer primary key autoincrement,
    series text not null,
    build text not null,
    tested_ms integer,
    status text not null,
    kind text,
    sweet_spot real, sweet_spot_lower real, sweet_spot_upper real,
    capacity real, capacity_lower real, capacity_upper real,
    level real,
    start_p50_seconds real, start_p95_seconds real,
    tool text, note text
) strict;
create index squeeze_run_series on squeeze_run (series, run_id);
";

const COLUMNS: &str = "series, build, tested_ms, status, kind, sweet_spot, sweet_spot_lower, sweet_spot_upper, capacity, \
                       capacity_lower, capacity_upper, level, start_p50_seconds, start_p95_seconds, tool, note";

/// A history of throughput over builds.
#[derive(Debug)]
pub struct History {
    path: String,
    connection: Connection,
    patience: Duration,
}

impl History {
    /// Opens the file, and makes it where there is none.
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let mut history = Self::connect(path, OpenFlags::default())?;
        if history.is_new()? {
            history.create()?;
        }
        Ok(history)
    }

    /// The file, as it was given.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Opens a file that is there, for reading only: nothing is made or changed, whatever comes.
    pub fn open_to_read(path: &Path) -> Result<Self, HistoryError> {
        let history = Self::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        if history.is_new()? { Err(HistoryError::NotAHistory { path: history.path }) } else { Ok(history) }
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, HistoryError> {
        let shown = path.display().to_string();
        let connection = Connection::open_with_flags(path, flags);
        let connection = connection.map_err(|error| failed(&shown, "cannot be opened", PATIENCE, &error))?;
        Self { path: shown, connection, patience: PATIENCE }.with_patience(PATIENCE)
    }

    /// Waits so long for another writer, instead of ten seconds.
    pub fn with_patience(mut self, patience: Duration) -> Result<Self, HistoryError> {
        self.patience = patience;
        let set = self.connection.busy_timeout(patience);
        set.map_err(|error| self.failed("cannot be opened", &error))?;
        Ok(self)
    }

    /// Appends an entry. It is on the disk when this returns. Waits ten seconds for another writer, or as
    /// [`History::with_patience`] says.
    pub fn add(&mut self, entry: &Entry) -> Result<(), HistoryError> {
        check(entry)?;
        let sql = format!(
            "insert into squeeze_run ({COLUMNS}) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, \
             ?15, ?16)"
        );
        let values = params![
            entry.series,
            entry.build,
            entry.tested_ms,
            entry.status,
            entry.kind,
            entry.sweet_spot,
            entry.sweet_spot_lower,
            entry.sweet_spot_upper,
            entry.capacity,
            entry.capacity_lower,
            entry.capacity_upper,
            entry.level,
            entry.start_p50_seconds,
            entry.start_p95_seconds,
            entry.tool,
            entry.note,
        ];
        let inserted = self.connection.execute(&sql, values);
        inserted.map(|_| ()).map_err(|error| self.failed("an entry cannot be added", &error))
    }

    /// The entries of a series, in the order in which they were added.
    pub fn entries(&self, series: &str) -> Result<Vec<Entry>, HistoryError> {
        let sql = format!("select {COLUMNS} from squeeze_run where series = ?1 order by run_id");
        let read = || -> rusqlite::Result<Vec<Entry>> {
            let mut statement = self.connection.prepare(&sql)?;
            statement.query_map([series], entry)?.collect()
        };
        read().map_err(|error| self.failed("cannot be read", &error))
    }

    /// The series, by name.
    pub fn series(&self) -> Result<Vec<String>, HistoryError> {
        let read = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.connection.prepare("select distinct series from squeeze_run order by series")?;
            statement.query_map([], |row| row.get(0))?.collect()
        };
        read().map_err(|error| self.failed("cannot be read", &error))
    }

    /// Checks whose file it is, and whether nobody's yet.
    fn is_new(&self) -> Result<bool, HistoryError> {
        let look = |connection: &Connection| -> rusqlite::Result<(i64, i64, i64)> {
            // Each commit is flushed, the journal and its folder as well.
            connection.pragma_update(None, "synchronous", "extra")?;
            let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
            let tables = connection.query_row("select count(*) from sqlite_master", [], |row| row.get(0))?;
            Ok((number("application_id")?, number("user_version")?, tables))
        };
        match look(&self.connection).map_err(|error| self.failed("cannot be read", &error))? {
            (APPLICATION, found, _) if found > VERSION => {
                Err(HistoryError::Newer { path: self.path.clone(), found, known: VERSION })
            }
            (APPLICATION, VERSION, _) => Ok(false),
            (0, 0, 0) => Ok(true),
            _ => Err(HistoryError::NotAHistory { path: self.path.clone() }),
        }
    }

    fn create(&mut self) -> Result<(), HistoryError> {
        let create = |connection: &mut Connection| -> rusqlite::Result<()> {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            // Another process may have been faster.
            let tables: i64 = transaction.query_row("select count(*) from sqlite_master", [], |row| row.get(0))?;
            if tables == 0 {
                transaction.execute_batch(SCHEMA)?;
                transaction.pragma_update(None, "application_id", APPLICATION)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
            }
            transaction.commit()
        };
        create(&mut self.connection).map_err(|error| self.failed("cannot be made a history", &error))
    }

    fn failed(&self, what: &str, error: &rusqlite::Error) -> HistoryError {
        failed(&self.path, what, self.patience, error)
    }
}

fn failed(path: &str, what: &str, patience: Duration, error: &rusqlite::Error) -> HistoryError {
    let path = path.to_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => HistoryError::NotADatabase { path },
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            HistoryError::Locked { path, seconds: patience.as_secs_f64() }
        }
        Some(ErrorCode::ReadOnly) => HistoryError::ReadOnly { path },
        _ => HistoryError::Sqlite { path, problem: Sqlite(format!("{what}: {error}")) },
    }
}

/// What would only be noticed when it is read.
fn check(entry: &Entry) -> Result<(), HistoryError> {
    for (key, text) in [("series", &entry.series), ("build", &entry.build), ("status", &entry.status)] {
        if text.trim().is_empty() {
            return Err(HistoryError::Value { key, found: "nothing".to_owned(), expected: "a name" });
        }
    }
    for (key, value) in [
        ("sweet_spot", entry.sweet_spot),
        ("sweet_spot_lower", entry.sweet_spot_lower),
        ("sweet_spot_upper", entry.sweet_spot_upper),
        ("capacity", entry.capacity),
        ("capacity_lower", entry.capacity_lower),
        ("capacity_upper", entry.capacity_upper),
        ("start_p50_seconds", entry.start_p50_seconds),
        ("start_p95_seconds", entry.start_p95_seconds),
    ] {
        if let Some(found) = value.filter(|value| !(*value >= 0.0 && value.is_finite())) {
            return Err(HistoryError::Value { key, found: found.to_string(), expected: "a number of 0 or more" });
        }
    }
    Ok(())
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        series: row.get("series")?,
        build: row.get("build")?,
        tested_ms: row.get("tested_ms")?,
        status: row.get("status")?,
        kind: row.get("kind")?,
        sweet_spot: row.get("sweet_spot")?,
        sweet_spot_lower: row.get("sweet_spot_lower")?,
        sweet_spot_upper: row.get("sweet_spot_upper")?,
        capacity: row.get("capacity")?,
        capacity_lower: row.get("capacity_lower")?,
        capacity_upper: row.get("capacity_upper")?,
        level: row.get("level")?,
        start_p50_seconds: row.get("start_p50_seconds")?,
        start_p95_seconds: row.get("start_p95_seconds")?,
        tool: row.get("tool")?,
        note: row.get("note")?,
    })
}
