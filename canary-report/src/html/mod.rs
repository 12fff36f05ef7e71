//! The report as one self-contained HTML page.

mod page;

use askama::Template;
use canary_core::Report;

use crate::RenderError;
use page::Page;

/// The report as one HTML file that opens from disk: no network, no external part, a strict content security
/// policy. What matters is readable with scripts blocked; with them it can be sorted, filtered and looked into.
/// The series of a report made with them are drawn. Cost: O(metrics · (log metrics + ticks)).
pub fn html(report: &Report) -> Result<String, RenderError> {
    Page::of(report).render().map_err(|error| RenderError::Html(Box::new(error)))
}
