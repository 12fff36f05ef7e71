//! Metrics from arrays that lie on a common grid already.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use super::grid::TimeGrid;
use super::history::{Event, History, Oddity, compact};
use super::life::Life;
use super::panel::Panel;
use super::set::{MetricSet, PairIndex, Region, SideData};
use crate::error::InputError;
use crate::note::Side;

/// One metric as arrays: one value a tick, NaN where there is none.
///
/// ```
/// use canary_core::{MetricData, ndarray::array};
///
/// let from_slices = MetricData::new("latency").baseline(&[1.0, 2.0]).canary(&[1.1, 2.1]);
/// let two_instances = array![[1.0, 2.0], [1.5, 2.5]];
/// let from_arrays = MetricData::new("cpu").region("eu-west-1").baseline_instances(two_instances.view());
/// ```
#[derive(Clone, Debug)]
pub struct MetricData<'a> {
    name: &'a str,
    region: Option<&'a str>,
    group: Option<&'a str>,
    baseline: Option<ArrayView2<'a, f64>>,
    canary: Option<ArrayView2<'a, f64>>,
}

impl<'a> MetricData<'a> {
    /// A metric without data on either side.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        Self { name, region: None, group: None, baseline: None, canary: None }
    }

    /// In this region.
    #[must_use]
    pub fn region(mut self, region: &'a str) -> Self {
        self.region = Some(region);
        self
    }

    /// In this group, unless a rule says otherwise.
    #[must_use]
    pub fn group(mut self, group: &'a str) -> Self {
        self.group = Some(group);
        self
    }

    /// The old build's values.
    #[must_use]
    pub fn baseline(mut self, values: &'a [f64]) -> Self {
        self.baseline = Some(ArrayView1::from(values).insert_axis(Axis(0)));
        self
    }

    /// The new build's values.
    #[must_use]
    pub fn canary(mut self, values: &'a [f64]) -> Self {
        self.canary = Some(ArrayView1::from(values).insert_axis(Axis(0)));
        self
    }

    /// The old build's values, instance × tick.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "a view is a reference already")]
    pub fn baseline_instances(mut self, values: ArrayView2<'a, f64>) -> Self {
        self.baseline = Some(values);
        self
    }

    /// The new build's values, instance × tick.
    #[must_use]
    #[allow(clippy::needless_pass_by_value, reason = "a view is a reference already")]
    pub fn canary_instances(mut self, values: ArrayView2<'a, f64>) -> Self {
        self.canary = Some(values);
        self
    }
}

/// Collects metrics for a [`MetricSet`].
#[derive(Clone, Debug)]
pub struct MetricSetBuilder {
    grid: TimeGrid,
    entries: Vec<Entry>,
    baseline: Collected,
    canary: Collected,
}

#[derive(Clone, Debug)]
struct Entry {
    name: Arc<str>,
    region: Option<Arc<str>>,
    group: Option<Arc<str>>,
    baseline: std::ops::Range<usize>,
    canary: std::ops::Range<usize>,
    baseline_life: Option<Life>,
    canary_life: Option<Life>,
}

#[derive(Clone, Debug, Default)]
struct Collected {
    values: Vec<f64>,
    lives: Vec<Option<Life>>,
    events: Vec<Event>,
    rows: u64,
    instances: usize,
}

impl MetricSet {
    /// Starts a set of metrics that lie on `grid`.
    #[must_use]
    pub fn builder(grid: TimeGrid) -> MetricSetBuilder {
        MetricSetBuilder { grid, entries: Vec::new(), baseline: Collected::default(), canary: Collected::default() }
    }
}

impl MetricSetBuilder {
    /// Adds a metric; its arrays must be as long as the grid. The values are copied once.
    pub fn add(&mut self, metric: &MetricData<'_>) -> Result<&mut Self, InputError> {
        self.check_length(metric, Side::Baseline)?;
        self.check_length(metric, Side::Canary)?;
        let (baseline, baseline_life) = self.baseline.push(metric.baseline.as_ref());
        let (canary, canary_life) = self.canary.push(metric.canary.as_ref());
        self.entries.push(Entry {
            name: metric.name.into(),
            region: metric.region.map(Arc::from),
            group: metric.group.map(Arc::from),
            baseline,
            canary,
            baseline_life,
            canary_life,
        });
        Ok(self)
    }

    fn check_length(&self, metric: &MetricData<'_>, side: Side) -> Result<(), InputError> {
        let (values, name) = match side {
            Side::Baseline => (&metric.baseline, "baseline"),
            Side::Canary => (&metric.canary, "canary"),
        };
        let found = values.as_ref().map_or(self.grid.ticks, ArrayView2::ncols);
        if found == self.grid.ticks {
            return Ok(());
        }
        let metric = metric.name.to_owned();
        Err(InputError::SeriesLength { metric, side: name, found, expected: self.grid.ticks })
    }

    /// The set. Fails where a metric and region were added twice.
    pub fn build(mut self) -> Result<MetricSet, InputError> {
        self.entries.sort_by(|a, b| (&a.region, &a.name).cmp(&(&b.region, &b.name)));
        for pair in self.entries.windows(2) {
            if let [a, b] = pair
                && (&a.region, &a.name) == (&b.region, &b.name)
            {
                let region = a.region.as_deref().unwrap_or("none").to_owned();
                return Err(InputError::DuplicateMetric { metric: a.name.to_string(), region });
            }
        }
        let mut regions: Vec<Region> = Vec::new();
        let mut pairs = Vec::with_capacity(self.entries.len());
        for entry in self.entries {
            if regions.last().is_none_or(|region| region.name != entry.region) {
                regions.push(Region { name: entry.region, baseline: None, canary: None });
            }
            if let Some(region) = regions.last_mut() {
                region.baseline = Life::both(region.baseline, entry.baseline_life);
                region.canary = Life::both(region.canary, entry.canary_life);
            }
            pairs.push(PairIndex {
                name: entry.name,
                region: regions.len().saturating_sub(1),
                group: entry.group,
                baseline: entry.baseline,
                canary: entry.canary,
            });
        }
        let grid = self.grid;
        let (baseline, canary) = (self.baseline.into_side(grid.ticks), self.canary.into_side(grid.ticks));
        Ok(MetricSet { grid, pairs, regions, baseline, canary, notes: Vec::new(), chosen: false })
    }
}

impl Collected {
    /// Copies the values; answers their rows and from when to when they live.
    fn push(&mut self, values: Option<&ArrayView2<'_, f64>>) -> (std::ops::Range<usize>, Option<Life>) {
        let start = self.lives.len();
        for series in values.iter().flat_map(|values| values.rows()) {
            let row = compact(self.lives.len());
            let mut life: Option<Life> = None;
            for (tick, &value) in series.iter().enumerate() {
                self.rows += u64::from(!value.is_nan());
                if value.is_finite() {
                    life = Some(life.map_or(Life::at(tick), |life| life.with(tick)));
                } else if value.is_infinite() {
                    self.events.push(Event { row, tick: compact(tick), oddity: Oddity::Infinite });
                }
                self.values.push(if value.is_finite() { value } else { f64::NAN });
            }
            self.lives.push(life);
        }
        self.instances = self.instances.max(self.lives.len() - start);
        let life = self.lives.get(start..).unwrap_or_default().iter().copied().fold(None, Life::both);
        (start..self.lives.len(), life)
    }

    fn into_side(self, ticks: usize) -> SideData {
        let shape = (self.lives.len(), ticks);
        // The lengths agree by construction; an empty panel stands in for the impossible.
        let values = Array2::from_shape_vec(shape, self.values).unwrap_or_else(|_| Array2::zeros((0, ticks)));
        let instances = if self.instances > 1 { self.instances as u64 } else { 0 };
        SideData::new(Panel::Dense(values), History::of_arrays(self.lives, self.events), ticks, self.rows, instances)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Span;

    fn grid() -> TimeGrid {
        TimeGrid::new(Span::from_ms(60_000), 2)
    }

    #[test]
    fn a_wrong_length_names_metric_side_and_both_lengths() {
        let mut builder = MetricSet::builder(grid());
        let error = builder.add(&MetricData::new("cpu").baseline(&[1.0, 2.0]).canary(&[1.0])).unwrap_err();
        assert_eq!(error.to_string(), "metric `cpu`, canary: 1 ticks where the grid has 2");
    }

    #[test]
    fn the_same_metric_and_region_twice_is_an_error() {
        let mut builder = MetricSet::builder(grid());
        let metric = MetricData::new("cpu").region("eu").baseline(&[1.0, 2.0]);
        builder.add(&metric).unwrap().add(&metric).unwrap();
        assert_eq!(builder.build().unwrap_err().to_string(), "metric `cpu`, region eu: given twice");
    }

    #[test]
    fn metrics_come_by_region_and_name() {
        let mut builder = MetricSet::builder(grid());
        for (region, name) in [("us", "a"), ("eu", "b"), ("eu", "a")] {
            builder.add(&MetricData::new(name).region(region).canary(&[f64::NAN, 2.0])).unwrap();
        }
        let set = builder.build().unwrap();
        let order: Vec<_> = set.iter().map(|pair| (pair.region.unwrap().to_string(), pair.name.to_string())).collect();
        assert_eq!(order, [("eu".into(), "a".into()), ("eu".into(), "b".into()), ("us".into(), "a".to_string())]);
        assert_eq!(set.get(0).unwrap().first_canary, Some(1));
        assert_eq!(set.get(0).unwrap().first_common, None);
    }
}
