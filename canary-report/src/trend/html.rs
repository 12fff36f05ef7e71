//! The trend as one page: no script, no other file, nothing from the network.

use askama::Template;

use super::changes::{cells, titles};
use super::{Trended, svg};
use crate::RenderError;
use crate::words::{TrendState, history_text, printable, trend_text};

/// What the template is filled with.
#[derive(Debug, Template)]
#[template(path = "trend.html")]
struct Page {
    state: &'static str,
    headline: String,
    number: String,
    picture: String,
    titles: Vec<String>,
    changes: Vec<Vec<String>>,
    builds: String,
}

/// The page. The picture's texts are escaped by plotters, so it stands in the page as it is.
pub(super) fn html(trended: Trended<'_>) -> Result<String, RenderError> {
    let report = trended.report;
    let page = Page {
        state: TrendState::of(report).word(),
        headline: trend_text(report),
        number: printable(trended.number),
        picture: svg::history(trended).map_err(RenderError::Html)?,
        titles: titles(trended),
        changes: report.changes.iter().map(|change| cells(trended, change)).collect(),
        builds: history_text(report),
    };
    page.render().map_err(|error| RenderError::Html(Box::new(error)))
}
