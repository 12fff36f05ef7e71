//! The squeeze test: how many requests a second one instance of a build sustains before users notice.
//!
//! A parser of a load tool's output fills a [`LoadRun`]; what the tool does not say stays `None`. Everything is
//! in requests a second, seconds and milliseconds: a parser converts, nothing here guesses a unit.

mod analyze;
mod closed_loop;
mod compare;
mod crossing;
mod found;
mod kneedle;
mod least_squares;
mod load;
mod observed;
mod open_loop;
mod plateau;
mod queueing;
mod report;
mod scaling_law;
mod slo;
mod smooth_minimum;
mod units;
mod usl;

pub use analyze::{SqueezeOptions, analyze};
pub(crate) use compare::DEGREES;
pub use compare::{ComparisonReason, SWEET_SPOT, SqueezeComparison, compare};
pub use kneedle::{Curve, Run, kneedle};
pub use load::{
    Bucket, ErrorCounts, Generator, Histogram, HistogramBuilder, Latency, Load, LoadLoop, LoadNote, LoadNoteCode,
    LoadRun, LoadStep, Omission, Outcome, Pacing, Quantile, Replies, Requests, Window,
};
pub use queueing::ErlangQueue;
pub use report::{
    Estimate, Kind, Model, ModelName, Parameter, Parameters, Reason, SCHEMA_VERSION, SqueezeReport, Status, StepReason,
    StepResult, UnitResult,
};
pub use slo::{Objective, Slo, SloError};
pub use usl::{Load as UslPoint, Usl, UslFit};
