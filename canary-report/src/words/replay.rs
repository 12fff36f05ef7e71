//! What looks at a run say that one report does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use canary_core::replay::{LookResult, Replay};

use super::{capitalised, counted, number, percent, printable, shorten};

/// What is new at a look, each kind with its first name in at most `columns` columns: `+3 hot: cpu, …; -1: disk`.
/// Empty where nothing is.
#[must_use]
pub fn change_text(before: Option<&LookResult>, now: &LookResult, columns: usize) -> String {
    let nothing: &[Arc<str>] = &[];
    let was = before.map_or((nothing, nothing), |before| (before.hot.as_slice(), before.cold.as_slice()));
    let flagged = |look: &LookResult| [look.hot.clone(), look.cold.clone()].concat();
    let gone = before.map(|before| without(&flagged(before), &flagged(now))).unwrap_or_default();
    let parts = [("+", " hot", without(&now.hot, was.0)), ("+", " cold", without(&now.cold, was.1)), ("-", "", gone)];
    let text = |(sign, what, names): &(&str, &str, Vec<Arc<str>>)| {
        let first = shorten(&printable(names.first()?), columns);
        let more = if names.len() > 1 { ", …" } else { "" };
        Some(format!("{sign}{}{what}: {first}{more}", names.len()))
    };
    parts.iter().filter_map(text).collect::<Vec<_>>().join("; ")
}

/// Those of `names` that are not among `others`.
fn without(names: &[Arc<str>], others: &[Arc<str>]) -> Vec<Arc<str>> {
    let others: BTreeSet<&Arc<str>> = others.iter().collect();
    names.iter().filter(|name| !others.contains(name)).cloned().collect()
}

/// Where a running canary would have been stopped, and what its looks shared.
#[must_use]
pub fn stop_text(replay: &Replay) -> String {
    let planned = replay.budget.looks;
    let budget = percent(replay.budget.false_alarm);
    match &replay.stopped {
        Some(stopped) => {
            let minutes = minutes_text(stopped.minutes);
            let looks = format!("look {} of {planned}", replay.looks.len());
            format!("Stopped after {minutes}, at {looks} (chance of a false alarm over all looks: {budget}).")
        }
        None => {
            let minutes = minutes_text(replay.looks.last().map_or(0.0, |look| look.minutes));
            let looks = counted(planned, "look");
            let text = format!("not stopped in {minutes}: {looks} (chance of a false alarm over all: {budget}).");
            capitalised(&text)
        }
    }
}

fn minutes_text(minutes: f64) -> String {
    let plural = if (minutes - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("{} minute{plural}", number(minutes))
}
