//! The rows of the page's tables, column by column: every text as it is shown.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use canary_core::Report;
use canary_core::report::MetricResult;
use serde::Serialize;

use super::block::Block;
use super::look::look;
use super::pack::{deflated, precision_text};
use crate::RenderError;
use crate::grid::Cell;
use crate::words::{exact, finding_title, interval_text, number_or_dash, printable, ratio_text, reason_label};

/// What the script reads at once. Rows are in the order of the report, cells in that of the grid.
#[derive(Serialize)]
struct Rows<'a> {
    /// How exact the values of the series are, in words.
    precision: String,
    start: Option<&'a str>,
    step_seconds: Option<f64>,
    /// Whether the input has regions at all.
    has_regions: bool,
    regions: Names<'a>,
    groups: Names<'a>,
    /// The names of the metrics, by cell.
    names: Names<'a>,
    /// The row that a cell shows for all regions.
    worst: Vec<usize>,
    /// The first cell of each block.
    blocks: Vec<usize>,
    sets: Vec<Set>,
    columns: Columns,
}

/// Names as they are in a link, and those that are shown otherwise.
#[derive(Serialize)]
struct Names<'a> {
    raw: Vec<&'a str>,
    shown: BTreeMap<usize, String>,
}

impl<'a> Names<'a> {
    fn of(raw: Vec<&'a str>) -> Self {
        let shown = raw.iter().enumerate().map(|(index, name)| (index, printable(name)));
        let shown = shown.filter(|(index, shown)| raw.get(*index) != Some(&shown.as_str())).collect();
        Self { raw, shown }
    }
}

/// Rows that belong together: a finding, or what tips the verdict.
#[derive(Serialize)]
struct Set {
    id: String,
    title: String,
    rows: Vec<usize>,
    /// The first changed tick of each, where there is one.
    onsets: Vec<u64>,
}

#[derive(Default, Serialize)]
struct Columns {
    cell: Vec<usize>,
    region: Vec<usize>,
    group: Vec<usize>,
    look: Vec<String>,
    reason: Vec<String>,
    ratio: Vec<String>,
    interval: Vec<String>,
    lower: Vec<String>,
    upper: Vec<String>,
    baseline: Vec<String>,
    canary: Vec<String>,
    points: Vec<(u64, u64)>,
    weight: Vec<String>,
}

impl Columns {
    fn push(&mut self, metric: &MetricResult) {
        self.look.push(look(metric));
        self.reason.push(reason_label(&metric.reason));
        self.ratio.push(ratio_text(metric));
        self.interval
            .push(metric.interval.map_or_else(|| "-".to_owned(), |interval| interval_text(interval, metric.bounds)));
        self.lower.push(exact(metric.bounds.lower()));
        self.upper.push(exact(metric.bounds.upper()));
        self.baseline.push(number_or_dash(metric.average.baseline));
        self.canary.push(number_or_dash(metric.average.canary));
        self.points.push((metric.points.baseline, metric.points.canary));
        self.weight.push(exact(metric.weight));
    }
}

/// The rows as they stand in the page.
pub(super) fn rows(report: &Report, cells: &[Cell<'_>], blocks: &[Block]) -> Result<String, RenderError> {
    let key = |metric: &'_ MetricResult| std::ptr::from_ref(metric);
    let row_of: HashMap<*const MetricResult, usize> =
        report.metrics.iter().enumerate().map(|(row, metric)| (key(metric), row)).collect();
    let cell_of: HashMap<*const MetricResult, usize> = cells
        .iter()
        .enumerate()
        .flat_map(|(cell, results)| results.results().iter().map(move |metric| (key(metric), cell)))
        .collect();
    let regions: BTreeSet<Option<&str>> = report.metrics.iter().map(|metric| metric.region.as_deref()).collect();
    let regions: Vec<Option<&str>> = regions.into_iter().collect();
    let groups: BTreeSet<&str> = report.metrics.iter().map(|metric| &*metric.group).collect();
    let groups: Vec<&str> = groups.into_iter().collect();
    let mut columns = Columns::default();
    for metric in &report.metrics {
        columns.cell.push(cell_of.get(&key(metric)).copied().unwrap_or_default());
        columns.region.push(regions.binary_search(&metric.region.as_deref()).unwrap_or_default());
        columns.group.push(groups.binary_search(&&*metric.group).unwrap_or_default());
        columns.push(metric);
    }
    let shown_row = |cell: &Cell<'_>| cell.worst().and_then(|metric| row_of.get(&key(metric)).copied());
    let rows = Rows {
        precision: precision_text(),
        start: report.inputs.start.as_deref(),
        step_seconds: report.inputs.step_seconds,
        has_regions: regions.iter().any(Option::is_some),
        // A report is either without regions or with a name for each.
        regions: Names::of(regions.iter().map(|region| region.unwrap_or_default()).collect()),
        groups: Names::of(groups),
        names: Names::of(cells.iter().filter_map(|cell| cell.results().first()).map(|metric| &*metric.name).collect()),
        worst: cells.iter().map(|cell| shown_row(cell).unwrap_or_default()).collect(),
        blocks: blocks.iter().map(|block| block.first).collect(),
        sets: sets(report),
        columns,
    };
    let json = serde_json::to_vec(&rows).map_err(|error| RenderError::Html(Box::new(error)))?;
    Ok(deflated(&json))
}

fn sets(report: &Report) -> Vec<Set> {
    if report.findings.is_empty() && report.tipping.is_none() {
        return Vec::new();
    }
    let rows: HashMap<(&str, Option<&str>), usize> = (report.metrics.iter().enumerate())
        .map(|(row, metric)| ((&*metric.name, metric.region.as_deref()), row))
        .collect();
    let findings = report.findings.iter().enumerate().map(|(index, finding)| {
        let members = finding.members.iter().filter_map(|member| {
            let row = rows.get(&(&*member.metric, finding.region.as_deref()))?;
            Some((*row, member.onset_tick))
        });
        let (rows, onsets) = members.unzip();
        Set { id: finding_id(index), title: finding_title(finding), rows, onsets }
    });
    let tipping = report.tipping.iter().map(|tipping| {
        let metrics = tipping.metrics.iter();
        let rows = metrics.filter_map(|key| rows.get(&(&*key.name, key.region.as_deref())).copied()).collect();
        Set { id: TIPPING.to_owned(), title: "what tips the verdict".to_owned(), rows, onsets: Vec::new() }
    });
    findings.chain(tipping).collect()
}

/// The set of the metrics that tip the verdict.
pub(super) const TIPPING: &str = "tipping";

/// The set of a finding, counted from 1 as people do.
pub(super) fn finding_id(index: usize) -> String {
    format!("finding-{}", index + 1)
}
