//! Aligned columns, and the one that gives way when the line is too narrow.

use comfy_table::{CellAlignment, Table, presets};

use super::Line;
use super::paint::Paint;
use crate::words::{columns, shorten};

/// Blank columns between two columns.
const GAP: u16 = 2;

/// Rows of text under a header; the first cell of each row carries its colour.
pub(crate) struct Grid {
    header: Vec<Column>,
    rows: Vec<Row>,
}

/// What heads a column, and how it is laid out.
pub(crate) struct Column {
    title: String,
    alignment: CellAlignment,
    /// The least width that the column is useful at; it gives way down to that. `None`: never.
    least: Option<usize>,
}

impl Column {
    pub(crate) fn left(title: impl Into<String>) -> Self {
        Self { title: title.into(), alignment: CellAlignment::Left, least: None }
    }

    pub(crate) fn right(title: impl Into<String>) -> Self {
        Self { title: title.into(), alignment: CellAlignment::Right, least: None }
    }

    /// A column whose texts are shortened in the middle where the line is too narrow.
    pub(crate) fn shrinking(title: impl Into<String>, least: usize) -> Self {
        Self { title: title.into(), alignment: CellAlignment::Left, least: Some(least) }
    }
}

struct Row {
    cells: Vec<String>,
    paint: Option<Paint>,
}

impl Grid {
    pub(crate) fn new(header: Vec<Column>) -> Self {
        Self { header, rows: Vec::new() }
    }

    /// Adds a row. All its cells must be printable.
    pub(crate) fn push(&mut self, paint: Option<Paint>, cells: Vec<String>) {
        self.rows.push(Row { cells, paint });
    }

    /// Whether the rows fit once every shrinking column is at its least useful width.
    pub(crate) fn fits(&self, width: usize) -> bool {
        let natural = self.natural_widths();
        let least: usize = self.header.iter().zip(&natural).map(|(column, natural)| column.narrowest(*natural)).sum();
        least + self.gaps() <= width
    }

    /// The lines, the header first if it has a title, aligned within `width`.
    pub(crate) fn lines(mut self, width: usize) -> Vec<Line> {
        if self.header.iter().any(|column| !column.title.is_empty()) {
            let titles = self.header.iter().map(|column| column.title.clone()).collect();
            self.rows.insert(0, Row { cells: titles, paint: None });
        }
        self.shrink(width);
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.add_rows(self.rows.iter().map(|row| row.cells.clone()));
        let last = self.header.len().saturating_sub(1);
        for (index, column) in self.header.iter().enumerate() {
            if let Some(laid_out) = table.column_mut(index) {
                laid_out.set_cell_alignment(column.alignment);
                laid_out.set_padding((0, if index == last { 0 } else { GAP }));
            }
        }
        // Colour comes after the layout: escapes have no width, but comfy-table would count them, and
        // its own colours depend on the environment.
        let marked = |(text, row): (String, Row)| Line { text, mark: row.paint.zip(row.cells.into_iter().next()) };
        table.lines().zip(self.rows).map(marked).collect()
    }

    /// Takes what is too much from the shrinking columns, from the widest first.
    fn shrink(&mut self, width: usize) {
        let mut widths = self.natural_widths();
        while widths.iter().sum::<usize>() + self.gaps() > width {
            let widest = widths
                .iter_mut()
                .zip(&self.header)
                .filter(|(width, column)| **width > column.narrowest(**width))
                .max_by_key(|(width, _)| **width);
            match widest {
                Some((width, _)) => *width -= 1,
                None => break,
            }
        }
        for row in &mut self.rows {
            for ((cell, column), width) in row.cells.iter_mut().zip(&self.header).zip(&widths) {
                if column.least.is_some() {
                    *cell = shorten(cell, *width);
                }
            }
        }
    }

    fn gaps(&self) -> usize {
        usize::from(GAP) * self.header.len().saturating_sub(1)
    }

    fn natural_widths(&self) -> Vec<usize> {
        let width_of = |index: usize, title: &str| {
            let cells = self.rows.iter().filter_map(|row| row.cells.get(index));
            cells.map(|cell| columns(cell)).chain([columns(title)]).max().unwrap_or(0)
        };
        self.header.iter().enumerate().map(|(index, column)| width_of(index, &column.title)).collect()
    }
}

impl Column {
    /// How narrow a column of this width may become.
    fn narrowest(&self, natural: usize) -> usize {
        self.least.map_or(natural, |least| least.min(natural))
    }
}
