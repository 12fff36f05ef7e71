//! The entry points: inputs to tables.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use canary_core::columns::{Plan, Sides, Zone};
use polars::prelude::DataFrame;

use crate::csv::{self, Content};
use crate::decode::{self, Decoded};
use crate::error::ReadError;
use crate::format::{self, Format};
use crate::options::ReadOptions;
use crate::origin::Origin;
use crate::parquet;
use crate::paths;
use crate::table::{Part, Table};

/// Both sides.
#[derive(Debug, Default)]
pub struct Pair {
    /// The old build.
    pub baseline: Table,
    /// The new build.
    pub canary: Table,
}

/// How far reading is. Reported from several threads, after each file and each few million rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Files that are done.
    pub files_done: usize,
    /// Files in all, of every side that is being read.
    pub files: usize,
    /// Rows read so far.
    pub rows: u64,
}

/// Reads the two sides, at the same time. Each is a file, a glob, or a directory, of which the files
/// `*.parquet`, `*.csv`, `*.csv.gz` and `*.csv.zst` are taken, in the order of their names.
pub fn read_pair(
    baseline: &str,
    canary: &str,
    options: &ReadOptions,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Pair, ReadError> {
    let mut files = paths::files(baseline)?;
    let baselines = files.len();
    files.extend(paths::files(canary)?);
    let mut read = Job { files: &files, options, sides: Sides::One, progress }.run()?;
    let canary = read.split_off(baselines);
    Ok(Pair { baseline: one_table(read), canary: one_table(canary) })
}

/// Reads an input that holds both sides: its column `side` says `baseline` or `canary`.
pub fn read_both(both: &str, options: &ReadOptions, progress: &(dyn Fn(Progress) + Sync)) -> Result<Pair, ReadError> {
    let files = paths::files(both)?;
    let read = Job { files: &files, options, sides: Sides::Both, progress }.run()?;
    Ok(two_tables(read))
}

/// Reads one side, as [`read_pair`] does.
pub fn read_side(side: &str, options: &ReadOptions, progress: &(dyn Fn(Progress) + Sync)) -> Result<Table, ReadError> {
    let files = paths::files(side)?;
    let read = Job { files: &files, options, sides: Sides::Any, progress }.run()?;
    Ok(one_table(read))
}

/// What was read of one file.
struct FileRead {
    path: String,
    decoded: Vec<Decoded>,
}

impl FileRead {
    fn zone(&self) -> Option<Zone> {
        self.decoded.iter().find_map(|decoded| decoded.zone)
    }
}

struct Job<'a> {
    files: &'a [String],
    options: &'a ReadOptions,
    sides: Sides,
    progress: &'a (dyn Fn(Progress) + Sync),
}

impl Job<'_> {
    /// Reads all files, several at once, and returns them in order. Files are begun in order and none
    /// after a failure, so the error is that of the first file that has one.
    fn run(&self) -> Result<Vec<FileRead>, ReadError> {
        let pool = rayon::ThreadPoolBuilder::new().build();
        let pool = pool.map_err(|error| ReadError::Threads { message: error.to_string() })?;
        let (next, failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let (done, meter) = (Mutex::new(Vec::new()), Meter::new(self));
        // Threads of their own: a thread of a pool that waits for polars' pool would begin another file.
        thread::scope(|scope| {
            for _ in 0..pool.current_num_threads().min(self.files.len()) {
                scope.spawn(|| {
                    while !failed.load(Ordering::Relaxed) {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        let Some(path) = self.files.get(index) else { break };
                        let read = self.file(path, &pool, &meter);
                        failed.fetch_or(read.is_err(), Ordering::Relaxed);
                        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((index, read));
                    }
                });
            }
        });
        let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        done.sort_unstable_by_key(|(index, _)| *index);
        let read = done.into_iter().map(|(_, read)| read).collect::<Result<Vec<_>, _>>()?;
        check_zones(&read)?;
        Ok(read)
    }

    fn file(&self, path: &str, pool: &rayon::ThreadPool, meter: &Meter<'_>) -> Result<FileRead, ReadError> {
        let format = format::of_file(path)?;
        // polars panics on some damaged files. What it left half-made is dropped here, so that unwinding
        // leaves nothing broken behind.
        let decoded = panic::catch_unwind(AssertUnwindSafe(|| self.decoded(path, format, pool, meter)));
        let decoded =
            decoded.unwrap_or_else(|panicked| Err(ReadError::damaged(path, format.name(), panicked.as_ref())))?;
        meter.file();
        Ok(FileRead { path: path.to_owned(), decoded })
    }

    fn decoded(
        &self,
        path: &str,
        format: Format,
        pool: &rayon::ThreadPool,
        meter: &Meter<'_>,
    ) -> Result<Vec<Decoded>, ReadError> {
        let mut decoded = Vec::new();
        let mut take = |frame: DataFrame, plan: &Plan, origin: Origin<'_>| {
            let rows = frame.height();
            decoded.extend(pool.install(|| decode::frame(frame, plan, self.options.time_unit, origin))?);
            meter.rows(rows);
            Ok(())
        };
        match format {
            Format::Parquet => parquet::read(path, self.options, self.sides, |frame, first_row, plan| {
                take(frame, plan, Origin { path, first_row, lines: None })
            })?,
            text => {
                let content = match text {
                    Format::CompressedCsv => Content::decompressed(path)?,
                    _ => Content::File(path),
                };
                let read = csv::read(path, &content, self.options, self.sides)?;
                let (frame, plan, lines) = read.into_parts(&content);
                take(frame, &plan, Origin { path, first_row: 0, lines: Some(&lines) })?;
            }
        }
        Ok(decoded)
    }
}

/// Adds up the progress of all threads.
struct Meter<'a> {
    report: &'a (dyn Fn(Progress) + Sync),
    so_far: Mutex<Progress>,
}

impl<'a> Meter<'a> {
    fn new(job: &Job<'a>) -> Self {
        let start = Progress { files_done: 0, files: job.files.len(), rows: 0 };
        Self { report: job.progress, so_far: Mutex::new(start) }
    }

    fn rows(&self, rows: usize) {
        self.add(|progress| progress.rows += rows as u64);
    }

    fn file(&self) {
        self.add(|progress| progress.files_done += 1);
    }

    /// Reports under the lock, so that what is reported never goes back.
    fn add(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.so_far.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut progress);
        (self.report)(*progress);
    }
}

fn check_zones(read: &[FileRead]) -> Result<(), ReadError> {
    let first = |zone| read.iter().find(|file| file.decoded.iter().any(|decoded| decoded.zone == Some(zone)));
    match (first(Zone::Given), first(Zone::None)) {
        (Some(zoned), Some(naive)) => {
            Err(ReadError::MixedZones { zoned: zoned.path.clone(), naive: naive.path.clone() })
        }
        _ => Ok(()),
    }
}

fn one_table(read: Vec<FileRead>) -> Table {
    let mut table = empty_table(&read);
    table.parts = read.into_iter().flat_map(|file| file.decoded).map(|decoded| decoded.part).collect();
    table
}

fn two_tables(read: Vec<FileRead>) -> Pair {
    let mut pair = Pair { baseline: empty_table(&read), canary: empty_table(&read) };
    for Decoded { part, sides, .. } in read.into_iter().flat_map(|file| file.decoded) {
        let Some(sides) = sides else { continue };
        add(&mut pair.baseline, &part, &sides.baseline);
        add(&mut pair.canary, &part, &sides.canary);
    }
    pair
}

fn add(table: &mut Table, part: &Part, rows: &[usize]) {
    if !rows.is_empty() {
        table.parts.push(part.select(rows));
    }
}

fn empty_table(read: &[FileRead]) -> Table {
    let naive_times = read.iter().any(|file| file.zone() == Some(Zone::None));
    Table { parts: Vec::new(), sources: read.iter().map(|file| file.path.clone()).collect(), naive_times }
}
