//! A trend over builds as a table with a plot, Markdown, a page and the wire contract.

mod changes;
mod html;
mod markdown;
mod plot;
mod points;
mod svg;
mod table;

use canary_core::trend::{BuildResult, TrendReport};

use crate::json::indented_json;
use crate::{PlotOptions, RenderError, ThroughputFormat};

/// A trend and the history that it was found in.
#[derive(Clone, Copy, Debug)]
pub struct Trended<'a> {
    /// What was found.
    pub report: &'a TrendReport,
    /// The builds that were judged, in their order: places in the report are places in it.
    pub builds: &'a [BuildResult],
    /// What the number is, such as `throughput_rps`: the title of its axis.
    pub number: &'a str,
}

/// The trend in `format`. The options matter to the table only.
pub fn trend(trended: Trended<'_>, format: ThroughputFormat, options: PlotOptions) -> Result<String, RenderError> {
    match format {
        ThroughputFormat::Table => Ok(table::table(trended, options)),
        ThroughputFormat::Json => indented_json(trended.report),
        ThroughputFormat::Markdown => Ok(markdown::markdown(trended)),
        ThroughputFormat::Html => html::html(trended),
    }
}
