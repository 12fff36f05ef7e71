//! The tables that stand in the page itself: the worst metrics, regions, groups, checks, and the peer's rule.

use canary_core::Report;
use canary_core::report::{GroupScore, MetricResult, RegionResult, State, Verdict};

use super::head::{Text, verdict_class};
use super::link;
use super::look::look;
use crate::table::{is_required_without_data, worst_groups, worst_regions};
use crate::words::{
    CheckWords, bound_text, capitalised, check_words, difference_text, exact, interval_text, number_or_dash, peer_text,
    ratio_text, reason_text, score, sign, state_word, tally_text, verdict_reason_text, verdict_word, worst_differences,
};

/// Metrics listed in the page itself, for those who read it without scripts or on paper.
const WORST: usize = 50;
/// Regions and groups listed.
const MAX_ROWS: usize = 200;
/// Differences from the peer's rule listed.
const DIFFERENCES: usize = 20;
/// Reasons of a difference that are told.
const WEAKNESSES: usize = 2;
/// The columns of a name in these tables; the whole name is in its title.
const NAME: usize = 64;
/// The same in the narrower table of the worst metrics.
const WORST_NAME: usize = 52;
const PLACE: usize = 24;

/// One metric in a row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: Text,
    pub(super) link: String,
    pub(super) region: Option<Text>,
    pub(super) look: String,
    pub(super) state: &'static str,
    pub(super) critical: bool,
    pub(super) ratio: String,
    pub(super) interval: String,
    pub(super) bound: String,
    pub(super) baseline: String,
    pub(super) canary: String,
    pub(super) why: String,
}

/// The worst metrics, and what the rest amounts to.
#[derive(Debug)]
pub(super) struct Worst {
    pub(super) rows: Vec<Row>,
    /// How many counting or required ones are left out.
    pub(super) more: usize,
    pub(super) rest: String,
    /// Whether there is a column for regions.
    pub(super) has_regions: bool,
}

impl Worst {
    pub(super) fn of(report: &Report) -> Self {
        let is_told = |metric: &&MetricResult| metric.counts_against || is_required_without_data(metric);
        let told: Vec<&MetricResult> = report.metrics.iter().filter(is_told).collect();
        let rest = report.metrics.iter().filter(|metric| !is_told(metric));
        Self {
            rows: told.iter().take(WORST).map(|metric| row(metric)).collect(),
            more: told.len().saturating_sub(WORST),
            rest: tally_text(rest),
            has_regions: report.metrics.iter().any(|metric| metric.region.is_some()),
        }
    }
}

fn row(metric: &MetricResult) -> Row {
    let interval = metric.interval.map(|interval| interval_text(interval, metric.bounds));
    Row {
        name: Text::name(&metric.name, WORST_NAME),
        link: link::metric(&metric.name, metric.region.as_deref()),
        region: metric.region.as_deref().map(|region| Text::name(region, PLACE)),
        look: look(metric),
        state: state_word(metric.state),
        critical: metric.critical,
        ratio: ratio_text(metric),
        interval: interval.unwrap_or_else(|| "-".to_owned()),
        bound: bound_text(metric),
        baseline: number_or_dash(metric.average.baseline),
        canary: number_or_dash(metric.average.canary),
        why: if metric.state == State::NoData { reason_text(metric) } else { String::new() },
    }
}

/// A region or a group.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: Text,
    pub(super) link: String,
    /// The class, the sign and the word of a region's verdict.
    pub(super) verdict: Option<(&'static str, &'static str, &'static str)>,
    pub(super) score: String,
    pub(super) weight: String,
    pub(super) hot: u64,
    pub(super) cold: u64,
    pub(super) nodata: u64,
    pub(super) ok: u64,
    pub(super) why: String,
}

/// The regions, the worst first; empty where the input has none.
pub(super) fn regions(report: &Report) -> Vec<Part> {
    let named = worst_regions(&report.regions).into_iter().filter_map(|region| {
        let name = region.name.as_deref()?;
        Some(region_part(report, region, name))
    });
    named.take(MAX_ROWS).collect()
}

fn region_part(report: &Report, region: &RegionResult, name: &str) -> Part {
    let counts = region.counts;
    // Why the region that decided did so stands at the top of the page; why one passes is no question.
    let told = report.worst_region == region.name || region.verdict == Verdict::Pass;
    let why = region.reasons.first().filter(|_| !told).map(|reason| capitalised(&verdict_reason_text(reason)));
    Part {
        name: Text::name(name, PLACE),
        link: link::details("region", name),
        verdict: Some((verdict_class(region.verdict), sign(region.verdict), verdict_word(region.verdict))),
        score: score(region.score, report.thresholds),
        weight: String::new(),
        hot: counts.hot,
        cold: counts.cold,
        nodata: counts.nodata,
        ok: counts.ok,
        why: why.unwrap_or_default(),
    }
}

/// The groups over all regions, the worst first.
pub(super) fn groups(report: &Report) -> Vec<Part> {
    let part = |group: &GroupScore| Part {
        name: Text::name(&group.name, NAME),
        link: link::details("group", &group.name),
        verdict: None,
        score: score(group.score, report.thresholds),
        weight: exact(group.weight),
        hot: group.counts.hot,
        cold: group.counts.cold,
        nodata: group.counts.nodata,
        ok: group.counts.ok,
        why: String::new(),
    };
    worst_groups(&report.groups).into_iter().take(MAX_ROWS).map(part).collect()
}

/// What was looked at before anything was compared.
pub(super) fn checks(report: &Report) -> Vec<CheckWords> {
    report.fairness.iter().map(check_words).collect()
}

/// What the peer's rule says, where it was asked.
#[derive(Debug)]
pub(super) struct PeerSays {
    pub(super) text: String,
    pub(super) rows: Vec<Difference>,
    pub(super) more: usize,
}

/// A metric on which the two differ.
#[derive(Debug)]
pub(super) struct Difference {
    pub(super) name: Text,
    pub(super) link: String,
    pub(super) text: String,
}

pub(super) fn peer(report: &Report) -> Option<PeerSays> {
    let text = peer_text(report)?;
    let differences = worst_differences(report);
    let rows = differences.iter().take(DIFFERENCES).map(|found| Difference {
        name: Text::name(&found.metric, NAME),
        link: link::metric(&found.metric, found.region.as_deref()),
        text: difference_text(found, WEAKNESSES),
    });
    Some(PeerSays { text, rows: rows.collect(), more: differences.len().saturating_sub(DIFFERENCES) })
}
