//! A history that `canary trend --add` made.

use anyhow::bail;
use canary_core::trend::{BuildResult, Value};
use canary_history::{Entry, History};

use crate::args_trend::TrendArgs;

/// The builds of the series asked for.
pub(super) fn builds(history: &History, args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let shown = args.history.display();
    let Some(series) = series(history, args)? else { bail!("{shown}: the history is empty") };
    let entries = history.entries(&series)?;
    if entries.is_empty() {
        bail!("{shown}: found no series `{series}`; there are: {}", history.series()?.join(", "));
    }
    Ok(entries.iter().map(of_entry).collect())
}

/// The series asked for, else the only one; `None` where there is none yet.
pub(super) fn series(history: &History, args: &TrendArgs) -> anyhow::Result<Option<String>> {
    if args.series.is_some() {
        return Ok(args.series.clone());
    }
    let mut known = history.series()?;
    if known.len() > 1 {
        bail!("{}: found the series {}; --series says which", args.history.display(), known.join(", "));
    }
    Ok(known.pop())
}

fn of_entry(entry: &Entry) -> BuildResult {
    let value = match entry.status.as_str() {
        "unstable" | "unusable" => Value::Missing,
        _ => Value::of(entry.sweet_spot, entry.sweet_spot_lower, entry.sweet_spot_upper),
    };
    BuildResult { build: entry.build.clone(), series: entry.series.clone(), value }
}
