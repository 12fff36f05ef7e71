//! The baseline against itself: its instances in two halves.

use ndarray::{Array2, Axis};

use super::builder::MetricData;
use super::set::MetricSet;
use crate::error::InputError;

impl MetricSet {
    /// The baseline's instances in two halves, every second one on either side: equal machines running the
    /// same build, for a live A/A ([`crate::Judge::judge_with_control`]). Metrics with one baseline instance
    /// are left out; empty where all are. Cost: a copy of the baseline.
    pub fn halves_of_baseline(&self) -> Result<Self, InputError> {
        let ticks = self.grid().ticks();
        let mut halves = Self::builder(self.grid());
        for pair in self.iter().filter(|pair| pair.baseline.instances() > 1) {
            let half = |first: usize| {
                let instances: Vec<usize> = (first..pair.baseline.instances()).step_by(2).collect();
                let mut values = Array2::from_elem((instances.len(), ticks), f64::NAN);
                for (mut row, instance) in values.axis_iter_mut(Axis(0)).zip(instances) {
                    if let Some(row) = row.as_slice_mut() {
                        pair.baseline.fill(instance, row);
                    }
                }
                values
            };
            let (even, odd) = (half(0), half(1));
            let mut data = MetricData::new(pair.name).baseline_instances(even.view()).canary_instances(odd.view());
            if let Some(region) = pair.region {
                data = data.region(region);
            }
            if let Some(group) = pair.group {
                data = data.group(group);
            }
            halves.add(&data)?;
        }
        halves.build()
    }
}
