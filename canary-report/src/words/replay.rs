//! What looks at a run say that one report does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use canary_core::replay::{LookResult, Replay};

use super::{capitalised, counted, listed, number, percent, why_text};

/// Names listed in one change; the rest are counted.
const NAMES_A_CHANGE: usize = 2;

/// What is new at a look: metrics that were not flagged before, and those that no longer are. Empty where
/// nothing is.
#[must_use]
pub fn change_text(before: Option<&LookResult>, now: &LookResult) -> String {
    let nothing: &[Arc<str>] = &[];
    let was = before.map_or((nothing, nothing), |before| (before.hot.as_slice(), before.cold.as_slice()));
    let new = |now: &[Arc<str>], was: &[Arc<str>]| -> Vec<Arc<str>> {
        let was: BTreeSet<&Arc<str>> = was.iter().collect();
        now.iter().filter(|name| !was.contains(name)).cloned().collect()
    };
    let flagged = |look: &LookResult| [look.hot.clone(), look.cold.clone()].concat();
    let gone = before.map(|before| new(&flagged(before), &flagged(now))).unwrap_or_default();
    let parts = [("hot", new(&now.hot, was.0)), ("cold", new(&now.cold, was.1)), ("no longer", gone)];
    let parts = parts.iter().filter(|(_, names)| !names.is_empty());
    parts.map(|(what, names)| format!("{what}: {}", listed(names, NAMES_A_CHANGE))).collect::<Vec<_>>().join("; ")
}

/// Where a running canary would have been stopped, and what its looks shared.
#[must_use]
pub fn stop_text(replay: &Replay) -> String {
    let planned = counted(replay.budget.looks, "look");
    let budget = format!("{} of false alarm over all of them", percent(replay.budget.false_alarm));
    match &replay.stopped {
        Some(stopped) => {
            let minutes = minutes_text(stopped.minutes);
            let why = why_text(&replay.report);
            format!("Stopped after {minutes}, look {} of {planned} ({budget}). {why}", replay.looks.len())
        }
        None => {
            let minutes = replay.looks.last().map_or(0.0, |look| look.minutes);
            capitalised(&format!("not stopped in {}: {planned} ({budget}).", minutes_text(minutes)))
        }
    }
}

fn minutes_text(minutes: f64) -> String {
    let plural = if minutes == 1.0 { "" } else { "s" };
    format!("{} minute{plural}", number(minutes))
}
