//! The batches of a data frame to parts.

use std::sync::Arc;

use arrow_array::{Array, RecordBatch};
use canary_core::Side;
use canary_core::columns::{Plan, Shape, Sides, Zone};

use super::error::{Origin, TableError};
use super::label::{self, Coded};
use super::part::{Data, Part, WideMetric};
use super::{Frame, ReadOptions, Table, number, time};

/// What a data frame held.
#[derive(Debug)]
pub(crate) enum Decoded {
    /// One side.
    One(Table),
    /// Both, told apart by a column.
    Both {
        /// The old build's rows.
        baseline: Table,
        /// The new build's rows.
        canary: Table,
    },
}

/// Decodes a data frame.
pub(crate) fn decoded(frame: &Frame, options: &ReadOptions, sides: Sides) -> Result<Decoded, TableError> {
    let plan = frame.plan(options, sides)?;
    let empty = || Table { name: frame.name.clone(), ..Table::default() };
    let (mut one, mut baseline, mut canary) = (empty(), empty(), empty());
    let mut first_row = 0;
    for batch in frame.batches.iter().filter(|batch| batch.num_rows() > 0) {
        let rows = Rows { batch, plan: &plan, origin: Origin { table: &frame.name, first_row } };
        let (part, zone) = rows.part(options)?;
        one.zone = rows.same_zone(one.zone, zone)?;
        match &plan.side {
            Some(column) => rows.divide(column, &part, &mut baseline, &mut canary)?,
            None => one.parts.push(part),
        }
        first_row += batch.num_rows();
    }
    if plan.side.is_none() {
        return Ok(Decoded::One(one));
    }
    (baseline.zone, canary.zone) = (one.zone, one.zone);
    Ok(Decoded::Both { baseline, canary })
}

struct Rows<'a> {
    batch: &'a RecordBatch,
    plan: &'a Plan,
    origin: Origin<'a>,
}

impl Rows<'_> {
    fn part(&self, options: &ReadOptions) -> Result<(Part, Option<Zone>), TableError> {
        let plan = self.plan;
        let times = time::times(self.column(&plan.timestamp)?, &plan.timestamp, options.time_unit, &self.origin)?;
        let data = match &plan.shape {
            Shape::Long { metric, value, group } => Data::Long {
                metric: label::required(self.column(metric)?, metric, "metric", &self.origin)?,
                group: self.label(group.as_ref())?,
                value: number::values(self.column(value)?, value, &self.origin)?,
            },
            Shape::Wide { metrics } => {
                let metric = |name: &String| {
                    let value = number::values(self.column(name)?, name, &self.origin)?;
                    Ok(WideMetric { name: Arc::from(name.as_str()), value })
                };
                let metrics = metrics.iter().map(metric).collect::<Result<_, TableError>>()?;
                Data::Wide { metrics, zeros: vec![0; self.batch.num_rows()] }
            }
        };
        let part = Part {
            time: times.ticks,
            time_unit: times.unit,
            region: self.label(plan.region.as_ref())?,
            instance: self.label(plan.instance.as_ref())?,
            data,
        };
        Ok((part, times.zone))
    }

    fn label(&self, name: Option<&String>) -> Result<Option<Coded>, TableError> {
        name.map(|name| label::optional(self.column(name)?, name, &self.origin)).transpose()
    }

    fn column(&self, name: &str) -> Result<&dyn Array, TableError> {
        let missing = || TableError::MissingColumns {
            table: self.origin.table.to_owned(),
            missing: vec![name.to_owned()],
            found: self.batch.schema().fields().iter().map(|field| field.name().clone()).collect(),
        };
        self.batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(missing)
    }

    /// Times in text are of one kind within a batch; here the batches are compared.
    fn same_zone(&self, before: Option<Zone>, here: Option<Zone>) -> Result<Option<Zone>, TableError> {
        match (before, here) {
            (Some(before), Some(here)) if before != here => Err(TableError::MixedZonesInColumn {
                place: self.origin.place(&self.plan.timestamp, 0),
                found: "another kind of time".to_owned(),
                zoned: here == Zone::Given,
            }),
            _ => Ok(before.or(here)),
        }
    }

    /// Hands each row to its side; any other word is an error.
    fn divide(&self, name: &str, part: &Part, baseline: &mut Table, canary: &mut Table) -> Result<(), TableError> {
        let sides = label::required(self.column(name)?, name, "side", &self.origin)?;
        let known: Vec<Option<Side>> = sides.names.iter().map(|name| side(name)).collect();
        let (mut of_baseline, mut of_canary) = (Vec::new(), Vec::new());
        for (row, &code) in sides.codes.iter().enumerate() {
            match known.get(code as usize) {
                Some(Some(Side::Baseline)) => of_baseline.push(row),
                Some(Some(Side::Canary)) => of_canary.push(row),
                _ => {
                    let found = sides.names.get(code as usize).map(ToString::to_string).unwrap_or_default();
                    return Err(TableError::Side { place: self.origin.place(name, row), found });
                }
            }
        }
        for (table, rows) in [(baseline, of_baseline), (canary, of_canary)] {
            if !rows.is_empty() {
                table.parts.push(part.select(&rows));
            }
        }
        Ok(())
    }
}

fn side(name: &str) -> Option<Side> {
    match name.trim().to_ascii_lowercase().as_str() {
        "baseline" => Some(Side::Baseline),
        "canary" => Some(Side::Canary),
        _ => None,
    }
}
