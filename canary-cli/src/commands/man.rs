//! `canary man`: the manual, each command's page after the other.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use crate::args::Cli;
use crate::exit::Exit;
use crate::output;

/// The codes in the words of the help, as a section that manuals have.
const EXIT_STATUS: &str = r#".SH "EXIT STATUS"
.TP
0
pass
.TP
1
fail
.TP
2
no verdict: usage, configuration, input or output
.TP
3
marginal or inconclusive (0 where \fB\-\-allow\fR names it)
"#;

/// Runs the command.
pub(crate) fn run() -> anyhow::Result<Exit> {
    let mut page = Vec::new();
    let mut command = Cli::command();
    command.build();
    render(&command, &mut page)?;
    for subcommand in command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help") {
        render(subcommand, &mut page)?;
    }
    output::print(&page)?;
    Ok(Exit::Pass)
}

fn render(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone()).manual("canary manual");
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    if command.has_subcommands() {
        man.render_subcommands_section(page)?;
    }
    if command.get_after_help().is_some() {
        page.write_all(EXIT_STATUS.as_bytes())?;
    }
    Ok(())
}
