//! A picture as SVG.

use std::collections::BTreeMap;

use askama::Template;
use canary_core::report::{Evidence, MetricResult, State};

use super::look::Rgb;
use super::scene::{Anchor, Ink, Placed, Point, Scene, Shape, Square, cell_shapes, rectangle};
use crate::words::{bound_text, in_prose, ratio_text, reason_label, state_word};

/// What a title takes besides its text.
const TITLE_MARKUP: usize = 56;

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
    labels: Vec<Line<'a>>,
}

struct Path {
    colour: String,
    data: String,
}

/// What a pointer that rests on a cell is told.
struct Titled {
    data: String,
    title: String,
}

/// A line of text.
struct Line<'a> {
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
    // Cells do not overlap: what they have in common is drawn at once, layer by layer.
    let mut layers: BTreeMap<(usize, Rgb), String> = BTreeMap::new();
    for cell in &scene.cells {
        for (layer, shape) in cell_shapes(cell.look, cell.square).iter().enumerate() {
            append(layers.entry((layer, shape.colour)).or_default(), &shape.rings);
        }
    }
    let titled = titled(&scene.cells, scene.title_bytes);
    let cells = layers.into_iter().map(|((_, colour), data)| Path { colour: hex(colour), data });
    let paths = cells.chain(scene.shapes.iter().map(path)).collect();
    let labels = scene.labels.iter().map(|label| {
        let colour = match label.ink {
            Ink::Fixed(colour) => Some(hex(colour)),
            Ink::Strong => scene.page.then(|| STRONG.to_owned()),
            Ink::Muted => scene.page.then(|| MUTED.to_owned()),
        };
        Line {
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

/// Titles for all cells of a kind or for none of it: what matters most first, while they fit into `room` bytes.
fn titled(cells: &[Placed<'_>], room: usize) -> Vec<Titled> {
    let mut titles: Vec<Titled> = Vec::new();
    let mut left = room;
    for kind in 0..=LAST_KIND {
        let of_kind = cells.iter().filter(|cell| title_kind(cell.metric) == kind);
        let more: Vec<Titled> = of_kind.map(of_cell).collect();
        let bytes: usize = more.iter().map(|titled| titled.title.len() + TITLE_MARKUP).sum();
        if bytes > left {
            break;
        }
        left -= bytes;
        titles.extend(more);
    }
    titles
}

fn of_cell(cell: &Placed<'_>) -> Titled {
    let Square { x, y, side } = cell.square;
    let mut data = String::new();
    append(&mut data, &[rectangle(x, y, side, side)]);
    Titled { data, title: title(cell.metric) }
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

/// Rings as path data: the first point of each as it is, then steps, which are shorter. A letter stands for all the
/// steps of its kind that follow.
fn append(data: &mut String, rings: &[Vec<Point>]) {
    for ring in rings {
        let mut last: Option<Point> = None;
        let mut letter = 'z';
        for &(x, y) in ring {
            let (next, numbers) = match last {
                None => ('M', vec![coordinate(x), coordinate(y)]),
                Some((from_x, from_y)) => match (coordinate(x - from_x), coordinate(y - from_y)) {
                    (dx, dy) if dy == "0" => ('h', vec![dx]),
                    (dx, dy) if dx == "0" => ('v', vec![dy]),
                    (dx, dy) => ('l', vec![dx, dy]),
                },
            };
            let mut separated = next == letter;
            if next != letter {
                data.push(next);
                letter = next;
            }
            for number in numbers {
                if separated && !number.starts_with('-') {
                    data.push(' ');
                }
                data.push_str(&number);
                separated = true;
            }
            last = Some((x, y));
        }
        data.push('z');
    }
}

/// A tenth of a pixel is more than an eye can tell.
fn coordinate(value: f32) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    match digits.strip_prefix('0') {
        Some("") => "0".to_owned(),
        Some(fraction) => format!("{sign}{fraction}"),
        None => text.to_owned(),
    }
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_data_is_short_and_says_the_same() {
        let mut data = String::new();
        append(&mut data, &[rectangle(24.0, 60.5, 18.0, 18.0), vec![(0.0, 0.0), (1.5, -0.5), (2.0, 2.0), (0.0, 3.04)]]);
        assert_eq!(data, "M24 60.5h18v18h-18zM0 0l1.5-.5 .5 2.5-2 1z");
        assert_eq!([-0.04, 0.04, 10.0, -0.25].map(coordinate), ["0", "0", "10", "-.2"]);
    }
}
