//! The decisions of a squeeze test that looks for the limit by itself: which rate next, for how long, and when to stop.
//!
//! No process, no clock, no request: whoever runs the load asks [`Controller::next`] and tells [`Controller::record`].
//! The search climbs by a factor from a safe rate until the server fails, halves the distance in the logarithm of the
//! rate until the bracket is narrow, looks at the plateau beyond it, repeats both edges, and last of all repeats a
//! clean low rate: if that fails now, or is slower, the surroundings changed and no number is worth anything.

mod controller;
mod measured;
mod plan;

pub use controller::{Action, Controller, Ending, Purpose, StepPlan};
pub use measured::Measured;
pub use plan::{Plan, PlanError};
