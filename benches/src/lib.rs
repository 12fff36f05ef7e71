//! What the benches and the evaluation share.

pub mod tally;
pub mod truth;
