//! Files and folders as streams of text, gzip or not.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::error::LoadError;
use crate::format::Format;

/// How much of a file is looked at to see what it is: k6 writes its metrics in any order.
const HEAD: u64 = 64 << 10;
const GZIP: [u8; 2] = [0x1f, 0x8b];
/// What editors and shells on Windows put before UTF-8.
const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// A stream whose first bytes were looked at.
pub(crate) type Stream = Chain<Cursor<Vec<u8>>, Box<dyn Read>>;

/// A stream of known format.
pub(crate) struct Source {
    /// What it is.
    pub(crate) format: Format,
    /// The whole of it.
    pub(crate) stream: Stream,
}

impl Source {
    /// Looks at the first bytes of anything.
    pub(crate) fn of(path: &str, mut reader: Box<dyn Read>) -> Result<Self, LoadError> {
        let mut head = Vec::new();
        let read = reader.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(|source| LoadError::Io { path: path.to_owned(), source })?;
        if head.starts_with(UTF8_MARK) {
            head.drain(..UTF8_MARK.len());
        }
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(LoadError::Empty { path: path.to_owned() });
        }
        let format = Format::of(&head).map_err(|problem| LoadError::Unknown { path: path.to_owned(), problem })?;
        Ok(Self { format, stream: Cursor::new(head).chain(reader) })
    }

    /// Opens a file.
    pub(crate) fn open(path: &Path) -> Result<Self, LoadError> {
        let shown = path.display().to_string();
        let reader = decompressed(path).map_err(|source| LoadError::Io { path: shown.clone(), source })?;
        Self::of(&shown, reader)
    }
}

/// The content of a file, whatever its suffix says of its compression.
pub(crate) fn decompressed(path: &Path) -> io::Result<Box<dyn Read>> {
    let mut file = File::open(path)?;
    let mut magic = Vec::new();
    file.by_ref().take(GZIP.len() as u64).read_to_end(&mut magic)?;
    let is_gzip = magic == GZIP;
    let whole = Cursor::new(magic).chain(file);
    Ok(if is_gzip {
        Box::new(Gzip(MultiGzDecoder::new(BufReader::with_capacity(1 << 16, whole))))
    } else {
        Box::new(whole)
    })
}

/// Gzip whose errors say what is wrong with the file.
struct Gzip<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Gzip<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => {
                io::Error::new(error.kind(), "found gzip that ends too early; is the file complete?")
            }
            ErrorKind::InvalidInput | ErrorKind::InvalidData => io::Error::new(
                error.kind(),
                format!("found broken gzip ({error}), expected the file as it was written"),
            ),
            _ => error,
        })
    }
}

/// The files directly in a folder, `step_2` before `step_10`; hidden ones are left out.
pub(crate) fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path.file_name().is_none_or(|name| name.to_string_lossy().starts_with('.'));
        if !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort_by_cached_key(|path| natural(&stem(path)));
    Ok(files)
}

/// A name without what says its form: `step_00_rps_40` of `step_00_rps_40.results.csv.gz`.
pub(crate) fn stem(path: &Path) -> String {
    const FORMS: [&str; 18] = [
        ".gz", ".csv", ".json", ".txt", ".log", ".out", ".parquet", ".hdr", ".hist", ".report", ".results", ".wrk",
        ".wrk2", ".hey", ".oha", ".vegeta", ".k6", ".summary",
    ];
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut rest = name.as_str();
    while let Some(shorter) = FORMS.iter().find_map(|form| rest.strip_suffix(form)) {
        rest = shorter;
    }
    rest.to_owned()
}

/// A key that sorts runs of digits by their value. Longer numbers are larger once leading zeros are gone.
fn natural(name: &str) -> Vec<(usize, String)> {
    let mut parts: Vec<(usize, String)> = Vec::new();
    let mut digits = false;
    for character in name.chars() {
        let is_digit = character.is_ascii_digit();
        if parts.is_empty() || is_digit != digits {
            parts.push((0, String::new()));
            digits = is_digit;
        }
        if let Some((length, part)) = parts.last_mut()
            && !(is_digit && character == '0' && part.is_empty())
        {
            part.push(character);
            *length += usize::from(is_digit);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_by_the_value_of_their_numbers() {
        let mut names = ["step_10_rps_5", "step_2_rps_300", "step_02_rps_4", "step_1", "a"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["a", "step_1", "step_02_rps_4", "step_2_rps_300", "step_10_rps_5"]);
    }

    #[test]
    fn a_stem_is_the_name_without_its_forms() {
        for (name, expected) in [
            ("step_00_rps_40.results.csv.gz", "step_00_rps_40"),
            ("step_00_rps_40.hdr.txt", "step_00_rps_40"),
            ("rate-1.5.json", "rate-1.5"),
            ("k6_summary.json", "k6_summary"),
            ("plain", "plain"),
        ] {
            assert_eq!(stem(Path::new(name)), expected);
        }
    }
}
