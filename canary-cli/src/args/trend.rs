//! The arguments of `trend`.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::throughput::ThroughputOutputArgs;
use super::value::{rate, share};

const TREND_EXIT_CODES: &str = "\
Exit codes:
  0  no confirmed fall, or one that was made good
  1  a confirmed fall that nothing made good
  2  no report: usage, input or output
  3  the newest build is suspect or has no number, or the builds are too few: the report says what would help";

/// Arguments of `trend`.
#[derive(Args, Debug)]
#[command(after_help = TREND_EXIT_CODES)]
pub(crate) struct TrendArgs {
    /// The builds in their order: a file that --add made, or a table in CSV or Parquet with a column `build` and the
    /// number.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) history: PathBuf,
    /// Append this squeeze test (JSON) to the history first; whatever happens, the file stays whole.
    #[arg(long, value_name = "SQUEEZE.json", requires = "build", value_hint = ValueHint::FilePath)]
    pub(crate) add: Option<PathBuf>,
    /// The build of the test that is added.
    #[arg(long, value_name = "NAME")]
    pub(crate) build: Option<String>,
    /// Which results can be compared: those of the same service, workload, machine and objectives. The only one of the
    /// history, or `default`, unless given.
    #[arg(long, value_name = "NAME")]
    pub(crate) series: Option<String>,
    /// The column of the table that is judged; `NAME_lower` and `NAME_upper`, where the table has them, are the ends of
    /// its interval, or the bound where NAME is empty.
    #[arg(long, value_name = "NAME", default_value = "throughput_rps")]
    pub(crate) column: String,
    /// Less is better: start time, latency.
    #[arg(long)]
    pub(crate) lower_is_better: bool,
    /// Changes smaller than this share are not reported.
    #[arg(long, value_name = "SHARE", default_value = "0.02", value_parser = share)]
    pub(crate) min_change: f64,
    /// The fleet's peak, requests a second, for what a change costs in instances.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) peak: Option<f64>,
    #[command(flatten)]
    pub(crate) output: ThroughputOutputArgs,
}
