//! `canary`: decide from two files whether a new build is safe to roll out.
#![forbid(unsafe_code)]

mod args;
mod commands;
mod destinations;
mod drive;
mod exit;
mod input;
mod load;
mod output;
mod panics;
mod past;
mod progress;
mod reproduce;
mod stored;
mod terminal;
mod throughput;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use args::{Cli, Command};
use exit::Exit;

/// Reading a file frees and takes tens of megabytes at a time; this allocator keeps them instead of giving
/// them back to the system page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    panics::install();
    // clap prints usage errors itself and exits with 2, as for any run that has no verdict.
    let program = Cli::command();
    let matches = program.clone().get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match run(cli.command, reproduce::command(&program, &matches)) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::complain(&error);
            Exit::NoVerdict.into()
        }
    }
}

fn run(command: Command, reproduced: Option<String>) -> anyhow::Result<Exit> {
    match command {
        Command::Score(args) => commands::score::run(&args, reproduced),
        Command::Replay(args) => commands::replay::run(&args, reproduced),
        Command::Report(args) => commands::report::run(&args),
        Command::Squeeze(args) => commands::squeeze::run(&args),
        Command::Scale(args) => commands::scale::run(&args),
        Command::Trend(args) => commands::trend::run(&args),
        Command::Explain(args) => commands::explain::run(&args),
        Command::Check(args) => commands::check::run(&args),
        Command::Calibrate(args) => commands::calibrate::run(&args),
        Command::Backtest(args) => commands::backtest::run(&args),
        Command::Import(args) => commands::import::run(&args),
        Command::Schema(args) => commands::schema::run(&args),
        Command::Completions(args) => commands::completions::run(&args),
        Command::Man => commands::man::run(),
    }
}
