//! `canary report`: a stored report in another form.

use crate::args::ReportArgs;
use crate::destinations::{Destinations, Style};
use crate::exit::Exit;
use crate::stored;

/// Runs the command.
pub(crate) fn run(args: &ReportArgs) -> anyhow::Result<Exit> {
    // Whoever asks for a file has it; the table is for whoever asks for nothing.
    let printed = args.format.or(args.output.is_empty().then_some(canary_report::Format::Table));
    let destinations = Destinations::prepare(&args.output, printed)?;
    let report = stored::report(&args.report)?;
    destinations.deliver(report, Style { only: &args.only, color: args.color, with_series: true })?;
    // The verdict was given by the run that left the report; this one has shown it.
    Ok(Exit::Pass)
}
