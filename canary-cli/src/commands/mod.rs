//! One file per command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod man;
pub(crate) mod replay;
pub(crate) mod schema;
pub(crate) mod score;
