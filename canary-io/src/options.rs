//! What a caller decides about reading.

use canary_core::TimeUnit;
use canary_core::columns::{ColumnNames, Layout, Plan, PlanError, Sides};

use crate::error::ReadError;

/// How to read. The default detects the layout and takes each column by its role's name.
///
/// There is no number of threads: polars has one pool for the process, sized by `POLARS_MAX_THREADS`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The layout; detected where it is `None`.
    pub layout: Option<Layout>,
    /// The file's name for each role.
    pub columns: ColumnNames,
    /// The unit of whole-number timestamps, counted from 1970-01-01T00:00:00Z. They need one; date-times
    /// do not, and ignore it.
    pub time_unit: Option<TimeUnit>,
}

impl ReadOptions {
    /// Which columns of a file are read, and what for.
    pub(crate) fn plan(&self, path: &str, found: &[String], sides: Sides) -> Result<Plan, ReadError> {
        let path = || path.to_owned();
        Plan::new(found, &self.columns, self.layout, sides).map_err(|error| match error {
            PlanError::MissingColumns { missing } => {
                ReadError::MissingColumns { path: path(), missing, found: found.to_vec() }
            }
            PlanError::HoldsBothSides { column } => ReadError::HoldsBothSides { path: path(), column },
            PlanError::NoMetrics => ReadError::NoMetrics { path: path(), found: found.to_vec() },
        })
    }
}
