//! A data frame as plain columns: steps of a load test, builds of a history.

use arrow_array::Array;
use canary_load::Column;

use super::error::{Origin, TableError};
use super::{Frame, number, text};

/// Every column of numbers or text, by name. Columns of other kinds hold nothing that a step or a build needs.
pub(crate) fn columns(frame: &Frame) -> Result<Vec<(String, Column)>, TableError> {
    let fields = frame.schema.fields().iter().enumerate();
    let column = |(place, field): (usize, &std::sync::Arc<arrow_schema::Field>)| {
        let is_text = text::is_text(field.data_type());
        if !is_text && !number::is_number(field.data_type()) {
            return None;
        }
        let cells = frame.batches.iter().filter_map(|batch| batch.columns().get(place)).map(AsRef::as_ref);
        let column = if is_text { Ok(texts(cells)) } else { numbers(cells, field.name(), frame) };
        Some(column.map(|column| (field.name().clone(), column)))
    };
    fields.filter_map(column).collect()
}

fn texts<'a>(cells: impl Iterator<Item = &'a dyn Array>) -> Column {
    let mut all = Vec::new();
    for text in cells.filter_map(text::encoded) {
        let cell = |&code: &u32| text.texts.get(code as usize).map(|text| text.trim().to_owned());
        all.extend(text.codes.iter().map(cell).map(|cell| cell.filter(|cell| !cell.is_empty())));
    }
    Column::Text(all)
}

fn numbers<'a>(cells: impl Iterator<Item = &'a dyn Array>, name: &str, frame: &Frame) -> Result<Column, TableError> {
    let mut all = Vec::new();
    for cells in cells {
        let values = number::values(cells, name, &Origin { table: &frame.name, first_row: all.len() })?;
        all.extend(values.iter().map(|value| Some(*value).filter(|value| !value.is_nan())));
    }
    Ok(Column::Number(all))
}
