//! A picture as PNG.

use std::collections::{HashMap, HashSet};

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use tiny_skia::{Color, FillRule, Paint, PathBuilder, Pixmap, PremultipliedColorU8, Transform};

use super::font::Font;
use super::look::{Rgb, WHITE};
use super::scene::{Anchor, Ink, Label, Scene, Shape, cell_shapes};
use crate::RenderError;

/// Pixels of the PNG a pixel of the picture: sharp on the screens of today.
const SCALE: u8 = 2;
/// A channel has as many levels on smoothed edges as a hexadecimal digit: no eye sees the difference, and the colours of
/// a picture can be numbered with a byte.
const EDGE_STEP: u8 = 17;
const STRONG: Rgb = [0x1f, 0x23, 0x28];
const MUTED: Rgb = [0x57, 0x60, 0x6a];

/// The scene in pixels. Cost: O(pixels), some 100 ms for the largest.
pub(super) fn png(scene: &Scene<'_>) -> Result<Vec<u8>, RenderError> {
    let scale = u32::from(SCALE);
    let (width, height) = (scene.width * scale, scene.height * scale);
    let pixmap = Pixmap::new(width, height).ok_or(RenderError::PictureSize { width, height })?;
    let colours = HashSet::from([WHITE]);
    let mut canvas = Canvas { pixmap, colours, regular: Font::regular(), bold: Font::bold() };
    // The picture stands on white in a dark chat as well.
    canvas.pixmap.fill(Color::WHITE);
    for cell in &scene.cells {
        canvas.shapes(&cell_shapes(cell.look, cell.square));
    }
    canvas.shapes(&scene.shapes);
    for label in &scene.labels {
        canvas.label(label);
    }
    encode(&canvas)
}

struct Canvas {
    pixmap: Pixmap,
    /// Those that something was filled with; all others are of smoothed edges.
    colours: HashSet<Rgb>,
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

    fn fill(&mut self, path: PathBuilder, colour: Rgb, rule: FillRule) {
        let [red, green, blue] = colour;
        self.colours.insert(colour);
        // A path without extent has nothing to fill.
        if let Some(path) = path.finish() {
            let mut paint = Paint::default();
            paint.set_color_rgba8(red, green, blue, u8::MAX);
            let scale = f32::from(SCALE);
            self.pixmap.fill_path(&path, &paint, rule, Transform::from_scale(scale, scale), None);
        }
    }

    /// The colour of a pixel; everything is opaque, so the premultiplied colour is the colour.
    fn colour(&self, pixel: PremultipliedColorU8) -> Rgb {
        let colour = [pixel.red(), pixel.green(), pixel.blue()];
        let is_edge = !self.colours.contains(&colour);
        if is_edge { colour.map(|channel| channel / EDGE_STEP * EDGE_STEP) } else { colour }
    }
}

/// No alpha, since the ground is white everywhere. A picture has few colours: a byte a pixel takes half the space of
/// three, and where there are more than 256 of them, each pixel has its own.
fn encode(canvas: &Canvas) -> Result<Vec<u8>, RenderError> {
    let failed = |error: png::EncodingError| RenderError::Picture(error.into());
    let pixmap = &canvas.pixmap;
    let pixels: Vec<Rgb> = pixmap.pixels().iter().map(|&pixel| canvas.colour(pixel)).collect();
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
