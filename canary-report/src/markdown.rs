//! Markdown for a job summary or a comment: the verdict, the key facts, and as many rows as fit.

use canary_core::Report;
use canary_core::config::Thresholds;
use canary_core::report::{Counts, MetricResult, State, Verdict};

use crate::table::{is_required_without_data, worst_groups, worst_regions};
use crate::words::{
    advice, bound_text, builds_text, counts_text, exact, finding_text, finding_title, interval_text, notes_text,
    number, printable, ratio_text, reason_text, score, score_text, shorten, state_word, tally_text, tipping_text,
    together, verdict_word, why_text, window_text,
};

/// GitHub drops a job summary above 1024 KiB; other steps may write to the same one.
const MAX_BYTES: usize = 900 * 1024;
/// Kept free for what stands below the rows of metrics.
const TAIL_BYTES: usize = 32 * 1024;
/// Regions and groups shown, each; the rest are counted.
const MAX_ROWS: usize = 100;
/// Notes shown; the rest are counted.
const MAX_NOTES: usize = 20;
/// The most columns of a name in a table.
const MAX_NAME: usize = 160;

/// The report as Markdown, below 900 KiB whatever it holds.
#[must_use]
pub fn markdown(report: &Report) -> String {
    let mut out = head(report);
    causes(report, &mut out);
    regions(report, &mut out);
    groups(report, &mut out);
    failing(report, &mut out);
    missing(report, &mut out);
    let rest = report.metrics.iter().filter(|metric| !metric.counts_against && metric.state != State::NoData);
    let rest = tally_text(rest);
    if !rest.is_empty() {
        out.extend(["\nOther metrics: ", &escaped(&rest), ".\n"]);
    }
    let notes = notes_text(report, MAX_NOTES);
    if !notes.is_empty() {
        out.push_str("\n### Notes\n\n");
        for note in &notes {
            out.extend(["- ", &escaped(note), "\n"]);
        }
    }
    out
}

fn head(report: &Report) -> String {
    let verdict = report.verdict;
    let mut out = format!("## {} Canary {}: {}\n\n", emoji(verdict), verdict_word(verdict), advice(verdict));
    let facts = [
        format!("**{}**", escaped(&score_text(report))),
        escaped(&why_text(report)),
        escaped(&counts_text(report)),
        escaped(&window_text(&report.inputs)),
        escaped(&builds_text(report)),
    ];
    for fact in facts.iter().filter(|fact| !fact.is_empty()) {
        out.extend(["- ", fact, "\n"]);
    }
    out
}

/// What moved together, and what tips the verdict.
fn causes(report: &Report, out: &mut String) {
    let mut together = together(report).peekable();
    if together.peek().is_some() {
        out.push_str("\n### Moved together\n\n");
    }
    for finding in together {
        out.extend(["- **", &escaped(&finding_title(finding)), "**: ", &escaped(&finding_text(finding)), "\n"]);
    }
    if let Some(tipping) = &report.tipping {
        out.extend(["\n", &escaped(&tipping_text(report, tipping)), "\n"]);
    }
}

/// Markdown has no colours of its own.
fn emoji(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✅",
        Verdict::Marginal => "⚠️",
        Verdict::Fail => "❌",
        Verdict::Inconclusive => "❔",
    }
}

fn regions(report: &Report, out: &mut String) {
    let regions = worst_regions(&report.regions);
    if regions.iter().all(|region| region.name.is_none()) {
        return;
    }
    out.push_str("\n### Regions\n\n| region | verdict | score | hot | cold | nodata | ok |\n");
    out.push_str("|---|---|--:|--:|--:|--:|--:|\n");
    let rows = regions.iter().map(|region| {
        let verdict = format!("{} {}", emoji(region.verdict), verdict_word(region.verdict));
        row(&[named(region.name.as_deref()), verdict, counts(region.score, region.counts, report.thresholds)])
    });
    push_rows(out, rows.take(MAX_ROWS), regions.len(), "region");
}

fn groups(report: &Report, out: &mut String) {
    let groups = worst_groups(&report.groups);
    if groups.len() < 2 {
        return;
    }
    out.push_str("\n### Groups\n\n| group | weight | score | hot | cold | nodata | ok |\n");
    out.push_str("|---|--:|--:|--:|--:|--:|--:|\n");
    let rows = groups.iter().map(|group| {
        row(&[code(&group.name), exact(group.weight), counts(group.score, group.counts, report.thresholds)])
    });
    push_rows(out, rows.take(MAX_ROWS), groups.len(), "group");
}

/// The last cells of a row of regions or groups.
fn counts(share: Option<f64>, counts: Counts, thresholds: Thresholds) -> String {
    let Counts { hot, cold, nodata, ok, .. } = counts;
    format!("{} | {hot} | {cold} | {nodata} | {ok}", score(share, thresholds))
}

fn failing(report: &Report, out: &mut String) {
    let failing: Vec<_> = report.metrics.iter().filter(|metric| metric.counts_against).collect();
    if failing.is_empty() {
        return;
    }
    out.push_str("\n### Against the canary, most important first\n\nHOT: the canary is too high. COLD: too low.\n\n");
    out.push_str("| state | metric | region | group | ratio | interval | bound | baseline | canary |\n");
    out.push_str("|---|---|---|---|--:|---|---|--:|--:|\n");
    push_rows(out, failing.iter().map(|metric| failing_row(metric)), failing.len(), "metric");
}

fn failing_row(metric: &MetricResult) -> String {
    let interval = metric.interval.map(|interval| interval_text(interval, metric.bounds));
    row(&[
        state(metric),
        code(&metric.name),
        named(metric.region.as_deref()),
        code(&metric.group),
        ratio_text(metric),
        interval.unwrap_or_else(|| "-".to_owned()),
        bound_text(metric),
        metric.average.baseline.map_or_else(|| "-".to_owned(), number),
        metric.average.canary.map_or_else(|| "-".to_owned(), number),
    ])
}

/// Metrics without data, the required ones first.
fn missing(report: &Report, out: &mut String) {
    let (mut missing, others): (Vec<_>, Vec<_>) = report
        .metrics
        .iter()
        .filter(|metric| metric.state == State::NoData)
        .partition(|metric| is_required_without_data(metric));
    missing.extend(others);
    if missing.is_empty() {
        return;
    }
    out.push_str("\n### Without data\n\n| state | metric | region | group | why |\n|---|---|---|---|---|\n");
    let rows = missing.iter().map(|metric| {
        let why = escaped(&reason_text(metric));
        row(&[state(metric), code(&metric.name), named(metric.region.as_deref()), code(&metric.group), why])
    });
    push_rows(out, rows, missing.len(), "metric");
}

fn state(metric: &MetricResult) -> String {
    let word = state_word(metric.state);
    match (metric.critical, metric.must_have_data && metric.state == State::NoData) {
        (true, _) => format!("**{word}**, critical"),
        (false, true) => format!("**{word}**, required"),
        (false, false) => word.to_owned(),
    }
}

fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// Adds rows while they fit, then says how many of `total` were left out.
fn push_rows(out: &mut String, rows: impl Iterator<Item = String>, total: usize, thing: &str) {
    let mut shown = 0;
    for row in rows {
        if out.len() + row.len() + TAIL_BYTES > MAX_BYTES {
            break;
        }
        out.push_str(&row);
        shown += 1;
    }
    if shown < total {
        let left_out = total - shown;
        let all = format!(" more of {total} {thing}s left out here; the JSON report has them all.\n");
        out.extend(["\n", &left_out.to_string(), &all]);
    }
}

fn named(name: Option<&str>) -> String {
    name.map_or_else(|| "-".to_owned(), code)
}

/// A name as code, so that nothing in it becomes a link, a mention or markup.
fn code(name: &str) -> String {
    let name = shorten(&printable(name), MAX_NAME);
    let is_plain = |character: char| !matches!(character, '`' | '|' | '\\' | '<' | '>' | '&');
    if name.chars().all(is_plain) && name.trim() == name {
        format!("`{name}`")
    } else {
        format!("<code>{}</code>", escaped(&name))
    }
}

/// What starts a structure in Markdown or HTML, or a reference on GitHub.
const STRUCTURAL: &str = "\\`*_[<&|~#@$";

/// Text in which Markdown and HTML find nothing to interpret: what could start a structure is written as
/// a character reference, which no parser takes for one.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if STRUCTURAL.contains(character) {
            out.extend(["&#", &u32::from(character).to_string(), ";"]);
        } else {
            out.push(character);
        }
    }
    out
}
