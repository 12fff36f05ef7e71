//! Label columns: text or whole numbers to names and codes.

use std::sync::Arc;

use canary_core::columns::OwnedLabels;
use polars::prelude::{DataType, PolarsResult, Series};

use crate::error::ReadError;
use crate::origin::Origin;
use crate::text;

/// An owned dictionary-encoded column.
pub(crate) type Coded = OwnedLabels;

/// A label column in which rows may be empty.
pub(crate) fn optional(column: &Series, origin: &Origin<'_>) -> Result<Coded, ReadError> {
    let malformed = |error| ReadError::malformed(origin.path, "labels", &error);
    let coded = match column.dtype() {
        DataType::String => texts(column),
        dtype if dtype.is_integer() || dtype.is_null() || dtype.is_categorical() || dtype.is_enum() => {
            column.cast(&DataType::String).and_then(|column| texts(&column))
        }
        dtype => {
            return Err(ReadError::ColumnType {
                path: origin.path.to_owned(),
                column: column.name().to_string(),
                found: dtype.to_string(),
                expected: "text",
            });
        }
    };
    Ok(coded.map_err(malformed)?.without_empty())
}

/// A label column in which every row has a label.
pub(crate) fn required(column: &Series, role: &'static str, origin: &Origin<'_>) -> Result<Coded, ReadError> {
    let coded = optional(column, origin)?;
    match coded.first_gap() {
        Some(row) => Err(ReadError::Missing { place: origin.place(column.name(), row), role }),
        None => Ok(coded),
    }
}

fn texts(column: &Series) -> PolarsResult<Coded> {
    let text::Distinct { texts, codes } = text::distinct(column.str()?);
    Ok(Coded { names: texts.into_iter().map(Arc::from).collect(), codes, gaps: column.null_count() > 0 })
}
