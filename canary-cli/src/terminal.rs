//! What the terminal can do.

use canary_report::TableOptions;
use console::Term;

use crate::args::Color;

/// The width of what is printed into a pipe or written to a file: a CI log.
const PIPE_WIDTH: usize = 120;

/// How the table is laid out in a file.
pub(crate) fn file_options() -> TableOptions {
    let mut options = TableOptions::default();
    options.width = PIPE_WIDTH;
    options
}

/// How the table is laid out on this standard output.
pub(crate) fn table_options(color: Color) -> TableOptions {
    let mut options = TableOptions::default();
    options.width = Term::stdout().size_checked().map_or(PIPE_WIDTH, |(_, columns)| usize::from(columns));
    options.color = match color {
        Color::Auto => console::colors_enabled(),
        Color::Always => true,
        Color::Never => false,
    };
    options
}
