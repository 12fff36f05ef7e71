//! `canary squeeze`: how many requests a second a build sustains.

mod answer;
mod drive;

use canary_core::squeeze::{Load, Slo, analyze};
use canary_load::ReadOptions;

use crate::args::squeeze::{SqueezeArgs, SqueezeCommand};
use crate::exit::Exit;
use crate::load;
use crate::throughput::Outputs;

/// Runs the command.
pub(crate) fn run(args: &SqueezeArgs) -> anyhow::Result<Exit> {
    if let Some(SqueezeCommand::Drive(args)) = &args.command {
        return drive::run(args);
    }
    let outputs = Outputs::prepare(&args.output)?;
    let slo = args.judging.slo();
    let options = read_options(args, &slo);
    let run = load::repeats(&args.run, &options)?;
    let mut report = analyze(&run, &slo, &args.judging.options());
    if !args.baseline.is_empty() {
        // Rates given by hand are those of the canary's steps.
        let old = load::repeats(&args.baseline, &ReadOptions { loads: Vec::new(), ..options })?;
        let old = analyze(&old, &slo, &args.judging.options());
        report = report.against(&old, args.bounds.unwrap_or_default());
    }
    report.required = args.judging.min;
    outputs.deliver(|format, options| canary_report::squeeze(&report, format, options))?;
    Ok(answer::exit(&report))
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
