//! A job summary or a comment on a pull request.

use std::fmt::Write;

use super::Trended;
use super::changes::{cells, titles};
use crate::markdown::escaped;
use crate::words::{TrendState, history_text, printable, trend_text};

/// The headline and the changes.
pub(super) fn markdown(trended: Trended<'_>) -> String {
    let report = trended.report;
    let mut out = format!(
        "### {} over builds: {}\n\n{}\n",
        escaped(&printable(trended.number)),
        TrendState::of(report).word(),
        escaped(&trend_text(report))
    );
    if !report.changes.is_empty() {
        let titles = titles(trended);
        out.push('\n');
        row(&mut out, &titles);
        let _ = writeln!(out, "|{}", " --- |".repeat(titles.len()));
        for change in &report.changes {
            row(&mut out, &cells(trended, change).iter().map(|cell| escaped(cell)).collect::<Vec<_>>());
        }
    }
    let _ = writeln!(out, "\n{}", escaped(&history_text(report)));
    out
}

fn row(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}
