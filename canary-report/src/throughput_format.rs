//! The forms of a squeeze test and of a trend.

use std::path::Path;

use crate::Format;

/// A form that a squeeze test, or a trend over builds, can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ThroughputFormat {
    /// For a person at a terminal: the numbers, the curve, a line a step or a change.
    Table,
    /// The wire contract.
    Json,
    /// A job summary or a comment on a pull request.
    Markdown,
    /// One self-contained page with the curve.
    Html,
}

impl ThroughputFormat {
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

/// How the table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlotOptions {
    /// Columns.
    pub width: usize,
    /// Whether to colour.
    pub color: bool,
}
