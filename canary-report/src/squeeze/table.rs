//! For a person at a terminal.

use canary_core::squeeze::SqueezeReport;

use super::plot::plot;
use super::steps::{cells, titles};
use crate::PlotOptions;
use crate::table::{Column, Grid, INDENT, LEAST_WIDTH, Line, Paint, wrapped};
use crate::words::{
    Standing, comparison_text, estimate_text, load_notes_text, loop_text, model_text, printable, rate, slo_text,
    squeeze_reason_text, squeeze_text, squeeze_title, unit,
};

/// The headline, the numbers, the curve, the steps, and what qualifies them.
pub(super) fn table(report: &SqueezeReport, options: PlotOptions) -> String {
    let width = options.width.max(LEAST_WIDTH);
    let mut lines = head(report, width);
    lines.push(Line::plain(""));
    let drawing = plot(report, width);
    if !drawing.is_empty() {
        let closed = report.steps.iter().all(|step| step.offered.is_none());
        lines.push(Line::plain(format!(
            "good {}/s by {}",
            unit(report),
            if closed { "clients" } else { "offered rate" }
        )));
        lines.extend(drawing.into_iter().map(Line::plain));
        lines.push(Line::plain(""));
    }
    lines.extend(steps(report).lines(width));
    lines.extend(remarks(report, width));
    let mut out = String::new();
    for line in lines {
        line.print(width, options.color, &mut out);
    }
    out
}

fn head(report: &SqueezeReport, width: usize) -> Vec<Line> {
    let word = squeeze_title(report);
    let title = format!("{word}: {}", squeeze_text(report));
    let mut lines = wrapped(&title, width, INDENT).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut head = vec![Line::painted(first, word, paint(report))];
    head.extend(lines.map(Line::plain));
    head.push(Line::plain(""));
    let facts = facts(report);
    let longest = facts.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let fact = |(name, text): &(&str, String)| wrapped(&format!("{name:longest$}  {text}"), width, longest + 2);
    head.extend(facts.iter().flat_map(fact).map(Line::plain));
    head
}

fn paint(report: &SqueezeReport) -> Paint {
    match Standing::of(report) {
        Standing::Good => Paint::Green,
        Standing::Bad => Paint::Red,
        Standing::Open => Paint::Yellow,
        Standing::Nothing => Paint::Magenta,
    }
}

/// What is known, by name: the same in the table, in Markdown and in the page.
pub(super) fn facts(report: &SqueezeReport) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    facts.extend(report.comparison.iter().map(|comparison| ("canary/baseline", comparison_text(comparison))));
    let number = |name, estimate: Option<canary_core::squeeze::Estimate>| Some((name, estimate_text(estimate?)));
    facts.extend(report.required.map(|required| ("required", required_text(report, required))));
    facts.extend(number("sweet spot", report.sweet_spot));
    facts.extend(number("capacity", report.capacity));
    facts.extend(number("objectives hold to", report.slo_crossing));
    if let Some(projection) = report.projection {
        facts.push((
            "projection",
            format!("{}: what a queue with these latencies would have; not measured", rate(projection)),
        ));
    }
    if let Some(model) = report.model {
        let peak = model.parameters.peak_concurrency;
        let peak = peak.map_or_else(String::new, |peak| format!(", peak at {} clients", rate(peak)));
        facts.push(("curve", format!("{}{peak}", model_text(model.name))));
    }
    facts.push(("objectives", slo_text(&report.slo)));
    let tool = report.tool.as_deref().map_or_else(|| "a table".to_owned(), printable);
    let kind = report.load_loop.map_or_else(String::new, |kind| format!(", {}", loop_text(kind)));
    facts.push(("load", format!("{tool}{kind}")));
    facts
}

fn required_text(report: &SqueezeReport, required: f64) -> String {
    let answer = match report.meets() {
        Some(true) => "met",
        Some(false) => "NOT MET",
        None => "undecided: the interval does not lie on one side of it",
    };
    format!("at least {}/s: {answer}", rate(required))
}

fn steps(report: &SqueezeReport) -> Grid {
    let titles = titles(report);
    let last = titles.len().saturating_sub(1);
    let column =
        |(at, title): (usize, &&'static str)| if at == last { Column::left(*title) } else { Column::right(*title) };
    let mut grid = Grid::new(titles.iter().enumerate().map(column).collect());
    for step in &report.steps {
        grid.push(None, cells(report, step));
    }
    grid
}

fn remarks(report: &SqueezeReport, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut list = |title: &str, texts: Vec<String>| {
        if !texts.is_empty() {
            lines.push(Line::plain(""));
            lines.push(Line::plain(title));
            lines.extend(texts.iter().flat_map(|text| wrapped(&format!("- {text}"), width, 2)).map(Line::plain));
        }
    };
    list("why", report.reasons.iter().map(|reason| squeeze_reason_text(*reason)).collect());
    list("notes", load_notes_text(&report.notes));
    lines
}
