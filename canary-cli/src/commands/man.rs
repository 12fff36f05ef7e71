//! `canary man`: the manual, each command's page after the other.

use clap::CommandFactory;

use crate::args::Cli;
use crate::exit::Exit;
use crate::output;

/// Runs the command.
pub(crate) fn run() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        clap_mangen::Man::new(subcommand.clone()).render(&mut page)?;
    }
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Pass)
}
