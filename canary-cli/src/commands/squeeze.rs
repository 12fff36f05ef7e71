//! `canary squeeze`: how many requests a second a build sustains.

use std::path::{Path, PathBuf};

use anyhow::Context;
use canary_core::config::Bounds;
use canary_core::report::State;
use canary_core::squeeze::{
    Load, LoadRun, Slo, SqueezeComparison, SqueezeOptions, SqueezeReport, Status, analyze, compare,
};
use canary_io::SmallColumn;
use canary_load::{Column, ReadOptions, Table};
use canary_report::{PlotOptions, SqueezeFormat, Squeezed};

use crate::args_squeeze::{SqueezeArgs, SqueezeCommand, SqueezeJudgingArgs, SqueezeOutputArgs};
use crate::exit::Exit;
use crate::output::{self, Pending};
use crate::{commands, panics, terminal};

/// Runs the command.
pub(crate) fn run(args: &SqueezeArgs) -> anyhow::Result<Exit> {
    if let Some(SqueezeCommand::Drive(args)) = &args.command {
        return commands::squeeze_drive::run(args);
    }
    let outputs = outputs(&args.output)?;
    let slo = slo(&args.judging);
    let options = read_options(args, &slo);
    let run = read_repeats(&args.run, &options)?;
    let report = analyze(&run, &slo, &squeeze_options(&args.judging));
    let comparison = match &args.baseline[..] {
        [] => None,
        baseline => {
            let old = read_repeats(baseline, &ReadOptions { loads: Vec::new(), ..options })?;
            let old = analyze(&old, &slo, &squeeze_options(&args.judging));
            Some(compare(&old, &report, Bounds::default()))
        }
    };
    deliver(&report, comparison.as_ref(), outputs, &args.output)?;
    Ok(match &comparison {
        Some(comparison) if comparison.state == State::Cold => Exit::Fail,
        Some(comparison) if comparison.state == State::NoData => Exit::Undecided,
        _ => exit(&report, args.judging.min),
    })
}

/// The objectives.
pub(crate) fn slo(args: &SqueezeJudgingArgs) -> Slo {
    Slo { objectives: args.slo.clone() }
}

/// How a run is analysed.
pub(crate) fn squeeze_options(args: &SqueezeJudgingArgs) -> SqueezeOptions {
    SqueezeOptions { seed: args.seed, ..SqueezeOptions::default() }
}

fn read_options(args: &SqueezeArgs, slo: &Slo) -> ReadOptions {
    let rates = args.rates.iter().map(|&rate| Load::Open { rate });
    let clients = args.clients.iter().map(|&clients| Load::Closed { clients });
    ReadOptions {
        limits_ms: slo.limits_ms(),
        loads: rates.chain(clients).collect(),
        step_seconds: args.step.map(|step| step.ms() as f64 / 1000.0),
    }
}

/// Several runs are repeats of one test.
fn read_repeats(paths: &[PathBuf], options: &ReadOptions) -> anyhow::Result<LoadRun> {
    let mut together: Option<LoadRun> = None;
    for (repeat, path) in (0_u32..).zip(paths) {
        let mut run = read(path, options)?;
        if paths.len() > 1 {
            run.steps.iter_mut().for_each(|step| step.repeat = Some(repeat));
        }
        match &mut together {
            None => together = Some(run),
            Some(all) => {
                let before = all.steps.len();
                run.notes.iter_mut().for_each(|note| note.step = note.step.map(|step| step + before));
                all.steps.append(&mut run.steps);
                all.notes.append(&mut run.notes);
            }
        }
    }
    together.context("expected a run")
}

/// A run of any form; Parquet is a table.
fn read(path: &Path, options: &ReadOptions) -> anyhow::Result<LoadRun> {
    if !canary_load::is_parquet(path) {
        return Ok(canary_load::read(path, options)?);
    }
    let columns = panics::quietly(|| canary_io::read_small_table(path))?;
    let column = |column| match column {
        SmallColumn::Number(values) => Column::Number(values),
        SmallColumn::Text(values) => Column::Text(values),
        // A kind that is not known here holds nothing that a step needs.
        _ => Column::Number(Vec::new()),
    };
    let columns = columns.into_iter().map(|(name, values)| (name, column(values))).collect();
    Table::new(columns).and_then(|table| table.run()).with_context(|| path.display().to_string())
}

/// The files of `-o`, ready before any work.
pub(crate) fn outputs(args: &SqueezeOutputArgs) -> anyhow::Result<Vec<(Pending, SqueezeFormat)>> {
    let suffixes: Vec<&str> = SqueezeFormat::ALL.iter().flat_map(|format| format.suffixes()).copied().collect();
    output::pending(&args.output, SqueezeFormat::from_path, &suffixes)
}

/// Writes the files, whole or not at all, then prints.
pub(crate) fn deliver(
    report: &SqueezeReport,
    comparison: Option<&SqueezeComparison>,
    mut outputs: Vec<(Pending, SqueezeFormat)>,
    args: &SqueezeOutputArgs,
) -> anyhow::Result<()> {
    let squeezed = Squeezed { report, comparison };
    let file = PlotOptions { width: terminal::file_options().width, color: false };
    for (pending, format) in &mut outputs {
        pending.write(canary_report::squeeze(squeezed, *format, file)?.as_bytes())?;
    }
    outputs.into_iter().try_for_each(|(pending, _)| pending.finish())?;
    if args.quiet {
        return Ok(());
    }
    let screen = terminal::table_options(args.color);
    let screen = PlotOptions { width: screen.width, color: screen.color };
    output::print(canary_report::squeeze(squeezed, args.format, screen)?.as_bytes())
}

/// 0 for a number that suffices, 1 for one that does not, 2 for none, 3 for a bound.
pub(crate) fn exit(report: &SqueezeReport, min: Option<f64>) -> Exit {
    let sweet = report.sweet_spot;
    let most = sweet.and_then(|sweet| sweet.estimate.or(sweet.upper));
    let least = sweet.and_then(|sweet| sweet.estimate.or(sweet.lower));
    let met = min.is_none_or(|min| least.is_some_and(|rate| rate >= min));
    let missed = min.is_some_and(|min| most.is_some_and(|rate| rate < min));
    match report.status {
        Status::Unstable | Status::Unusable => Exit::NoVerdict,
        _ if missed => Exit::Fail,
        Status::Measured if met && sweet.is_some_and(|sweet| sweet.estimate.is_some()) => Exit::Pass,
        Status::LowerBound | Status::GeneratorLimited if min.is_some() && met => Exit::Pass,
        _ => Exit::Undecided,
    }
}
