//! A job summary or a comment on a pull request.

use std::fmt::Write;

use canary_core::squeeze::SqueezeReport;

use super::steps::{cells, titles};
use super::table::facts;
use crate::markdown::escaped;
use crate::words::{load_notes_text, squeeze_reason_text, squeeze_text, squeeze_title};

/// The headline, the numbers and the steps.
pub(super) fn markdown(report: &SqueezeReport) -> String {
    let mut out = format!("### Squeeze test: {}\n\n{}\n\n", squeeze_title(report), escaped(&squeeze_text(report)));
    row(&mut out, &["", ""].map(str::to_owned));
    out.push_str("| --- | --- |\n");
    for (name, text) in facts(report) {
        row(&mut out, &[name.to_owned(), escaped(&text)]);
    }
    let reasons: Vec<String> = report.reasons.iter().map(|reason| squeeze_reason_text(*reason)).collect();
    list(&mut out, "Why", &reasons);
    list(&mut out, "Notes", &load_notes_text(&report.notes));
    let titles = titles(report);
    let _ = writeln!(out, "\n<details><summary>{} steps</summary>\n", report.steps.len());
    row(&mut out, &titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>());
    let _ = writeln!(out, "|{}", " ---: |".repeat(titles.len().saturating_sub(1)) + " --- |");
    for step in &report.steps {
        row(&mut out, &cells(report, step).iter().map(|cell| escaped(cell)).collect::<Vec<_>>());
    }
    out.push_str("\n</details>\n");
    out
}

fn row(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn list(out: &mut String, title: &str, texts: &[String]) {
    if !texts.is_empty() {
        let _ = writeln!(out, "\n{title}:\n");
        for text in texts {
            let _ = writeln!(out, "- {}", escaped(text));
        }
    }
}
