//! The report in brief: what a mail and a notebook show of it, from the verdict to the worst metrics.
//!
//! Both are HTML in a place that is not ours: styles stand in the elements themselves, there are no ids, no scripts
//! and nothing to load, and every name is cut to a length that a line can hold.

mod rows;
mod style;

use canary_core::Report;
use canary_core::report::{RegionResult, SideInput, Verdict};

use self::rows::{Row, rest_text, rows_of, worst};
pub(crate) use self::style::Style;
use crate::grid::verdict_colour;
use crate::table::worst_regions;
use crate::words::{
    advice, capitalised, counted, counts_text, finding_text, finding_title, in_prose, notes_text, printable, score,
    score_text, shorten, sign, tipping_text, verdict_word, why_text, window_text,
};

/// Findings shown; the rest are counted.
const MAX_FINDINGS: usize = 5;
/// Regions shown; the rest are counted.
const MAX_REGIONS: usize = 6;
/// Notes shown; the rest are counted.
const MAX_NOTES: usize = 5;
/// Columns of a command; a longer one is cut.
const MAX_COMMAND: usize = 2000;

/// What is shown, in words.
pub(crate) struct Brief {
    pub(crate) sign: &'static str,
    pub(crate) word: &'static str,
    pub(crate) advice: &'static str,
    /// The colour of the verdict.
    pub(crate) colour: String,
    pub(crate) score: String,
    pub(crate) why: String,
    pub(crate) facts: Vec<Fact>,
    pub(crate) regions: Vec<Region>,
    pub(crate) more_regions: Option<String>,
    pub(crate) findings: Vec<Found>,
    pub(crate) more_findings: Option<String>,
    pub(crate) tipping: Option<String>,
    pub(crate) rows_title: &'static str,
    pub(crate) rows: Vec<Row>,
    pub(crate) rest: String,
    pub(crate) notes: Vec<String>,
}

/// Something that was compared.
pub(crate) struct Fact {
    pub(crate) label: &'static str,
    pub(crate) text: String,
    pub(crate) is_code: bool,
}

/// The result of a region.
pub(crate) struct Region {
    pub(crate) name: String,
    pub(crate) verdict: String,
    pub(crate) colour: String,
    pub(crate) score: String,
    pub(crate) counts: String,
}

/// Metrics that moved together.
pub(crate) struct Found {
    pub(crate) title: String,
    pub(crate) text: String,
}

impl Brief {
    /// The report with its `max_rows` worst metrics. Cost: O(metrics).
    pub(crate) fn of(report: &Report, max_rows: usize) -> Self {
        let verdict = report.verdict;
        let shown = worst(report, max_rows);
        let regions = regions(report);
        Self {
            sign: sign(verdict),
            word: verdict_word(verdict),
            advice: advice(verdict),
            colour: css(verdict_colour(verdict)),
            score: capitalised(&score_text(report)),
            why: why_text(report),
            facts: facts(report),
            regions: regions.iter().take(MAX_REGIONS).map(|region| region_row(region, report)).collect(),
            more_regions: more(regions.len(), MAX_REGIONS, "region"),
            findings: findings(report),
            more_findings: more(report.findings.len(), MAX_FINDINGS, "finding"),
            tipping: report.tipping.as_ref().map(|tipping| tipping_text(report, tipping)),
            rows_title: rows_title(verdict, &shown),
            rest: rest_text(report, &shown),
            rows: rows_of(report, &shown),
            notes: notes_text(report, MAX_NOTES),
        }
    }
}

/// What is told of each of the first findings.
pub(crate) fn findings(report: &Report) -> Vec<Found> {
    let found = report.findings.iter().take(MAX_FINDINGS);
    found.map(|finding| Found { title: finding_title(finding), text: finding_text(finding) }).collect()
}

/// How many there are besides those that are shown.
fn more(count: usize, shown: usize, thing: &str) -> Option<String> {
    let more = count.saturating_sub(shown);
    (more > 0).then(|| format!("and {}", counted(more as u64, &format!("more {thing}"))))
}

fn rows_title(verdict: Verdict, shown: &[&canary_core::report::MetricResult]) -> &'static str {
    match verdict {
        _ if shown.is_empty() => "No metric is hot, cold or without data.",
        Verdict::Inconclusive => "Worst metrics, what is required and silent first",
        _ => "Worst metrics",
    }
}

fn facts(report: &Report) -> Vec<Fact> {
    let plain = |label, text| Fact { label, text, is_code: false };
    let inputs = &report.inputs;
    let command = inputs.command.as_deref().map(|command| shorten(&printable(command), MAX_COMMAND));
    let facts = [
        plain("Compared", counts_text(report)),
        plain("Baseline", side_text(report.builds.baseline.as_deref(), &inputs.baseline)),
        plain("Canary", side_text(report.builds.canary.as_deref(), &inputs.canary)),
        plain("Time", window_text(inputs)),
        Fact { label: "Command", text: command.unwrap_or_default(), is_code: true },
    ];
    facts.into_iter().filter(|fact| !fact.text.is_empty()).collect()
}

/// The build, where it came from, and how many instances there are.
fn side_text(build: Option<&str>, input: &SideInput) -> String {
    let sources = match input.sources.as_slice() {
        [] => None,
        [only] => Some(in_prose(only)),
        [first, rest @ ..] => Some(format!("{} and {} more", in_prose(first), rest.len())),
    };
    let instances = (input.instances > 0).then(|| counted(input.instances, "instance"));
    [build.map(in_prose), sources, instances].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The regions, worst first, where they have names.
fn regions(report: &Report) -> Vec<&RegionResult> {
    let named = report.regions.iter().any(|region| region.name.is_some());
    if named && report.regions.len() > 1 { worst_regions(&report.regions) } else { Vec::new() }
}

fn region_row(region: &RegionResult, report: &Report) -> Region {
    let counts = region.counts;
    Region {
        name: region.name.as_deref().map_or_else(|| "-".to_owned(), in_prose),
        verdict: format!("{} {}", sign(region.verdict), verdict_word(region.verdict)),
        colour: css(verdict_colour(region.verdict)),
        score: score(region.score, report.thresholds),
        counts: format!("{} hot, {} cold, {} nodata, {} ok", counts.hot, counts.cold, counts.nodata, counts.ok),
    }
}

/// A colour as a style says it.
fn css([red, green, blue]: crate::grid::Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
