//! The curve and the share of bad requests as pictures.

use std::ops::Range;

use canary_core::squeeze::{LoadLoop, SqueezeReport};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::curve::Curve;
use super::plot::sweet_spot;
use crate::chart::axis_text;
use crate::chart::svg::{
    Area, Drawn, FITTED, GRID, LIMIT, PIXEL, Picture, STEP, SWEET, chart, picture, plain_mesh, text_style,
};
use crate::words::{percent, rate};

/// Width and height.
const SIZE: (u32, u32) = (960, 440);
const BAD_SIZE: (u32, u32) = (960, 240);

/// The smallest share that is drawn.
const LEAST_SHARE: f64 = 1e-4;

/// Good replies by load, with the fitted curve, capacity and sweet spot; empty where nothing can be drawn.
pub(super) fn goodput(report: &SqueezeReport) -> Picture {
    Curve::of(report)
        .map_or_else(|| Ok(String::new()), |curve| picture(SIZE, |area| draw_goodput(area, report, &curve)))
}

/// The share of bad requests by load, with the objectives; empty without any.
pub(super) fn bad(report: &SqueezeReport) -> Picture {
    let curve = Curve::of(report).filter(|curve| !curve.bad.is_empty());
    curve.map_or_else(|| Ok(String::new()), |curve| picture(BAD_SIZE, |area| draw_bad(area, report, &curve)))
}

fn draw_goodput(area: &Area<'_>, report: &SqueezeReport, curve: &Curve) -> Drawn {
    let (end, top) = curve.ends;
    let open = report.load_loop != Some(LoadLoop::Closed);
    let mut chart = chart(area).build_cartesian_2d(0.0..end, 0.0..top)?;
    let style = text_style();
    plain_mesh(chart.configure_mesh())
        .x_desc(if open { "offered per second" } else { "clients" })
        .y_desc("good per second")
        .x_label_formatter(&|value| axis_text(*value))
        .y_label_formatter(&|value| axis_text(*value))
        .draw()?;
    if let Some(capacity) = report.capacity {
        let (lower, upper) = (capacity.lower.unwrap_or(0.0), capacity.upper.unwrap_or(top).min(top));
        if capacity.lower.is_some() && upper > lower {
            chart.draw_series([Rectangle::new([(0.0, lower), (end, upper)], FITTED.mix(0.12).filled())])?;
        }
    }
    if open {
        // What every request answered would be.
        chart.draw_series(LineSeries::new([(0.0, 0.0), (end.min(top), end.min(top))], GRID.stroke_width(2 * PIXEL)))?;
        let sweet = report.sweet_spot.and_then(|sweet| Some((sweet.lower?, sweet.upper?)));
        if let Some((lower, upper)) = sweet {
            chart.draw_series([Rectangle::new([(lower, 0.0), (upper.min(end), top)], SWEET.mix(0.14).filled())])?;
        }
        if let Some(sweet) = sweet_spot(report).filter(|sweet| *sweet < end) {
            chart.draw_series(LineSeries::new([(sweet, 0.0), (sweet, top)], SWEET.stroke_width(2 * PIXEL)))?;
            // On the side of the line where the objectives' own label is not.
            let (side, aside) = if sweet > 0.25 * end { (HPos::Right, -0.006) } else { (HPos::Left, 0.006) };
            let label = style.clone().color(&SWEET).pos(Pos::new(side, VPos::Center));
            let place = (sweet + aside * end, top * 0.05);
            chart.draw_series([Text::new(format!("sweet spot {}", rate(sweet)), place, label)])?;
        }
        if let Some(crossing) = report.slo_crossing.and_then(|crossing| crossing.estimate).filter(|rate| *rate < end) {
            let dashes = DashedLineSeries::new(
                [(crossing, 0.0), (crossing, top)],
                6 * PIXEL,
                5 * PIXEL,
                LIMIT.stroke_width(2 * PIXEL),
            );
            chart.draw_series(dashes)?;
            let label = Text::new("objectives break", (crossing + 0.006 * end, top * 0.12), style.color(&LIMIT));
            chart.draw_series([label])?;
        }
    }
    chart.draw_series(LineSeries::new(curve.fitted.iter().copied(), FITTED.stroke_width(2 * PIXEL)))?;
    chart.draw_series(curve.used.iter().map(|&point| Circle::new(point, 4 * PIXEL, STEP.filled())))?;
    chart
        .draw_series(curve.left_out.iter().map(|&point| Cross::new(point, 4 * PIXEL, LIMIT.stroke_width(2 * PIXEL))))?;
    Ok(())
}

fn draw_bad(area: &Area<'_>, report: &SqueezeReport, curve: &Curve) -> Drawn {
    let end = curve.ends.0;
    let shares: Range<f64> = LEAST_SHARE..1.5;
    let mut chart = chart(area).build_cartesian_2d(0.0..end, shares.log_scale())?;
    let style = text_style();
    plain_mesh(chart.configure_mesh())
        .x_desc(if report.load_loop == Some(LoadLoop::Closed) { "clients" } else { "offered per second" })
        .y_desc("share of bad")
        .x_label_formatter(&|value| axis_text(*value))
        .y_label_formatter(&|value| percent(*value))
        .draw()?;
    for objective in &report.slo.objectives {
        let line = [(0.0, objective.share), (end, objective.share)];
        chart.draw_series(DashedLineSeries::new(line, 6 * PIXEL, 5 * PIXEL, LIMIT.stroke_width(2 * PIXEL)))?;
        let place = (end * 0.005, objective.share * 1.9);
        let text = crate::words::objective_text(objective);
        chart.draw_series([Text::new(text, place, style.clone().color(&LIMIT))])?;
    }
    let mut points: Vec<(f64, f64)> = curve.bad.iter().map(|&(load, share)| (load, share.max(LEAST_SHARE))).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    chart.draw_series(LineSeries::new(points.iter().copied(), STEP.stroke_width(PIXEL)))?;
    chart.draw_series(points.iter().map(|&point| Circle::new(point, 4 * PIXEL, STEP.filled())))?;
    Ok(())
}
