//! The squeeze test, scaling and trends against reference values, recorded runs, simulated servers and hostile input.

#![allow(clippy::float_cmp, reason = "what is exact is compared as such")]

#[path = "../../examples/squeeze_accuracy/recorded.rs"]
mod recorded;
#[path = "../../examples/squeeze_accuracy/simulate.rs"]
mod simulate;
#[path = "../../examples/squeeze_accuracy/simulated.rs"]
mod simulated;

mod builds;
mod comparison;
mod edges;
mod laws;
mod policies;
mod properties;
mod runs;
mod vectors;
