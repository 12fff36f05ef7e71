//! The metrics grid: every metric a cell, what matters upper left.
//!
//! What a cell is and where it stands is decided here, once, for the page, the pictures and the mail. A place
//! depends on what the author of the config said of a metric and on its name, never on the result: in the next
//! report of the same canary the same metric stands in the same place.

mod cell;
mod shade;

pub use cell::{Cell, cells};
pub use shade::{MAX_SHADE, shade};
