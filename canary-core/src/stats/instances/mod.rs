//! Instances as the unit of comparison.

mod rank_null;
mod shift;

pub use shift::{InstanceMethod, InstanceShift, Spread};
