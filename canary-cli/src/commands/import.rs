//! `canary import`: another tool's configuration as ours.

use anyhow::{Context, bail};
use canary_core::config::{Comments, Format};
use canary_core::kayenta::{self, Import, ImportNote};
use canary_core::{Config, Judge};

use crate::args::{ImportArgs, ImportFrom, KayentaArgs};
use crate::exit::Exit;
use crate::output::{self, Pending};

/// Metrics named in one note; the rest are counted.
const MAX_NAMES: usize = 3;

/// Runs the command.
pub(crate) fn run(args: &ImportArgs) -> anyhow::Result<Exit> {
    match &args.from {
        ImportFrom::Kayenta(args) => from_kayenta(args),
    }
}

fn from_kayenta(args: &KayentaArgs) -> anyhow::Result<Exit> {
    let place = args.config.display();
    let pending = args.output.as_deref().map(Pending::new).transpose()?;
    let text = std::fs::read_to_string(&args.config).with_context(|| format!("cannot read {place}"))?;
    let theirs = kayenta::Config::from_json(&text).with_context(|| place.to_string())?;
    let import = theirs.import();
    let notes: Vec<String> = import.notes.iter().map(note_text).collect();
    let file = args.config.file_name().unwrap_or_default().to_string_lossy();
    let toml = written(&import, head(&file, &theirs, &notes))?;
    for note in &notes {
        output::warn(note);
    }
    write(pending, &toml)?;
    Ok(Exit::Pass)
}

/// The comments at the top: where it is from, and what is not in it.
fn head(file: &str, theirs: &kayenta::Config, notes: &[String]) -> Vec<String> {
    let name = if theirs.name.is_empty() { String::new() } else { format!(", \"{}\"", theirs.name) };
    let metrics = theirs.metrics.len();
    let mut head = vec![
        format!("Made by `canary import kayenta` from {file}{name}: {metrics} metrics."),
        "It is for our own judge. Bounds that Kayenta leaves at \"no change at all\" are our defaults here.".to_owned(),
    ];
    if !notes.is_empty() {
        head.extend([String::new(), "Not carried over as it was:".to_owned()]);
        head.extend(notes.iter().map(|note| format!("- {note}")));
    }
    head
}

fn note_text(note: &ImportNote) -> String {
    let named: Vec<&str> = note.metrics.iter().take(MAX_NAMES).map(String::as_str).collect();
    let more = note.metrics.len().saturating_sub(MAX_NAMES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let about = if named.is_empty() { String::new() } else { format!(" ({}{more})", named.join(", ")) };
    format!("{}: {}{about}", note.key, note.message)
}

/// The configuration as TOML, read again: what is handed out is what was meant.
fn written(import: &Import, head: Vec<String>) -> anyhow::Result<String> {
    let toml = import.config.to_toml(&Comments { head, rules: Vec::new() })?;
    let again = Config::from_text(&toml, Format::Toml).context("the configuration as written")?;
    if again != import.config {
        bail!("the configuration as written differs from the one meant; this is a mistake of canary");
    }
    Judge::new(again).context("the configuration as written")?;
    Ok(toml)
}

/// Into the file that was asked for, or else to standard output.
pub(crate) fn write(pending: Option<Pending>, text: &str) -> anyhow::Result<()> {
    match pending {
        Some(mut pending) => {
            pending.write(text)?;
            pending.finish()
        }
        None => output::print(text),
    }
}
