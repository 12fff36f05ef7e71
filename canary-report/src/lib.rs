//! A [`Report`] as text: a table for people, JSON and `JUnit` XML for programs, Markdown and annotations
//! for GitHub. One renderer a file; what they say in words is in [`words`], once.
//!
//! Rendering judges nothing. It rounds, and never so that a printed number contradicts the verdict.

mod brief;
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
mod squeeze;
mod table;
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
pub use squeeze::{PlotOptions, SqueezeFormat, Squeezed, squeeze};
pub use table::{DEFAULT_MAX_ROWS, DEFAULT_WIDTH, TableOptions, table};
pub use trend::trend;

/// The report in `format`, as the bytes of a file. The options matter to the table only.
pub fn render(report: &Report, format: Format, options: &TableOptions) -> Result<Vec<u8>, RenderError> {
    let text = match format {
        Format::Table => table(report, options),
        Format::Json => json(report)?,
        Format::Markdown => markdown(report),
        Format::Junit => junit(report)?,
        Format::Github => github(report),
        Format::Html => html(report)?,
    };
    Ok(text.into_bytes())
}
