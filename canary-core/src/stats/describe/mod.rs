//! What describes one sample: its centre, spread and quantiles.

mod moments;
mod order;
mod quantile;
mod scale;

pub(crate) use moments::Moments;
pub use moments::variance;
pub(crate) use order::MAD_TO_SD;
pub use order::{mad, median, quantile};
pub use quantile::{FiveNumbers, QuantileType, five_numbers, quantile_of_type};
pub(crate) use scale::power_of_two_below;
pub use scale::{mean, power_of_two_scale};
