//! What one metric does to the score.

use super::{MetricResult, Report};
use crate::judge::score::scored;

impl Report {
    /// The uncapped score of the region of `metric` if there were no such metric; `None` where nothing that
    /// counts would be left. Beside [`RegionResult::score_uncapped`](super::RegionResult) it says what the
    /// metric does to the score. Cost: O(metrics).
    #[must_use]
    pub fn score_without(&self, metric: &MetricResult) -> Option<f64> {
        let others = |other: &&MetricResult| other.region == metric.region && other.name != metric.name;
        scored(self.metrics.iter().filter(others).collect(), &self.config).score
    }
}
