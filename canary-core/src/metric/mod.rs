//! The data model: metrics of both sides on one time grid.

mod builder;
mod cut;
mod grid;
mod growing;
mod halves;
mod history;
mod intern;
mod life;
mod load;
mod panel;
mod set;
mod step;

pub use builder::{MetricData, MetricSetBuilder};
pub use grid::TimeGrid;
pub(crate) use growing::{Growing, SeriesKey};
pub use load::Selection;
pub use panel::{Arm, SeriesCounts};
pub use set::{MetricPair, MetricSet};
