//! `canary explain`: why one metric of a stored report has its state.

use anyhow::{Context, bail};
use canary_core::Report;
use canary_core::config::Patterns;
use canary_core::report::MetricResult;
use canary_report::explain;

use crate::args::ExplainArgs;
use crate::exit::Exit;
use crate::{output, stored, terminal};

/// Metrics explained where a pattern matches more.
const MAX_METRICS: usize = 10;
/// Names in an error.
const MAX_NAMES: usize = 5;

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs) -> anyhow::Result<Exit> {
    let report = stored::report(&args.report)?;
    let in_region =
        |metric: &&MetricResult| args.region.as_deref().is_none_or(|region| metric.region.as_deref() == Some(region));
    check_region(args, &report)?;
    let candidates: Vec<&MetricResult> = report.metrics.iter().filter(in_region).collect();
    let found = chosen(&candidates, &args.metric)?;
    let width = terminal::width();
    let shown: Vec<String> = found.iter().take(MAX_METRICS).map(|metric| explain(&report, metric, width)).collect();
    let mut text = shown.join("\n");
    if found.len() > MAX_METRICS {
        let more = found.len() - MAX_METRICS;
        text = format!("{text}\nand {more} more metrics match {}\n", args.metric);
    }
    output::print(&text)?;
    Ok(Exit::Pass)
}

fn check_region(args: &ExplainArgs, report: &Report) -> anyhow::Result<()> {
    let Some(region) = &args.region else { return Ok(()) };
    let known: Vec<&str> = report.regions.iter().filter_map(|region| region.name.as_deref()).collect();
    match known.as_slice() {
        [] => bail!("--region {region}: the report has no regions"),
        known if !known.contains(&region.as_str()) => {
            bail!("--region {region}: no such region; there are {}", known.join(", "))
        }
        _ => Ok(()),
    }
}

/// The metrics of this name; else those that it matches as a pattern; else those of the one name that it is a
/// part of.
fn chosen<'a>(candidates: &[&'a MetricResult], asked: &str) -> anyhow::Result<Vec<&'a MetricResult>> {
    let those = |keep: &dyn Fn(&str) -> bool| -> Vec<&'a MetricResult> {
        candidates.iter().copied().filter(|metric| keep(&metric.name)).collect()
    };
    let exact = those(&|name| name == asked);
    if !exact.is_empty() {
        return Ok(exact);
    }
    let patterns = Patterns::new(&[asked]).context("METRIC")?;
    let matching = those(&|name| patterns.matches(name));
    if !matching.is_empty() {
        return Ok(matching);
    }
    let holding = those(&|name| name.contains(asked));
    let mut names: Vec<&str> = holding.iter().map(|metric| metric.name.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [_] => Ok(holding),
        [] => bail!("{asked}: no such metric in the report; the nearest are {}", nearest(candidates, asked).join(", ")),
        several => bail!(
            "{asked}: a part of {} names, such as {}; give more of it, or a pattern such as '*{asked}*'",
            several.len(),
            several.iter().take(MAX_NAMES).copied().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The names most like the one asked for. A name is as like it as its likest part is.
fn nearest<'a>(candidates: &[&'a MetricResult], asked: &str) -> Vec<&'a str> {
    let mut names: Vec<&str> = candidates.iter().map(|metric| metric.name.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    let likeness = |name: &str| {
        let parts = std::iter::once(name).chain(name.split(['/', '|', '.', ':']));
        parts.map(|part| strsim::normalized_damerau_levenshtein(asked, part)).fold(0.0, f64::max)
    };
    let mut ranked: Vec<(f64, &str)> = names.into_iter().map(|name| (likeness(name), name)).collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    ranked.into_iter().take(MAX_NAMES).map(|(_, name)| name).collect()
}
