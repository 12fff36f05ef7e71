//! The curve in a terminal, in dots of braille.

use super::curve::Curve;
use crate::chart::axis_text;
use crate::chart::braille::{Canvas, DOTS_ACROSS, DOTS_UP};
use crate::words::rate;
use canary_core::squeeze::SqueezeReport;

/// Lines of the plot.
const LINES: usize = 14;
/// Columns beside the plot: a rate and its tick.
const MARGIN: usize = 10;
const WIDEST: usize = 100;
const NARROWEST: usize = 30;

/// The plot's lines; none where there is nothing to draw.
pub(super) fn plot(report: &SqueezeReport, width: usize) -> Vec<String> {
    let Some(curve) = Curve::of(report) else { return Vec::new() };
    let columns = width.saturating_sub(MARGIN).clamp(NARROWEST, WIDEST);
    let (end, top) = curve.ends;
    let sweet = sweet_spot(report).filter(|sweet| *sweet < end);
    let limit = sweet.map(|sweet| dashed(sweet, top)).unwrap_or_default();
    let canvas = Canvas { columns, lines: LINES, across: (0.0, end), up: (0.0, top) };
    let drawing = canvas.drawn(&[&curve.fitted], &[&crosses(&curve, columns), &limit]);
    let mut lines = labelled(&drawing, top);
    lines.push(format!("{:>7} └{}", "0", "─".repeat(columns)));
    lines.push(x_axis(columns, end, sweet));
    lines
}

/// The place of the sweet spot on the axis of rates; a bound where that is all that is known.
pub(super) fn sweet_spot(report: &SqueezeReport) -> Option<f64> {
    let open = report.load_loop != Some(canary_core::squeeze::LoadLoop::Closed);
    report.sweet_spot.filter(|_| open).and_then(|sweet| sweet.estimate.or(sweet.lower).or(sweet.upper))
}

/// Each step as a small cross, so that it stands out from the curve.
fn crosses(curve: &Curve, columns: usize) -> Vec<(f64, f64)> {
    let across = curve.ends.0 / (columns * DOTS_ACROSS) as f64;
    let up = curve.ends.1 / (LINES * DOTS_UP) as f64;
    let offsets = [(0.0, 0.0), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)];
    let cross = |&(load, rate): &(f64, f64)| offsets.map(|(x, y)| (load + x * across, (rate + y * up).max(0.0)));
    curve.used.iter().chain(&curve.left_out).flat_map(cross).collect()
}

/// A vertical line with gaps.
fn dashed(at: f64, top: f64) -> Vec<(f64, f64)> {
    let dots = LINES * DOTS_UP;
    (0..dots).filter(|dot| dot % DOTS_UP < DOTS_UP / 2).map(|dot| (at, top * dot as f64 / dots as f64)).collect()
}

/// The drawing with rates on its left.
fn labelled(drawing: &[String], top: f64) -> Vec<String> {
    let label = |(index, line): (usize, &String)| {
        let value = top * (1.0 - index as f64 / LINES as f64);
        let mark = if index % 3 == 0 { format!("{:>7} ┤", axis_text(value)) } else { format!("{:>7} │", "") };
        format!("{mark}{line}").trim_end().to_owned()
    };
    drawing.iter().enumerate().map(label).collect()
}

/// The loads below the axis: its ends, and the sweet spot where it stands apart from them.
fn x_axis(columns: usize, end: f64, sweet: Option<f64>) -> String {
    let mut line: Vec<char> = " ".repeat(MARGIN - 1 + columns).chars().collect();
    let mut write = |text: &str, center: usize, force: bool| {
        let start = (MARGIN - 1 + center).saturating_sub(text.len() / 2).min(line.len().saturating_sub(text.len()));
        let free = line.iter().skip(start.saturating_sub(1)).take(text.len() + 2).all(|place| *place == ' ');
        if free || force {
            line.iter_mut().skip(start).zip(text.chars()).for_each(|(place, character)| *place = character);
        }
    };
    if let Some(sweet) = sweet {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of the columns")]
        let column = (sweet / end * columns as f64) as usize;
        write(&format!("▲ {}", rate(sweet)), column, true);
    }
    write("0", 0, false);
    write(&axis_text(end), columns, false);
    line.into_iter().collect::<String>().trim_end().to_owned()
}
