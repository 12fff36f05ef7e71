//! A small Parquet file as plain columns: steps of a load test, builds of a history.

use std::fs::File;
use std::path::Path;

use polars::prelude::{ArrowDataType as A, ArrowSchema, DataType, ParquetReader, SerReader, Series};

use crate::error::ReadError;

/// More rows are no steps and no builds.
const MOST_ROWS: usize = 1 << 20;

/// One column of a small table. What is missing is `None`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SmallColumn {
    /// Numbers of any kind.
    Number(Vec<Option<f64>>),
    /// Text.
    Text(Vec<Option<String>>),
}

/// Reads all columns of a Parquet file that hold numbers or text, by name; at most the first million rows.
pub fn read_small_table(path: impl AsRef<Path>) -> Result<Vec<(String, SmallColumn)>, ReadError> {
    let shown = path.as_ref().display().to_string();
    let malformed = |error| ReadError::malformed(&shown, "Parquet", &error);
    let file = File::open(&path).map_err(|error| ReadError::io(&shown, error))?;
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema().map_err(malformed)?;
    let columns = readable(&schema);
    let frame = reader.with_columns(Some(columns)).with_slice(Some((0, MOST_ROWS))).finish().map_err(malformed)?;
    let mut table = Vec::new();
    for column in frame.columns() {
        let values = values(column.as_materialized_series()).map_err(malformed)?;
        table.push((column.name().to_string(), values));
    }
    Ok(table)
}

/// polars was built without some types and would end the process at one of them.
fn readable(schema: &ArrowSchema) -> Vec<String> {
    let fits = |dtype: &A| {
        matches!(
            dtype,
            A::Boolean
                | A::Int8
                | A::Int16
                | A::Int32
                | A::Int64
                | A::UInt8
                | A::UInt16
                | A::UInt32
                | A::UInt64
                | A::Float32
                | A::Float64
                | A::Utf8
                | A::LargeUtf8
                | A::Utf8View
        )
    };
    schema.iter_values().filter(|field| fits(field.dtype())).map(|field| field.name.to_string()).collect()
}

fn values(series: &Series) -> polars::prelude::PolarsResult<SmallColumn> {
    if series.dtype() == &DataType::String {
        let texts = series.str()?.iter().map(|text| text.map(str::to_owned));
        return Ok(SmallColumn::Text(texts.collect()));
    }
    let numbers = series.cast(&DataType::Float64)?;
    Ok(SmallColumn::Number(numbers.f64()?.iter().collect()))
}
