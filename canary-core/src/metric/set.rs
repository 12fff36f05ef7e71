//! All metrics of both sides.

use std::ops::Range;
use std::sync::Arc;

use super::grid::TimeGrid;
use super::history::{History, compact};
use super::life::Life;
use super::panel::{Arm, Panel, SeriesCounts};
use crate::note::{Note, Side};
use crate::report::{Inputs, SideInput};

/// All metrics of both sides on one grid, by region and name. Made from observations
/// ([`MetricSet::from_observations`]) or from arrays ([`MetricSet::builder`]).
#[derive(Clone, Debug)]
pub struct MetricSet {
    pub(super) grid: TimeGrid,
    pub(super) pairs: Vec<PairIndex>,
    pub(super) regions: Vec<Region>,
    pub(super) baseline: SideData,
    pub(super) canary: SideData,
    pub(super) notes: Vec<Note>,
    /// Whether metrics were left out by their names.
    pub(super) chosen: bool,
}

/// The values of one side and what is known of them.
#[derive(Clone, Debug)]
pub(super) struct SideData {
    pub(super) panel: Arc<Panel>,
    /// The panel's row of each series, by region, metric and instance.
    pub(super) series: Vec<u32>,
    /// By series.
    pub(super) counts: Vec<SeriesCounts>,
    pub(super) rows: u64,
    pub(super) instances: u64,
    pub(super) history: Arc<History>,
}

/// A region and each side's life in it.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub(super) name: Option<Arc<str>>,
    pub(super) baseline: Option<Life>,
    pub(super) canary: Option<Life>,
}

#[derive(Clone, Debug)]
pub(super) struct PairIndex {
    pub(super) name: Arc<str>,
    pub(super) region: usize,
    pub(super) group: Option<Arc<str>>,
    pub(super) baseline: Range<usize>,
    pub(super) canary: Range<usize>,
}

/// One metric in one region: a view of both sides.
#[derive(Clone, Debug)]
pub struct MetricPair<'a> {
    /// The metric's name.
    pub name: &'a Arc<str>,
    /// Its region, where the input has regions.
    pub region: Option<&'a Arc<str>>,
    /// Its group by the input.
    pub group: Option<&'a Arc<str>>,
    /// The old build's series.
    pub baseline: Arm<'a>,
    /// The new build's series.
    pub canary: Arm<'a>,
    /// The first tick at which both sides of the region live; `None` where one never does.
    pub first_common: Option<usize>,
    /// The first tick at which the canary of the region lives.
    pub first_canary: Option<usize>,
}

impl MetricSet {
    /// The common grid.
    #[must_use]
    pub fn grid(&self) -> TimeGrid {
        self.grid
    }

    /// Whether metrics were left out by their names: then a rule that matches none may match one of those.
    pub(crate) fn is_chosen(&self) -> bool {
        self.chosen
    }

    /// How many (metric, region) pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Whether there is no metric at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }

    /// What was dropped or changed while the observations were taken in.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The metric at `index`, in order of region and name.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<MetricPair<'_>> {
        self.pairs.get(index).map(|pair| self.view(pair))
    }

    /// Every metric, in order of region and name.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = MetricPair<'_>> {
        self.pairs.iter().map(|pair| self.view(pair))
    }

    /// The metric `name` of a region. Cost: O(log metrics).
    #[must_use]
    pub fn find(&self, region: Option<&Arc<str>>, name: &str) -> Option<MetricPair<'_>> {
        let pairs = self.of_region(region);
        let index = pairs.binary_search_by(|pair| pair.name.as_ref().cmp(name)).ok()?;
        pairs.get(index).map(|pair| self.view(pair))
    }

    /// The metrics of a region whose names begin with `prefix`, in order.
    pub(crate) fn starting_with<'a>(
        &'a self,
        region: Option<&Arc<str>>,
        prefix: &'a str,
    ) -> impl Iterator<Item = MetricPair<'a>> {
        let pairs = self.of_region(region);
        let first = pairs.partition_point(|pair| pair.name.as_ref() < prefix);
        let rest = pairs.get(first..).unwrap_or_default();
        rest.iter().take_while(move |pair| pair.name.starts_with(prefix)).map(|pair| self.view(pair))
    }

    /// The regions, in order; one `None` where the input has none.
    pub(crate) fn region_names(&self) -> impl Iterator<Item = Option<&Arc<str>>> {
        self.regions.iter().map(|region| region.name.as_ref())
    }

    fn of_region(&self, region: Option<&Arc<str>>) -> &[PairIndex] {
        let number = self.regions.partition_point(|known| known.name.as_ref() < region);
        let first = self.pairs.partition_point(|pair| pair.region < number);
        let is_known = self.regions.get(number).is_some_and(|known| known.name.as_ref() == region);
        let end = self.pairs.partition_point(|pair| pair.region < number + usize::from(is_known));
        self.pairs.get(first..end).unwrap_or_default()
    }

    /// The distinct metric names, in order.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.pairs.iter().map(|pair| pair.name.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The first tick at which both sides of a region live; `None` where that is never so.
    pub(crate) fn common_start(&self) -> Option<usize> {
        let of_region = |region: &Region| Some(region.baseline?.first.max(region.canary?.first));
        self.regions.iter().filter_map(of_region).min()
    }

    /// Which side of a region ends before the other, and after which share of their common time.
    pub(crate) fn early_end(&self, region: Option<&Arc<str>>) -> Option<(Side, f64)> {
        let region = self.regions.iter().find(|known| known.name.as_ref() == region)?;
        let (baseline, canary) = (region.baseline?, region.canary?);
        let start = baseline.first.max(canary.first);
        let length = |life: Life| (life.last + 1).saturating_sub(start) as f64;
        let side = if canary.last < baseline.last { Side::Canary } else { Side::Baseline };
        let (longer, shorter) = (length(baseline).max(length(canary)), length(baseline).min(length(canary)));
        (shorter < longer).then(|| (side, shorter / longer))
    }

    fn view<'a>(&'a self, pair: &'a PairIndex) -> MetricPair<'a> {
        let region = self.regions.get(pair.region);
        let first = |side: fn(&Region) -> Option<Life>| region.and_then(side).map(|life| life.first);
        let first_canary = first(|region| region.canary);
        let first_baseline = first(|region| region.baseline);
        MetricPair {
            name: &pair.name,
            region: region.and_then(|region| region.name.as_ref()),
            group: pair.group.as_ref(),
            baseline: self.baseline.arm(&pair.baseline),
            canary: self.canary.arm(&pair.canary),
            first_common: first_baseline.zip(first_canary).map(|(baseline, canary)| baseline.max(canary)),
            first_canary,
        }
    }

    /// What was taken in, for the report.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let window = self.grid.window();
        let (start, end) = window.map_or((None, None), |(start, end)| (Some(start), Some(end)));
        let seconds = self.grid.step_ms as f64 / 1000.0;
        Inputs {
            baseline: self.side_input(Side::Baseline),
            canary: self.side_input(Side::Canary),
            start,
            end,
            step_seconds: Some(seconds),
            ticks: self.grid.ticks as u64,
            command: None,
        }
    }

    fn side_input(&self, side: Side) -> SideInput {
        let data = match side {
            Side::Baseline => &self.baseline,
            Side::Canary => &self.canary,
        };
        let has_data = |pair: &&PairIndex| match side {
            Side::Baseline => !pair.baseline.is_empty(),
            Side::Canary => !pair.canary.is_empty(),
        };
        SideInput {
            sources: Vec::new(),
            rows: data.rows,
            metrics: self.pairs.iter().filter(has_data).count() as u64,
            instances: data.instances,
        }
    }
}

impl SideData {
    /// All series of a panel of `ticks` ticks, in its order. `instances` counts where they have no names.
    pub(super) fn new(panel: Panel, history: History, ticks: usize, rows: u64, instances: u64) -> Self {
        let series: Vec<u32> = (0..compact(history.series())).collect();
        Self {
            counts: history.counts(&series, ticks),
            rows,
            instances: history.instances(&series).unwrap_or(instances),
            panel: Arc::new(panel),
            series,
            history: Arc::new(history),
        }
    }

    fn arm(&self, series: &Range<usize>) -> Arm<'_> {
        Arm {
            panel: &self.panel,
            rows: self.series.get(series.clone()).unwrap_or_default(),
            counts: self.counts.get(series.clone()).unwrap_or_default(),
        }
    }
}
