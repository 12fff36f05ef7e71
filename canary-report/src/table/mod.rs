//! The table: what an on-call engineer who has never seen the tool reads first.
//!
//! From top to bottom: the verdict and why, what was compared, what moved together, regions and groups, the
//! metrics that decided, what is missing, what a peer's rule says where it was asked, what was dropped. It fills one
//! screen, whatever the number of metrics.

mod causes;
mod grid;
mod metrics;
mod paint;
mod peer;
pub(crate) mod prose;
mod replay;
mod summary;

use canary_core::report::{Report, State};

pub(crate) use self::grid::{Column, Grid};
pub(crate) use self::metrics::is_required_without_data;
pub(crate) use self::paint::Paint;
pub(crate) use self::prose::wrapped;
pub(crate) use self::replay::replay_table;
pub(crate) use self::summary::{worst_groups, worst_regions};
use crate::words::{
    advice, builds_text, columns, counts_text, cut, notes_text, score_text, sign, verdict_word, why_text, window_text,
};

/// The width of a terminal that nothing is known about.
pub const DEFAULT_WIDTH: usize = 80;
/// The rows of metrics that leave room for the rest on one screen.
pub const DEFAULT_MAX_ROWS: usize = 12;
/// Fewer rows than this say too little.
const LEAST_ROWS: usize = 6;
/// Narrower than this, nothing can be aligned.
pub(crate) const LEAST_WIDTH: usize = 40;
/// Notes shown; the rest are counted.
const MAX_NOTES: usize = 3;
/// Blanks before what belongs to the line above.
pub(crate) const INDENT: usize = 2;

/// How a table is laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableOptions {
    /// The columns that a line may take; at least 40.
    pub width: usize,
    /// Whether to colour. Colour is never the only sign.
    pub color: bool,
    /// List all metrics with one of these states, instead of the worst ones and the groups.
    pub only: Option<Vec<State>>,
    /// The most metrics that are listed where `only` is `None`; fewer where findings are told instead.
    pub max_rows: usize,
}

impl TableOptions {
    /// With all metrics that have one of `states` listed; none of them leaves the usual choice.
    #[must_use]
    pub fn with_only(mut self, states: &[State]) -> Self {
        self.only = Some(states.to_vec()).filter(|states| !states.is_empty());
        self
    }
}

impl Default for TableOptions {
    fn default() -> Self {
        Self { width: DEFAULT_WIDTH, color: false, only: None, max_rows: DEFAULT_MAX_ROWS }
    }
}

/// The report as a table in plain text, with a newline at the end.
#[must_use]
pub fn table(report: &Report, options: &TableOptions) -> String {
    let width = options.width.max(LEAST_WIDTH);
    let mut blocks = vec![head(report, width)];
    if let Some(states) = &options.only {
        blocks.extend(metrics::listing(report, states, width));
    } else {
        let causes = causes::causes(report, width);
        // What tells of several metrics takes the place of rows that tell of one each.
        let rows = options.max_rows.saturating_sub(causes.len()).max(LEAST_ROWS.min(options.max_rows));
        blocks.push(causes);
        blocks.push(summary::regions_and_groups(report, width));
        blocks.push(metrics::worst(report, rows, width));
        blocks.push(peer::peer(report, width));
        blocks.push(notes(report, width));
    }
    blocks.retain(|block| !block.is_empty());
    let mut out = String::new();
    for (index, block) in blocks.iter().enumerate() {
        if index > 0 {
            out.push('\n');
        }
        for line in block {
            line.print(width, options.color, &mut out);
        }
    }
    out
}

/// A line, and the text at its start that has a colour.
pub(crate) struct Line {
    text: String,
    mark: Option<(Paint, String)>,
}

impl Line {
    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), mark: None }
    }

    /// A line whose `start` has a colour.
    pub(crate) fn painted(text: impl Into<String>, start: String, paint: Paint) -> Self {
        Self { text: text.into(), mark: Some((paint, start)) }
    }

    /// Appends the line. What is wider than the terminal in spite of the layout is cut, never wrapped.
    pub(crate) fn print(&self, width: usize, color: bool, out: &mut String) {
        let text = cut(self.text.trim_end(), width);
        match &self.mark {
            Some((paint, start)) if color => out.push_str(&paint.start_of(&text, start)),
            _ => out.push_str(&text),
        }
        out.push('\n');
    }
}

/// The verdict, why, and what was compared.
fn head(report: &Report, width: usize) -> Vec<Line> {
    let verdict = report.verdict;
    let word = format!("{} {}", sign(verdict), verdict_word(verdict));
    let verdict_line = format!("{word}: {}", advice(verdict));
    let mut lines: Vec<Line> =
        side_by_side(&verdict_line, &score_text(report), width).into_iter().map(Line::plain).collect();
    if let Some(first) = lines.first_mut() {
        first.mark = Some((Paint::of_verdict(verdict), word));
    }
    let facts = [why_text(report), counts_text(report), window_text(&report.inputs), builds_text(report)];
    let facts = facts.iter().filter(|fact| !fact.is_empty());
    lines.extend(facts.flat_map(|fact| wrapped(fact, width, INDENT)).map(Line::plain));
    lines
}

/// Two texts on one line if they fit, otherwise on two.
fn side_by_side(left: &str, right: &str, width: usize) -> Vec<String> {
    let joined = format!("{left}   {right}");
    if columns(&joined) <= width {
        vec![joined]
    } else {
        [vec![left.to_owned()], wrapped(right, width, INDENT)].concat()
    }
}

fn notes(report: &Report, width: usize) -> Vec<Line> {
    let texts = notes_text(report, MAX_NOTES);
    texts.iter().flat_map(|text| wrapped(&format!("note: {text}"), width, INDENT)).map(Line::plain).collect()
}
