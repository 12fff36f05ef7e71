//! Where the values of a sample lie, and how the two sides' locations differ.

mod covariate;
mod huber;
mod huber_line;
mod welch;

pub use covariate::{Adjusted, Located, adjust_by_past};
pub use huber::{HUBER_K, HuberLocation, RESOLUTION, huber_location, huber_scores};
pub use huber_line::{HuberLine, huber_line, huber_line_scores};
pub use welch::{WelchT, welch_t};
