//! A data frame to observations: the columns of an Arrow stream, as slices that `canary_core` borrows.
//!
//! Values, times and dictionary codes are taken over as they lie in memory wherever their types are the core's own;
//! else a column is converted once. Which column is for what is decided in [`canary_core::columns`], as for files.

mod build;
mod decode;
mod error;
mod label;
mod number;
mod part;
mod plain;
mod stream;
mod text;
mod time;

use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use canary_core::TimeUnit;
use canary_core::columns::{ColumnNames, Layout, Plan, PlanError, Sides, Zone};

pub(crate) use build::{Column, batch};
pub(crate) use decode::{Decoded, decoded};
pub(crate) use error::TableError;
pub(crate) use part::{Part, observations};
pub(crate) use plain::columns;
pub(crate) use stream::{STREAM, batches, take};

/// How data frames are read. The default detects the layout and takes each column by its role's name.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadOptions {
    pub(crate) layout: Option<Layout>,
    pub(crate) names: ColumnNames,
    /// The unit of whole-number timestamps.
    pub(crate) time_unit: Option<TimeUnit>,
}

/// A data frame, not yet looked at.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// What the caller calls it.
    pub(crate) name: String,
    pub(crate) schema: SchemaRef,
    pub(crate) batches: Vec<RecordBatch>,
}

/// One side's observations.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) parts: Vec<Part>,
    pub(crate) zone: Option<Zone>,
}

impl Frame {
    /// What a producer's error comes to.
    pub(crate) fn failed(name: &str, error: &ArrowError) -> TableError {
        let message = match error {
            ArrowError::CDataInterface(message) => message.clone(),
            other => other.to_string(),
        };
        TableError::Stream { table: name.to_owned(), message }
    }

    /// Its columns.
    pub(crate) fn columns(&self) -> Vec<String> {
        self.schema.fields().iter().map(|field| field.name().clone()).collect()
    }

    /// Which of its columns are read, and what for.
    pub(crate) fn plan(&self, options: &ReadOptions, sides: Sides) -> Result<Plan, TableError> {
        plan(&self.name, self.columns(), options, sides)
    }
}

/// Which of the columns `found` of a table are read, and what for.
pub(crate) fn plan(name: &str, found: Vec<String>, options: &ReadOptions, sides: Sides) -> Result<Plan, TableError> {
    let table = || name.to_owned();
    let plan = Plan::new(&found, &options.names, options.layout, sides);
    let plan = plan.map_err(|error| match error {
        PlanError::MissingColumns { missing } => {
            TableError::MissingColumns { table: table(), missing, found: found.clone() }
        }
        PlanError::HoldsBothSides { column } => TableError::HoldsBothSides { table: table(), column },
        PlanError::NoMetrics => TableError::NoMetrics { table: table(), found: found.clone() },
    })?;
    let mut names: Vec<&String> = plan.columns().collect();
    names.sort_unstable();
    let mut columns: Vec<&String> = found.iter().filter(|name| names.binary_search(name).is_ok()).collect();
    columns.sort_unstable();
    match columns.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some((*one).clone()),
        _ => None,
    }) {
        Some(column) => Err(TableError::DuplicateColumn { table: table(), column }),
        None => Ok(plan),
    }
}
