//! A polars frame to parts.

use std::sync::Arc;

use canary_core::TimeUnit;
use canary_core::columns::{Plan, Shape, Zone};
use polars::prelude::{Column, DataFrame, Series};
use rayon::prelude::*;

use crate::error::ReadError;
use crate::label::{self, Coded};
use crate::number;
use crate::origin::Origin;
use crate::side::{self, SideRows};
use crate::table::{Data, Part, WideMetric};
use crate::time;

/// What was decoded of a stretch of rows.
pub(crate) struct Decoded {
    pub(crate) part: Part,
    /// Which rows belong to which side, where the input holds both.
    pub(crate) sides: Option<SideRows>,
    pub(crate) zone: Option<Zone>,
}

/// Decodes a frame, one part a chunk, so that nothing is joined that polars decoded apart.
///
/// Chunks are decoded in parallel; of several errors the one of the first row is returned.
pub(crate) fn frame(
    mut frame: DataFrame,
    plan: &Plan,
    unit: Option<TimeUnit>,
    origin: Origin<'_>,
) -> Result<Vec<Decoded>, ReadError> {
    frame.align_chunks();
    let mut stretches = Vec::new();
    let mut start = 0;
    for length in chunk_lengths(&frame).into_iter().filter(|&length| length > 0) {
        let offset = i64::try_from(start).unwrap_or(i64::MAX);
        let origin = Origin { first_row: origin.first_row + start, ..origin };
        stretches.push(Stretch { frame: frame.slice(offset, length), origin, plan, unit });
        start += length;
    }
    let decoded: Vec<_> = stretches.par_iter().map(Stretch::decode).collect();
    let decoded = decoded.into_iter().collect::<Result<Vec<_>, _>>()?;
    check_one_kind(&stretches, &decoded)?;
    Ok(decoded)
}

fn chunk_lengths(frame: &DataFrame) -> Vec<usize> {
    let first = frame.columns().first().map(Column::as_materialized_series);
    first.map(|series| series.chunks().iter().map(|chunk| chunk.len()).collect()).unwrap_or_default()
}

/// Within a chunk times in text are of one kind; here the chunks are compared. As each is uniform, the first
/// row of the first chunk that differs is the first row that differs.
fn check_one_kind(stretches: &[Stretch<'_>], decoded: &[Decoded]) -> Result<(), ReadError> {
    let Some(kind) = decoded.first().map(|first| first.zone) else { return Ok(()) };
    match stretches.iter().zip(decoded).find(|(_, decoded)| decoded.zone != kind) {
        Some((stretch, other)) => {
            Err(time::other_kind(stretch.column(&stretch.plan.timestamp)?, kind, other.zone, &stretch.origin))
        }
        None => Ok(()),
    }
}

struct Stretch<'a> {
    frame: DataFrame,
    origin: Origin<'a>,
    plan: &'a Plan,
    unit: Option<TimeUnit>,
}

impl Stretch<'_> {
    fn decode(&self) -> Result<Decoded, ReadError> {
        let times = time::times(self.column(&self.plan.timestamp)?, self.unit, &self.origin)?;
        let data = match &self.plan.shape {
            Shape::Long { metric, value, group } => Data::Long {
                metric: label::required(self.column(metric)?, "metric", &self.origin)?,
                group: self.label(group.as_ref())?,
                value: number::values(self.column(value)?, &self.origin)?,
            },
            Shape::Wide { metrics } => self.wide(metrics)?,
        };
        let sides = self.plan.side.as_ref().map(|name| side::rows(self.column(name)?, &self.origin)).transpose()?;
        let part = Part {
            time: times.ticks,
            time_unit: times.unit,
            region: self.label(self.plan.region.as_ref())?,
            instance: self.label(self.plan.instance.as_ref())?,
            data,
        };
        Ok(Decoded { part, sides, zone: times.zone })
    }

    fn wide(&self, metrics: &[String]) -> Result<Data, ReadError> {
        let metric = |name: &String| {
            let value = number::values(self.column(name)?, &self.origin)?;
            Ok(WideMetric { name: Arc::from(name.as_str()), value })
        };
        let metrics = metrics.par_iter().map(metric).collect::<Vec<_>>().into_iter().collect::<Result<_, _>>()?;
        Ok(Data::Wide { metrics, zeros: vec![0; self.frame.height()] })
    }

    fn label(&self, name: Option<&String>) -> Result<Option<Coded>, ReadError> {
        name.map(|name| label::optional(self.column(name)?, &self.origin)).transpose()
    }

    fn column(&self, name: &str) -> Result<&Series, ReadError> {
        match self.frame.column(name) {
            Ok(column) => Ok(column.as_materialized_series()),
            Err(error) => Err(ReadError::malformed(self.origin.path, "columns", &error)),
        }
    }
}
