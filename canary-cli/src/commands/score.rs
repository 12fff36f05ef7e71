//! `canary score`: compare a canary with its baseline and give a verdict.

use canary_core::report::State;
use canary_core::{Judge, Report};
use canary_report::{Format, render};

use crate::args::ScoreArgs;
use crate::exit::Exit;
use crate::input;
use crate::output::{self, Pending};
use crate::progress::Progress;
use crate::terminal;

/// Runs the command.
pub(crate) fn run(args: &ScoreArgs) -> anyhow::Result<Exit> {
    let suffixes: Vec<&str> = Format::ALL.iter().flat_map(|format| format.suffixes()).copied().collect();
    let outputs = output::pending(&args.output, Format::from_path, &suffixes)?;
    let (judge, places) = input::judge(&args.run)?;
    let mut report = judged(args, &judge)?;
    input::name_lines(&mut report, &places);
    let options = terminal::table_options(args.run.color).with_only(&args.run.only);
    // The files first: whoever sees the verdict can open the report.
    write_outputs(outputs, &report, &args.run.only)?;
    if !args.run.quiet {
        output::print(&render(&report, args.format, &options)?)?;
    }
    Ok(Exit::of(report.verdict, &args.run.allow))
}

fn judged(args: &ScoreArgs, judge: &Judge) -> anyhow::Result<Report> {
    let progress = Progress::new(args.run.quiet);
    let (metrics, inputs) = input::metrics(&args.run, &progress)?;
    progress.say(format!("judging {} metrics", metrics.len()));
    let mut report = match &args.control {
        Some(control) => {
            let control = input::control(&args.run, control, &metrics, &progress)?;
            judge.judge_with_control(&metrics, &control)
        }
        None => judge.judge(&metrics),
    };
    report.inputs = inputs;
    Ok(report)
}

fn write_outputs(mut outputs: Vec<(Pending, Format)>, report: &Report, only: &[State]) -> anyhow::Result<()> {
    let options = terminal::file_options().with_only(only);
    for (pending, format) in &mut outputs {
        pending.write(&render(report, *format, &options)?)?;
    }
    outputs.into_iter().try_for_each(|(pending, _)| pending.finish())
}
