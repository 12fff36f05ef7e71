//! A squeeze test as a table with a plot, Markdown, a page and the wire contract.

mod curve;
mod html;
mod markdown;
mod plot;
mod steps;
mod svg;
mod table;

use std::path::Path;

use canary_core::squeeze::{SqueezeComparison, SqueezeReport};
use serde::Serialize;

use crate::json::indented_json;
use crate::{Format, RenderError};

/// A form that a squeeze test can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SqueezeFormat {
    /// For a person at a terminal: the numbers, the curve, a line a step.
    Table,
    /// The wire contract.
    Json,
    /// A job summary or a comment on a pull request.
    Markdown,
    /// One self-contained page with the curve.
    Html,
}

impl SqueezeFormat {
    /// Every format, for front ends that list the choices.
    pub const ALL: [Self; 4] = [Self::Table, Self::Json, Self::Markdown, Self::Html];

    /// The word on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.format().name()
    }

    /// The suffixes that stand for the format.
    #[must_use]
    pub fn suffixes(self) -> &'static [&'static str] {
        self.format().suffixes()
    }

    /// The format that a file's name stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let format = Format::from_path(path)?;
        Self::ALL.into_iter().find(|known| known.format() == format)
    }

    fn format(self) -> Format {
        match self {
            Self::Table => Format::Table,
            Self::Json => Format::Json,
            Self::Markdown => Format::Markdown,
            Self::Html => Format::Html,
        }
    }
}

/// How the table of a squeeze test is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotOptions {
    /// Columns.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
}

/// A squeeze test, and how it compares with the old build's.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Squeezed<'a> {
    /// The test.
    #[serde(flatten)]
    pub report: &'a SqueezeReport,
    /// Against the baseline, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparison: Option<&'a SqueezeComparison>,
}

/// The squeeze test in `format`. The options matter to the table only.
pub fn squeeze(squeezed: Squeezed<'_>, format: SqueezeFormat, options: PlotOptions) -> Result<String, RenderError> {
    let Squeezed { report, comparison } = squeezed;
    match format {
        SqueezeFormat::Table => Ok(table::table(report, comparison, options)),
        SqueezeFormat::Json => indented_json(&squeezed),
        SqueezeFormat::Markdown => Ok(markdown::markdown(report, comparison)),
        SqueezeFormat::Html => html::html(report, comparison),
    }
}
