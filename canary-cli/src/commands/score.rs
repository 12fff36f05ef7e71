//! `canary score`: compare a canary with its baseline and give a verdict.

use canary_core::{Judge, Report};

use crate::args::ScoreArgs;
use crate::destinations::{Destinations, Style};
use crate::exit::Exit;
use crate::input;
use crate::progress::Progress;

/// Runs the command; `command` would make the same report again.
pub(crate) fn run(args: &ScoreArgs, command: Option<String>) -> anyhow::Result<Exit> {
    let run = &args.run;
    let destinations = Destinations::prepare(&args.output, (!run.quiet).then_some(args.format))?;
    let (judge, places) = input::judge(run)?;
    let judge = judge.with_series(run.with_series || destinations.show_series());
    let mut report = judged(args, &judge)?;
    report.inputs.command = command;
    report.builds = input::builds(run);
    input::name_lines(&mut report, &places);
    let verdict = report.verdict;
    destinations.deliver(report, Style { only: &run.only, color: run.color, with_series: run.with_series })?;
    Ok(Exit::of(verdict, &run.allow))
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
