//! Files in a temporary directory, and tables as text.

use std::fs::{self, File};
use std::path::PathBuf;

use canary_core::{Labels, NO_LABEL};
use canary_io::{ReadError, ReadOptions, Table, read_side};
use polars::prelude::{DataFrame, ParquetWriter};

/// A directory that goes away with the test.
pub(crate) struct Files(tempfile::TempDir);

impl Files {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        PathBuf::from(self.0.path()).join(name).to_string_lossy().into_owned()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }

    pub(crate) fn parquet(&self, name: &str, mut frame: DataFrame) -> String {
        ParquetWriter::new(File::create(self.path(name)).unwrap()).finish(&mut frame).unwrap();
        self.path(name)
    }

    pub(crate) fn parquet_in_groups(&self, name: &str, mut frame: DataFrame, rows: usize) -> String {
        let writer = ParquetWriter::new(File::create(self.path(name)).unwrap());
        writer.with_row_group_size(Some(rows)).finish(&mut frame).unwrap();
        self.path(name)
    }

    /// An error's text, with the directory cut off.
    pub(crate) fn text(&self, error: &ReadError) -> String {
        error.to_string().replace(&self.path(""), "")
    }
}

pub(crate) fn read(path: &str) -> Result<Table, ReadError> {
    read_side(path, &ReadOptions::default(), &|_| {})
}

/// Each observation as `metric time_ms value`, followed by `@region`, `#instance`, `+group` where it has them.
pub(crate) fn rows(table: &Table) -> Vec<String> {
    let mut rows = Vec::new();
    for batch in table.observations() {
        for row in 0..batch.rows() {
            let time = batch.time_unit.to_ms(batch.time[row]);
            let mut text = format!("{} {time} {}", label(batch.metric, row).unwrap(), batch.value[row]);
            let others = [("@", batch.region), ("#", batch.instance), ("+", batch.group)];
            for (mark, labels) in others {
                if let Some(label) = labels.and_then(|labels| label(labels, row)) {
                    text.extend([" ", mark, &label]);
                }
            }
            rows.push(text);
        }
    }
    rows
}

fn label(labels: Labels<'_>, row: usize) -> Option<String> {
    let code = labels.codes[row];
    (code != NO_LABEL).then(|| labels.names[code as usize].to_string())
}
