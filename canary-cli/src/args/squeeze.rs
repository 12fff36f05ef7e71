//! The arguments of `squeeze` and `squeeze drive`.

use std::path::PathBuf;

use canary_core::config::{Bounds, Span};
use canary_core::squeeze::{Objective, Slo, SqueezeOptions};
use clap::{Args, Subcommand, ValueHint};

use super::throughput::ThroughputOutputArgs;
use super::value::{rate, step};

const SQUEEZE_EXIT_CODES: &str = "\
Exit codes:
  0  the sweet spot is a number; with --min: it is met; with --baseline: the ratio is certainly not below its bounds
  1  --min is certainly not met, or the canary is cold against --baseline
  2  no number: unstable or unusable, usage, input or output
  3  undecided: a bound only, an objective that was not tested, or an interval on both sides of --min or of a bound";

/// Arguments of `squeeze`.
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true, after_help = SQUEEZE_EXIT_CODES)]
pub(crate) struct SqueezeArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SqueezeCommand>,
    /// The output of a load tool: a file, or a folder with a file a step. vegeta, k6, oha, wrk, wrk2, hey, autocannon,
    /// Locust, or a table of steps or of requests in CSV or Parquet. Several are repeats of one test.
    #[arg(required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) run: Vec<PathBuf>,
    /// The same test of the old build; repeatable. The canary's sweet spot is compared with it.
    #[arg(long, value_name = "RUN", value_hint = ValueHint::AnyPath, help_heading = "Judging")]
    pub(crate) baseline: Vec<PathBuf>,
    /// The bounds on the ratio canary/baseline of the sweet spots; 0.8,1.25 unless given.
    #[arg(long, value_name = "LOWER,UPPER", requires = "baseline", value_parser = bounds, help_heading = "Judging")]
    pub(crate) bounds: Option<Bounds>,
    #[command(flatten)]
    pub(crate) judging: SqueezeJudgingArgs,
    /// The intended rate of each step, requests a second, where neither output nor file names say it.
    #[arg(long, value_name = "RATES", value_delimiter = ',', conflicts_with = "clients", help_heading = "Reading")]
    pub(crate) rates: Vec<f64>,
    /// The number of clients of each step, where neither output nor file names say it.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',', help_heading = "Reading")]
    pub(crate) clients: Vec<u64>,
    /// How long each step was meant to last, such as 30s, for logs of requests, which do not say it.
    #[arg(long, value_name = "LENGTH", value_parser = step, help_heading = "Reading")]
    pub(crate) step: Option<Span>,
    #[command(flatten)]
    pub(crate) output: ThroughputOutputArgs,
}

/// What users accept and what is asked for.
#[derive(Args, Debug)]
#[command(next_help_heading = "Judging")]
pub(crate) struct SqueezeJudgingArgs {
    /// What users accept, such as 'p99<120ms', 'errors<0.1%' or 'bad(120ms)<0.5%'; repeatable, all must hold.
    #[arg(long, value_name = "OBJECTIVE")]
    pub(crate) slo: Vec<Objective>,
    /// The throughput that is required, per second: met where the whole interval reaches it, or a bound does.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) min: Option<f64>,
    /// The seed of the resampling.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
}

impl SqueezeJudgingArgs {
    /// The objectives.
    pub(crate) fn slo(&self) -> Slo {
        Slo { objectives: self.slo.clone() }
    }

    /// How a run is analysed.
    pub(crate) fn options(&self) -> SqueezeOptions {
        SqueezeOptions { seed: self.seed, ..SqueezeOptions::default() }
    }
}

/// What else `squeeze` can do.
#[derive(Debug, Subcommand)]
pub(crate) enum SqueezeCommand {
    /// Look for the limit of a running server: load it step by step, and stop before it hurts.
    Drive(Box<DriveArgs>),
}

const DRIVE_HELP: &str = "\
The load comes from an open-loop load generator: oha on the PATH, or any command with --exec. canary decides the \
rates: it climbs from --start-rate until the server fails, halves the bracket, looks at the plateau beyond it (unless \
--gentle), repeats both edges, and last of all repeats a low rate.

It stops at once on Ctrl-C, when the --guard fails and when no request is answered well: the steps until then are in \
the report, without a number (exit code 2). At --max-time what was measured is judged. Whatever it started is ended, \
with its children.";

/// Arguments of `squeeze drive`.
#[derive(Args, Debug)]
#[command(after_help = format!("{DRIVE_HELP}\n\n{SQUEEZE_EXIT_CODES}"))]
pub(crate) struct DriveArgs {
    /// The URL under load, for oha.
    #[arg(long, value_name = "URL", required_unless_present = "exec", value_hint = ValueHint::Url)]
    pub(crate) target: Option<String>,
    /// A command that loads the server at {rate} requests a second for {seconds}, and prints the output of any load
    /// tool, or a table of one step; run by sh.
    #[arg(long, value_name = "COMMAND", conflicts_with = "target", value_hint = ValueHint::CommandString)]
    pub(crate) exec: Option<String>,
    /// No step offers more, requests a second. Required.
    #[arg(long, value_name = "RATE", value_parser = rate, help_heading = "Limits")]
    pub(crate) max_rate: f64,
    /// Nothing runs longer, such as 10m. Required.
    #[arg(long, value_name = "LENGTH", value_parser = step, help_heading = "Limits")]
    pub(crate) max_time: Span,
    /// A command that is run every second while there is load; when it fails, everything stops at once.
    #[arg(long, value_name = "COMMAND", value_hint = ValueHint::CommandString, help_heading = "Limits")]
    pub(crate) guard: Option<String>,
    /// Add no steps beyond the limit: right for live traffic. The capacity may stay unknown.
    #[arg(long, help_heading = "Limits")]
    pub(crate) gentle: bool,
    /// The first rate; a sixteenth of --max-rate unless given.
    #[arg(long, value_name = "RATE", value_parser = rate, help_heading = "Load")]
    pub(crate) start_rate: Option<f64>,
    /// Every step lasts so long; as long as rate and latency need unless given, ten seconds at least.
    #[arg(long, value_name = "LENGTH", value_parser = step, help_heading = "Load")]
    pub(crate) step: Option<Span>,
    /// Connections of oha: most requests that can be under way.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..), help_heading = "Load")]
    pub(crate) connections: u32,
    /// Keep what the tool printed for each step in this folder, as `canary squeeze` reads it.
    #[arg(long, value_name = "FOLDER", value_hint = ValueHint::DirPath, help_heading = "Output")]
    pub(crate) keep: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) judging: SqueezeJudgingArgs,
    #[command(flatten)]
    pub(crate) output: ThroughputOutputArgs,
}

fn bounds(text: &str) -> Result<Bounds, String> {
    let ends = text.split_once(',').and_then(|(lower, upper)| lower.trim().parse().ok().zip(upper.trim().parse().ok()));
    let (lower, upper) = ends.ok_or_else(|| "expected two ratios such as 0.95,1.25".to_owned())?;
    Bounds::new(lower, upper).map_err(|error| error.to_string())
}
