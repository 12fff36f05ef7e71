//! The looks of a replay, in the formats that hold more than one report.

use std::path::Path;

use canary_core::replay::Replay;

use crate::json::replay_json;
use crate::table::{TableOptions, replay_table};
use crate::{Format, RenderError};

/// A form that a replay can be rendered in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ReplayFormat {
    /// For a person at a terminal: a line a look, then the last one's report.
    Table,
    /// The wire contract.
    Json,
}

impl ReplayFormat {
    /// Every format, for front ends that list the choices.
    pub const ALL: [Self; 2] = [Self::Table, Self::Json];

    /// The word on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Table => Format::Table.name(),
            Self::Json => Format::Json.name(),
        }
    }

    /// The suffix that stands for the format.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Table => "txt",
            Self::Json => "json",
        }
    }

    /// The format that a file's name stands for.
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        match Format::from_path(path)? {
            Format::Table => Some(Self::Table),
            Format::Json => Some(Self::Json),
            _ => None,
        }
    }
}

/// The replay in `format`. The options matter to the table only.
pub fn replay(replay: &Replay, format: ReplayFormat, options: &TableOptions) -> Result<String, RenderError> {
    match format {
        ReplayFormat::Table => Ok(replay_table(replay, options)),
        ReplayFormat::Json => replay_json(replay),
    }
}
