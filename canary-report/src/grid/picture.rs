//! The picture of a report: a head, the grid, and what its marks mean.

use canary_core::Report;
use canary_core::report::MetricResult;

use super::badge::{badge, verdict_colour};
use super::font::Font;
use super::look::{Look, Mark, look};
use super::plan::Plan;
use super::scene::{Anchor, Ink, Label, Placed, Scene, Shape, Square, cell_shapes};
use super::{Cell, cells};
use crate::words::{
    advice, builds_text, capitalised, counted, counts_text, score_text, tally_text, verdict_word, why_text, window_text,
};

/// What a picture is made for.
#[derive(Clone, Copy)]
pub(crate) struct Frame {
    /// The width in pixels.
    pub(crate) width: u32,
    /// The height that the grid has room in before its cells are at their smallest.
    pub(crate) grid_height: u32,
    /// Free space on every side.
    pub(crate) margin: u32,
    /// Whether the verdict stands in the picture, which is then a page of its own.
    pub(crate) head: bool,
    /// What the titles of cells may take in bytes; those that do not fit are left out, kind by kind.
    pub(crate) title_bytes: usize,
    /// Whether the picture has a ground of its own; otherwise it takes the ink of what it stands in.
    pub(crate) page: bool,
}

impl Frame {
    /// A message in a chat, a dashboard: the picture stands alone.
    pub(crate) const ALONE: Self =
        Self { width: 1000, grid_height: 560, margin: 24, head: true, title_bytes: 128 * 1024, page: true };
    /// Within a mail, which is 640 pixels wide; as PNG, which has no titles.
    pub(crate) const MAIL: Self =
        Self { width: 592, grid_height: 420, margin: 0, head: false, title_bytes: 0, page: true };
    /// Within a notebook, on whatever ground it has. Its file keeps the picture, and a front end that strips SVG from
    /// what it does not trust leaves the text of the titles: few of them.
    pub(crate) const NOTEBOOK: Self =
        Self { width: 920, grid_height: 440, margin: 0, head: false, title_bytes: 16 * 1024, page: false };
}

/// What the text of a head is set in; the rest is smaller by the same steps.
const TITLE: f32 = 36.0;
const TEXT: f32 = 18.0;
const SMALL: f32 = 15.0;
/// Viewers of an SVG may set text in a font that is wider than ours by so much.
const WIDER: f32 = 1.12;
/// The most lines that the sentence of why takes.
const WHY_LINES: usize = 3;

/// The picture of a report.
pub(super) fn picture(report: &Report, frame: Frame) -> Scene<'_> {
    let cells = cells(report);
    let mut page = Page::new(frame);
    if frame.head {
        page.head(report);
    }
    let plan = Plan::new(cells.len(), frame.width - 2 * frame.margin, frame.grid_height);
    let (shown, cut) = cells.split_at(plan.shown.min(cells.len()));
    let worst: Vec<&MetricResult> = shown.iter().filter_map(Cell::worst).collect();
    let placed = page.grid(&worst, plan);
    page.legend(&worst);
    page.caption(report, cells.len(), cut);
    page.finish(report, placed)
}

/// A picture that grows downwards.
struct Page {
    frame: Frame,
    regular: Font,
    bold: Font,
    /// Where the next thing begins.
    y: f32,
    shapes: Vec<Shape>,
    labels: Vec<Label>,
}

impl Page {
    fn new(frame: Frame) -> Self {
        let y = pixels(frame.margin);
        Self { frame, regular: Font::regular(), bold: Font::bold(), y, shapes: Vec::new(), labels: Vec::new() }
    }

    fn left(&self) -> f32 {
        pixels(self.frame.margin)
    }

    /// What a line of text may take.
    fn room(&self) -> f32 {
        pixels(self.frame.width - 2 * self.frame.margin)
    }

    /// The verdict with its shape, the score, why, and what was compared.
    fn head(&mut self, report: &Report) {
        let verdict = report.verdict;
        let side = 60.0;
        let (shapes, sign) = badge(verdict, Square { x: self.left(), y: self.y, side });
        self.shapes.extend(shapes);
        self.labels.extend(sign);
        let x = self.left() + side + 16.0;
        let word = verdict_word(verdict);
        let ink = Ink::Fixed(verdict_colour(verdict));
        self.put(x, self.y + 31.0, TITLE, true, ink, word.to_owned());
        let advice_x = x + self.bold.width(word, TITLE) * WIDER + 12.0;
        self.put(advice_x, self.y + 31.0, 22.0, false, Ink::Strong, advice(verdict).to_owned());
        self.put(x, self.y + 58.0, TEXT, true, Ink::Strong, capitalised(&score_text(report)));
        self.y += side + 16.0;
        self.paragraph(&why_text(report), TEXT, WHY_LINES, Ink::Strong);
        self.y += 4.0;
        let compared = [builds_text(report), window_text(&report.inputs)];
        let compared: Vec<String> = compared.into_iter().filter(|text| !text.is_empty()).collect();
        self.paragraph(&counts_text(report), SMALL, 1, Ink::Strong);
        self.paragraph(&compared.join(", "), SMALL, 2, Ink::Muted);
        self.y += 10.0;
    }

    /// The cells in their places.
    fn grid<'a>(&mut self, worst: &[&'a MetricResult], plan: Plan) -> Vec<Placed<'a>> {
        let (left, top) = (self.left(), self.y);
        let place = |(index, metric): (usize, &&'a MetricResult)| {
            let step = |count: usize| count as f32 * pixels(plan.pitch);
            let (column, row) = (index % plan.columns.max(1), index / plan.columns.max(1));
            let square = Square { x: left + step(column), y: top + step(row), side: pixels(plan.side) };
            Placed { look: look(metric), square, metric }
        };
        self.y += pixels(plan.height()) + 16.0;
        worst.iter().enumerate().map(place).collect()
    }

    /// What the marks mean, for those that occur.
    fn legend(&mut self, worst: &[&MetricResult]) {
        let (side, line) = (16.0, 24.0);
        let mut x = self.left();
        for (sample, text) in legend(worst) {
            let width = side + 6.0 + self.regular.width(text, SMALL) * WIDER;
            if x > self.left() && x + width > self.left() + self.room() {
                (x, self.y) = (self.left(), self.y + line);
            }
            self.shapes.extend(cell_shapes(sample, Square { x, y: self.y, side }));
            self.put(x + side + 6.0, self.y + 13.0, SMALL, false, Ink::Strong, text.to_owned());
            x += width + 14.0;
        }
        self.y += if worst.is_empty() { 0.0 } else { line + 2.0 };
    }

    /// What a cell is, and which metrics have none.
    fn caption(&mut self, report: &Report, cells: usize, cut: &[Cell<'_>]) {
        let each = if report.regions.len() > 1 { ", each in its worst region" } else { "" };
        let what = counted(cells as u64, "metric");
        let text = format!("{what}{each}; what matters most upper left; the stronger a red or blue, the further off.");
        self.paragraph(&text, SMALL, 2, Ink::Muted);
        if !cut.is_empty() {
            let tally = tally_text(cut.iter().filter_map(Cell::worst));
            let text = format!("Not drawn: the {} that matter least: {tally}.", counted(cut.len() as u64, "metric"));
            self.paragraph(&text, SMALL, 2, Ink::Strong);
        }
    }

    /// The words in at most `limit` lines.
    fn paragraph(&mut self, text: &str, size: f32, limit: usize, ink: Ink) {
        let room = self.room() / WIDER;
        for line in lines(&self.regular, text, size, room, limit) {
            self.put(self.left(), self.y + size, size, false, ink, line);
            self.y += (size * 1.4).round();
        }
    }

    fn put(&mut self, x: f32, y: f32, size: f32, bold: bool, ink: Ink, text: String) {
        self.labels.push(Label { x, y, size, bold, anchor: Anchor::Start, ink, text });
    }

    fn finish<'a>(self, report: &Report, cells: Vec<Placed<'a>>) -> Scene<'a> {
        let height = whole(self.y) + self.frame.margin;
        let word = verdict_word(report.verdict);
        Scene {
            width: self.frame.width,
            height,
            page: self.frame.page,
            title_bytes: self.frame.title_bytes,
            title: format!("Canary {word}: {}, {}", advice(report.verdict), score_text(report)),
            description: format!("{}. {}", counts_text(report), why_text(report)),
            cells,
            shapes: self.shapes,
            labels: self.labels,
        }
    }
}

/// A sample of each kind of cell that occurs, with what it means; the strongest of its kind.
fn legend(worst: &[&MetricResult]) -> Vec<(Look, &'static str)> {
    const MEANINGS: [(Mark, bool, &str); 7] = [
        (Mark::Up, false, "hot: too high"),
        (Mark::Down, false, "cold: too low"),
        (Mark::Up, true, "higher, not held against it"),
        (Mark::Down, true, "lower, not held against it"),
        (Mark::Cross, false, "nodata"),
        (Mark::Hollow, false, "ok, but undecided"),
        (Mark::Dot, false, "ok"),
    ];
    let looks: Vec<Look> = worst.iter().map(|metric| look(metric)).collect();
    let plain = looks.iter().map(|look| Look { framed: false, ..*look });
    let sample = |mark, outlined| {
        let alike = plain.clone().filter(|look| look.mark == mark && look.outlined == outlined);
        alike.min_by_key(|look| look.fill.map(u32::from).iter().sum::<u32>())
    };
    let mut samples: Vec<(Look, &str)> = MEANINGS
        .into_iter()
        .filter_map(|(mark, outlined, text)| sample(mark, outlined).map(|look| (look, text)))
        .collect();
    let framed = looks.iter().find(|look| look.framed);
    samples.extend(framed.map(|look| (*look, "framed: critical")));
    samples
}

/// The words in lines no wider than `room`, `limit` of them; an ellipsis says that more was said.
fn lines(font: &Font, text: &str, size: f32, room: f32, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let full = lines.len() == limit;
        match lines.last_mut() {
            Some(last) if font.width(&format!("{last} {word}"), size) <= room => {
                last.push(' ');
                last.push_str(word);
            }
            Some(last) if full => {
                last.push_str(" …");
                break;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.into_iter().map(|line| fitted(font, line, size, room)).collect()
}

/// The text, cut where a single word is wider than the line.
fn fitted(font: &Font, text: String, size: f32, room: f32) -> String {
    if font.width(&text, size) <= room {
        return text;
    }
    let mut out = String::new();
    let mut used = font.width("…", size);
    for character in text.chars() {
        used += font.width(character.encode_utf8(&mut [0; 4]), size);
        if used > room {
            break;
        }
        out.push(character);
    }
    out.push('…');
    out
}

/// Pixels as a coordinate; far below where a float could not hold them.
fn pixels(count: u32) -> f32 {
    count as f32
}

/// The whole pixels that a height takes.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of a float saturates")]
fn whole(height: f32) -> u32 {
    height.ceil() as u32
}
