//! What the terminal can do.

use canary_report::TableOptions;
use console::Term;

use crate::args::Color;

/// The width of what is printed into a pipe: a CI log.
const PIPE_WIDTH: usize = 100;

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
