//! The peer's rule against the numbers of its own tests, and against cases worked out from its published behaviour.
//! `fixtures/vectors/README.md` says where they come from.
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test; labels and exact references")]

mod file;
mod import;
mod result;
#[path = "../support/mod.rs"]
mod support;
mod vectors;
mod weaknesses;
