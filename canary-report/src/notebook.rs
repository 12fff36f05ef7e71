//! The report as a piece of HTML, as notebooks show a value (`_repr_html_`).

use askama::Template;
use canary_core::Report;

use crate::RenderError;
use crate::brief::{Brief, Style};
use crate::grid::{Frame, svg_in};

/// The most metrics in rows.
const MAX_ROWS: usize = 10;

/// The template.
#[derive(Template)]
#[template(path = "notebook.html")]
struct Notebook<'a> {
    brief: &'a Brief,
    style: Style,
    picture: String,
}

/// The report as an HTML fragment for a notebook: the verdict, why, what was compared, the grid, the ten worst metrics.
///
/// It brings no ids, no style sheet and no script, so that any number of them stand in one page, and takes the ink and
/// the ground of the notebook, light or dark. A front end that strips SVG from what it does not trust leaves the rest
/// readable. Below 200 KB for 1,500 metrics. Cost: O(metrics · log metrics).
pub fn fragment(report: &Report) -> Result<String, RenderError> {
    let brief = Brief::of(report, MAX_ROWS);
    let picture = svg_in(report, Frame::NOTEBOOK)?;
    Notebook { brief: &brief, style: Style::NOTEBOOK, picture }
        .render()
        .map_err(|error| RenderError::Html(error.into()))
}
