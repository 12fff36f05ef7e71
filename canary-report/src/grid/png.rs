//! A picture as PNG.

use std::collections::HashMap;

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Transform};

use super::font::Font;
use super::look::Rgb;
use super::scene::{Anchor, Ink, Label, Scene, Shape, cell_shapes};
use crate::RenderError;

/// Pixels of the PNG a pixel of the picture: sharp on the screens of today.
const SCALE: u8 = 2;
const STRONG: Rgb = [0x1f, 0x23, 0x28];
const MUTED: Rgb = [0x57, 0x60, 0x6a];

/// The scene in pixels. Cost: O(pixels), some 100 ms for the largest.
pub(super) fn png(scene: &Scene<'_>) -> Result<Vec<u8>, RenderError> {
    let scale = u32::from(SCALE);
    let (width, height) = (scene.width * scale, scene.height * scale);
    let pixmap = Pixmap::new(width, height).ok_or(RenderError::PictureSize { width, height })?;
    let mut canvas = Canvas { pixmap, regular: Font::regular(), bold: Font::bold() };
    // The picture stands on white in a dark chat as well.
    canvas.pixmap.fill(Color::WHITE);
    for cell in &scene.cells {
        canvas.shapes(&cell_shapes(cell.look, cell.square));
    }
    canvas.shapes(&scene.shapes);
    for label in &scene.labels {
        canvas.label(label);
    }
    encode(&canvas.pixmap)
}

struct Canvas {
    pixmap: Pixmap,
    regular: Font,
    bold: Font,
}

impl Canvas {
    fn shapes(&mut self, shapes: &[Shape]) {
        for shape in shapes {
            let mut path = PathBuilder::new();
            for ring in &shape.rings {
                for (index, &(x, y)) in ring.iter().enumerate() {
                    if index == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
                }
                path.close();
            }
            self.fill(path, shape.colour, FillRule::EvenOdd);
        }
    }

    fn label(&mut self, label: &Label) {
        let font = if label.bold { &self.bold } else { &self.regular };
        let x = match label.anchor {
            Anchor::Start => label.x,
            Anchor::Middle => label.x - font.width(&label.text, label.size) / 2.0,
        };
        let mut path = PathBuilder::new();
        font.outline(&label.text, (x, label.y), label.size, &mut path);
        let colour = match label.ink {
            Ink::Strong => STRONG,
            Ink::Muted => MUTED,
            Ink::Fixed(colour) => colour,
        };
        self.fill(path, colour, FillRule::Winding);
    }

    fn fill(&mut self, path: PathBuilder, [red, green, blue]: Rgb, rule: FillRule) {
        // A path without extent has nothing to fill.
        if let Some(path) = path.finish() {
            let mut paint = Paint::default();
            paint.set_color_rgba8(red, green, blue, u8::MAX);
            let scale = f32::from(SCALE);
            self.pixmap.fill_path(&path, &paint, rule, Transform::from_scale(scale, scale), None);
        }
    }
}

/// No alpha, since the ground is white everywhere. A picture has few colours: a byte a pixel takes half the space of
/// three, and where there are more than 256 of them, each pixel has its own.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, RenderError> {
    let failed = |error: png::EncodingError| RenderError::Picture(error.into());
    let pixels: Vec<Rgb> = pixmap.pixels().iter().map(|&pixel| rgb(pixel)).collect();
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, pixmap.width(), pixmap.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    // Numbers of colours have no differences that a filter could make use of.
    encoder.set_filter(Filter::NoFilter);
    let data = if let Some(Indexed { palette, indices }) = indexed(&pixels) {
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(palette);
        indices
    } else {
        encoder.set_color(ColorType::Rgb);
        pixels.into_flattened()
    };
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(&data).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// A picture whose pixels are numbers of colours.
struct Indexed {
    /// Red, green and blue of each colour.
    palette: Vec<u8>,
    indices: Vec<u8>,
}

/// The picture with numbered colours, in the order in which they occur; `None` where a byte cannot number them.
fn indexed(pixels: &[Rgb]) -> Option<Indexed> {
    let mut numbers: HashMap<Rgb, u8> = HashMap::new();
    let mut palette = Vec::new();
    let mut last: Option<(Rgb, u8)> = None;
    let mut indices = Vec::with_capacity(pixels.len());
    for &colour in pixels {
        let number = match last {
            Some((same, number)) if same == colour => number,
            _ => {
                let next = u8::try_from(numbers.len());
                let number = numbers.get(&colour).copied().or(next.ok())?;
                if numbers.insert(colour, number).is_none() {
                    palette.extend(colour);
                }
                number
            }
        };
        last = Some((colour, number));
        indices.push(number);
    }
    Some(Indexed { palette, indices })
}

/// Everything is opaque, so the premultiplied colour is the colour.
fn rgb(pixel: PremultipliedColorU8) -> Rgb {
    [pixel.red(), pixel.green(), pixel.blue()]
}
