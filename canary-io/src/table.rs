//! The decoded columns of one side.

use std::collections::BTreeSet;
use std::fmt;
use std::slice;
use std::sync::Arc;

use canary_core::{Observations, TimeUnit};
use polars::prelude::{Float64Type, Int64Type};

use crate::cells::Cells;
use crate::label::Coded;

/// The observations of one side: all its files, in order.
#[derive(Default)]
pub struct Table {
    pub(crate) parts: Vec<Part>,
    pub(crate) sources: Vec<String>,
    pub(crate) naive_times: bool,
}

impl Table {
    /// The observations, as batches that borrow from the table. Nothing is copied a row.
    #[must_use]
    pub fn observations(&self) -> Vec<Observations<'_>> {
        self.parts.iter().flat_map(Part::observations).collect()
    }

    /// The files, in the order in which they were read.
    #[must_use]
    pub fn sources(&self) -> &[String] {
        &self.sources
    }

    /// The number of observations: rows of a long file, cells of metrics of a wide one.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.observations().map(|batch| batch.rows() as u64).sum::<u64>()).sum()
    }

    /// The metrics that occur, by name.
    #[must_use]
    pub fn metrics(&self) -> BTreeSet<Arc<str>> {
        let names = |part: &Part| part.observations().flat_map(|batch| batch.metric.names.to_vec()).collect::<Vec<_>>();
        self.parts.iter().flat_map(names).collect()
    }

    /// Whether a file has regions.
    #[must_use]
    pub fn has_regions(&self) -> bool {
        self.parts.iter().any(|part| part.region.is_some())
    }

    /// Whether a file has instances.
    #[must_use]
    pub fn has_instances(&self) -> bool {
        self.parts.iter().any(|part| part.instance.is_some())
    }

    /// Whether the times had no zone and were taken as UTC.
    #[must_use]
    pub fn naive_times(&self) -> bool {
        self.naive_times
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("sources", &self.sources)
            .field("parts", &self.parts.len())
            .field("rows", &self.rows())
            .finish_non_exhaustive()
    }
}

/// A stretch of rows of one file.
pub(crate) struct Part {
    pub(crate) time: Cells<Int64Type>,
    pub(crate) time_unit: TimeUnit,
    pub(crate) region: Option<Coded>,
    pub(crate) instance: Option<Coded>,
    pub(crate) data: Data,
}

/// The columns that depend on the layout.
pub(crate) enum Data {
    Long { metric: Coded, group: Option<Coded>, value: Cells<Float64Type> },
    Wide { metrics: Vec<WideMetric>, zeros: Vec<u32> },
}

/// A metric that is a column: a dictionary of one name, whose code is 0 in every row.
pub(crate) struct WideMetric {
    pub(crate) name: Arc<str>,
    pub(crate) value: Cells<Float64Type>,
}

impl Part {
    /// One batch for a long stretch, one a metric for a wide one.
    pub(crate) fn observations(&self) -> impl Iterator<Item = Observations<'_>> {
        let (long, wide) = match &self.data {
            Data::Long { metric, group, value } => (Some(self.batch(metric.labels(), group.as_ref(), value)), None),
            Data::Wide { metrics, zeros } => {
                let batch = |metric| self.wide_batch(metric, zeros);
                (None, Some(metrics.iter().map(batch)))
            }
        };
        long.into_iter().chain(wide.into_iter().flatten())
    }

    fn wide_batch<'a>(&'a self, metric: &'a WideMetric, zeros: &'a [u32]) -> Observations<'a> {
        let name = canary_core::Labels { names: slice::from_ref(&metric.name), codes: zeros };
        self.batch(name, None, &metric.value)
    }

    fn batch<'a>(
        &'a self,
        metric: canary_core::Labels<'a>,
        group: Option<&'a Coded>,
        value: &'a Cells<Float64Type>,
    ) -> Observations<'a> {
        Observations {
            metric,
            region: self.region.as_ref().map(Coded::labels),
            instance: self.instance.as_ref().map(Coded::labels),
            group: group.map(Coded::labels),
            time: self.time.as_slice(),
            time_unit: self.time_unit,
            value: value.as_slice(),
        }
    }

    /// Some rows of it.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let coded = |labels: &Option<Coded>| labels.as_ref().map(|labels| labels.select(rows));
        let data = match &self.data {
            Data::Long { metric, group, value } => {
                Data::Long { metric: metric.select(rows), group: coded(group), value: value.select(rows) }
            }
            Data::Wide { metrics, .. } => {
                let select = |metric: &WideMetric| WideMetric {
                    name: Arc::clone(&metric.name),
                    value: metric.value.select(rows),
                };
                Data::Wide { metrics: metrics.iter().map(select).collect(), zeros: vec![0; rows.len()] }
            }
        };
        Self {
            time: self.time.select(rows),
            time_unit: self.time_unit,
            region: coded(&self.region),
            instance: coded(&self.instance),
            data,
        }
    }
}
