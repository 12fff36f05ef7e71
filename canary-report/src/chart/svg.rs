//! Pictures for a page. Colours are those of light paper; the page's style gives each another one where paper is
//! dark, by its value.

use std::error::Error;

use plotters::chart::MeshStyle;
use plotters::coord::Shift;
use plotters::coord::ranged1d::Ranged;
use plotters::prelude::*;

/// Units a pixel of the page at its full width. plotters places everything at whole units: with one a pixel, a
/// curve would be a staircase.
pub(crate) const PIXEL: u32 = 4;

const FONT: &str = "sans-serif";
const FONT_SIZE: u32 = 14 * PIXEL;
/// Room for the titles of the axes.
const LEFT: u32 = 64 * PIXEL;
const BELOW: u32 = 44 * PIXEL;
const MARGIN: u32 = 12 * PIXEL;
/// Tick marks.
const TICK: u32 = 5 * PIXEL;

const INK: RGBColor = RGBColor(0x24, 0x29, 0x2f);
pub(crate) const GRID: RGBColor = RGBColor(0xdd, 0xe1, 0xe6);
pub(crate) const STEP: RGBColor = RGBColor(0x0b, 0x57, 0xb8);
pub(crate) const FITTED: RGBColor = RGBColor(0x4a, 0x55, 0x61);
pub(crate) const SWEET: RGBColor = RGBColor(0x17, 0x70, 0x3a);
pub(crate) const LIMIT: RGBColor = RGBColor(0xb0, 0x1f, 0x12);
const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);

/// A picture's text.
pub(crate) type Picture = Result<String, Box<dyn Error + Send + Sync>>;
/// What drawing gives.
pub(crate) type Drawn = Result<(), Box<dyn Error + Send + Sync>>;
/// Where it is drawn.
pub(crate) type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Draws a picture of this width and height in pixels of the page at its full width, which it scales.
pub(crate) fn picture((width, height): (u32, u32), draw: impl FnOnce(&Area<'_>) -> Drawn) -> Picture {
    let size = (width * PIXEL, height * PIXEL);
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        draw(&area)?;
        area.present()?;
    }
    // The picture takes the width that the page has.
    Ok(text.replacen(&format!("width=\"{}\" height=\"{}\" ", size.0, size.1), "", 1))
}

/// How every text is written.
pub(crate) fn text_style() -> TextStyle<'static> {
    (FONT, FONT_SIZE).into_font().color(&INK)
}

/// A chart with room for its axes.
pub(crate) fn chart<'area, 'text>(area: &'area Area<'text>) -> ChartBuilder<'area, 'area, SVGBackend<'text>> {
    let mut chart = ChartBuilder::on(area);
    chart
        .margin(MARGIN)
        .set_label_area_size(LabelAreaPosition::Left, LEFT)
        .set_label_area_size(LabelAreaPosition::Bottom, BELOW);
    chart
}

/// The axes of every chart, and the lines behind it; what they say is the chart's own.
pub(crate) fn plain_mesh<'chart, 'mesh, X: Ranged, Y: Ranged, D: DrawingBackend>(
    mut mesh: MeshStyle<'chart, 'mesh, X, Y, D>,
) -> MeshStyle<'chart, 'mesh, X, Y, D> {
    mesh.light_line_style(PAPER.mix(0.0))
        .bold_line_style(GRID.stroke_width(PIXEL))
        .axis_style(FITTED.stroke_width(PIXEL))
        .set_all_tick_mark_size(TICK)
        .label_style(text_style())
        .axis_desc_style(text_style());
    mesh
}
