//! The peer's rule against the numbers of its own tests, and against cases worked out from its published behaviour.
//! `fixtures/vectors/README.md` says where they come from.
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "a test; labels and exact references")]

mod file;
mod import;
mod properties;
mod reference;
mod result;
#[path = "../vectors/file.rs"]
#[allow(dead_code, reason = "each test file uses a part of it")]
mod stat_file;
#[path = "../support/mod.rs"]
mod support;
mod vectors;
mod weaknesses;
