//! Value columns: any number, or text that reads as one, to `f64` with NaN for nothing.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use canary_core::columns;

use super::error::{Origin, TableError};
use super::text::{self, Encoded};

/// The values of a column. Nulls become NaN. `f64` without nulls is taken over as it lies in memory.
pub(crate) fn values(column: &dyn Array, name: &str, origin: &Origin<'_>) -> Result<ScalarBuffer<f64>, TableError> {
    if let Some(text) = text::encoded(column) {
        return parsed(&text, name, origin);
    }
    Ok(match column.data_type() {
        DataType::Float64 if column.null_count() == 0 => column.as_primitive::<Float64Type>().values().clone(),
        DataType::Float64 => converted::<Float64Type>(column, |value| value),
        DataType::Float32 => converted::<Float32Type>(column, f64::from),
        DataType::Float16 => converted::<Float16Type>(column, f64::from),
        DataType::Int8 => converted::<Int8Type>(column, f64::from),
        DataType::Int16 => converted::<Int16Type>(column, f64::from),
        DataType::Int32 => converted::<Int32Type>(column, f64::from),
        DataType::Int64 => converted::<Int64Type>(column, |value| value as f64),
        DataType::UInt8 => converted::<UInt8Type>(column, f64::from),
        DataType::UInt16 => converted::<UInt16Type>(column, f64::from),
        DataType::UInt32 => converted::<UInt32Type>(column, f64::from),
        DataType::UInt64 => converted::<UInt64Type>(column, |value| value as f64),
        DataType::Boolean => {
            let value = |value: Option<bool>| value.map_or(f64::NAN, |value| f64::from(u8::from(value)));
            column.as_boolean().iter().map(value).collect::<Vec<_>>().into()
        }
        DataType::Decimal32(_, scale) => scaled::<Decimal32Type>(column, *scale, f64::from),
        DataType::Decimal64(_, scale) => scaled::<Decimal64Type>(column, *scale, |value| value as f64),
        DataType::Decimal128(_, scale) => scaled::<Decimal128Type>(column, *scale, |value| value as f64),
        DataType::Decimal256(_, scale) => {
            let written = |value| Decimal256Type::format_decimal(value, u8::MAX, *scale).parse().unwrap_or(f64::NAN);
            converted::<Decimal256Type>(column, written)
        }
        DataType::Null => vec![f64::NAN; column.len()].into(),
        other => return Err(origin.column_type(name, other, "numbers")),
    })
}

/// Whether [`values`] takes a column of this type, text aside.
pub(crate) fn is_number(dtype: &DataType) -> bool {
    dtype.is_numeric() || matches!(dtype, DataType::Boolean | DataType::Null)
}

fn converted<T: ArrowPrimitiveType>(column: &dyn Array, convert: impl Fn(T::Native) -> f64) -> ScalarBuffer<f64> {
    let column = column.as_primitive::<T>();
    if column.null_count() == 0 {
        return column.values().iter().map(|&value| convert(value)).collect::<Vec<_>>().into();
    }
    column.iter().map(|value| value.map_or(f64::NAN, &convert)).collect::<Vec<_>>().into()
}

/// Decimals as polars, and so the command line, converts them: over a power of ten.
fn scaled<T: DecimalType>(column: &dyn Array, scale: i8, convert: impl Fn(T::Native) -> f64) -> ScalarBuffer<f64> {
    let unit = 10_f64.powi(i32::from(scale));
    converted::<T>(column, |value| convert(value) / unit)
}

/// Text is parsed once a distinct text.
fn parsed(text: &Encoded<'_>, name: &str, origin: &Origin<'_>) -> Result<ScalarBuffer<f64>, TableError> {
    let numbers: Vec<Option<f64>> = text.texts.iter().map(|text| columns::number(text)).collect();
    let mut values = Vec::with_capacity(text.codes.len());
    for (row, &code) in text.codes.iter().enumerate() {
        values.push(match numbers.get(code as usize) {
            None => f64::NAN,
            Some(Some(value)) => *value,
            Some(None) => {
                let found = text.texts.get(code as usize).copied().unwrap_or_default().to_owned();
                return Err(TableError::Number { place: origin.place(name, row), found });
            }
        });
    }
    Ok(values.into())
}
