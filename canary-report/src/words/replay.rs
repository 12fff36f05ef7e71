//! What looks at a run say that one report does not.

use std::collections::BTreeSet;
use std::sync::Arc;

use canary_core::replay::{LookResult, Replay};

use super::{counted, number, percent, printable, shorten};

/// What each kind of change takes beside its name: `+12 cold: `, `, …` and what parts it from the next.
const BESIDE_NAME: usize = 15;
/// A name is told apart in so many columns, and more are of no use.
const NAME: std::ops::RangeInclusive<usize> = 8..=40;

/// What is new at a look in about `columns` columns, each kind with its first name where there is room for
/// it: `+3 hot: cpu, …; -1: disk`. Empty where nothing is new.
#[must_use]
pub fn change_text(before: Option<&LookResult>, now: &LookResult, columns: usize) -> String {
    let nothing: &[Arc<str>] = &[];
    let was = before.map_or((nothing, nothing), |before| (before.hot.as_slice(), before.cold.as_slice()));
    let flagged = |look: &LookResult| [look.hot.clone(), look.cold.clone()].concat();
    let gone = before.map(|before| without(&flagged(before), &flagged(now))).unwrap_or_default();
    let parts = [("+", " hot", without(&now.hot, was.0)), ("+", " cold", without(&now.cold, was.1)), ("-", "", gone)];
    let kinds = parts.iter().filter(|(_, _, names)| !names.is_empty()).count();
    let room = (columns / kinds.max(1)).saturating_sub(BESIDE_NAME);
    let text = |(sign, what, names): &(&str, &str, Vec<Arc<str>>)| {
        let first = names.first()?;
        let count = format!("{sign}{}{what}", names.len());
        if room < *NAME.start() && kinds > 1 {
            return Some(count);
        }
        let first = shorten(&printable(first), room.clamp(*NAME.start(), *NAME.end()));
        let more = if names.len() > 1 { ", …" } else { "" };
        Some(format!("{count}: {first}{more}"))
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
    // A rule that knows no chance of a false alarm shares none out.
    let shares = replay.report.metrics.iter().any(|metric| metric.p_value.is_some());
    let budget = percent(replay.budget.false_alarm);
    let budget = if shares { format!(" (chance of a false alarm over all looks: {budget})") } else { String::new() };
    if let Some(stopped) = &replay.stopped {
        let minutes = minutes_text(stopped.minutes);
        return format!("Stopped after {minutes}, at look {} of {planned}{budget}.", replay.looks.len());
    }
    let minutes = minutes_text(replay.looks.last().map_or(0.0, |look| look.minutes));
    format!("Not stopped in {minutes}: {}{budget}.", counted(planned, "look"))
}

fn minutes_text(minutes: f64) -> String {
    let plural = if (minutes - 1.0).abs() < f64::EPSILON { "" } else { "s" };
    format!("{} minute{plural}", number(minutes))
}

#[cfg(test)]
mod tests {
    use canary_core::report::Verdict;

    use super::*;

    fn look(hot: &[&str], cold: &[&str]) -> LookResult {
        let names = |names: &[&str]| names.iter().map(|&name| name.into()).collect();
        let (verdict, score) = (Verdict::Marginal, Some(80.0));
        LookResult { at: None, minutes: 30.0, verdict, score, hot: names(hot), cold: names(cold) }
    }

    #[test]
    fn a_change_names_what_is_new_and_what_is_gone() {
        let (first, second) = (look(&["cpu", "heap"], &[]), look(&["heap"], &["disk"]));
        assert_eq!(change_text(None, &first, 60), "+2 hot: cpu, …");
        assert_eq!(change_text(Some(&first), &second, 60), "+1 cold: disk; -1: cpu");
        assert_eq!(change_text(Some(&first), &second, 20), "+1 cold; -1", "no room for names");
        assert_eq!(change_text(Some(&second), &second, 60), "");
        // Hot that was cold is new, and nothing is gone.
        assert_eq!(change_text(Some(&second), &look(&["heap", "disk"], &[]), 60), "+1 hot: disk");
    }

    #[test]
    fn hostile_names_are_printable() {
        assert_eq!(change_text(None, &look(&["a\u{1b}[31m\n"], &[]), 60), r"+1 hot: a\u{1b}[31m\u{a}");
    }
}
