//! The results of squeeze tests over builds, in one `SQLite` file.
//!
//! ```no_run
//! use canary_history::{Entry, History};
//!
//! let mut history = History::open("throughput.db".as_ref())?;
//! history.add(&Entry { build: "1.42.0".to_owned(), sweet_spot: Some(412.0), ..Entry::new("checkout", "measured") })?;
//! for entry in history.entries("checkout")? {
//!     println!("{}: {:?}", entry.build, entry.sweet_spot);
//! }
//! # Ok::<(), canary_history::HistoryError>(())
//! ```
//!
//! An entry is there once [`History::add`] has returned, whatever happens to the process or the machine after that,
//! and a kill at any moment leaves the file readable, with all of an entry or nothing of it: `SQLite`'s rollback
//! journal with every commit on the disk, not its write-ahead log, which would be two more files to carry along. The
//! file is an ordinary database (`sqlite3 throughput.db 'select * from squeeze_run'`).
#![forbid(unsafe_code)]

mod builds;
mod entry;
mod error;
mod store;

pub use entry::Entry;
pub use error::HistoryError;
pub use store::History;
