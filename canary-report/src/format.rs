//! The formats by name and by file suffix.

use std::path::Path;

/// A form that a report can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// For a person at a terminal.
    Table,
    /// The wire contract.
    Json,
    /// A job summary or a comment on a pull request.
    Markdown,
    /// What every CI system reads.
    Junit,
    /// Workflow commands that become annotations on GitHub.
    Github,
    /// One self-contained page to scan and to look into.
    Html,
}

impl Format {
    /// Every format, for front ends that list the choices.
    pub const ALL: [Self; 6] = [Self::Table, Self::Json, Self::Markdown, Self::Junit, Self::Github, Self::Html];

    /// The word on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Markdown => "markdown",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Html => "html",
        }
    }

    /// The suffixes that stand for the format; annotations are read from a log and have none.
    #[must_use]
    pub fn suffixes(self) -> &'static [&'static str] {
        match self {
            Self::Table => &["txt"],
            Self::Json => &["json"],
            Self::Markdown => &["md", "markdown"],
            Self::Junit => &["xml"],
            Self::Github => &[],
            Self::Html => &["html", "htm"],
        }
    }

    /// Whether it shows the series of both sides, where the report holds them. The others leave them out, but for
    /// JSON, which keeps what is there.
    #[must_use]
    pub fn shows_series(self) -> bool {
        match self {
            Self::Html => true,
            Self::Table | Self::Json | Self::Markdown | Self::Junit | Self::Github => false,
        }
    }

    /// Whether it is no text.
    #[must_use]
    pub fn is_binary(self) -> bool {
        match self {
            Self::Table | Self::Json | Self::Markdown | Self::Junit | Self::Github | Self::Html => false,
        }
    }

    /// The format with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The format that a suffix stands for, with its dot or without, in capitals or not.
    #[must_use]
    pub fn from_suffix(suffix: &str) -> Option<Self> {
        let suffix = suffix.trim_start_matches('.').to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.suffixes().contains(&suffix.as_str()))
    }

    /// The format that a file's name stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        path.extension().and_then(|suffix| suffix.to_str()).and_then(Self::from_suffix)
    }
}
