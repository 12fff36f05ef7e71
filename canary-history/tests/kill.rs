//! A writer that is killed at any moment loses nothing that it was told is stored, and leaves a file that opens.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use canary_history::{Entry, History};

/// The environment of the writer: the file that it writes to.
const FILE: &str = "CANARY_HISTORY_WRITER";
const KILLS: u64 = 60;

fn build(number: u64) -> Entry {
    // Long enough that an entry spans pages of SQLite's file, so that half of one could be seen.
    let note = format!("{number} ").repeat(2000);
    Entry {
        build: number.to_string(),
        sweet_spot: Some(number as f64),
        note: Some(note),
        ..Entry::new("s", "measured")
    }
}

/// Not a test by itself: the writer of the test below, which is this program started again. It appends the next
/// build, says so, and goes on until it is killed.
#[test]
fn writer() {
    let Ok(file) = std::env::var(FILE) else { return };
    let mut history = History::open(Path::new(&file)).expect("a history");
    let mut next = history.entries("s").expect("entries").len() as u64;
    let mut out = std::io::stderr().lock();
    loop {
        history.add(&build(next)).expect("an entry");
        writeln!(out, "stored {next}").expect("a line");
        next += 1;
    }
}

#[test]
fn a_killed_writer_loses_nothing_that_was_stored() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let mut stored = 0;
    for kill in 0..KILLS {
        stored = stored.max(run_and_kill(&file, kill));
        let history = History::open(&file).expect("a history that opens");
        let entries = history.entries("s").expect("entries");
        assert!(entries.len() as u64 >= stored, "kill {kill}: {} of {stored} entries", entries.len());
        for (number, entry) in (0..).zip(&entries) {
            assert_eq!(entry, &build(number), "kill {kill}: every entry is whole and none is missing");
        }
        stored = entries.len() as u64;
    }
    assert!(stored >= KILLS / 2, "every other writer did write: {stored} entries");
}

/// Entries that the writer said are stored before it was killed: every other one at some moment from its start on, the
/// rest after their first entry, however slow the machine is.
fn run_and_kill(file: &Path, kill: u64) -> u64 {
    let program = std::env::current_exe().expect("this program");
    let mut writer = Command::new(program)
        .args(["writer", "--exact", "--nocapture"])
        .env(FILE, file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a writer");
    let errors = writer.stderr.take().expect("its standard error");
    let mut lines = BufReader::new(errors).lines().map_while(Result::ok);
    let stored = |line: &String| line.strip_prefix("stored ")?.parse::<u64>().ok();
    let first = if kill.is_multiple_of(2) { None } else { lines.find_map(|line| stored(&line)) };
    // Moments spread over 0 to 60 ms, none like the other: opening, creating, writing.
    std::thread::sleep(Duration::from_micros(kill * 7_919 % 60_000));
    writer.kill().expect("a kill");
    writer.wait().expect("an end");
    let last = lines.filter_map(|line| stored(&line)).last().or(first);
    last.map_or(0, |last| last + 1)
}
