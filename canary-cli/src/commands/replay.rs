//! `canary replay`: judge recorded data as a running canary would have been.

use anyhow::Context;
use canary_core::replay::Replay;
use canary_report::ReplayFormat;

use crate::args::ReplayArgs;
use crate::exit::Exit;
use crate::output;
use crate::progress::Progress;
use crate::{input, terminal};

/// Runs the command; `command` would make the same looks again.
pub(crate) fn run(args: &ReplayArgs, command: Option<String>) -> anyhow::Result<Exit> {
    let suffixes = ReplayFormat::ALL.map(ReplayFormat::suffix);
    let mut outputs = output::pending(&args.output, ReplayFormat::from_path, &suffixes)?;
    let mut replay = replayed(args)?;
    replay.report.inputs.command = command;
    replay.report.builds = input::builds(&args.run);
    let options = terminal::file_options().with_only(&args.run.only);
    for (pending, format) in &mut outputs {
        pending.write(canary_report::replay(&replay, *format, &options)?)?;
    }
    outputs.into_iter().try_for_each(|(pending, _)| pending.finish())?;
    if !args.run.quiet {
        let options = terminal::table_options(args.run.color).with_only(&args.run.only);
        output::print(canary_report::replay(&replay, args.format, &options)?)?;
    }
    Ok(Exit::of(replay.report.verdict, &args.run.allow))
}

fn replayed(args: &ReplayArgs) -> anyhow::Result<Replay> {
    let (judge, places) = input::judge(&args.run)?;
    let progress = Progress::new(args.run.quiet);
    let (metrics, inputs) = input::metrics(&args.run, &progress)?;
    let mut say = |now: canary_core::replay::Progress| {
        progress.say(format!("judging {} metrics: look {} of {}", metrics.len(), now.look, now.of));
    };
    let mut replay = Replay::run(&judge, &metrics, args.every, &mut say).context("--every")?;
    replay.report.inputs.baseline.sources = inputs.baseline.sources;
    replay.report.inputs.canary.sources = inputs.canary.sources;
    input::name_lines(&mut replay.report, &places);
    Ok(replay)
}
