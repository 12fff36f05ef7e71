//! Label columns: text or whole numbers to names and codes.

use std::collections::HashMap;
use std::sync::Arc;

use arrow_array::{Array, downcast_integer_array};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use canary_core::NO_LABEL;
use canary_core::columns::OwnedLabels;

use super::error::{Origin, TableError};
use super::text;

/// A column of labels whose codes may be those of the data frame.
pub(crate) type Coded = OwnedLabels<ScalarBuffer<u32>>;

/// A label column in which rows may be empty.
pub(crate) fn optional(column: &dyn Array, name: &str, origin: &Origin<'_>) -> Result<Coded, TableError> {
    let coded = if let Some(text) = text::encoded(column) {
        let names = text.texts.into_iter().map(Arc::from).collect();
        Coded { names, codes: text.codes, gaps: text.gaps }
    } else if column.data_type().is_integer() {
        numbered(column)
    } else if *column.data_type() == DataType::Null {
        Coded { names: Vec::new(), codes: vec![NO_LABEL; column.len()].into(), gaps: true }
    } else {
        return Err(origin.column_type(name, column.data_type(), "text"));
    };
    Ok(coded.without_empty())
}

/// A label column in which every row has a label.
pub(crate) fn required(
    column: &dyn Array,
    name: &str,
    role: &'static str,
    origin: &Origin<'_>,
) -> Result<Coded, TableError> {
    let coded = optional(column, name, origin)?;
    match coded.first_gap() {
        Some(row) => Err(TableError::Missing { place: origin.place(name, row), role }),
        None => Ok(coded),
    }
}

/// Whole numbers as labels: as they are written.
fn numbered(column: &dyn Array) -> Coded {
    let mut known: HashMap<i128, u32> = HashMap::new();
    let mut coded = Coded { names: Vec::new(), codes: Vec::new().into(), gaps: column.null_count() > 0 };
    let mut code = |number: Option<i128>| {
        let Some(number) = number else { return NO_LABEL };
        *known.entry(number).or_insert_with(|| {
            coded.names.push(number.to_string().into());
            u32::try_from(coded.names.len() - 1).unwrap_or(NO_LABEL)
        })
    };
    let numbers: Vec<u32> = downcast_integer_array!(
        column => column.iter().map(|number| code(number.map(i128::from))).collect(),
        _ => vec![NO_LABEL; column.len()],
    );
    coded.codes = numbers.into();
    coded
}
