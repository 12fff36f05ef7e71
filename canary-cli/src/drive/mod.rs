//! The processes of `squeeze drive`: the load generator, the guard, and what stops them.

mod generator;
mod guard;
mod job;
mod status;
mod stop;

pub(crate) use generator::Generator;
pub(crate) use guard::Guard;
pub(crate) use status::{Status, ending_text};
pub(crate) use stop::{Cause, Stop};
