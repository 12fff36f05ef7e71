//! One file per command.

pub(crate) mod backtest;
pub(crate) mod calibrate;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod import;
pub(crate) mod man;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod scale;
pub(crate) mod schema;
pub(crate) mod score;
pub(crate) mod squeeze;
pub(crate) mod trend;
