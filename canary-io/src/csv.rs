//! CSV files, plain or compressed, to frames.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;

use canary_core::columns::{Plan, Shape, Sides};
use polars::io::utils::compression::CompressedReader;
use polars::prelude::{
    BooleanChunked, CsvReadOptions, DataFrame, DataType, PlSmallStr, PolarsResult, Schema, SerReader,
};

use crate::error::ReadError;
use crate::format;
use crate::options::ReadOptions;

/// The text of a file: read in place, or decompressed.
pub(crate) enum Content<'a> {
    File(&'a str),
    Memory(Vec<u8>),
}

/// A file's rows, and what is needed to find their lines.
pub(crate) struct CsvFrame {
    pub(crate) frame: DataFrame,
    pub(crate) plan: Plan,
    /// Where blank lines were dropped: which records were kept.
    kept: Option<BooleanChunked>,
}

impl Content<'_> {
    /// Decompresses a file. gzip and zstd are told apart by their content.
    pub(crate) fn decompressed(path: &str) -> Result<Self, ReadError> {
        let damaged = |source| ReadError::Compressed { path: path.to_owned(), source };
        let bytes = fs::read(path).map_err(|error| ReadError::io(path, error))?;
        let reader = CompressedReader::try_new(bytes.into());
        let mut reader = reader.map_err(|error| damaged(io::Error::other(error.to_string())))?;
        let mut text = Vec::new();
        reader.read_to_end(&mut text).map_err(damaged)?;
        if text.is_empty() {
            return Err(ReadError::Empty { path: path.to_owned() });
        }
        format::check_text(&text, path)?;
        Ok(Content::Memory(text))
    }

    fn open(&self) -> io::Result<Box<dyn BufRead + '_>> {
        Ok(match self {
            Self::File(path) => Box::new(BufReader::new(File::open(path)?)),
            Self::Memory(text) => Box::new(text.as_slice()),
        })
    }

    fn frame(&self, options: CsvReadOptions) -> PolarsResult<DataFrame> {
        match self {
            Self::File(path) => options.into_reader_with_file_handle(File::open(path)?).finish(),
            Self::Memory(text) => options.into_reader_with_file_handle(Cursor::new(text.as_slice())).finish(),
        }
    }
}

/// Reads a file. Numbers are parsed as such if all are; otherwise they stay text, which is then parsed
/// with more patience (`NA`, `null`) and with the place of what is not a number.
pub(crate) fn read(
    path: &str,
    content: &Content<'_>,
    options: &ReadOptions,
    sides: Sides,
) -> Result<CsvFrame, ReadError> {
    let plan = options.plan(path, &header(path, content)?, sides)?;
    let numbers = content.frame(csv_options(&plan, &DataType::Float64));
    let frame = numbers
        .or_else(|_| content.frame(csv_options(&plan, &DataType::String)))
        .map_err(|error| ReadError::malformed(path, "CSV", &error))?;
    let kept = kept(&frame, &plan).map_err(|error| ReadError::malformed(path, "CSV", &error))?;
    let mut frame = match &kept {
        Some(kept) => frame.filter(kept).map_err(|error| ReadError::malformed(path, "CSV", &error))?,
        None => frame,
    };
    // A wide file makes a batch a metric and chunk; joining its chunks is cheaper than that.
    if let Shape::Wide { .. } = plan.shape {
        frame.rechunk_mut_par();
    }
    Ok(CsvFrame { frame, plan, kept })
}

fn csv_options(plan: &Plan, number: &DataType) -> CsvReadOptions {
    let types: Schema = plan.numbers().iter().map(|name| (PlSmallStr::from(name.as_str()), number.clone())).collect();
    let columns: Arc<[PlSmallStr]> = plan.columns().map(|name| PlSmallStr::from(name.as_str())).collect();
    text_options().with_columns(Some(columns)).with_schema_overwrite(Some(Arc::new(types)))
}

/// Every column as text: inference from the first rows would be wrong about the later ones.
fn text_options() -> CsvReadOptions {
    CsvReadOptions::default().with_infer_schema_length(Some(0))
}

/// The column names, from the header alone.
fn header(path: &str, content: &Content<'_>) -> Result<Vec<String>, ReadError> {
    let line = content.open().and_then(first_record).map_err(|error| ReadError::io(path, error))?;
    if line.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::Empty { path: path.to_owned() });
    }
    let frame = text_options().into_reader_with_file_handle(Cursor::new(line)).finish();
    let frame = frame.map_err(|error| ReadError::malformed(path, "CSV", &error))?;
    let names: Vec<String> = frame.get_column_names().into_iter().map(ToString::to_string).collect();
    match names.iter().find_map(|name| duplicate(name, &names)) {
        Some(column) => Err(ReadError::DuplicateColumn { path: path.to_owned(), column: column.to_owned() }),
        None => Ok(names),
    }
}

/// polars renames the second `a` to `a_duplicated_0`, which would be a metric nobody has.
fn duplicate<'a>(name: &'a str, names: &[String]) -> Option<&'a str> {
    let (column, number) = name.rsplit_once("_duplicated_")?;
    let renamed = number.parse::<usize>().is_ok() && names.iter().any(|other| other == column);
    (renamed && !column.is_empty()).then_some(column)
}

/// The first record that is not blank; one with a quoted line break goes on until the quote ends.
fn first_record(mut reader: impl BufRead) -> io::Result<Vec<u8>> {
    let mut record = Vec::new();
    loop {
        let more = reader.read_until(b'\n', &mut record)? > 0;
        let quoted = record.iter().fold(false, |quoted, &byte| quoted ^ (byte == b'"'));
        let blank = record.iter().all(u8::is_ascii_whitespace);
        if !more || !(quoted || blank) {
            return Ok(record);
        }
    }
}

/// Which records hold anything, where some do not: a blank line is no row. Only records without a
/// timestamp can be blank, so a file that has them all costs nothing.
fn kept(frame: &DataFrame, plan: &Plan) -> PolarsResult<Option<BooleanChunked>> {
    if frame.column(&plan.timestamp)?.null_count() == 0 {
        return Ok(None);
    }
    let filled = frame.columns().iter().map(polars::prelude::Column::is_not_null);
    let filled = filled.reduce(|one, other| &one | &other);
    Ok(filled.filter(|filled| filled.iter().any(|kept| kept == Some(false))))
}

/// The lines of a file's rows.
pub(crate) struct Lines<'a> {
    pub(crate) content: &'a Content<'a>,
    pub(crate) kept: Option<BooleanChunked>,
}

impl CsvFrame {
    /// Splits off what finds lines.
    pub(crate) fn into_parts<'a>(self, content: &'a Content<'a>) -> (DataFrame, Plan, Lines<'a>) {
        (self.frame, self.plan, Lines { content, kept: self.kept })
    }
}

impl Lines<'_> {
    /// The line, from 1, on which a data row starts.
    pub(crate) fn of_row(&self, row: usize) -> Option<u64> {
        let record = match &self.kept {
            Some(kept) => {
                let kept = kept.iter().enumerate().filter(|(_, kept)| *kept == Some(true));
                kept.map(|(record, _)| record).nth(row)?
            }
            None => row,
        };
        self.content.open().and_then(|reader| line_of(reader, record)).ok()
    }
}

/// Counts records as polars does: any quote opens or closes, a line break outside of quotes ends a record,
/// blank lines before the header do not count.
fn line_of(reader: impl BufRead, record: usize) -> io::Result<u64> {
    let (mut line, mut first_line) = (1, 1);
    let (mut quoted, mut blank, mut records) = (false, true, None);
    for byte in reader.bytes() {
        match byte? {
            b'\n' => {
                line += 1;
                if quoted {
                    continue;
                }
                if records == Some(record) {
                    break;
                }
                records = records.map_or((!blank).then_some(0), |records| Some(records + 1));
                (first_line, blank) = (line, true);
            }
            b'"' => (quoted, blank) = (!quoted, false),
            b'\r' => {}
            _ => blank = false,
        }
    }
    Ok(first_line)
}
