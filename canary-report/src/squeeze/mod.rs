//! A squeeze test as a table with a plot, Markdown, a page and the wire contract.

mod curve;
mod html;
mod markdown;
mod plot;
mod steps;
mod svg;
mod table;

use canary_core::squeeze::SqueezeReport;

use crate::json::indented_json;
use crate::{PlotOptions, RenderError, ThroughputFormat};

/// The squeeze test in `format`. The options matter to the table only.
pub fn squeeze(report: &SqueezeReport, format: ThroughputFormat, options: PlotOptions) -> Result<String, RenderError> {
    match format {
        ThroughputFormat::Table => Ok(table::table(report, options)),
        ThroughputFormat::Json => indented_json(report),
        ThroughputFormat::Markdown => Ok(markdown::markdown(report)),
        ThroughputFormat::Html => html::html(report),
    }
}
