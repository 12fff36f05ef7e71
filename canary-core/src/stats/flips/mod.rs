//! The ratio of two sums under swaps of the sides: for series full of zeros.

mod blocks;
mod flip_tail;
mod sign_flip;

pub(crate) use blocks::sign_flips;
pub use sign_flip::SignFlips;
