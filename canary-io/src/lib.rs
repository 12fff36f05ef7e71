//! Files to observations: Parquet and CSV, long and wide, as columns that `canary_core` borrows.
//!
//! ```no_run
//! use canary_io::{ReadOptions, read_pair};
//!
//! let pair = read_pair("baseline.parquet", "canary/*.csv.gz", &ReadOptions::default(), &|_| {})?;
//! for batch in pair.baseline.observations() {
//!     println!("{} rows", batch.rows());
//! }
//! # Ok::<(), canary_io::ReadError>(())
//! ```
//!
//! **Long** layout: one row an observation, with the columns `metric`, `timestamp`, `value` and, where
//! there are such, `instance`, `region`, `group`. **Wide** layout: `timestamp` and one column a metric,
//! with `instance` and `region` where there are such; a pandas index column (no name, or
//! `__index_level_0__`) is not a metric. Only the columns needed are read.
//!
//! No type of polars is part of this crate's interface.
#![forbid(unsafe_code)]

mod cells;
mod csv;
mod decode;
mod error;
mod format;
mod label;
mod number;
mod options;
mod origin;
mod parquet;
mod paths;
mod place;
mod read;
mod side;
mod small_table;
mod table;
mod text;
mod time;

pub use canary_core::columns::{ColumnNames, Layout, Role};
pub use error::ReadError;
pub use options::ReadOptions;
pub use place::{Place, Row};
pub use read::{Pair, Progress, read_both, read_pair, read_side};
pub use small_table::{SmallColumn, read_small_table};
pub use table::Table;
