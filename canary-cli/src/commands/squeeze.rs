//! `canary squeeze`: how many requests a second a build sustains.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use canary_core::report::{Evidence, State};
use canary_core::squeeze::{Load, LoadRun, Slo, SqueezeComparison, SqueezeOptions, SqueezeReport, Status, analyze};
use canary_io::SmallColumn;
use canary_load::{Column, ReadOptions, Table};

use crate::args_squeeze::{SqueezeArgs, SqueezeCommand, SqueezeJudgingArgs};
use crate::exit::Exit;
use crate::throughput::Outputs;
use crate::{commands, panics};

/// Runs the command.
pub(crate) fn run(args: &SqueezeArgs) -> anyhow::Result<Exit> {
    if let Some(SqueezeCommand::Drive(args)) = &args.command {
        return commands::squeeze_drive::run(args);
    }
    let outputs = Outputs::prepare(&args.output)?;
    let slo = slo(&args.judging);
    let options = read_options(args, &slo);
    let run = read_repeats(&args.run, &options)?;
    let mut report = analyze(&run, &slo, &squeeze_options(&args.judging));
    if !args.baseline.is_empty() {
        // Rates given by hand are those of the canary's steps.
        let old = read_repeats(&args.baseline, &ReadOptions { loads: Vec::new(), ..options })?;
        let old = analyze(&old, &slo, &squeeze_options(&args.judging));
        report = report.against(&old, args.bounds.unwrap_or_default());
    }
    outputs.deliver(|format, options| canary_report::squeeze(&report, format, options))?;
    let alone = |min| exit(&report, min);
    Ok(match (&report.comparison, args.judging.min) {
        (None, min) => alone(min),
        (Some(comparison), None) => compared(comparison, &report),
        (Some(comparison), min) => compared(comparison, &report).or(alone(min)),
    })
}

/// What the comparison alone comes to. A bound on the canary is enough where it decides.
fn compared(comparison: &SqueezeComparison, report: &SqueezeReport) -> Exit {
    match (comparison.state, comparison.evidence) {
        (State::Cold, _) => Exit::Fail,
        (State::NoData, _) if matches!(report.status, Status::Unstable | Status::Unusable) => Exit::NoVerdict,
        (State::NoData, _) | (_, Evidence::Undecided) => Exit::Undecided,
        (State::Hot | State::Ok, Evidence::Certified) => Exit::Pass,
    }
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
    let runs = paths.iter().map(|path| read(path, options)).collect::<anyhow::Result<Vec<_>>>()?;
    canary_load::repeats(runs).context("expected a run")
}

/// A run of any form; Parquet is a table.
fn read(path: &Path, options: &ReadOptions) -> anyhow::Result<LoadRun> {
    if !canary_load::is_parquet(path) {
        return Ok(canary_load::read(path, options)?);
    }
    if !options.loads.is_empty() {
        bail!(
            "{}: found a table in Parquet, which says its loads itself: expected no --rates and no --clients",
            path.display()
        );
    }
    parquet(path)?.run().with_context(|| path.display().to_string())
}

/// A small table in Parquet.
pub(crate) fn parquet(path: &Path) -> anyhow::Result<Table> {
    let columns = panics::quietly(|| canary_io::read_small_table(path))?;
    let column = |column| match column {
        SmallColumn::Number(values) => Column::Number(values),
        SmallColumn::Text(values) => Column::Text(values),
        // A kind that is not known here holds nothing that a step or a build needs.
        _ => Column::Number(Vec::new()),
    };
    let columns = columns.into_iter().map(|(name, values)| (name, column(values))).collect();
    Table::new(columns).with_context(|| path.display().to_string())
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
