//! What the benches and the evaluation share.

pub mod truth;
