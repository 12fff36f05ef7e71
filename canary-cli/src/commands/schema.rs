//! `canary schema`: the JSON schemas, from the types themselves.

use crate::args::{SchemaArgs, SchemaOf};
use crate::exit::Exit;
use crate::output;

/// Runs the command.
pub(crate) fn run(args: &SchemaArgs) -> anyhow::Result<Exit> {
    let schema = match args.of {
        SchemaOf::Config => canary_core::schema::config(),
        SchemaOf::Report => canary_core::schema::report(),
        SchemaOf::Replay => canary_core::schema::replay(),
        SchemaOf::Squeeze => canary_core::schema::squeeze(),
        SchemaOf::Scale => canary_core::schema::scaling_plan(),
        SchemaOf::Trend => canary_core::schema::trend(),
    };
    output::print(&(serde_json::to_string_pretty(&schema)? + "\n"))?;
    Ok(Exit::Pass)
}
