//! The ratio of two sums under swaps of the sides: for series full of zeros.

mod flip_tail;
mod sign_flip;

pub use sign_flip::SignFlips;
