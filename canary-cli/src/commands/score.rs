//! `canary score`: compare a canary with its baseline and give a verdict.

use anyhow::{Context, bail};
use canary_core::report::State;
use canary_core::{Judge, NoteCode, Report};
use canary_report::{Format, render};

use crate::args::ScoreArgs;
use crate::exit::Exit;
use crate::input;
use crate::output::{self, Pending};
use crate::progress::Progress;
use crate::terminal;

/// Runs the command.
pub(crate) fn run(args: &ScoreArgs) -> anyhow::Result<Exit> {
    let outputs = outputs(args)?;
    let (config, places) = input::effective_config(args)?;
    let judge = Judge::new(config).context("configuration")?;
    let mut report = judged(args, judge)?;
    name_lines(&mut report, &places);
    let mut options = terminal::table_options(args.color);
    options.only = Some(args.only.clone()).filter(|states| !states.is_empty());
    // The files first: whoever sees the verdict can open the report.
    write_outputs(outputs, &report, options.only.as_deref())?;
    if !args.quiet {
        output::print(&render(&report, args.format, &options)?)?;
    }
    Ok(Exit::of(report.verdict, &args.allow))
}

fn judged(args: &ScoreArgs, judge: Judge) -> anyhow::Result<Report> {
    let progress = Progress::new(args.quiet);
    let (metrics, inputs) = input::metrics(args, &progress)?;
    progress.say(format!("judging {} metrics", metrics.len()));
    let mut judge = judge.with_seed(args.seed).with_series(args.with_series).with_kayenta(args.compare.is_some());
    if let Some(threads) = args.threads {
        judge = judge.with_threads(usize::from(threads));
    }
    let mut report = judge.judge(&metrics);
    report.inputs = inputs;
    Ok(report)
}

/// A rule that matches nothing is looked for by its line, which only the command line knows.
fn name_lines(report: &mut Report, places: &[String]) {
    for note in report.notes.iter_mut().filter(|note| note.code == NoteCode::RuleMatchesNothing) {
        let rule = usize::try_from(note.count).ok().and_then(|number| number.checked_sub(1));
        let place = rule.and_then(|rule| places.get(rule)).filter(|place| place.starts_with("line"));
        if let (Some(place), Some(patterns)) = (place, &note.detail) {
            note.detail = Some(format!("{place}: {patterns}").into());
        }
    }
}

/// Every output's format is known and its place is ready before anything is read.
fn outputs(args: &ScoreArgs) -> anyhow::Result<Vec<(Pending, Format)>> {
    let prepare = |path: &std::path::PathBuf| {
        let Some(format) = Format::from_path(path) else {
            let known: Vec<String> =
                Format::ALL.iter().flat_map(|format| format.suffixes()).map(|suffix| format!(".{suffix}")).collect();
            bail!("-o {}: the suffix stands for no format; there are {}", path.display(), known.join(", "));
        };
        Ok((Pending::new(path)?, format))
    };
    args.output.iter().map(prepare).collect()
}

fn write_outputs(mut outputs: Vec<(Pending, Format)>, report: &Report, only: Option<&[State]>) -> anyhow::Result<()> {
    let mut options = terminal::file_options();
    options.only = only.map(<[State]>::to_vec);
    for (pending, format) in &mut outputs {
        pending.write(&render(report, *format, &options)?)?;
    }
    outputs.into_iter().try_for_each(|(pending, _)| pending.finish())
}
