//! The history in a terminal: a dot a build, a line a level.

use super::Trended;
use super::points::Points;
use crate::chart::axis_text;
use crate::chart::braille::{Canvas, DOTS_UP};
use crate::words::{printable, shorten};

/// Lines and least columns of the plot.
const LINES: usize = 10;
const LEAST_COLUMNS: usize = 30;
const MOST_COLUMNS: usize = 100;
/// Columns beside the plot: a value and its tick.
const MARGIN: usize = 10;
/// Columns of a build's name below the axis.
const NAME: usize = 24;

/// The plot's lines; none where there is nothing to draw.
pub(super) fn plot(trended: Trended<'_>, width: usize) -> Vec<String> {
    let Some(points) = Points::of(trended) else { return Vec::new() };
    let columns = width.saturating_sub(MARGIN).clamp(LEAST_COLUMNS, MOST_COLUMNS);
    let (bottom, top) = points.range;
    let canvas = Canvas { columns, lines: LINES, across: (0.0, points.last), up: points.range };
    let dots = crosses(&points, (top - bottom) / (LINES * DOTS_UP) as f64);
    let levels: Vec<[(f64, f64); 2]> =
        points.levels.iter().map(|&(from, to, median)| [(from, median), (to, median)]).collect();
    let levels: Vec<&[(f64, f64)]> = levels.iter().map(<[_; 2]>::as_slice).collect();
    let label = |(index, line): (usize, String)| {
        let value = top - (top - bottom) * index as f64 / LINES as f64;
        let mark = if index % 3 == 0 { format!("{:>7} ┤", axis_text(value)) } else { format!("{:>7} │", "") };
        format!("{mark}{line}").trim_end().to_owned()
    };
    let mut lines: Vec<String> = canvas.drawn(&levels, &[&dots]).into_iter().enumerate().map(label).collect();
    lines.push(format!("{:>7} └{}", axis_text(bottom), "─".repeat(columns)));
    lines.push(names(trended, columns));
    lines
}

/// Each build two dots high, so that it stands out from its level.
fn crosses(points: &Points, up: f64) -> Vec<(f64, f64)> {
    points.builds.iter().flat_map(|point| [(point.place, point.value), (point.place, point.value + up)]).collect()
}

/// The first and the last build's name below the axis.
fn names(trended: Trended<'_>, columns: usize) -> String {
    let name = |build: Option<&canary_core::trend::BuildResult>| {
        build.map_or_else(String::new, |build| shorten(&printable(&build.build), NAME.min(columns / 2 - 1)))
    };
    let (first, last) = (name(trended.builds.first()), name(trended.builds.last()));
    let room = columns.saturating_sub(crate::words::columns(&first) + crate::words::columns(&last));
    format!("{}{first}{}{last}", " ".repeat(MARGIN - 1), " ".repeat(room))
}
