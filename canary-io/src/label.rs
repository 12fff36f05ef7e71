//! Label columns: text or whole numbers to names and codes.

use std::sync::Arc;

use canary_core::{Labels, NO_LABEL};
use polars::prelude::{DataType, PolarsResult, Series};

use crate::error::ReadError;
use crate::origin::Origin;
use crate::text;

/// An owned dictionary-encoded column.
pub(crate) struct Coded {
    pub(crate) names: Vec<Arc<str>>,
    pub(crate) codes: Vec<u32>,
    /// Whether a row may be without a label.
    gaps: bool,
}

impl Coded {
    pub(crate) fn labels(&self) -> Labels<'_> {
        Labels { names: &self.names, codes: &self.codes }
    }

    /// The labels of some rows, with the names that occur in them.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let mut selected = Self { names: Vec::new(), codes: Vec::with_capacity(rows.len()), gaps: self.gaps };
        let mut code_of = vec![NO_LABEL; self.names.len()];
        for old in rows.iter().filter_map(|&row| self.codes.get(row)) {
            let (slot, name) = (code_of.get_mut(*old as usize), self.names.get(*old as usize));
            let (Some(slot), Some(name)) = (slot, name) else {
                selected.codes.push(NO_LABEL);
                continue;
            };
            if *slot == NO_LABEL {
                *slot = u32::try_from(selected.names.len()).unwrap_or(NO_LABEL);
                selected.names.push(Arc::clone(name));
            }
            selected.codes.push(*slot);
        }
        selected
    }

    /// An empty text is no label, in whichever format: CSV cannot tell the two apart.
    fn without_empty(mut self) -> Self {
        let empty = self.names.iter().position(|name| name.is_empty());
        if let Some(empty) = empty.and_then(|code| u32::try_from(code).ok()) {
            self.codes.iter_mut().filter(|code| **code == empty).for_each(|code| *code = NO_LABEL);
            self.gaps = true;
        }
        self
    }
}

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
    let gap = coded.gaps.then(|| coded.codes.iter().position(|&code| code == NO_LABEL));
    match gap.flatten() {
        Some(row) => Err(ReadError::Missing { place: origin.place(column.name(), row), role }),
        None => Ok(coded),
    }
}

fn texts(column: &Series) -> PolarsResult<Coded> {
    let text::Distinct { texts, codes } = text::distinct(column.str()?);
    Ok(Coded { names: texts.into_iter().map(Arc::from).collect(), codes, gaps: column.null_count() > 0 })
}
