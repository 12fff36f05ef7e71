//! The format of a file, from its content.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::error::ReadError;

const PARQUET: &[u8] = b"PAR1";
const GZIP: &[u8] = &[0x1f, 0x8b];
const ZSTD: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];
/// The shortest Parquet file: magic, an empty footer's length, magic.
const SHORTEST_PARQUET: u64 = 12;
/// How much of a file is looked at.
const HEAD: u64 = 4096;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Parquet,
    Csv,
    CompressedCsv,
}

impl Format {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Parquet => "Parquet",
            Self::Csv | Self::CompressedCsv => "CSV",
        }
    }
}

/// Looks at the content; the name counts only where it promises Parquet.
pub(crate) fn of_file(path: &str) -> Result<Format, ReadError> {
    let failed = |error| ReadError::io(path, error);
    let mut file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(ReadError::NotAFile { path: path.to_owned() });
    }
    let mut head = Vec::new();
    Read::by_ref(&mut file).take(HEAD).read_to_end(&mut head).map_err(failed)?;
    if head.is_empty() {
        return Err(ReadError::Empty { path: path.to_owned() });
    }
    if head.starts_with(PARQUET) {
        return whole_parquet(&mut file, metadata.len(), path);
    }
    if path.to_ascii_lowercase().ends_with(".parquet") {
        return Err(ReadError::NotParquet { path: path.to_owned() });
    }
    if head.starts_with(GZIP) || head.starts_with(ZSTD) {
        return Ok(Format::CompressedCsv);
    }
    check_text(&head, path)?;
    Ok(Format::Csv)
}

/// Text holds no NUL byte; archives, spreadsheets and other columnar formats do, early on.
pub(crate) fn check_text(content: &[u8], path: &str) -> Result<(), ReadError> {
    if content.iter().take(usize::try_from(HEAD).unwrap_or(usize::MAX)).any(|&byte| byte == 0) {
        return Err(ReadError::UnknownFormat { path: path.to_owned() });
    }
    Ok(())
}

fn whole_parquet(file: &mut File, length: u64, path: &str) -> Result<Format, ReadError> {
    let truncated = || ReadError::TruncatedParquet { path: path.to_owned() };
    if length < SHORTEST_PARQUET {
        return Err(truncated());
    }
    let mut tail = Vec::new();
    file.seek(SeekFrom::End(-4)).map_err(|error| ReadError::io(path, error))?;
    file.read_to_end(&mut tail).map_err(|error| ReadError::io(path, error))?;
    if tail == PARQUET { Ok(Format::Parquet) } else { Err(truncated()) }
}
