//! `canary trend`: throughput, or any number, over builds.

use std::fs;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use canary_core::squeeze::SqueezeReport;
use canary_core::trend::{Better, BuildResult, TrendOptions, TrendReport, Value, trend};
use canary_history::{Entry, History};
use canary_io::SmallColumn;

use crate::args_trend::TrendArgs;
use crate::exit::Exit;
use crate::{output, panics, terminal};

/// How an SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Runs the command.
pub(crate) fn run(args: &TrendArgs) -> anyhow::Result<Exit> {
    if let Some(squeeze) = &args.add {
        add(args, squeeze)?;
    }
    let builds = builds(args)?;
    let better = if args.lower_is_better { Better::Lower } else { Better::Higher };
    let options = TrendOptions { min_magnitude: args.min_change, better, peak_rps: args.peak };
    let report = trend(&builds, &options);
    let text = if args.json {
        serde_json::to_string_pretty(&report)? + "\n"
    } else {
        canary_report::trend(&report, &builds, terminal::width())
    };
    output::print(text)?;
    Ok(exit(&report))
}

fn exit(report: &TrendReport) -> Exit {
    // A fall that a later rise made good again is history.
    let falls = report.changes.last().is_some_and(|change| change.regression);
    match (falls, &report.suspect) {
        (true, _) => Exit::Fail,
        (false, Some(_)) => Exit::Undecided,
        (false, None) => Exit::Pass,
    }
}

/// Appends a squeeze test to the history.
fn add(args: &TrendArgs, squeeze: &Path) -> anyhow::Result<()> {
    let shown = squeeze.display();
    let text = fs::read_to_string(squeeze).with_context(|| format!("cannot read {shown}"))?;
    let report: SqueezeReport = serde_json::from_str(&text)
        .with_context(|| format!("{shown}: expected what `canary squeeze -o squeeze.json` writes"))?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let (sweet, capacity) = (report.sweet_spot, report.capacity);
    let kind = report.kind.and_then(|kind| serde_json::to_value(kind).ok());
    let entry = Entry {
        build: args.build.clone().unwrap_or_default(),
        tested_ms: i64::try_from(now).ok(),
        kind: kind.and_then(|kind| kind.as_str().map(str::to_owned)),
        sweet_spot: sweet.and_then(|sweet| sweet.estimate),
        sweet_spot_lower: sweet.and_then(|sweet| sweet.lower),
        sweet_spot_upper: sweet.and_then(|sweet| sweet.upper),
        capacity: capacity.and_then(|capacity| capacity.estimate),
        capacity_lower: capacity.and_then(|capacity| capacity.lower),
        capacity_upper: capacity.and_then(|capacity| capacity.upper),
        level: sweet.or(capacity).map(|estimate| estimate.level),
        tool: report.tool.clone(),
        ..Entry::new(&args.series, report.status.name())
    };
    Ok(History::open(&args.history)?.add(&entry)?)
}

fn builds(args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let path = &args.history;
    let head = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    if head.starts_with(SQLITE) {
        let history = History::open(path)?;
        let entries = history.entries(&args.series)?;
        if entries.is_empty() {
            let known = history.series()?.join(", ");
            bail!("{}: found no series `{}`; there are: {known}", path.display(), args.series);
        }
        return Ok(entries.iter().map(of_entry).collect());
    }
    if canary_load::is_parquet(path) { of_parquet(args) } else { of_csv(args, &head) }
}

fn of_entry(entry: &Entry) -> BuildResult {
    let value = match (entry.status.as_str(), entry.sweet_spot, entry.sweet_spot_lower, entry.sweet_spot_upper) {
        ("unstable" | "unusable", ..) => Value::Missing,
        (_, Some(value), lower, upper) => Value::Measured { value, lower, upper },
        (_, None, Some(lower), None) => Value::AtLeast(lower),
        (_, None, None, Some(upper)) => Value::AtMost(upper),
        _ => Value::Missing,
    };
    BuildResult { build: entry.build.clone(), series: entry.series.clone(), value }
}

fn measured(args: &TrendArgs, build: String, value: Option<f64>) -> BuildResult {
    let value = value.filter(|value| value.is_finite());
    let value = value.map_or(Value::Missing, |value| Value::Measured { value, lower: None, upper: None });
    BuildResult { build, series: args.series.clone(), value }
}

fn of_csv(args: &TrendArgs, bytes: &[u8]) -> anyhow::Result<Vec<BuildResult>> {
    let shown = args.history.display();
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().with_context(|| format!("{shown}: not CSV"))?.clone();
    let column = |name: &str| {
        let names = header.iter().collect::<Vec<_>>().join(", ");
        header.iter().position(|column| column == name).with_context(|| {
            format!("{shown}: found the columns {names}, expected `{name}`; --column names another number")
        })
    };
    let (build, number) = (column("build")?, column(&args.column)?);
    let mut builds = Vec::new();
    for row in reader.records() {
        let row = row.with_context(|| format!("{shown}: not CSV"))?;
        let text = row.get(number).unwrap_or_default().trim();
        let line = row.position().map_or(0, csv::Position::line);
        let value = if text.is_empty() {
            None
        } else {
            Some(
                text.parse::<f64>()
                    .with_context(|| format!("{shown}: line {line}: found `{text}`, expected a number"))?,
            )
        };
        builds.push(measured(args, row.get(build).unwrap_or_default().to_owned(), value));
    }
    Ok(builds)
}

fn of_parquet(args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let shown = args.history.display();
    let columns = panics::quietly(|| canary_io::read_small_table(&args.history))?;
    let column = |name: &str| {
        let found = columns.iter().find(|(column, _)| column == name).map(|(_, values)| values);
        found.with_context(|| format!("{shown}: found no column `{name}`; --column names another number"))
    };
    let names: Vec<String> = match column("build")? {
        SmallColumn::Text(names) => names.iter().map(|name| name.clone().unwrap_or_default()).collect(),
        SmallColumn::Number(numbers) => {
            numbers.iter().map(|number| number.map_or_else(String::new, |number| number.to_string())).collect()
        }
        _ => bail!("{shown}: column `build`: expected text or numbers"),
    };
    let SmallColumn::Number(values) = column(&args.column)? else {
        bail!("{shown}: column `{}`: found text, expected numbers", args.column);
    };
    Ok(names.into_iter().zip(values).map(|(name, value)| measured(args, name, *value)).collect())
}
