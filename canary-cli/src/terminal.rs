//! What the terminal can do.

use canary_report::TableOptions;
use console::Term;

use crate::args::Color;

/// The width of what is printed into a pipe or written to a file: a CI log.
const PIPE_WIDTH: usize = 120;

/// What stands around the list of metrics in a run of two regions and a few groups.
const LINES_AROUND: usize = 26;
/// Fewer rows say too little, more are better asked for with `--only`.
const ROWS: std::ops::RangeInclusive<usize> = 6..=40;

/// Rows in a pipe or a file, which has no screen to fill.
const PIPE_ROWS: usize = 16;

/// How the table is laid out in a pipe or a file.
pub(crate) fn file_options() -> TableOptions {
    TableOptions { width: PIPE_WIDTH, max_rows: PIPE_ROWS, ..TableOptions::default() }
}

/// The width of this standard output.
pub(crate) fn width() -> usize {
    Term::stdout().size_checked().map_or(PIPE_WIDTH, |(_, columns)| usize::from(columns))
}

/// How the table is laid out on this standard output: as wide as the terminal, and as long.
pub(crate) fn table_options(color: Color) -> TableOptions {
    let color = match color {
        Color::Auto => console::colors_enabled(),
        Color::Always => true,
        Color::Never => false,
    };
    let Some((rows, columns)) = Term::stdout().size_checked() else {
        return TableOptions { color, ..file_options() };
    };
    let max_rows = usize::from(rows).saturating_sub(LINES_AROUND).clamp(*ROWS.start(), *ROWS.end());
    TableOptions { color, width: usize::from(columns), max_rows, ..TableOptions::default() }
}
