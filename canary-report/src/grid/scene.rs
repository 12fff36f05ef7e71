//! A picture before it is written: shapes and lines of text on a page, the same for SVG and PNG.

use canary_core::report::MetricResult;

use super::look::{Look, Mark, Rgb, WHITE};

/// A point, x and y in pixels from the upper left corner.
pub(super) type Point = (f32, f32);

/// A filled shape: rings of points, even-odd, so that a ring within a ring is a hole.
pub(super) struct Shape {
    pub(super) colour: Rgb,
    pub(super) rings: Vec<Vec<Point>>,
}

/// What a line of text is drawn in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    Strong,
    Muted,
    Fixed(Rgb),
}

/// Where a line of text has its x.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
}

/// A line of text.
pub(super) struct Label {
    pub(super) x: f32,
    /// The line that letters stand on.
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
    pub(super) anchor: Anchor,
    pub(super) ink: Ink,
    pub(super) text: String,
}

/// A square.
#[derive(Clone, Copy)]
pub(super) struct Square {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) side: f32,
}

/// A cell of the grid in its place.
pub(super) struct Placed<'a> {
    pub(super) look: Look,
    pub(super) square: Square,
    pub(super) metric: &'a MetricResult,
}

/// A picture.
pub(super) struct Scene<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether it stands on a page of its own; otherwise it takes the ink of what it stands in.
    pub(super) page: bool,
    /// What the titles of cells may take in bytes.
    pub(super) title_bytes: usize,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) cells: Vec<Placed<'a>>,
    pub(super) shapes: Vec<Shape>,
    pub(super) labels: Vec<Label>,
}

/// The frame of a critical cell.
const FRAME: Rgb = [0x14, 0x18, 0x1d];
/// The side of the smallest cell that has room for a frame of two lines.
const LEAST_DOUBLE: f32 = 10.0;

/// What a cell consists of, from the back to the front.
pub(super) fn cell_shapes(look: Look, square: Square) -> Vec<Shape> {
    let Square { x, y, side } = square;
    // Lines are in whole pixels: they stay sharp. The two of a frame take what the one of an outline takes.
    let outline = (side / 8.0).round().clamp(1.0, 4.0);
    let line = (side / 16.0).round().clamp(1.0, 2.0);
    let fill = |colour, inset: f32| {
        let side = side - 2.0 * inset;
        Shape { colour, rings: vec![rectangle(x + inset, y + inset, side, side)] }
    };
    let mut shapes = match (look.framed, look.outlined) {
        // On a dark ground it is the white line within that is seen; in a tiny cell there is no room for it.
        (true, _) if side >= LEAST_DOUBLE => vec![fill(FRAME, 0.0), fill(WHITE, line), fill(look.fill, 2.0 * line)],
        (true, _) => vec![fill(FRAME, 0.0), fill(look.fill, line)],
        (false, true) => vec![fill(look.ink, 0.0), fill(look.fill, outline)],
        (false, false) => vec![fill(look.fill, 0.0)],
    };
    shapes.push(Shape { colour: look.ink, rings: mark_rings(look.mark, square) });
    shapes
}

fn mark_rings(mark: Mark, square: Square) -> Vec<Vec<Point>> {
    match mark {
        Mark::Up => vec![within(square, &[(0.5, 0.2), (0.84, 0.78), (0.16, 0.78)])],
        Mark::Down => vec![within(square, &[(0.5, 0.8), (0.16, 0.22), (0.84, 0.22)])],
        Mark::Cross => vec![cross(square)],
        Mark::Dot => vec![centred(square, dot_side(square.side))],
        Mark::Hollow => {
            let outer = dot_side(square.side) + 2.0;
            vec![centred(square, outer), centred(square, outer - 2.0)]
        }
    }
}

/// A cross of two bars over half of the cell, with ends in whole pixels: it stays sharp, and short as a path.
fn cross(square: Square) -> Vec<Point> {
    let Square { x, y, side } = square;
    let (near, bar) = ((side / 4.0).floor(), (side / 10.0).round().max(1.0));
    let (middle, far) = (side / 2.0, side - near);
    let corners = [
        (near, near + bar),
        (near + bar, near),
        (middle, middle - bar),
        (far - bar, near),
        (far, near + bar),
        (middle + bar, middle),
        (far, far - bar),
        (far - bar, far),
        (middle, middle + bar),
        (near + bar, far),
        (near, far - bar),
        (middle - bar, middle),
    ];
    corners.into_iter().map(|(dx, dy)| (x + dx, y + dy)).collect()
}

/// A fifth of a cell, in whole pixels.
fn dot_side(side: f32) -> f32 {
    (side / 5.0).round().max(1.0)
}

fn centred(square: Square, side: f32) -> Vec<Point> {
    let margin = (square.side - side) / 2.0;
    rectangle(square.x + margin, square.y + margin, side, side)
}

pub(super) fn rectangle(x: f32, y: f32, width: f32, height: f32) -> Vec<Point> {
    vec![(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
}

/// Points given in shares of a square.
pub(super) fn within(square: Square, points: &[Point]) -> Vec<Point> {
    points.iter().map(|(x, y)| (square.x + x * square.side, square.y + y * square.side)).collect()
}
