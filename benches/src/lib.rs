//! What the benches and the evaluation of the judge share.

pub mod alarms;
pub mod coverage;
pub mod detection;
pub mod faults;
pub mod looks;
pub mod recorded;
pub mod recording;
pub mod shapes;
pub mod simulate;
pub mod tally;
pub mod truth;
pub mod workers;
