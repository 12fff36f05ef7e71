//! Load tests and small tables from files of any form.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use canary_core::squeeze::LoadRun;
use canary_io::SmallColumn;
use canary_load::{Column, ReadOptions, Table};

use crate::panics;

/// Several runs are repeats of one test.
pub(crate) fn repeats(paths: &[PathBuf], options: &ReadOptions) -> anyhow::Result<LoadRun> {
    let runs = paths.iter().map(|path| read(path, options)).collect::<anyhow::Result<Vec<_>>>()?;
    canary_load::repeats(runs).context("expected a run")
}

/// A run of any form; Parquet is a table.
fn read(path: &Path, options: &ReadOptions) -> anyhow::Result<LoadRun> {
    if !canary_load::is_parquet(path) {
        return Ok(canary_load::read(path, options)?);
    }
    if !options.loads.is_empty() {
        bail!(
            "{}: found a table in Parquet, which says its loads itself: expected no --rates and no --clients",
            path.display()
        );
    }
    parquet(path)?.run().with_context(|| path.display().to_string())
}

/// A small table in Parquet.
pub(crate) fn parquet(path: &Path) -> anyhow::Result<Table> {
    let columns = panics::quietly(|| canary_io::read_small_table(path))?;
    let column = |column| match column {
        SmallColumn::Number(values) => Column::Number(values),
        SmallColumn::Text(values) => Column::Text(values),
        // A kind that is not known here holds nothing that a step or a build needs.
        _ => Column::Number(Vec::new()),
    };
    let columns = columns.into_iter().map(|(name, values)| (name, column(values))).collect();
    Table::new(columns).with_context(|| path.display().to_string())
}
