//! A line a confirmed change: the same cells in every format.

use canary_core::trend::Change;

use super::Trended;
use crate::words::{after_text, change_interval_text, number, percent, printable, signed_percent};

/// The titles of the cells. The first says better or worse.
pub(super) fn titles(trended: Trended<'_>) -> Vec<String> {
    let level =
        trended.report.changes.first().map_or_else(|| "95 %".to_owned(), |change| percent(change.interval.level));
    let mut titles: Vec<String> =
        ["", "since", "change", &format!("{level} interval"), "before", "after", "builds", "began at"]
            .map(str::to_owned)
            .to_vec();
    if has_instances(trended) {
        titles.push("instances".to_owned());
    }
    titles
}

/// The cells of a change.
pub(super) fn cells(trended: Trended<'_>, change: &Change) -> Vec<String> {
    let mut cells = vec![
        if change.regression { "worse" } else { "better" }.to_owned(),
        printable(&change.build),
        signed_percent(change.change),
        change_interval_text(change.interval),
        number(change.before),
        after_text(change),
        change.builds_since.to_string(),
        began(trended, change),
    ];
    if has_instances(trended) {
        cells.push(change.instances.map_or_else(|| "-".to_owned(), |count| format!("{count:+}")));
    }
    cells
}

fn has_instances(trended: Trended<'_>) -> bool {
    trended.report.changes.iter().any(|change| change.instances.is_some())
}

/// The builds that the change may have begun at.
fn began(trended: Trended<'_>, change: &Change) -> String {
    let [first, last] = change.range.map(|place| trended.builds.get(place).map(|build| printable(&build.build)));
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(first), _) => first,
        _ => String::new(),
    }
}
