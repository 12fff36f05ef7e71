//! The font of the pictures. It is part of the crate, so that no picture depends on what a machine has installed.

use tiny_skia::PathBuilder;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// Roboto, a subset of Latin-1; where it is from stands in `assets/roboto/README.md`.
const REGULAR: &[u8] = include_bytes!("../../assets/roboto/Roboto-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../assets/roboto/Roboto-Bold.ttf");

/// The width in ems of a character that the font lacks: a full-width box. In a picture as SVG the viewer's own
/// font shows the character itself.
const MISSING: f32 = 1.0;

/// One weight of the font.
pub(super) struct Font {
    /// `None` would mean that the crate's own file is broken; a test rules it out, and no text is drawn.
    face: Option<Face<'static>>,
}

impl Font {
    pub(super) fn regular() -> Self {
        Self { face: Face::parse(REGULAR, 0).ok() }
    }

    pub(super) fn bold() -> Self {
        Self { face: Face::parse(BOLD, 0).ok() }
    }

    /// The width of a text in pixels at `size` pixels an em.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.advance(character)).sum::<f32>() * size
    }

    /// The outlines of a text from `x` on, on a line at `y`. A character that the font lacks becomes an empty box.
    pub(super) fn outline(&self, text: &str, (x, y): (f32, f32), size: f32, path: &mut PathBuilder) {
        let mut pen = Pen { path, x, y, scale: size / self.units() };
        for character in text.chars() {
            match (&self.face, self.glyph(character)) {
                (Some(face), Some(glyph)) => {
                    face.outline_glyph(glyph, &mut pen);
                }
                _ => pen.empty_box(self.units()),
            }
            pen.x += self.advance(character) * size;
        }
    }

    /// What the pen moves on by, in ems.
    fn advance(&self, character: char) -> f32 {
        let advance = |glyph| self.face.as_ref().and_then(|face| face.glyph_hor_advance(glyph));
        self.glyph(character).and_then(advance).map_or(MISSING, |advance| f32::from(advance) / self.units())
    }

    fn glyph(&self, character: char) -> Option<GlyphId> {
        self.face.as_ref().and_then(|face| face.glyph_index(character))
    }

    fn units(&self) -> f32 {
        self.face.as_ref().map_or(1.0, |face| f32::from(face.units_per_em()))
    }
}

/// Draws glyphs, whose y grows upwards, into a picture, whose y grows downwards.
struct Pen<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }

    /// A box from the line up, a twentieth of an em strong; the inner side runs the other way round.
    fn empty_box(&mut self, units: f32) {
        let [near, far, top] = [0.1, 0.9, 0.7].map(|share| share * units);
        let line = 0.05 * units;
        self.polygon([(near, 0.0), (near, top), (far, top), (far, 0.0)]);
        let inner = [near + line, far - line, line, top - line];
        let [left, right, bottom, top] = inner;
        self.polygon([(left, bottom), (right, bottom), (right, top), (left, top)]);
    }

    fn polygon(&mut self, corners: [(f32, f32); 4]) {
        for (index, (x, y)) in corners.into_iter().enumerate() {
            if index == 0 { self.move_to(x, y) } else { self.line_to(x, y) }
        }
        self.close();
    }
}

impl OutlineBuilder for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_weights_can_be_read_and_hold_latin() {
        for font in [Font::regular(), Font::bold()] {
            assert!(font.face.is_some());
            let missing: String = (' '..='~').chain("éµß…–≥".chars()).filter(|&c| font.glyph(c).is_none()).collect();
            assert_eq!(missing, "");
            assert!((font.width("名", 20.0) - 20.0).abs() < f32::EPSILON, "a box of one em");
        }
        // A digit is 1151 of 2048 units wide, as fonttools reads the file's hmtx table; a float holds it to 1e-4.
        assert!((Font::regular().width("00", 2048.0) - 2302.0).abs() < 1e-2);
    }
}
