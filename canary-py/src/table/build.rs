//! A data frame from columns that came without Arrow: what numpy arrays and lists hold, as bytes.

use std::sync::Arc;

use arrow_array::types::UInt32Type;
use arrow_array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, RecordBatchOptions, StringArray,
    TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray, UInt32Array,
};
use arrow_schema::{ArrowError, Field, Schema};
use canary_core::TimeUnit;

/// One column.
#[derive(Debug)]
pub(crate) enum Column {
    /// `f64` in the machine's own order of bytes.
    Numbers(Vec<u8>),
    /// `i64`.
    Integers(Vec<u8>),
    /// `i64` of a unit since 1970, with a zone or without.
    Times { ticks: Vec<u8>, unit: TimeUnit, zoned: bool },
    /// `i32` codes, -1 for nothing, and what they stand for.
    Texts { codes: Vec<u8>, texts: Vec<String> },
}

impl Column {
    fn array(self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Numbers(bytes) => Arc::new(Float64Array::from(numbers(&bytes, f64::from_ne_bytes))),
            Self::Integers(bytes) => Arc::new(Int64Array::from(numbers(&bytes, i64::from_ne_bytes))),
            Self::Times { ticks, unit, zoned } => times(numbers(&ticks, i64::from_ne_bytes), unit, zoned),
            Self::Texts { codes, texts } => {
                let codes = numbers(&codes, i32::from_ne_bytes);
                let codes: UInt32Array = codes.into_iter().map(|code| u32::try_from(code).ok()).collect();
                Arc::new(DictionaryArray::<UInt32Type>::try_new(codes, Arc::new(StringArray::from(texts)))?)
            }
        })
    }
}

/// A batch of named columns. `Err` where their lengths differ, or a code stands for nothing.
pub(crate) fn batch(columns: Vec<(String, Column)>) -> Result<RecordBatch, ArrowError> {
    let (mut fields, mut arrays) = (Vec::new(), Vec::new());
    for (name, column) in columns {
        let array = column.array()?;
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    // Without a column the rows cannot be counted.
    let rows = arrays.first().map_or(0, Array::len);
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &options)
}

fn numbers<T, const SIZE: usize>(bytes: &[u8], number: impl Fn([u8; SIZE]) -> T) -> Vec<T> {
    bytes.chunks_exact(SIZE).filter_map(|chunk| chunk.try_into().ok()).map(number).collect()
}

fn times(ticks: Vec<i64>, unit: TimeUnit, zoned: bool) -> ArrayRef {
    let zone = zoned.then_some("UTC");
    match unit {
        TimeUnit::Seconds => Arc::new(TimestampSecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Milliseconds => Arc::new(TimestampMillisecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Microseconds => Arc::new(TimestampMicrosecondArray::from(ticks).with_timezone_opt(zone)),
        TimeUnit::Nanoseconds => Arc::new(TimestampNanosecondArray::from(ticks).with_timezone_opt(zone)),
    }
}
