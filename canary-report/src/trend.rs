//! A number over builds, for a person at a terminal.

use std::fmt::Write;

use canary_core::trend::{BuildResult, Moved, TrendReport, Value};
use textplots::{Chart, Plot, Shape};

use crate::words::{number, percent, printable};

/// Lines and least columns of the plot; a character has two dots across and four up.
const LINES: usize = 10;
const LEAST_COLUMNS: usize = 30;
const MOST_COLUMNS: usize = 100;
/// Room above and below the values, as a share of their range.
const ROOM: f64 = 0.1;

/// The plot, the changes, and the newest build where it is suspect.
#[must_use]
pub fn trend(report: &TrendReport, builds: &[BuildResult], width: usize) -> String {
    let mut out = String::new();
    for line in plot(report, builds, width) {
        let _ = writeln!(out, "{line}");
    }
    if report.changes.is_empty() {
        let _ = writeln!(out, "no confirmed change in {} builds", report.builds);
    }
    for change in &report.changes {
        let word = if change.regression { "worse" } else { "better" };
        let moved = if change.direction == Moved::Down { "down" } else { "up" };
        let end = |end: Option<f64>| end.map_or_else(|| "?".to_owned(), percent);
        let _ = write!(
            out,
            "{word}: {moved} {} since build {} (interval {} to {}), from {} to {}",
            percent(change.change.abs()),
            printable(&change.build),
            end(change.interval.lower),
            end(change.interval.upper),
            number(change.before),
            number(change.after),
        );
        let [first, last] = change.range;
        let _ = write!(out, "; it began between places {first} and {last}, {} builds so far", change.builds_since);
        if let Some(instances) = change.instances {
            let _ = write!(out, "; {instances:+} instances at the peak");
        }
        out.push('\n');
    }
    if let Some(suspect) = &report.suspect {
        let _ = writeln!(
            out,
            "suspect: build {} at {} where {} is expected: run its test again",
            printable(&suspect.build),
            number(suspect.value),
            number(suspect.expected)
        );
    }
    out
}

/// The values and the levels; none where there are fewer than two values.
fn plot(report: &TrendReport, builds: &[BuildResult], width: usize) -> Vec<String> {
    let value = |build: &BuildResult| match build.value {
        Value::Measured { value, .. } | Value::AtLeast(value) | Value::AtMost(value) => Some(value),
        Value::Missing => None,
    };
    let points: Vec<(f64, f64)> =
        builds.iter().enumerate().filter_map(|(at, build)| Some((at as f64, value(build)?))).collect();
    let low = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let spread = high > low;
    if points.len() < 2 || !spread {
        return Vec::new();
    }
    let (bottom, top) = (low - ROOM * (high - low), high + ROOM * (high - low));
    let columns = width.saturating_sub(12).clamp(LEAST_COLUMNS, MOST_COLUMNS);
    let single = |(x, y): (f64, f64)| {
        #[allow(clippy::cast_possible_truncation, reason = "a place on a screen")]
        let place = (x as f32, y as f32);
        place
    };
    let dots: Vec<(f32, f32)> = points.iter().copied().map(single).collect();
    let level =
        |level: &canary_core::trend::Level| [(level.from as f64, level.median), (level.to as f64, level.median)];
    let levels: Vec<(f32, f32)> = report.levels.iter().flat_map(level).map(single).collect();
    let end = single(((builds.len() - 1) as f64, 0.0)).0;
    let size = |count: usize, dots: usize| u32::try_from(count * dots).unwrap_or(u32::MAX);
    let range = single((bottom, top));
    let mut chart = Chart::new_with_y_range(size(columns, 2), size(LINES, 4), 0.0, end, range.0, range.1);
    let (dots, levels) = (Shape::Points(&dots), Shape::Lines(&levels));
    let chart = chart.lineplot(&dots).lineplot(&levels);
    chart.figures();
    let frame = chart.frame();
    let labelled = |(index, line): (usize, &str)| {
        let at = top - (top - bottom) * index as f64 / LINES as f64;
        let label = if index % 3 == 0 { number(at) } else { String::new() };
        let drawn: String = line.chars().take(columns).collect();
        format!("{label:>9} │{}", drawn.trim_end())
    };
    frame.lines().take(LINES).enumerate().map(labelled).collect()
}
