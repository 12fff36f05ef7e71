//! Where a squeeze test or a trend goes, and in which form.

use std::path::PathBuf;

use canary_report::ThroughputFormat;
use clap::builder::TypedValueParser;
use clap::{Args, ValueHint};

use super::value::{Color, colors, words};

/// Where the result goes.
#[derive(Args, Debug)]
#[command(next_help_heading = "Output")]
pub(crate) struct ThroughputOutputArgs {
    /// What is printed to standard output.
    #[arg(long, value_parser = formats(), default_value = "table")]
    pub(crate) format: ThroughputFormat,
    /// Write the result there too, whole or not at all; repeatable. The suffix says in which format: .txt, .json,
    /// .md, .html.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Vec<PathBuf>,
    /// When to colour; auto: on a terminal that can, unless `NO_COLOR` is set.
    #[arg(long, value_name = "WHEN", value_parser = colors(), default_value = "auto")]
    pub(crate) color: Color,
    /// Print nothing but errors; the exit code says it all.
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

fn formats() -> impl TypedValueParser<Value = ThroughputFormat> {
    words(ThroughputFormat::ALL.into_iter().map(|format| (format.name(), format)).collect())
}
