//! What was compared: how many metrics, where, when, which builds.

use canary_core::report::{Inputs, Report, SideInput};

use super::{counted, in_prose};

/// How many metrics, where, and their states: `3000 metrics in 2 regions: 130 hot, ...`.
#[must_use]
pub fn counts_text(report: &Report) -> String {
    let counts = report.counts;
    let metrics = counted(counts.total(), "metric");
    let place = match report.regions.as_slice() {
        [only] => only.name.as_deref().map(|name| format!(" in region {}", in_prose(name))).unwrap_or_default(),
        several => format!(" in {} regions", several.len()),
    };
    let states = [(counts.hot, "hot"), (counts.cold, "cold"), (counts.nodata, "nodata"), (counts.ok, "ok")];
    let states: Vec<String> =
        states.iter().filter(|(count, _)| *count > 0).map(|(count, state)| format!("{count} {state}")).collect();
    if states.is_empty() { metrics } else { format!("{metrics}{place}: {}", states.join(", ")) }
}

/// When, and how finely: `480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC`. Empty where nothing was compared.
#[must_use]
pub fn window_text(inputs: &Inputs) -> String {
    let ticks = (inputs.ticks > 0).then(|| {
        let step = inputs.step_seconds.map(|step| format!(" of {}", step_text(step))).unwrap_or_default();
        format!("{}{step}", counted(inputs.ticks, "tick"))
    });
    let window = inputs.start.as_deref().zip(inputs.end.as_deref()).map(|(start, end)| span_text(start, end));
    [ticks, window].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// Which builds, or which files where the caller names no builds. Empty where neither is known.
#[must_use]
pub fn builds_text(report: &Report) -> String {
    let side = |build: Option<&str>, input: &SideInput| match (build, input.sources.as_slice()) {
        (Some(build), _) => Some(in_prose(build)),
        (None, [only]) => Some(in_prose(only)),
        (None, [first, rest @ ..]) => Some(format!("{} and {} more", in_prose(first), rest.len())),
        (None, []) => None,
    };
    let baseline = side(report.builds.baseline.as_deref(), &report.inputs.baseline);
    let canary = side(report.builds.canary.as_deref(), &report.inputs.canary);
    let named = [("baseline", baseline), ("canary", canary)];
    let named: Vec<String> =
        named.into_iter().filter_map(|(side, name)| name.map(|name| format!("{side} {name}"))).collect();
    named.join(", ")
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;

/// A step in the largest unit that it is a whole number of.
pub(crate) fn step_text(seconds: f64) -> String {
    let whole_number_of = |unit: f64| seconds > 0.0 && seconds % unit == 0.0;
    if whole_number_of(HOUR) {
        format!("{}h", seconds / HOUR)
    } else if whole_number_of(MINUTE) {
        format!("{}m", seconds / MINUTE)
    } else {
        format!("{seconds}s")
    }
}

/// A span between two RFC 3339 times, the second without a day that it shares with the first.
pub(crate) fn span_text(start: &str, end: &str) -> String {
    match (parts(start), parts(end)) {
        (Some((day, from)), Some((same, to))) if day == same => format!("{day} {from} to {to} UTC"),
        (Some((first, from)), Some((last, to))) => format!("{first} {from} to {last} {to} UTC"),
        _ => format!("{} to {}", in_prose(start), in_prose(end)),
    }
}

/// A moment as a person writes it: `2026-08-22 11:04 UTC`.
pub(super) fn moment_text(timestamp: &str) -> String {
    parts(timestamp).map_or_else(|| in_prose(timestamp), |(day, time)| format!("{day} {time} UTC"))
}

/// Day and time of a UTC timestamp, without seconds that are zero. `None` for any other form.
fn parts(timestamp: &str) -> Option<(&str, &str)> {
    let (day, time) = timestamp.strip_suffix('Z')?.split_once('T')?;
    let is_safe = |text: &str| text.chars().all(|character| character.is_ascii_digit() || ":.-".contains(character));
    (is_safe(day) && is_safe(time)).then(|| (day, time.strip_suffix(":00").unwrap_or(time)))
}
