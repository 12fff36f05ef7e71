//! What the peer's rule says of the same run.

use canary_core::Report;

use super::prose::wrapped;
use super::{INDENT, Line};
use crate::words::{difference_text, in_prose, peer_text, worst_differences};

/// Differences shown; the JSON report has them all.
const MAX_DIFFERENCES: usize = 5;

/// Reasons for one difference.
const MAX_REASONS: usize = 1;

/// Its verdict, and the differences that matter most.
pub(super) fn peer(report: &Report, width: usize) -> Vec<Line> {
    let Some(verdict) = peer_text(report) else { return Vec::new() };
    let differences = worst_differences(report);
    let several_regions = report.regions.len() > 1;
    let mut texts = vec![format!("{verdict}.")];
    texts.extend(differences.iter().take(MAX_DIFFERENCES).map(|difference| {
        let region = difference.region.as_deref().filter(|_| several_regions);
        let region = region.map(|name| format!(" ({})", in_prose(name))).unwrap_or_default();
        format!("{}{region}: {}", in_prose(&difference.metric), difference_text(difference, MAX_REASONS))
    }));
    let more = differences.len().saturating_sub(MAX_DIFFERENCES);
    if more > 0 {
        texts.push(format!("and {more} more, in the JSON report"));
    }
    let lines = texts.iter().enumerate().flat_map(|(index, text)| {
        // Under the verdict, as what belongs to it.
        let text = if index == 0 { text.clone() } else { format!("- {text}") };
        wrapped(&text, width, INDENT)
    });
    lines.map(Line::plain).collect()
}
