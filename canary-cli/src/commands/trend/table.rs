//! A history that others keep: a table with a row a build, in CSV or Parquet.

use anyhow::Context;
use canary_core::trend::BuildResult;
use canary_load::Table;

use crate::args::trend::TrendArgs;
use crate::load::parquet;

/// The builds in the table's order.
pub(super) fn builds(args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let path = &args.history;
    let table = if canary_load::is_parquet(path) { parquet(path)? } else { Table::read(path)? };
    table.builds(&args.column, args.series.as_deref()).with_context(|| path.display().to_string())
}
