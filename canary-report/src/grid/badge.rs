//! The verdict as a shape of its own, for those who see no colours.

use canary_core::report::Verdict;

use super::look::{Rgb, WHITE};
use super::scene::{Anchor, Ink, Label, Point, Shape, Square, within};

/// The colour of a verdict, dark enough for white text on it and for text in it on white (4.5 to 1, WCAG 1.4.3).
pub(crate) fn verdict_colour(verdict: Verdict) -> Rgb {
    match verdict {
        Verdict::Pass => [0x1a, 0x7f, 0x37],
        Verdict::Marginal => [0x9a, 0x5b, 0x00],
        Verdict::Fail => [0xb4, 0x1c, 0x1c],
        Verdict::Inconclusive => [0x5b, 0x4b, 0x9e],
    }
}

const OCTAGON: [Point; 8] =
    [(0.29, 0.0), (0.71, 0.0), (1.0, 0.29), (1.0, 0.71), (0.71, 1.0), (0.29, 1.0), (0.0, 0.71), (0.0, 0.29)];
const DIAMOND: [Point; 4] = [(0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5)];
const SQUARE: [Point; 4] = [(0.06, 0.06), (0.94, 0.06), (0.94, 0.94), (0.06, 0.94)];
const TICK: [Point; 6] = [(0.22, 0.53), (0.31, 0.43), (0.44, 0.56), (0.70, 0.28), (0.79, 0.37), (0.44, 0.74)];
const CROSS: [Point; 12] = [
    (0.28, 0.37),
    (0.37, 0.28),
    (0.5, 0.41),
    (0.63, 0.28),
    (0.72, 0.37),
    (0.59, 0.5),
    (0.72, 0.63),
    (0.63, 0.72),
    (0.5, 0.59),
    (0.37, 0.72),
    (0.28, 0.63),
    (0.41, 0.5),
];
/// Corners of what stands for a circle.
const CORNERS: u8 = 48;

/// A tick in a circle, a cross in an octagon, a tilde in a diamond, a question mark in a square.
pub(super) fn badge(verdict: Verdict, square: Square) -> (Vec<Shape>, Option<Label>) {
    let colour = verdict_colour(verdict);
    let shape = |colour, points: &[Point]| Shape { colour, rings: vec![within(square, points)] };
    let letter = |text: &str, size: f32, y: f32| Label {
        x: square.x + square.side / 2.0,
        y: square.y + y * square.side,
        size: size * square.side,
        bold: true,
        anchor: Anchor::Middle,
        ink: Ink::Fixed(WHITE),
        text: text.to_owned(),
    };
    match verdict {
        Verdict::Pass => (vec![shape(colour, &circle()), shape(WHITE, &TICK)], None),
        Verdict::Fail => (vec![shape(colour, &OCTAGON), shape(WHITE, &CROSS)], None),
        Verdict::Marginal => (vec![shape(colour, &DIAMOND)], Some(letter("~", 0.75, 0.76))),
        Verdict::Inconclusive => (vec![shape(colour, &SQUARE)], Some(letter("?", 0.72, 0.755))),
    }
}

fn circle() -> Vec<Point> {
    let corner = |index: u8| {
        let angle = f32::from(index) / f32::from(CORNERS) * std::f32::consts::TAU;
        (0.5 + 0.5 * angle.cos(), 0.5 + 0.5 * angle.sin())
    };
    (0..CORNERS).map(corner).collect()
}
