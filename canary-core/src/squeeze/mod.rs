//! The squeeze test: how many requests a second one instance of a build sustains before users notice.
//!
//! A parser of a load tool's output fills a [`LoadRun`]; what the tool does not say stays `None`. Everything is
//! in requests a second, seconds and milliseconds: a parser converts, nothing here guesses a unit.

mod load;
mod slo;

pub use load::{
    Bucket, ErrorCounts, Generator, Histogram, HistogramBuilder, Latency, Load, LoadLoop, LoadNote, LoadNoteCode,
    LoadRun, LoadStep, Omission, Outcome, Pacing, Quantile, Replies, Requests, Window,
};
pub use slo::{Objective, Slo, SloError};
