//! Looking at a test while it runs: group-sequential boundaries by alpha spending.

mod function;
mod grid;
mod legendre;
mod looks;
mod recursion;
mod schedule;

pub use function::Spending;
pub use looks::{LooksError, MOST_LOOKS};
pub use recursion::{Boundary, spending_bounds};
pub use schedule::{LookPlan, LookSchedule};
