//! A picture as SVG.

use std::collections::BTreeMap;
use std::fmt::Write;

use askama::Template;
use canary_core::report::{Evidence, MetricResult, State};

use super::look::Rgb;
use super::scene::{Anchor, Ink, Placed, Point, Scene, Shape, cell_shapes};
use crate::words::{bound_text, in_prose, ratio_text, reason_label, state_word};

/// What the titles of cells may take in bytes; those that do not fit are left out, kind by kind.
const TITLE_BYTES: usize = 64 * 1024;

/// The scene as an `svg` element, for a file of its own or within HTML: no ids, no scripts, no styles.
#[derive(Template)]
#[template(path = "grid.svg")]
struct Svg<'a> {
    width: u32,
    height: u32,
    page: bool,
    title: &'a str,
    description: &'a str,
    paths: Vec<Path>,
    titled: Vec<Titled>,
    labels: Vec<Text<'a>>,
}

struct Path {
    colour: String,
    data: String,
}

/// A cell that a pointer can ask.
struct Titled {
    title: String,
    paths: Vec<Path>,
}

struct Text<'a> {
    x: String,
    y: String,
    size: f32,
    bold: bool,
    middle: bool,
    /// `None` takes the colour of the text around, which `muted` makes weaker.
    colour: Option<String>,
    muted: bool,
    text: &'a str,
}

const STRONG: &str = "#1f2328";
const MUTED: &str = "#57606a";

/// The scene as SVG. Cost: O(cells).
pub(super) fn svg(scene: &Scene<'_>) -> Result<String, askama::Error> {
    let titles = titles(&scene.cells);
    let mut layers: BTreeMap<(usize, Rgb), String> = BTreeMap::new();
    let mut titled = Vec::new();
    for (cell, title) in scene.cells.iter().zip(titles) {
        let shapes = cell_shapes(cell.look, cell.square);
        match title {
            Some(title) => titled.push(Titled { title, paths: shapes.iter().map(path).collect() }),
            None => {
                for (layer, shape) in shapes.iter().enumerate() {
                    append(layers.entry((layer, shape.colour)).or_default(), &shape.rings);
                }
            }
        }
    }
    let cells = layers.into_iter().map(|((_, colour), data)| Path { colour: hex(colour), data });
    let paths = cells.chain(scene.shapes.iter().map(path)).collect();
    let labels = scene.labels.iter().map(|label| {
        let colour = match label.ink {
            Ink::Fixed(colour) => Some(hex(colour)),
            Ink::Strong => scene.page.then(|| STRONG.to_owned()),
            Ink::Muted => scene.page.then(|| MUTED.to_owned()),
        };
        Text {
            x: coordinate(label.x),
            y: coordinate(label.y),
            size: label.size,
            bold: label.bold,
            middle: label.anchor == Anchor::Middle,
            muted: label.ink == Ink::Muted && colour.is_none(),
            colour,
            text: &label.text,
        }
    });
    let (title, description) = (scene.title.as_str(), scene.description.as_str());
    let (width, height, page) = (scene.width, scene.height, scene.page);
    Svg { width, height, page, title, description, paths, titled, labels: labels.collect() }.render()
}

/// A title a cell, for all cells of a kind or none of it: what matters most first, while they fit.
fn titles(cells: &[Placed<'_>]) -> Vec<Option<String>> {
    let mut titles: Vec<Option<String>> = cells.iter().map(|_| None).collect();
    let mut left = TITLE_BYTES;
    for kind in 0..=LAST_KIND {
        let of_kind = || cells.iter().enumerate().filter(|(_, cell)| title_kind(cell.metric) == kind);
        let made: Vec<(usize, String)> = of_kind().map(|(index, cell)| (index, title(cell.metric))).collect();
        let bytes: usize = made.iter().map(|(_, title)| title.len()).sum();
        if bytes > left {
            break;
        }
        left -= bytes;
        for (index, title) in made {
            if let Some(place) = titles.get_mut(index) {
                *place = Some(title);
            }
        }
    }
    titles
}

const LAST_KIND: u8 = 3;

fn title_kind(metric: &MetricResult) -> u8 {
    match (metric.state, metric.evidence) {
        (State::Hot | State::Cold, _) => 0,
        (State::NoData, _) => 1,
        (State::Ok, Evidence::Undecided) => 2,
        (State::Ok, Evidence::Certified) => LAST_KIND,
    }
}

/// `checkout/p99 in eu-west-1: HOT 1.520 > 1.1`.
fn title(metric: &MetricResult) -> String {
    let place = metric.region.as_deref().map(|region| format!(" in {}", in_prose(region))).unwrap_or_default();
    let found = match metric.state {
        State::NoData => reason_label(&metric.reason),
        _ => format!("{} {}", ratio_text(metric), bound_text(metric)),
    };
    format!("{}{place}: {} {found}", in_prose(&metric.name), state_word(metric.state))
}

fn path(shape: &Shape) -> Path {
    let mut data = String::new();
    append(&mut data, &shape.rings);
    Path { colour: hex(shape.colour), data }
}

/// Rings as path data: the first point of each as it is, then steps, which are shorter.
fn append(data: &mut String, rings: &[Vec<Point>]) {
    for ring in rings {
        let mut last: Option<Point> = None;
        for &(x, y) in ring {
            // Writing to a String cannot fail.
            let _ = match last {
                None => write!(data, "M{} {}", coordinate(x), coordinate(y)),
                Some((from_x, from_y)) => {
                    let (dx, dy) = (coordinate(x - from_x), coordinate(y - from_y));
                    match (dx.as_str(), dy.as_str()) {
                        (dx, "0") => write!(data, "h{dx}"),
                        ("0", dy) => write!(data, "v{dy}"),
                        (dx, dy) => write!(data, "l{dx} {dy}"),
                    }
                }
            };
            last = Some((x, y));
        }
        data.push('z');
    }
}

/// A tenth of a pixel is more than an eye can tell.
fn coordinate(value: f32) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
