//! `canary trend`: throughput, or any number, over builds.

mod add;
mod table;

use std::fs;
use std::io::Read;

use anyhow::Context;
use canary_core::trend::{Better, BuildResult, TrendOptions, TrendReport, trend};
use canary_history::History;
use canary_report::Trended;
use canary_report::words::TrendState;

use crate::args::trend::TrendArgs;
use crate::exit::Exit;
use crate::throughput::Outputs;

/// How a file of `SQLite` begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Runs the command.
pub(crate) fn run(args: &TrendArgs) -> anyhow::Result<Exit> {
    let outputs = Outputs::prepare(&args.output)?;
    if let Some(squeeze) = &args.add {
        add::add(args, squeeze)?;
    }
    let (builds, number) = builds(args)?;
    let better = if args.lower_is_better { Better::Lower } else { Better::Higher };
    let options = TrendOptions { min_magnitude: args.min_change, better, peak_rps: args.peak };
    let report = trend(&builds, &options);
    let trended = Trended { report: &report, builds: &builds, number: &number };
    outputs.deliver(|format, options| canary_report::trend(trended, format, options))?;
    Ok(exit(&report))
}

fn exit(report: &TrendReport) -> Exit {
    match TrendState::of(report) {
        TrendState::Worse => Exit::Fail,
        TrendState::Suspect | TrendState::Undecided => Exit::Undecided,
        TrendState::Better | TrendState::Steady => Exit::Pass,
    }
}

/// The builds in their order, and what their number is.
fn builds(args: &TrendArgs) -> anyhow::Result<(Vec<BuildResult>, String)> {
    let path = &args.history;
    let mut head = Vec::new();
    let file = fs::File::open(path).and_then(|file| file.take(SQLITE.len() as u64).read_to_end(&mut head));
    file.with_context(|| format!("cannot read {}", path.display()))?;
    if head == SQLITE {
        return Ok((History::open_to_read(path)?.builds(args.series.as_deref())?, "sweet spot".to_owned()));
    }
    Ok((table::builds(args)?, args.column.clone()))
}
