//! The native output of load tools, as the [`LoadRun`](canary_core::squeeze::LoadRun) that a squeeze test is judged by.
//!
//! ```no_run
//! use canary_load::{ReadOptions, read};
//!
//! let run = read("runs/2026-03-01/", &ReadOptions::default())?;
//! println!("{} steps of {}", run.steps.len(), run.tool.as_deref().unwrap_or("a table"));
//! # Ok::<(), canary_load::LoadError>(())
//! ```
//!
//! Read are vegeta (reports in JSON and text, results in CSV, `hdrplot` beside them), k6 (CSV, summary), oha (JSON,
//! CSV), wrk and wrk2, hey (text, CSV), autocannon (JSON), Locust (`*_stats_history.csv`), a tool-neutral table of
//! steps and a tool-neutral log of requests (CSV). The format is seen from the content, never from the suffix; one
//! file may hold several reports, and a folder holds a file a step. What a tool leaves out, changes or hides is a
//! note of the run; what cannot be known is an error that says how to give it.
//!
//! Logs of requests are streamed: memory grows with the seconds of a test, not with its requests.
#![forbid(unsafe_code)]

mod bins;
mod bounded;
mod csv_rows;
pub mod drive;
mod error;
mod fold;
mod format;
mod length;
mod name;
mod parsed;
mod read;
mod repeats;
mod source;
mod status;
mod table;
mod time;
mod tools;

pub use error::{LoadError, Place};
pub use format::Format;
#[doc(hidden)]
pub use read::parse_as;
pub use read::{ReadOptions, is_parquet, output, read};
pub use repeats::repeats;
pub use table::{Column, Table, TableError};
