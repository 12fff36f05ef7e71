//! `canary schema`: the JSON schemas, from the types themselves.

use crate::args::SchemaArgs;
use crate::exit::Exit;
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let (_, schema) = args.of;
    output::print(&(serde_json::to_string_pretty(&schema())? + "\n"))?;
    Ok(Exit::Pass)
}
