//! `canary trend --add`: a squeeze test becomes an entry of the history.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::bail;
use canary_core::squeeze::SqueezeReport;
use canary_history::{Entry, History};

use crate::args::trend::TrendArgs;
use crate::stored;

/// The series of a history that has none yet.
const FIRST_SERIES: &str = "default";

/// Appends a squeeze test to the history.
pub(super) fn add(args: &TrendArgs, squeeze: &Path) -> anyhow::Result<()> {
    let report = stored::squeeze(squeeze)?;
    let build = args.build.as_deref().unwrap_or_default();
    if build.trim().is_empty() {
        bail!("--build: found no name, expected the build that was tested");
    }
    let mut history = History::open(&args.history)?;
    let series = history.series_or_only(args.series.as_deref())?.unwrap_or_else(|| FIRST_SERIES.to_owned());
    Ok(history.add(&entry(&report, &series, build))?)
}

fn entry(report: &SqueezeReport, series: &str, build: &str) -> Entry {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    let (sweet, capacity) = (report.sweet_spot, report.capacity);
    let kind = report.kind.and_then(|kind| serde_json::to_value(kind).ok());
    Entry {
        build: build.to_owned(),
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
        ..Entry::new(series, report.status.name())
    }
}
