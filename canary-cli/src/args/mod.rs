//! The command line.

pub(crate) mod scale;
pub(crate) mod squeeze;
pub(crate) mod throughput;
pub(crate) mod trend;
mod value;

use std::path::PathBuf;

use canary_core::TimeUnit;
use canary_core::config::{JudgeKind, Span};
use canary_core::report::{State, Verdict};
use canary_core::scalar::Score;
use canary_core::schema::Named;
use canary_io::{Layout, Role};
use canary_report::{Format, Mailbox, ReplayFormat};
use clap::builder::TypedValueParser;
use clap::{Args, Parser, Subcommand, ValueHint};

use scale::ScaleArgs;
use squeeze::SqueezeArgs;
use trend::TrendArgs;
use value::{colors, step, words};

pub(crate) use value::Color;

const EXIT_CODES: &str = "\
Exit codes:
  0  pass
  1  fail
  2  no verdict: usage, configuration, input or output
  3  marginal or inconclusive (0 where --allow names it)";

const EXAMPLES: &str = "\
Examples:
  canary score baseline.parquet canary.parquet
  canary score old/ new/ -c canary.toml --format json -o report.md
  canary replay baseline.parquet canary.parquet --every 30m
  canary explain report.json 'checkout/latency_p99'
  canary check canary.toml --data baseline.parquet";

/// More threads than this only wait for each other: a thousand take longer to start than the demo to judge.
const MAX_THREADS: i64 = 256;

/// Decide from the metrics of an old and a new build whether the new one is safe to roll out.
#[derive(Debug, Parser)]
#[command(name = "canary", version, about, max_term_width = 100)]
#[command(after_help = format!("{EXAMPLES}\n\n{EXIT_CODES}"))]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Compare a canary with its baseline and give a verdict.
    Score(Box<ScoreArgs>),
    /// Judge recorded data as a running canary would have been: look after look, stopped early where it fails.
    Replay(Box<ReplayArgs>),
    /// Show a stored report in another form: as a page, a picture, a mail, a table.
    Report(ReportArgs),
    /// Say how many requests a second a build sustains, from the output of a load tool.
    Squeeze(Box<SqueezeArgs>),
    /// Make a scaling policy of what one instance sustains.
    Scale(Box<ScaleArgs>),
    /// Say where throughput changed over builds, and whether the newest one is suspect.
    Trend(TrendArgs),
    /// Say why one metric of a stored report has its state, and what would change it.
    Explain(ExplainArgs),
    /// Check a configuration, and say by which rule each metric would be judged.
    Check(CheckArgs),
    /// Propose a configuration from healthy runs of the past.
    Calibrate(CalibrateArgs),
    /// Say what a configuration would have said of runs of the past.
    Backtest(BacktestArgs),
    /// Make a configuration of another tool's.
    Import(ImportArgs),
    /// Print a JSON schema: of the configuration, or of what a command says in JSON.
    Schema(SchemaArgs),
    /// Print a completion script for a shell.
    Completions(CompletionsArgs),
    /// Print the manual page.
    Man,
}

/// Arguments of `score`.
#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ScoreArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// Other machines of the old build, such as production: a live A/A against the baseline. Intervals are widened
    /// by how much equal machines differ. `halves`: the baseline's own instances in two halves.
    #[arg(long, value_name = "INPUT", value_hint = ValueHint::AnyPath, help_heading = "Judging")]
    pub(crate) control: Option<String>,
    /// What is printed to standard output.
    #[arg(long, value_parser = formats(), default_value = "table", help_heading = "Output")]
    pub(crate) format: Format,
    /// Write a report there too, whole or not at all; repeatable. The suffix says in which format: .html, .json, .md,
    /// .xml (junit), .eml (e-mail), .svg and .png (the grid), .txt.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
}

/// The headers of a mail. What is left out, `sendmail -t` fills in.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Mail")]
pub(crate) struct MailArgs {
    /// Who gets a report that is written as a mail: name@example.org or Name <name@example.org>; repeatable.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) to: Vec<Mailbox>,
    /// Who sends it.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) from: Option<Mailbox>,
}

/// Arguments of `replay`.
#[derive(Args, Debug)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) run: RunArgs,
    /// The time between looks, such as 30m, counted from when both sides live; the last look is at the end.
    #[arg(long, value_name = "LENGTH", help_heading = "Judging")]
    pub(crate) every: Span,
    /// What is printed to standard output.
    #[arg(long, value_parser = replay_formats(), default_value = "table", help_heading = "Output")]
    pub(crate) format: ReplayFormat,
    /// Write the looks and the last report there too, whole or not at all; repeatable. The suffix says in
    /// which format: .txt, .json.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Output")]
    pub(crate) output: Vec<PathBuf>,
}

/// Arguments of every command that judges two sides.
#[derive(Args, Debug)]
pub(crate) struct RunArgs {
    /// The old build's metrics: a Parquet or CSV file, a glob, or a folder of files.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) baseline: String,
    /// The new build's metrics. Left out, the first input holds both sides in a column `side`.
    #[arg(value_hint = ValueHint::AnyPath)]
    pub(crate) canary: Option<String>,

    /// Thresholds, rules and groups: canary.toml, .yaml or .json. None is needed; none is looked for.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = "Judging")]
    pub(crate) config: Option<PathBuf>,
    /// How metrics are compared where no rule says otherwise; interval unless the config says otherwise.
    #[arg(long, value_parser = judges(), help_heading = "Judging")]
    pub(crate) judge: Option<JudgeKind>,
    /// Ask another tool's rule as well: the report says what it says, where it differs and why.
    #[arg(long, value_parser = peers(), value_name = "TOOL", help_heading = "Judging")]
    pub(crate) compare: Option<Peer>,
    /// The score from which a run passes; 95 unless the config says otherwise.
    #[arg(long, value_name = "SCORE", value_parser = score, help_heading = "Judging")]
    pub(crate) pass: Option<Score>,
    /// The score below which a run fails; 75 unless the config says otherwise.
    #[arg(long, value_name = "SCORE", value_parser = score, help_heading = "Judging")]
    pub(crate) marginal: Option<Score>,

    /// One more metric, `squeeze.sweet_spot`: what `canary squeeze --baseline … -o squeeze.json` found of both builds.
    #[arg(long, value_name = "SQUEEZE.json", value_hint = ValueHint::FilePath, help_heading = "Judging")]
    pub(crate) squeeze: Option<PathBuf>,

    /// Judge this region only; repeatable.
    #[arg(long, value_name = "REGION", help_heading = "Selection")]
    pub(crate) region: Vec<String>,
    /// Judge only metrics whose whole name matches, such as '*latency*'; repeatable.
    #[arg(long, value_name = "GLOB", help_heading = "Selection")]
    pub(crate) metric: Vec<String>,
    /// From this time on (2026-03-01T08:00:00Z; without a zone: UTC).
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Selection")]
    pub(crate) start: Option<i64>,
    /// Up to this time, which is left out.
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Selection")]
    pub(crate) end: Option<i64>,
    /// When the canary got the new build: what the input holds before is each side's own past, and what
    /// separated the sides then is no change.
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = "Selection")]
    pub(crate) deployed: Option<i64>,
    /// Leave out the first part of the canary's life, such as 10m.
    #[arg(long, value_name = "LENGTH", help_heading = "Selection")]
    pub(crate) warmup: Option<Span>,
    /// The time between points; inferred from the data unless given.
    #[arg(long, value_name = "LENGTH", value_parser = step, help_heading = "Selection")]
    pub(crate) step: Option<Span>,

    #[command(flatten)]
    pub(crate) reading: ReadingArgs,

    /// In the table, list every metric with one of these states, and no other.
    #[arg(long, value_name = "STATES", value_delimiter = ',', value_parser = states(), help_heading = "Output")]
    pub(crate) only: Vec<State>,
    /// What the old build is called in the report: a version, a commit.
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(crate) baseline_build: Option<String>,
    /// What the new build is called in the report.
    #[arg(long, value_name = "NAME", help_heading = "Output")]
    pub(crate) canary_build: Option<String>,
    /// Keep the series of both sides in the JSON report.
    #[arg(long, help_heading = "Output")]
    pub(crate) with_series: bool,
    /// Verdicts that exit with 0 as well as pass.
    #[arg(long, value_name = "VERDICTS", value_delimiter = ',', value_parser = allowed(), help_heading = "Output")]
    pub(crate) allow: Vec<Verdict>,
    /// The seed of the randomised methods.
    #[arg(long, value_name = "N", default_value_t = 0, help_heading = "Judging")]
    pub(crate) seed: u64,
    /// Threads for judging; as many as there are cores unless given. Changes no result.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MAX_THREADS), help_heading = "Judging")]
    pub(crate) threads: Option<u16>,
    /// When to colour; auto: on a terminal that can, unless `NO_COLOR` is set.
    #[arg(long, value_name = "WHEN", value_parser = colors(), default_value = "auto", help_heading = "Output")]
    pub(crate) color: Color,
    /// Print nothing but errors; the exit code says it all.
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// How files are read.
#[derive(Args, Debug)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadingArgs {
    /// One row an observation (long) or one column a metric (wide); detected unless given.
    #[arg(long, value_parser = layouts())]
    pub(crate) layout: Option<Layout>,
    /// The name of a column, such as --column metric=name; repeatable. Roles: metric, timestamp, value,
    /// instance, region, group, side.
    #[arg(long, value_name = "ROLE=NAME", value_parser = column)]
    pub(crate) column: Vec<(Role, String)>,
    /// The unit of whole-number timestamps.
    #[arg(long, value_name = "UNIT", value_parser = time_units())]
    pub(crate) time_unit: Option<TimeUnit>,
}

/// Another tool whose rule can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Peer {
    /// The judge of Spinnaker.
    Kayenta,
}

/// Arguments of `report`.
#[derive(Args, Debug)]
pub(crate) struct ReportArgs {
    /// A report in JSON, as `canary score -o report.json` or `canary replay -o replay.json` writes it; `-` reads
    /// standard input. Charts need one that was made `--with-series`.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) report: PathBuf,
    /// What is printed to standard output; a table unless -o names a file.
    #[arg(long, value_parser = formats())]
    pub(crate) format: Option<Format>,
    /// Write the report there, whole or not at all; repeatable. The suffix says in which format.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Vec<PathBuf>,
    /// In the table, list every metric with one of these states, and no other.
    #[arg(long, value_name = "STATES", value_delimiter = ',', value_parser = states())]
    pub(crate) only: Vec<State>,
    /// When to colour; auto: on a terminal that can, unless `NO_COLOR` is set.
    #[arg(long, value_name = "WHEN", value_parser = colors(), default_value = "auto")]
    pub(crate) color: Color,
    #[command(flatten)]
    pub(crate) mail: MailArgs,
}

/// Arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct ExplainArgs {
    /// A report in JSON, as `canary score -o report.json` writes it.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) report: PathBuf,
    /// The metric: its name, a pattern such as '*latency*', or a part that only one name has.
    pub(crate) metric: String,
    /// Its result in this region; in all of them unless given.
    #[arg(long)]
    pub(crate) region: Option<String>,
}

/// Arguments of `import`.
#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    #[command(subcommand)]
    pub(crate) from: ImportFrom,
}

/// Whose configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportFrom {
    /// A canary configuration of Kayenta, the judge of Spinnaker.
    Kayenta(KayentaArgs),
}

/// Arguments of `import kayenta`.
#[derive(Args, Debug)]
pub(crate) struct KayentaArgs {
    /// The configuration in JSON.
    #[arg(value_name = "CONFIG.json", value_hint = ValueHint::FilePath)]
    pub(crate) config: PathBuf,
    /// Write canary.toml there, whole or not at all; to standard output unless given.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

/// Arguments of `calibrate`.
#[derive(Args, Debug)]
pub(crate) struct CalibrateArgs {
    /// Runs in which nothing was wrong. A folder with baseline.* and canary.* is a pair; any other file, glob or folder
    /// is one side, which is split in two: by its instances, or else tick by tick.
    #[arg(value_name = "HISTORY", required = true, value_hint = ValueHint::AnyPath)]
    pub(crate) history: Vec<String>,
    /// Write the configuration there, whole or not at all; to standard output unless given.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) out: Option<PathBuf>,
    /// The seed of the coin that deals ticks out.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// Arguments of `backtest`.
#[derive(Args, Debug)]
pub(crate) struct BacktestArgs {
    /// The configuration: canary.toml, .yaml or .json.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) config: PathBuf,
    /// Folders with baseline.* and canary.*. What is known of one stands in it: `truth.csv` (columns metric and
    /// expected: ok, hot, cold, nodata or shape) or `label` (healthy or bad).
    #[arg(value_name = "RUN", required = true, value_hint = ValueHint::DirPath)]
    pub(crate) runs: Vec<String>,
    /// Runs whose folder's name matches are healthy; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(crate) healthy: Vec<String>,
    /// Runs whose folder's name matches are bad; repeatable.
    #[arg(long, value_name = "GLOB")]
    pub(crate) bad: Vec<String>,
    /// The column of truth.csv that says what is right.
    #[arg(long, value_name = "NAME", default_value = "expected")]
    pub(crate) truth_column: String,
    /// Replay each run with a look at this interval, such as 30m, and say after how many minutes it fails.
    #[arg(long, value_name = "LENGTH")]
    pub(crate) every: Option<Span>,
    /// Exit with 1 where more metrics are flagged wrongly, over all runs.
    #[arg(long, value_name = "N")]
    pub(crate) max_false_alarms: Option<usize>,
    /// What is printed.
    #[arg(long, value_parser = backtest_formats(), default_value = "table")]
    pub(crate) format: BacktestFormat,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// What `backtest` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BacktestFormat {
    /// For a person.
    Table,
    /// For a program.
    Json,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// The configuration: canary.toml, .yaml or .json.
    #[arg(value_hint = ValueHint::FilePath)]
    pub(crate) config: PathBuf,
    /// Metrics to look the rules up for: a file, a glob or a folder.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    pub(crate) data: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
}

/// Arguments of `schema`.
#[derive(Args, Debug)]
pub(crate) struct SchemaArgs {
    /// Which schema.
    #[arg(value_name = "WHAT", value_parser = schemas())]
    pub(crate) of: Named,
}

/// Arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

fn judges() -> impl TypedValueParser<Value = JudgeKind> {
    words(JudgeKind::ALL.into_iter().map(|judge| (judge.name(), judge)).collect())
}

fn peers() -> impl TypedValueParser<Value = Peer> {
    words(vec![("kayenta", Peer::Kayenta)])
}

fn backtest_formats() -> impl TypedValueParser<Value = BacktestFormat> {
    words(vec![("table", BacktestFormat::Table), ("json", BacktestFormat::Json)])
}

fn formats() -> impl TypedValueParser<Value = Format> {
    words(Format::ALL.into_iter().map(|format| (format.name(), format)).collect())
}

fn replay_formats() -> impl TypedValueParser<Value = ReplayFormat> {
    words(ReplayFormat::ALL.into_iter().map(|format| (format.name(), format)).collect())
}

fn states() -> impl TypedValueParser<Value = State> {
    words(State::ALL.into_iter().map(|state| (state.name(), state)).collect())
}

fn allowed() -> impl TypedValueParser<Value = Verdict> {
    words([Verdict::Marginal, Verdict::Inconclusive].map(|verdict| (verdict.name(), verdict)).into())
}

fn layouts() -> impl TypedValueParser<Value = Layout> {
    words(vec![("long", Layout::Long), ("wide", Layout::Wide)])
}

fn schemas() -> impl TypedValueParser<Value = Named> {
    words(canary_core::schema::NAMED.into_iter().map(|named| (named.0, named)).collect())
}

fn time_units() -> impl TypedValueParser<Value = TimeUnit> {
    words(vec![
        ("s", TimeUnit::Seconds),
        ("ms", TimeUnit::Milliseconds),
        ("us", TimeUnit::Microseconds),
        ("ns", TimeUnit::Nanoseconds),
    ])
}

fn score(text: &str) -> Result<Score, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number from 0 to 100".to_owned())?;
    Score::new(number).map_err(|error| error.to_string())
}

fn time(text: &str) -> Result<i64, String> {
    let zoned = text.parse::<jiff::Timestamp>();
    let naive = || text.parse::<jiff::civil::DateTime>().and_then(|time| time.to_zoned(jiff::tz::TimeZone::UTC));
    zoned
        .or_else(|_| naive().map(|zoned| zoned.timestamp()))
        .map(jiff::Timestamp::as_millisecond)
        .map_err(|_| "expected a time such as 2026-03-01T08:00:00Z".to_owned())
}

fn column(text: &str) -> Result<(Role, String), String> {
    let roles = || Role::ALL.map(Role::name).join(", ");
    let (role, name) = text.split_once('=').ok_or_else(|| "expected ROLE=NAME, such as metric=name".to_owned())?;
    let role = Role::from_name(role).ok_or_else(|| format!("no role `{role}`; the roles are {}", roles()))?;
    if name.is_empty() {
        return Err(format!("expected the name of a column after `{}=`", role.name()));
    }
    Ok((role, name.to_owned()))
}
