//! An input that holds both sides, told apart by a column.

use canary_core::{NO_LABEL, Side};
use polars::prelude::Series;

use crate::error::ReadError;
use crate::label;
use crate::origin::Origin;

/// The rows of each side.
pub(crate) struct SideRows {
    pub(crate) baseline: Vec<usize>,
    pub(crate) canary: Vec<usize>,
}

/// Sorts the rows by their side; any other word is an error.
pub(crate) fn rows(column: &Series, origin: &Origin<'_>) -> Result<SideRows, ReadError> {
    let sides = label::required(column, "side", origin)?;
    let known: Vec<_> = sides.names.iter().map(|name| side(name)).collect();
    let mut rows = SideRows { baseline: Vec::new(), canary: Vec::new() };
    for (row, &code) in sides.codes.iter().enumerate() {
        match known.get(code as usize) {
            Some(Some(Side::Baseline)) => rows.baseline.push(row),
            Some(Some(Side::Canary)) => rows.canary.push(row),
            _ => {
                let found = sides.names.get(code as usize).filter(|_| code != NO_LABEL);
                let found = found.map(ToString::to_string).unwrap_or_default();
                return Err(ReadError::Side { place: origin.place(column.name(), row), found });
            }
        }
    }
    Ok(rows)
}

fn side(name: &str) -> Option<Side> {
    match name.trim().to_ascii_lowercase().as_str() {
        "baseline" => Some(Side::Baseline),
        "canary" => Some(Side::Canary),
        _ => None,
    }
}
