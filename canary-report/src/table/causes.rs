//! Causes rather than rows: what moved together, and what tips the verdict.

use canary_core::Report;

use super::Line;
use super::prose::wrapped;
use crate::words::{finding_text, finding_title, tipping_text, together};

/// Findings shown; more are for the page.
const MAX_FINDINGS: usize = 2;
/// Blanks before what belongs to the line above.
const INDENT: usize = 2;

/// The findings on several metrics, and the fewest metrics that decide the verdict.
pub(super) fn causes(report: &Report, width: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    for finding in together(report).take(MAX_FINDINGS) {
        if lines.is_empty() {
            lines.push(Line::plain("Moved together"));
        }
        let text = format!("{}: {}", finding_title(finding), finding_text(finding));
        lines.extend(wrapped(&text, width, INDENT).into_iter().map(Line::plain));
    }
    if let Some(tipping) = &report.tipping {
        lines.extend(wrapped(&tipping_text(report, tipping), width, INDENT).into_iter().map(Line::plain));
    }
    lines
}
