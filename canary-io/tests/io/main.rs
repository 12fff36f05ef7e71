//! Small files on disk to observations. Every expected value is typed by hand.

mod both;
mod csv;
mod errors;
mod long;
mod paths;
mod support;
mod wide;
