//! A column of numbers: polars' own buffer where that will do, a copy where it will not.

use polars::prelude::{ChunkedArray, PolarsNumericType};

/// The cells of one column, without gaps.
pub(crate) enum Cells<P: PolarsNumericType> {
    /// The buffer as polars decoded it.
    Shared(P::Array),
    /// Converted, filled or selected.
    Owned(Vec<P::Native>),
}

impl<P: PolarsNumericType> Cells<P> {
    /// Takes a column over. `gap` stands in for nulls.
    pub(crate) fn new(column: &ChunkedArray<P>, gap: P::Native) -> Self {
        if column.null_count() > 0 {
            return Self::Owned(column.iter().map(|cell| cell.unwrap_or(gap)).collect());
        }
        match column.rechunk().downcast_iter().next() {
            Some(array) => Self::Shared(array.clone()),
            None => Self::Owned(Vec::new()),
        }
    }

    pub(crate) fn as_slice(&self) -> &[P::Native] {
        match self {
            Self::Shared(array) => array.values().as_slice(),
            Self::Owned(cells) => cells,
        }
    }

    /// The cells of some rows.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let cells = self.as_slice();
        Self::Owned(rows.iter().filter_map(|&row| cells.get(row).copied()).collect())
    }
}
