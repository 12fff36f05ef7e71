//! Files, globs, directories, and progress over them.

use std::fs;
use std::sync::Mutex;

use canary_io::{ReadOptions, read_pair};

use crate::support::{Files, read, rows};

fn one(value: u8) -> String {
    format!("metric,timestamp,value\nm,1970-01-01,{value}\n")
}

fn three_files() -> Files {
    let files = Files::new();
    files.write("b.csv", one(2));
    files.write("a.csv", one(1));
    files.write("c.CSV", one(3));
    files.write("_SUCCESS", "");
    files.write(".hidden.csv", "not,read");
    files.write("notes.txt", "not read");
    fs::create_dir(files.path("d.csv")).unwrap();
    files
}

#[test]
fn a_directory_is_its_data_files_in_order() {
    let files = three_files();
    let table = read(&files.path("")).unwrap();
    assert_eq!(rows(&table), ["m 0 1", "m 0 2", "m 0 3"]);
    assert_eq!(table.sources(), [files.path("a.csv"), files.path("b.csv"), files.path("c.CSV")]);
}

#[test]
fn a_glob_is_what_it_matches() {
    let files = three_files();
    assert_eq!(rows(&read(&files.path("[ab].csv")).unwrap()), ["m 0 1", "m 0 2"]);
    files.write("[ab].csv", one(9));
    assert_eq!(rows(&read(&files.path("[ab].csv")).unwrap()), ["m 0 9"], "a file of that very name comes first");
}

#[test]
fn both_sides_at_once_with_progress() {
    let files = three_files();
    let seen = Mutex::new(Vec::new());
    let progress = |progress| seen.lock().unwrap().push(progress);
    let pair = read_pair(&files.path("a.csv"), &files.path("*.csv"), &ReadOptions::default(), &progress).unwrap();
    assert_eq!(rows(&pair.baseline), ["m 0 1"]);
    assert_eq!(rows(&pair.canary), ["m 0 1", "m 0 2"]);
    let seen = seen.into_inner().unwrap();
    let last = seen.last().unwrap();
    assert_eq!((last.files_done, last.files, last.rows), (3, 3, 3));
    assert!(seen.windows(2).all(|two| two[0].rows <= two[1].rows && two[0].files_done <= two[1].files_done));
}

#[test]
fn formats_may_be_mixed_within_a_side() {
    let files = Files::new();
    files.write("a.csv", "metric,timestamp,value\nm,1970-01-01T00:00:00Z,1\n");
    files.write("b.csv", "timestamp,m\n1970-01-01T00:00:01Z,2\n");
    assert_eq!(rows(&read(&files.path("*.csv")).unwrap()), ["m 0 1", "m 1000 2"]);
}
