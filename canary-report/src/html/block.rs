//! What the page shows of a metric when it is opened: its reasons and its series, some metrics a block.

use canary_core::config::Bounds;
use canary_core::report::{Band, MetricResult, Series, Window};
use serde::Serialize;

use super::pack::{Planes, deflated, range, steps};
use crate::RenderError;
use crate::grid::Cell;
use crate::words::{Explainer, is_measured};

/// Results a block: opening a metric inflates its block, so it is kept small; a larger one deflates better.
const RESULTS: usize = 64;

/// The results of some cells that follow each other.
pub(super) struct Block {
    /// The index of its first cell.
    pub(super) first: usize,
    /// As it stands in the page.
    pub(super) text: String,
}

/// A result as its block holds it. The series stand behind all of them, in order.
#[derive(Serialize)]
struct Entry {
    /// What is said of it, by topic.
    topics: Vec<(&'static str, String)>,
    ratio: Option<f64>,
    /// The ends; no end is `null`.
    interval: Option<(Option<f64>, Option<f64>)>,
    bounds: (f64, f64),
    window: Option<Window>,
    /// Values a side; none without series.
    values: (usize, usize),
    /// Which sides have a band.
    bands: (bool, bool),
    /// What the bands' steps are steps of.
    range: Option<[f64; 2]>,
    /// A test of its own measured it: it has no series, whatever the report holds.
    measured: bool,
}

impl Entry {
    fn of(explainer: &Explainer<'_>, metric: &MetricResult) -> Self {
        let series = metric.series.as_ref();
        let (lower, upper) = (Bounds::lower(metric.bounds), Bounds::upper(metric.bounds));
        Self {
            topics: explainer.explained(metric).into_iter().map(|said| (said.topic, said.text)).collect(),
            ratio: metric.ratio,
            interval: metric.interval.map(|interval| (interval.lower, interval.upper)),
            bounds: (lower, upper),
            window: metric.window,
            values: series.map_or((0, 0), |series| (series.baseline.len(), series.canary.len())),
            bands: series
                .map_or((false, false), |series| (series.baseline_band.is_some(), series.canary_band.is_some())),
            range: series.and_then(band_range),
            measured: is_measured(metric),
        }
    }
}

/// The blocks of all cells, in order.
pub(super) fn blocks(cells: &[Cell<'_>], explainer: &Explainer<'_>) -> Result<Vec<Block>, RenderError> {
    let mut blocks = Vec::new();
    let mut first = 0;
    while first < cells.len() {
        let mut results = 0;
        let rest = cells.get(first..).unwrap_or_default();
        let fitting = rest.iter().take_while(|cell| {
            results += cell.results().len();
            results <= RESULTS
        });
        // A metric of more regions than a block has results gets a block of its own.
        let length = fitting.count().max(1);
        let text = block(rest.get(..length).unwrap_or_default(), explainer)?;
        blocks.push(Block { first, text });
        first += length;
    }
    Ok(blocks)
}

/// The length of the JSON in four bytes, the JSON, the planes of the series, the bands.
fn block(cells: &[Cell<'_>], explainer: &Explainer<'_>) -> Result<String, RenderError> {
    let results = || cells.iter().flat_map(|cell| cell.results().iter().copied());
    let entries: Vec<Entry> = results().map(|metric| Entry::of(explainer, metric)).collect();
    let json = serde_json::to_vec(&entries).map_err(|error| RenderError::Html(Box::new(error)))?;
    let length = u32::try_from(json.len()).map_err(|error| RenderError::Html(Box::new(error)))?;
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend(json);
    let mut planes = Planes::default();
    let mut bands = Vec::new();
    for series in results().filter_map(|metric| metric.series.as_ref()) {
        planes.extend(&series.baseline);
        planes.extend(&series.canary);
        if let Some(range) = band_range(series) {
            for band in bands_of(series) {
                bands.extend(steps(&band.lower, range));
                bands.extend(steps(&band.upper, range));
            }
        }
    }
    planes.append_to(&mut bytes);
    bytes.extend(bands);
    Ok(deflated(&bytes))
}

fn bands_of(series: &Series) -> impl Iterator<Item = &Band> {
    [series.baseline_band.as_ref(), series.canary_band.as_ref()].into_iter().flatten()
}

fn band_range(series: &Series) -> Option<[f64; 2]> {
    range(bands_of(series).flat_map(|band| band.lower.iter().chain(&band.upper)))
}
