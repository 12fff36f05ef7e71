//! A path, a glob or a directory to the files it means.

use std::fs;
use std::path::Path;

use glob::MatchOptions;

use crate::error::ReadError;

/// What counts as data in a directory.
const SUFFIXES: [&str; 4] = [".parquet", ".csv", ".csv.gz", ".csv.zst"];

/// The files of an input, in the order of their names. A name that exists is taken as it is, so that a
/// file called `a[1].csv` can be given.
pub(crate) fn files(input: &str) -> Result<Vec<String>, ReadError> {
    let path = Path::new(input);
    if path.is_dir() {
        return in_directory(input);
    }
    if path.exists() {
        return Ok(vec![input.to_owned()]);
    }
    if input.contains(['*', '?', '[']) {
        return matching(input);
    }
    Err(ReadError::NotFound { path: input.to_owned() })
}

fn in_directory(input: &str) -> Result<Vec<String>, ReadError> {
    let failed = |error| ReadError::io(input, error);
    let mut files = Vec::new();
    for entry in fs::read_dir(input).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let hidden = name.starts_with('.');
        if !hidden && SUFFIXES.iter().any(|suffix| name.ends_with(suffix)) && path.is_file() {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    files.sort_unstable();
    if files.is_empty() { Err(ReadError::NoDataFiles { path: input.to_owned() }) } else { Ok(files) }
}

fn matching(pattern: &str) -> Result<Vec<String>, ReadError> {
    // As in a shell, `*` leaves out hidden files.
    let options = MatchOptions { require_literal_leading_dot: true, ..MatchOptions::new() };
    let paths = glob::glob_with(pattern, options).map_err(|error| ReadError::Glob {
        pattern: pattern.to_owned(),
        reason: error.msg,
        position: error.pos,
    })?;
    let mut files = Vec::new();
    for path in paths {
        let path = path.map_err(|error| {
            let place = error.path().to_string_lossy().into_owned();
            ReadError::io(&place, error.into())
        })?;
        if path.is_file() {
            files.push(path.to_string_lossy().into_owned());
        }
    }
    if files.is_empty() { Err(ReadError::NoMatch { pattern: pattern.to_owned() }) } else { Ok(files) }
}
