//! What the template of the page is filled with.

use askama::Template;
use canary_core::Report;

use super::assets::{SCRIPT, STYLE, policy};
use super::block::{Block, blocks};
use super::head::Head;
use super::look::look;
use super::pack::precision_text;
use super::rows::rows;
use super::story::Story;
use super::tables::{self, Part, PeerSays, Worst};
use crate::RenderError;
use crate::grid::{Cell, cells};
use crate::words::{CheckWords, Explainer, counts_text, notes_text};

/// Notes shown; the rest are counted.
const NOTES: usize = 50;
/// Up to so many cells each is large, and beyond so many each is small.
const LARGE_CELLS: usize = 400;
const SMALL_CELLS: usize = 2000;

/// The page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page {
    policy: String,
    style: &'static str,
    script: &'static str,
    head: Head,
    story: Story,
    /// The classes of the cells, in their order.
    cells: Vec<String>,
    /// How large they are.
    size: &'static str,
    /// What they say to those who do not see them.
    cells_text: String,
    regions: Vec<Part>,
    groups: Vec<Part>,
    worst: Worst,
    checks: Vec<CheckWords>,
    peer: Option<PeerSays>,
    notes: Vec<String>,
    has_series: bool,
    has_bands: bool,
    /// How exact the values of the series are.
    precision: String,
    rows: String,
    blocks: Vec<Block>,
}

impl Page {
    pub(super) fn of(report: &Report) -> Result<Self, RenderError> {
        let cells = cells(report);
        let blocks = blocks(&cells, &Explainer::new(report))?;
        let series = || report.metrics.iter().filter_map(|metric| metric.series.as_ref());
        Ok(Self {
            policy: policy(),
            style: STYLE,
            script: SCRIPT,
            head: Head::of(report),
            story: Story::of(report),
            size: match cells.len() {
                0..=LARGE_CELLS => "large",
                SMALL_CELLS.. => "small",
                _ => "medium",
            },
            cells_text: counts_text(report),
            regions: tables::regions(report),
            groups: tables::groups(report),
            worst: Worst::of(report),
            checks: tables::checks(report),
            peer: tables::peer(report),
            notes: notes_text(report, NOTES),
            has_series: series().next().is_some(),
            has_bands: series().any(|series| series.baseline_band.is_some() || series.canary_band.is_some()),
            precision: precision_text(),
            rows: rows(report, &cells, &blocks)?,
            cells: cells.iter().filter_map(Cell::worst).map(look).collect(),
            blocks,
        })
    }
}
