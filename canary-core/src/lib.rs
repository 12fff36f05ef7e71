//! Decides whether a canary build is safe to roll out: numbers in, verdict out.

#[cfg(feature = "text")]
pub mod calibrate;
pub mod columns;
pub mod config;
mod error;
mod fairness;
mod findings;
mod judge;
pub mod kayenta;
mod measured;
pub mod metric;
mod note;
mod observation;
mod preprocess;
pub mod replay;
pub mod report;
pub mod scalar;
pub mod scaling;
#[cfg(feature = "schema")]
pub mod schema;
pub mod session;
pub mod shape;
pub mod squeeze;
pub mod stats;
pub mod trend;

pub use config::Config;
pub use error::{ConfigError, InputError};
pub use judge::Judge;
pub use measured::Measured;
pub use metric::{MetricData, MetricPair, MetricSet, Selection, TimeGrid};
pub use ndarray;
pub use note::{Note, NoteCode, Side};
pub use observation::{Labels, NO_LABEL, Observations, TimeUnit};
pub use report::Report;
