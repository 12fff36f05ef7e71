//! Decoded rows as batches of observations.

use std::slice;
use std::sync::Arc;

use arrow_buffer::ScalarBuffer;
use canary_core::columns::OwnedLabels;
use canary_core::{Labels, Observations, TimeUnit};

use super::label::Coded;

/// A stretch of rows.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) time: ScalarBuffer<i64>,
    pub(crate) time_unit: TimeUnit,
    pub(crate) region: Option<Coded>,
    pub(crate) instance: Option<Coded>,
    pub(crate) data: Data,
}

/// The columns that depend on the layout.
#[derive(Debug)]
pub(crate) enum Data {
    Long { metric: Coded, group: Option<Coded>, value: ScalarBuffer<f64> },
    Wide { metrics: Vec<WideMetric>, zeros: Vec<u32> },
}

/// A metric that is a column: a dictionary of one name, whose code is 0 in every row.
#[derive(Debug)]
pub(crate) struct WideMetric {
    pub(crate) name: Arc<str>,
    pub(crate) value: ScalarBuffer<f64>,
}

/// The observations of parts, as batches that borrow from them.
pub(crate) fn observations(parts: &[Part]) -> Vec<Observations<'_>> {
    parts.iter().flat_map(Part::observations).collect()
}

impl Part {
    /// One batch for a long stretch, one a metric for a wide one.
    fn observations(&self) -> Vec<Observations<'_>> {
        match &self.data {
            Data::Long { metric, group, value } => vec![self.batch(metric.labels(), group.as_ref(), value)],
            Data::Wide { metrics, zeros } => metrics.iter().map(|metric| self.wide_batch(metric, zeros)).collect(),
        }
    }

    fn wide_batch<'a>(&'a self, metric: &'a WideMetric, zeros: &'a [u32]) -> Observations<'a> {
        self.batch(Labels { names: slice::from_ref(&metric.name), codes: zeros }, None, &metric.value)
    }

    fn batch<'a>(&'a self, metric: Labels<'a>, group: Option<&'a Coded>, value: &'a [f64]) -> Observations<'a> {
        Observations {
            metric,
            region: self.region.as_ref().map(Coded::labels),
            instance: self.instance.as_ref().map(Coded::labels),
            group: group.map(Coded::labels),
            time: &self.time,
            time_unit: self.time_unit,
            value,
        }
    }

    /// Some rows of it.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let coded = |labels: &Coded| {
            let OwnedLabels { names, codes, gaps } = labels.select(rows);
            Coded { names, codes: codes.into(), gaps }
        };
        let numbers = |values: &ScalarBuffer<f64>| chosen(values, rows);
        let data = match &self.data {
            Data::Long { metric, group, value } => {
                Data::Long { metric: coded(metric), group: group.as_ref().map(coded), value: numbers(value) }
            }
            Data::Wide { metrics, .. } => {
                let select =
                    |metric: &WideMetric| WideMetric { name: Arc::clone(&metric.name), value: numbers(&metric.value) };
                Data::Wide { metrics: metrics.iter().map(select).collect(), zeros: vec![0; rows.len()] }
            }
        };
        Self {
            time: chosen(&self.time, rows),
            time_unit: self.time_unit,
            region: self.region.as_ref().map(coded),
            instance: self.instance.as_ref().map(coded),
            data,
        }
    }
}

fn chosen<T: arrow_buffer::ArrowNativeType>(values: &ScalarBuffer<T>, rows: &[usize]) -> ScalarBuffer<T> {
    rows.iter().filter_map(|&row| values.get(row).copied()).collect::<Vec<T>>().into()
}
