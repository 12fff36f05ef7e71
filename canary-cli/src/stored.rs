//! What a run has left behind: reports, squeeze tests.

use std::io::Read;
use std::path::Path;

use anyhow::Context;
use canary_core::Report;
use canary_core::replay::Replay;
use canary_core::squeeze::SqueezeReport;

/// The word for standard input.
const STDIN: &str = "-";

/// Reads a report in JSON; `-` reads standard input. Of a replay it is the last look's.
pub(crate) fn report(path: &Path) -> anyhow::Result<Report> {
    let text = text(path)?;
    // What is neither is most likely meant as a report: its error says which field is wrong.
    serde_json::from_str::<Report>(&text)
        .or_else(|error| serde_json::from_str::<Replay>(&text).map(|replay| replay.report).map_err(|_| error))
        .with_context(|| format!("{}: not a report as `canary score -o report.json` writes it", path.display()))
}

/// Reads a squeeze test in JSON; `-` reads standard input.
pub(crate) fn squeeze(path: &Path) -> anyhow::Result<SqueezeReport> {
    serde_json::from_str(&text(path)?).with_context(|| {
        format!("{}: not a squeeze test as `canary squeeze -o squeeze.json` writes it", path.display())
    })
}

fn text(path: &Path) -> anyhow::Result<String> {
    if path.as_os_str() != STDIN {
        return std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    }
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
    Ok(text)
}
