//! The history as a picture: a dot a build with its interval, a line a level, changes upright.

use plotters::prelude::*;

use super::Trended;
use super::points::{Point, Points};
use crate::chart::axis_text;
use crate::chart::svg::{
    Area, Drawn, FITTED, LIMIT, PIXEL, Picture, STEP, SWEET, chart, picture, plain_mesh, text_style,
};
use crate::words::{printable, shorten, signed_percent};

/// Width and height.
const SIZE: (u32, u32) = (960, 400);
/// Names below the axis, and their columns.
const NAMES: usize = 8;
const NAME: usize = 14;

/// The picture; empty where nothing can be drawn.
pub(super) fn history(trended: Trended<'_>) -> Picture {
    Points::of(trended).map_or_else(|| Ok(String::new()), |points| picture(SIZE, |area| draw(area, trended, &points)))
}

fn draw(area: &Area<'_>, trended: Trended<'_>, points: &Points) -> Drawn {
    let (bottom, top) = points.range;
    let last = points.last;
    let mut chart = chart(area).build_cartesian_2d(-0.02 * last..1.02 * last, bottom..top)?;
    let style = text_style();
    plain_mesh(chart.configure_mesh())
        .x_labels(NAMES)
        .x_desc("build")
        .y_desc(printable(trended.number))
        .x_label_formatter(&|place| name(trended, *place))
        .y_label_formatter(&|value| axis_text(*value))
        .draw()?;
    for change in &trended.report.changes {
        let color = if change.regression { LIMIT } else { SWEET };
        // Between the builds on both sides: a line through the first one would hide it.
        let at = change.index as f64 - 0.5;
        let [from, to] = change.range.map(|place| place as f64);
        chart.draw_series([Rectangle::new([(from - 0.5, bottom), (to - 0.5, top)], color.mix(0.12).filled())])?;
        chart.draw_series(LineSeries::new([(at, bottom), (at, top)], color.stroke_width(2 * PIXEL)))?;
        let place = (at + 0.006 * last, bottom + 0.07 * (top - bottom));
        chart.draw_series([Text::new(signed_percent(change.change), place, style.clone().color(&color))])?;
    }
    for &(from, to, median) in &points.levels {
        chart
            .draw_series(LineSeries::new([(from - 0.4, median), (to + 0.4, median)], FITTED.stroke_width(2 * PIXEL)))?;
    }
    let whisker = |point: &Point| {
        let (lower, upper) = point.interval?;
        Some(PathElement::new(
            [(point.place, lower.max(bottom)), (point.place, upper.min(top))],
            STEP.mix(0.35).stroke_width(PIXEL),
        ))
    };
    chart.draw_series(points.builds.iter().filter_map(whisker))?;
    let measured = points.builds.iter().filter(|point| !point.is_bound);
    chart.draw_series(measured.map(|point| Circle::new((point.place, point.value), 3 * PIXEL, STEP.filled())))?;
    let bounds = points.builds.iter().filter(|point| point.is_bound);
    chart.draw_series(bounds.map(|point| TriangleMarker::new((point.place, point.value), 5 * PIXEL, STEP.filled())))?;
    if let Some(suspect) = &trended.report.suspect {
        let place = (suspect.index as f64, suspect.value);
        chart.draw_series([Circle::new(place, 7 * PIXEL, LIMIT.stroke_width(2 * PIXEL))])?;
    }
    Ok(())
}

/// The build at a place of the axis; none between two builds.
fn name(trended: Trended<'_>, place: f64) -> String {
    if place < 0.0 || (place - place.round()).abs() > 1e-9 {
        return String::new();
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the history")]
    let build = trended.builds.get(place.round() as usize);
    build.map_or_else(String::new, |build| shorten(&printable(&build.build), NAME))
}
