//! Value columns: any number, or text that reads as one, to `f64` with NaN for nothing.

use canary_core::columns::number;
use polars::prelude::{DataType, Float64Type, Series, StringChunked};

use crate::cells::Cells;
use crate::error::ReadError;
use crate::origin::Origin;

/// The values of a column. Nulls become NaN.
pub(crate) fn values(column: &Series, origin: &Origin<'_>) -> Result<Cells<Float64Type>, ReadError> {
    let malformed = |error| ReadError::malformed(origin.path, "numbers", &error);
    match column.dtype() {
        DataType::Float64 => Ok(Cells::new(column.f64().map_err(malformed)?, f64::NAN)),
        DataType::String => parsed(column.str().map_err(malformed)?, origin),
        DataType::Categorical(..) | DataType::Enum(..) => {
            let texts = column.cast(&DataType::String).map_err(malformed)?;
            parsed(texts.str().map_err(malformed)?, origin)
        }
        _ => {
            let numbers = column.cast(&DataType::Float64).map_err(malformed)?;
            Ok(Cells::new(numbers.f64().map_err(malformed)?, f64::NAN))
        }
    }
}

fn parsed(column: &StringChunked, origin: &Origin<'_>) -> Result<Cells<Float64Type>, ReadError> {
    let mut values = Vec::with_capacity(column.len());
    for (row, text) in column.iter().enumerate() {
        let value = text.map_or(Some(f64::NAN), number);
        values.push(value.ok_or_else(|| ReadError::Number {
            place: origin.place(column.name(), row),
            found: text.unwrap_or_default().to_owned(),
        })?);
    }
    Ok(Cells::Owned(values))
}
