//! The table: every case that arrays can say, by topic.

mod evidence;
mod missing;
mod nothing;
mod same;
mod stopped;

use super::case::{Case, SILENCE};
use super::scene::{Scene, Side, healthy};

/// The cases of each topic.
pub(crate) const TOPICS: [(&str, &[Case]); 5] = [
    ("Nothing to judge", nothing::CASES),
    ("A part is missing", missing::CASES),
    ("Something stopped", stopped::CASES),
    ("Both sides are the same", same::CASES),
    ("Nothing is decided", evidence::CASES),
];

/// Every case, topic by topic.
pub(crate) fn all() -> Vec<Case> {
    TOPICS.iter().flat_map(|(_, cases)| cases.iter().copied()).collect()
}
