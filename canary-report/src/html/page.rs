//! What the template of the page is filled with.

use askama::Template;
use canary_core::Report;

use crate::words::{advice, score_text, verdict_word, why_text};

/// The page.
#[derive(Debug, Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    word: &'static str,
    advice: &'static str,
    score: String,
    why: String,
}

impl Page {
    pub(super) fn of(report: &Report) -> Self {
        Self {
            word: verdict_word(report.verdict),
            advice: advice(report.verdict),
            score: score_text(report),
            why: why_text(report),
        }
    }
}
