//! Entries come back as they were, in their order; another file is refused.

use std::fs;
use std::thread;
use std::time::Duration;

use canary_history::{Entry, History, HistoryError};

fn entry(series: &str, build: &str) -> Entry {
    Entry {
        build: build.to_owned(),
        tested_ms: Some(1_795_333_520_000),
        kind: Some("hard".to_owned()),
        sweet_spot: Some(0.1 + 0.2),
        sweet_spot_lower: Some(0.25),
        capacity: Some(412.5),
        level: Some(0.95),
        tool: Some("vegeta".to_owned()),
        ..Entry::new(series, "measured")
    }
}

#[test]
fn entries_come_back_bit_for_bit_in_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    for build in ["10", "9", "11"] {
        History::open(&file).expect("a history").add(&entry("one", build)).expect("an entry");
    }
    let mut history = History::open(&file).expect("a history");
    history.add(&entry("other", "1")).expect("an entry");
    let expected: Vec<Entry> = ["10", "9", "11"].iter().map(|build| entry("one", build)).collect();
    assert_eq!(history.entries("one").expect("entries"), expected);
    assert_eq!(history.series().expect("series"), ["one", "other"]);
    assert_eq!(history.entries("none").expect("entries"), []);
}

#[test]
fn several_writers_wait_for_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    thread::scope(|scope| {
        for writer in 0..4 {
            let file = &file;
            scope.spawn(move || {
                let mut history = History::open(file).expect("a history");
                for build in 0..10 {
                    history.add(&entry("s", &format!("{writer}.{build}"))).expect("an entry");
                }
            });
        }
    });
    assert_eq!(History::open(&file).expect("a history").entries("s").expect("entries").len(), 40);
}

#[test]
fn another_programs_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("notes.txt");
    fs::write(&file, "not a database, but long enough to be asked whether it is one".repeat(20)).expect("a file");
    let error = History::open(&file).expect_err("text is no history").to_string();
    assert!(error.contains("notes.txt") && error.contains("not a database"), "{error}");
    assert!(fs::read_to_string(&file).expect("the text").starts_with("not a database, but"), "it is left alone");
    let other = folder.path().join("other.db");
    let connection = rusqlite::Connection::open(&other).expect("a database");
    connection.execute_batch("create table t (x)").expect("a table");
    drop(connection);
    assert!(matches!(History::open(&other), Err(HistoryError::NotAHistory { .. })));
    let newer = folder.path().join("newer.db");
    drop(History::open(&newer).expect("a history"));
    let connection = rusqlite::Connection::open(&newer).expect("a database");
    connection.pragma_update(None, "user_version", 7).expect("a version");
    drop(connection);
    assert!(matches!(History::open(&newer), Err(HistoryError::Newer { found: 7, known: 1, .. })));
    let missing = History::open(&folder.path().join("no/such/folder.db")).expect_err("no folder");
    assert!(missing.to_string().contains("cannot be opened"), "{missing}");
}

#[test]
fn values_that_no_build_has_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut history = History::open(&folder.path().join("history.db")).expect("a history");
    for wrong in [
        Entry { sweet_spot: Some(f64::NAN), ..entry("s", "1") },
        Entry { capacity_upper: Some(f64::INFINITY), ..entry("s", "1") },
        Entry { start_p95_seconds: Some(-1.0), ..entry("s", "1") },
        entry("s", " "),
        entry("", "1"),
    ] {
        assert!(matches!(history.add(&wrong), Err(HistoryError::Value { .. })), "{wrong:?}");
    }
    assert_eq!(history.entries("s").expect("entries"), []);
}

#[test]
fn another_writer_that_does_not_end_is_named_and_readers_read_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let patience = Duration::from_millis(200);
    let mut history = History::open(&file).expect("a history").with_patience(patience).expect("a wait");
    history.add(&entry("s", "1")).expect("an entry");
    let other = rusqlite::Connection::open(&file).expect("the same file");
    other
        .execute_batch("begin immediate; insert into squeeze_run (series, build, status) values ('s', '2', 'x')")
        .expect("a writer");
    let error = history.add(&entry("s", "3")).expect_err("it is locked");
    assert!(matches!(error, HistoryError::Locked { .. }), "{error}");
    assert!(error.to_string().contains("history.db: another process has had the history locked for 0.2 s"), "{error}");
    assert_eq!(history.entries("s").expect("entries").len(), 1, "what is not committed is not there");
    other.execute_batch("rollback").expect("its end");
    history.add(&entry("s", "3")).expect("an entry, once it is free");
    let builds: Vec<String> = history.entries("s").expect("entries").into_iter().map(|entry| entry.build).collect();
    assert_eq!(builds, ["1", "3"]);
}

#[test]
fn what_was_opened_to_read_is_not_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let missing = History::open_to_read(&file).expect_err("no such file").to_string();
    assert!(missing.contains("history.db: cannot be opened") && !file.exists(), "{missing}");
    fs::write(&file, "").expect("an empty file");
    assert!(matches!(History::open_to_read(&file), Err(HistoryError::NotAHistory { .. })));
    assert_eq!(fs::metadata(&file).expect("the file").len(), 0);
    History::open(&file).expect("a history").add(&entry("s", "1")).expect("an entry");
    let before = fs::read(&file).expect("the file");
    let mut history = History::open_to_read(&file).expect("a history");
    assert_eq!(history.entries("s").expect("entries"), [entry("s", "1")]);
    let error = history.add(&entry("s", "2")).expect_err("it was opened to read");
    assert!(matches!(error, HistoryError::ReadOnly { .. }), "{error}");
    assert_eq!(fs::read(&file).expect("the file"), before);
}

#[test]
fn a_history_that_is_cut_off_is_an_error_and_never_half_of_the_entries() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("history.db");
    let mut history = History::open(&file).expect("a history");
    for build in 0..200 {
        history.add(&Entry { note: Some("n".repeat(500)), ..entry("s", &build.to_string()) }).expect("an entry");
    }
    drop(history);
    let whole = fs::read(&file).expect("the file");
    for length in [2, 50, 99, 100, 512, 4096, whole.len() / 2, whole.len() - 4096] {
        fs::write(&file, &whole[..length]).expect("a part");
        let found = History::open(&file).and_then(|history| history.entries("s")).map(|entries| entries.len());
        let error = found.expect_err(&format!("{length} of {} bytes", whole.len())).to_string();
        assert!(error.contains("history.db"), "{error}");
    }
    let found = History::open(folder.path()).expect_err("a folder is no file").to_string();
    assert!(found.contains("cannot be opened"), "{found}");
}
