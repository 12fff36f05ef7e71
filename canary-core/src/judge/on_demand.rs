//! The series of a report that was made without them, for whoever wants to look at some.

use super::{Judge, series};
use crate::metric::{MetricPair, MetricSet};
use crate::preprocess::{Prepared, Traffic, prepare};
use crate::report::{Report, Series};

impl Judge {
    /// Puts the series into `report` that [`Judge::with_series`] would have put there. `report` must be what this
    /// judge says of `metrics`; only metrics that `wanted` names (by region and name) are looked at.
    ///
    /// Cost: what preparing a metric costs, and 16 bytes a value.
    pub fn add_series(&self, report: &mut Report, metrics: &MetricSet, wanted: &dyn Fn(Option<&str>, &str) -> bool) {
        let traffic = Traffic::new(metrics, &self.resolver);
        let mut prepared = Prepared::default();
        for result in report.metrics.iter_mut().filter(|result| wanted(result.region.as_deref(), &result.name)) {
            if let Some(pair) = metrics.find(result.region.as_ref(), &result.name) {
                result.series = Some(self.series_of(metrics, &traffic, &pair, &mut prepared));
            }
        }
    }

    fn series_of(
        &self,
        metrics: &MetricSet,
        traffic: &Traffic<'_>,
        pair: &MetricPair<'_>,
        prepared: &mut Prepared,
    ) -> Series {
        let settings = self.resolver.settings(pair.name);
        let times = self.times(metrics.grid());
        prepare(pair, &settings, traffic, metrics.grid().ticks(), times, prepared);
        series(pair, &settings, prepared)
    }
}
