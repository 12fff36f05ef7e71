//! Parquet files to frames, a window of rows at a time.

use std::fs::File;
use std::sync::Arc;

use canary_core::columns::{Plan, Sides};
use polars::prelude::{
    ArrowDataType as A, ArrowField as Field, ArrowSchema, DataFrame, FileMetadata, FileMetadataRef, ParquetReader,
    SerReader, infer_schema,
};

use crate::error::ReadError;
use crate::options::ReadOptions;

/// Rows decoded at once. Plain text columns hold 16 bytes a row until they are encoded, so a window
/// bounds what a file of any length needs beyond its result; a row group is never divided.
const WINDOW_ROWS: usize = 4 << 20;

/// Reads a file and hands over each window with the number of rows before it.
pub(crate) fn read(
    path: &str,
    options: &ReadOptions,
    sides: Sides,
    mut take: impl FnMut(DataFrame, usize, &Plan) -> Result<(), ReadError>,
) -> Result<(), ReadError> {
    let malformed = |error| ReadError::malformed(path, "Parquet", &error);
    let mut reader = open(path)?;
    let metadata = Arc::clone(reader.get_metadata().map_err(malformed)?);
    let schema = reader.schema().map_err(malformed)?;
    let found: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    let plan = options.plan(path, &found, sides)?;
    check_types(path, &schema, &plan)?;
    let metadata = without_dictionaries(metadata, &schema, &plan);
    let columns: Vec<String> = plan.columns().cloned().collect();
    for (start, rows) in windows(&metadata) {
        let mut reader = open(path)?;
        reader.set_metadata(Arc::clone(&metadata));
        let frame = reader.with_columns(Some(columns.clone())).with_slice(Some((start, rows))).finish();
        take(frame.map_err(malformed)?, start, &plan)?;
    }
    Ok(())
}

fn open(path: &str) -> Result<ParquetReader<File>, ReadError> {
    File::open(path).map(ParquetReader::new).map_err(|error| ReadError::io(path, error))
}

/// The metadata as if the writer had not marked text as dictionaries (pandas, polars and Arrow do, in a schema
/// of their own beside Parquet's). polars would add each row's text to a dictionary of the whole process;
/// as plain text the values come with the file's own dictionary, and are encoded five times as fast.
/// Where Parquet's own types say anything else of a column that is read, all stays as it is.
fn without_dictionaries(metadata: FileMetadataRef, schema: &ArrowSchema, plan: &Plan) -> FileMetadataRef {
    let is_dictionary = |column: &String| matches!(schema.get(column).map(Field::dtype), Some(A::Dictionary(..)));
    if !plan.columns().any(is_dictionary) {
        return metadata;
    }
    let mut unmarked = FileMetadata::clone(&metadata);
    unmarked.key_value_metadata = None;
    let same = |column: &String, types: &ArrowSchema| match (schema.get(column), types.get(column)) {
        (Some(marked), Some(unmarked)) => is_same(marked.dtype(), unmarked.dtype()),
        _ => false,
    };
    match infer_schema(&unmarked) {
        Ok(types) if plan.columns().all(|column| same(column, &types)) => Arc::new(unmarked),
        _ => metadata,
    }
}

/// Whether two types give the same observations.
fn is_same(one: &A, other: &A) -> bool {
    match (one, other) {
        (A::Timestamp(one, zone), A::Timestamp(other, other_zone)) => {
            one == other && zone.is_some() == other_zone.is_some()
        }
        _ => one == other || (is_text(one) && is_text(other)),
    }
}

/// The first row and the rows of each window.
fn windows(metadata: &FileMetadata) -> Vec<(usize, usize)> {
    let mut windows: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for group in &metadata.row_groups {
        let rows = group.num_rows();
        match windows.last_mut() {
            Some((_, window)) if *window + rows <= WINDOW_ROWS => *window += rows,
            _ => windows.push((start, rows)),
        }
        start += rows;
    }
    windows
}

/// Types are checked before polars converts them: those it was built without would end the process.
fn check_types(path: &str, schema: &ArrowSchema, plan: &Plan) -> Result<(), ReadError> {
    let check = |column: &String, fits: fn(&A) -> bool, expected| match schema.get(column) {
        Some(field) if !fits(field.dtype()) => Err(ReadError::ColumnType {
            path: path.to_owned(),
            column: column.clone(),
            found: format!("{:?}", field.dtype()),
            expected,
        }),
        _ => Ok(()),
    };
    plan.labels().try_for_each(|column| check(column, is_label, "text"))?;
    check(&plan.timestamp, is_time, "a date-time, a date, text, or whole numbers with --time-unit")?;
    plan.numbers().iter().try_for_each(|column| check(column, is_number, "numbers"))
}

fn is_integer(dtype: &A) -> bool {
    matches!(dtype, A::Int8 | A::Int16 | A::Int32 | A::Int64 | A::UInt8 | A::UInt16 | A::UInt32 | A::UInt64)
}

fn is_text(dtype: &A) -> bool {
    match dtype {
        A::Utf8 | A::LargeUtf8 | A::Utf8View => true,
        A::Dictionary(_, values, _) => is_text(values),
        _ => false,
    }
}

fn is_label(dtype: &A) -> bool {
    is_text(dtype) || is_integer(dtype) || *dtype == A::Null
}

fn is_time(dtype: &A) -> bool {
    let text = matches!(dtype, A::Utf8 | A::LargeUtf8 | A::Utf8View);
    text || is_integer(dtype) || matches!(dtype, A::Timestamp(..) | A::Date32 | A::Date64)
}

/// Text passes here, since it may hold numbers; the first row that does not is reported.
fn is_number(dtype: &A) -> bool {
    let plain = matches!(dtype, A::Float32 | A::Float64 | A::Boolean | A::Decimal(..) | A::Null);
    plain || is_integer(dtype) || is_text(dtype)
}
