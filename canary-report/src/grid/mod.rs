//! The metrics grid: every metric a cell, what matters upper left.
//!
//! What a cell is, where it stands and how it looks is decided here, once, for the page, the pictures and the mail. A
//! place depends on what the author of the config said of a metric and on its name, never on the result: in the next
//! report of the same canary the same metric stands in the same place.

mod badge;
mod cell;
mod font;
mod look;
mod picture;
mod plan;
mod png;
mod scene;
mod shade;
mod svg;

use canary_core::Report;

pub use cell::{Cell, cells};
pub use look::{Look, Mark, Rgb, look};
pub use shade::{MAX_SHADE, shade};

pub(crate) use badge::verdict_colour;
pub(crate) use picture::Frame;

use crate::RenderError;

/// The grid as an SVG picture, 1000 pixels wide, for dashboards and pages: the verdict with its shape, score, why, what
/// was compared, a cell a metric, and what the marks mean.
///
/// Beyond some 42,000 metrics the least important ones are left out, and the picture says how many, by state. What a
/// pointer rests on says its name, ratio and bound, for as many metrics as 128 KiB hold. No scripts, no ids, nothing
/// loaded. Cost: O(metrics · log metrics); 1,500 metrics take a few milliseconds and 160 KB.
pub fn grid_svg(report: &Report) -> Result<String, RenderError> {
    svg_in(report, Frame::ALONE)
}

/// The same picture as PNG, 2000 pixels wide, for chat messages: on a ground of its own, in a font of its own.
///
/// A character that the font lacks (it has Latin-1) is an empty box. Same report, same bytes on one architecture. Cost:
/// O(pixels), about 0.1 s and 75 KB for 1,500 metrics.
pub fn grid_png(report: &Report) -> Result<Vec<u8>, RenderError> {
    png_in(report, Frame::ALONE)
}

pub(crate) fn svg_in(report: &Report, frame: Frame) -> Result<String, RenderError> {
    svg::svg(&picture::picture(report, frame)).map_err(|error| RenderError::Html(error.into()))
}

pub(crate) fn png_in(report: &Report, frame: Frame) -> Result<Vec<u8>, RenderError> {
    png::png(&picture::picture(report, frame))
}
