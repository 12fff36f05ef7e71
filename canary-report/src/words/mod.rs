//! What is said in words: one place, so that every format and front end says the same.
//!
//! Names come from outside. Here they are made printable and cut to a length that a sentence can hold;
//! a renderer still escapes what means something in its own format.

mod compared;
mod explain;
mod fairness;
mod finding;
mod name;
mod note;
mod number;
mod peer;
mod reason;
mod replay;
mod squeeze;
mod tally;
mod trend;
mod verdict;

use serde::Serialize;

pub use compared::{builds_text, counts_text, window_text};
pub use explain::{Explained, Explainer, explained};
pub use fairness::{CheckWords, check_words, odd_texts, unfair_text};
pub use finding::{finding_text, finding_title, onset_text, size_text, tipping_text};
pub use note::{note_text, notes_text};
pub use number::{beside, exact, number, percent, percent_beside, score};
pub use peer::{difference_text, label_word, peer_text, weakness_text, worst_differences};
pub use reason::{
    bound_text, flag_text, interval_text, numbers_text, ratio_text, reason_label, reason_text, shape_text, state_word,
};
pub use replay::{change_text, stop_text};
pub use squeeze::{
    comparison_text, estimate_text, load_note_text, load_notes_text, objective_text, slo_text, squeeze_reason_text,
    squeeze_text, squeeze_title, squeeze_word, step_reason_text,
};
pub use tally::tally_text;
pub use trend::{TrendState, trend_text};
pub use verdict::{advice, score_text, sign, verdict_reason_text, verdict_word, why_text};

pub(crate) use finding::together;
pub(crate) use name::{columns, cut, in_prose, printable, shorten};
pub(crate) use reason::is_measured;
pub(crate) use squeeze::{Standing, loop_text, model_text, rate, unit};
pub(crate) use trend::{after_text, change_interval_text, history_text, signed_percent};

/// A number of things: `1 metric`, `2 metrics`.
pub(crate) fn counted(count: u64, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A measured number, or a dash where there is none.
pub(crate) fn number_or_dash(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), number)
}

/// At most `limit` names in a row, and how many more there are.
fn listed<S: AsRef<str>>(names: &[S], limit: usize) -> String {
    let shown: Vec<String> = names.iter().take(limit).map(|name| in_prose(name.as_ref())).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(limit) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// The words of a code that this version has no prose for yet.
fn spelled_out(value: &impl Serialize) -> String {
    let value = serde_json::to_value(value).unwrap_or_default();
    let code = value.get("code").unwrap_or(&value);
    code.as_str().unwrap_or("unknown").replace('_', " ")
}

pub(crate) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(characters).collect()
}
