//! A [`Report`] as text: a table for people, JSON and `JUnit` XML for programs, Markdown and annotations
//! for GitHub. One renderer a file; what they say in words is in [`words`], once.
//!
//! Rendering judges nothing. It rounds, and never so that a printed number contradicts the verdict.

mod brief;
mod chart;
mod error;
mod explain;
mod format;
mod github;
pub mod grid;
mod html;
mod json;
mod junit;
mod mail;
mod markdown;
mod notebook;
mod replay;
mod scaling;
mod squeeze;
mod table;
mod throughput_format;
mod trend;
pub mod words;

use canary_core::Report;

pub use error::RenderError;
pub use explain::explain;
pub use format::Format;
pub use github::github;
pub use grid::{grid_png, grid_svg};
pub use html::html;
pub use json::json;
pub use junit::junit;
pub use mail::{Envelope, Mailbox, MailboxError, email};
pub use markdown::markdown;
pub use notebook::fragment;
pub use replay::{ReplayFormat, replay};
pub use scaling::scaling;
pub use squeeze::squeeze;
pub use table::{DEFAULT_MAX_ROWS, DEFAULT_WIDTH, TableOptions, table};
pub use throughput_format::{PlotOptions, ThroughputFormat};
pub use trend::{Trended, trend};

/// What a report does not know of its own rendering.
#[derive(Clone, Debug, Default)]
pub struct RenderOptions {
    /// How a table is laid out.
    pub table: TableOptions,
    /// Who a mail is from, and to whom it goes.
    pub envelope: Envelope,
}

/// The report in `format`, as the bytes of a file.
pub fn render(report: &Report, format: Format, options: &RenderOptions) -> Result<Vec<u8>, RenderError> {
    let text = match format {
        Format::Table => table(report, &options.table),
        Format::Json => json(report)?,
        Format::Markdown => markdown(report),
        Format::Junit => junit(report)?,
        Format::Github => github(report),
        Format::Html => html(report)?,
        Format::Email => email(report, &options.envelope)?,
        Format::Svg => grid_svg(report)?,
        Format::Png => return grid_png(report),
    };
    Ok(text.into_bytes())
}
