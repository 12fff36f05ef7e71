//! The squeeze test as one page: no script, no other file, nothing from the network.

use askama::Template;
use canary_core::squeeze::SqueezeReport;

use super::steps::{cells, titles};
use super::table::facts;
use super::{plot, svg};
use crate::RenderError;
use crate::words::{Standing, load_notes_text, rate, squeeze_reason_text, squeeze_text, squeeze_title};

/// What the template is filled with.
#[derive(Debug, Template)]
#[template(path = "squeeze.html")]
struct Page {
    standing: &'static str,
    word: String,
    headline: String,
    facts: Vec<(&'static str, String)>,
    /// For whoever cannot see the picture.
    described: String,
    goodput: String,
    bad: String,
    titles: Vec<&'static str>,
    steps: Vec<Vec<String>>,
    reasons: Vec<String>,
    notes: Vec<String>,
}

/// The page. The pictures are drawn by plotters out of numbers alone, so they stand in it unescaped.
pub(super) fn html(report: &SqueezeReport) -> Result<String, RenderError> {
    let page = Page {
        standing: match Standing::of(report) {
            Standing::Good => "good",
            Standing::Bad => "bad",
            Standing::Open => "open",
            Standing::Nothing => "nothing",
        },
        word: squeeze_title(report),
        headline: squeeze_text(report),
        facts: facts(report),
        described: described(report),
        goodput: svg::goodput(report).map_err(RenderError::Html)?,
        bad: svg::bad(report).map_err(RenderError::Html)?,
        titles: titles(report),
        steps: report.steps.iter().map(|step| cells(report, step)).collect(),
        reasons: report.reasons.iter().map(|reason| squeeze_reason_text(*reason)).collect(),
        notes: load_notes_text(&report.notes),
    };
    page.render().map_err(|error| RenderError::Html(Box::new(error)))
}

fn described(report: &SqueezeReport) -> String {
    let sweet = plot::sweet_spot(report).map_or_else(String::new, |sweet| format!(", sweet spot at {}", rate(sweet)));
    format!("Good replies a second by load, {} steps{sweet}; the numbers stand in the table below", report.steps.len())
}
