//! A run as arrays, to be changed before it is judged.

use canary_core::ndarray::{Array2, Axis, Slice};
use canary_core::{InputError, MetricData, MetricSet, TimeGrid};

/// All metrics of both sides.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The grid that every metric lies on.
    pub grid: TimeGrid,
    /// The metrics.
    pub metrics: Vec<Metric>,
}

/// One metric, instance × tick, NaN where there is no value.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Its name.
    pub name: String,
    /// The group that the input puts it in.
    pub group: Option<String>,
    /// The old build.
    pub baseline: Array2<f64>,
    /// The new build.
    pub canary: Array2<f64>,
}

impl Recording {
    /// The same metrics as arrays.
    #[must_use]
    pub fn of(set: &MetricSet) -> Self {
        let ticks = set.grid().ticks();
        let side = |arm: &canary_core::metric::Arm<'_>| {
            let mut values = Array2::from_elem((arm.instances(), ticks), f64::NAN);
            for (instance, mut row) in values.rows_mut().into_iter().enumerate() {
                if let Some(row) = row.as_slice_mut() {
                    arm.fill(instance, row);
                }
            }
            values
        };
        let metric = |pair: canary_core::MetricPair<'_>| Metric {
            name: pair.name.to_string(),
            group: pair.group.map(ToString::to_string),
            baseline: side(&pair.baseline),
            canary: side(&pair.canary),
        };
        Self { grid: set.grid(), metrics: set.iter().map(metric).collect() }
    }

    /// The set that is judged.
    ///
    /// # Errors
    /// Where a metric's length is not the grid's, or its name is not its own.
    pub fn set(&self) -> Result<MetricSet, InputError> {
        let mut builder = MetricSet::builder(self.grid);
        for metric in &self.metrics {
            let mut data = MetricData::new(&metric.name);
            if let Some(group) = &metric.group {
                data = data.group(group);
            }
            // A side without a series has no data at all, which is not the same as one of nothing but NaN.
            if metric.baseline.nrows() > 0 {
                data = data.baseline_instances(metric.baseline.view());
            }
            if metric.canary.nrows() > 0 {
                data = data.canary_instances(metric.canary.view());
            }
            builder.add(&data)?;
        }
        builder.build()
    }
}

impl Metric {
    /// The canary's values from tick `onset` on, times `ratio`.
    pub fn multiply(&mut self, ratio: f64, onset: usize) {
        let onset = onset.min(self.canary.ncols());
        self.canary.slice_axis_mut(Axis(1), Slice::from(onset..)).mapv_inplace(|value| value * ratio);
    }
}
