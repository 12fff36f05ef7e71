//! What every front end that takes tables agrees on: which columns there are and what they are for, and how cells
//! of text read as labels, numbers and times. A table becomes [`Observations`](crate::Observations) by this,
//! whether it is a file or a data frame.

mod cell;
mod labels;
mod names;
mod plan;

pub use cell::{Moment, Zone, number, whole_number};
pub use labels::OwnedLabels;
pub use names::{ColumnNames, Layout, Role};
pub use plan::{Plan, PlanError, Shape, Sides};
