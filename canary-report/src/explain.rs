//! One metric, explained at length.

use canary_core::Report;
use canary_core::report::MetricResult;

use crate::table::prose::wrapped;
use crate::words::{explained, in_prose, printable, state_word};

/// The columns of the topics, with the blanks after them.
const TOPIC: usize = 14;
/// Narrower than this, nothing can be aligned.
const LEAST_WIDTH: usize = 40;

/// Why `metric`, one of `report`, has its state and what would change it: plain text of at most `width` columns a
/// line, with a newline at the end.
#[must_use]
pub fn explain(report: &Report, metric: &MetricResult, width: usize) -> String {
    let width = width.max(LEAST_WIDTH);
    let region = metric.region.as_deref().map(|region| format!(" in {}", in_prose(region))).unwrap_or_default();
    let head = format!("{}: {}{region}", state_word(metric.state), printable(&metric.name));
    let mut lines = wrapped(&head, width, 2);
    lines.push(String::new());
    for about in explained(report, metric) {
        let text = wrapped(&about.text, width - TOPIC, 0);
        let topics = std::iter::once(about.topic).chain(std::iter::repeat(""));
        lines.extend(text.iter().zip(topics).map(|(line, topic)| format!("{topic:<TOPIC$}{line}")));
    }
    lines.join("\n") + "\n"
}
