//! The grid as SVG and PNG.

use std::collections::BTreeMap;

use canary_core::report::{MetricResult, Reason, Report, Verdict};
use canary_report::grid::{cells, look};
use canary_report::{grid_png, grid_svg};
use proptest::prelude::*;
use roxmltree::Document;

use crate::sample;

/// A picture as rows of red, green and blue.
struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

impl Picture {
    fn of(report: &Report) -> Self {
        let bytes = grid_png(report).expect("a picture");
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().expect("a header");
        let mut rgb = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut rgb).expect("pixels");
        assert_eq!(info.color_type, png::ColorType::Rgb);
        Self { width: info.width as usize, height: info.height as usize, rgb }
    }

    fn at(&self, x: usize, y: usize) -> [u8; 3] {
        let index = (y * self.width + x) * 3;
        [self.rgb[index], self.rgb[index + 1], self.rgb[index + 2]]
    }
}

fn of(metrics: Vec<MetricResult>) -> Report {
    let regions = vec![sample::region(None, (Verdict::Fail, Some(50.0)), Vec::new(), &metrics)];
    sample::report(regions, metrics)
}

fn document(svg: &str) -> Document<'_> {
    let document = Document::parse(svg).expect("XML");
    assert_eq!(document.root_element().tag_name().namespace(), Some("http://www.w3.org/2000/svg"));
    document
}

fn texts(document: &Document<'_>, tag: &str) -> Vec<String> {
    let nodes = document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", tag)));
    nodes.map(|node| node.text().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_picture_says_the_verdict_and_names_what_moved() {
    let svg = grid_svg(&sample::fail()).expect("a picture");
    let document = document(&svg);
    let titles = texts(&document, "title");
    assert_eq!(
        titles.first().map(String::as_str),
        Some("Canary FAIL: do not roll out, score 33.3 (pass >= 95, marginal >= 75)")
    );
    assert!(titles.contains(&"http_errors_total in eu-west-1: HOT 1.500 > 1.25".to_owned()), "{titles:?}");
    assert!(titles.contains(&"disk_queue in eu-west-1: NODATA missing in canary".to_owned()), "{titles:?}");
    let lines = texts(&document, "text");
    for line in ["FAIL", "do not roll out", "10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok"] {
        assert!(lines.iter().any(|text| text == line), "{line}: {lines:?}");
    }
    for meaning in ["hot: too high", "cold: too low", "lower, not held against it", "nodata", "ok, but undecided", "ok"]
    {
        assert!(lines.iter().any(|text| text == meaning), "{meaning}: {lines:?}");
    }
    assert!(!lines.iter().any(|text| text == "higher, not held against it"), "there is none");
}

#[test]
fn a_picture_runs_nothing_and_loads_nothing() {
    for report in sample::all() {
        let svg = grid_svg(&report).expect("a picture");
        for node in document(&svg).descendants().filter(roxmltree::Node::is_element) {
            assert!(["svg", "g", "path", "text", "title", "desc"].contains(&node.tag_name().name()), "{node:?}");
            let harmless = |name: &str| !name.starts_with("on") && !["href", "id", "class"].contains(&name);
            assert!(node.attributes().all(|attribute| harmless(attribute.name())), "{node:?}");
        }
    }
}

/// The upper left corner of each metric's cell in a PNG, which has twice as many pixels a side.
fn places(svg: &str) -> BTreeMap<String, (usize, usize)> {
    let document = document(svg);
    let cells = document.descendants().find(|node| node.attribute("pointer-events").is_some()).expect("cells");
    let place = |cell: roxmltree::Node<'_, '_>| {
        let data = cell.attribute("d").expect("an area").trim_start_matches('M');
        let corner: Vec<usize> = data.split(['h', ' ']).take(2).map(|end| end.parse().expect("pixels")).collect();
        let title = cell.descendants().find_map(|node| node.text()).expect("a title");
        let (name, _) = title.split_once(':').expect("a name");
        (name.to_owned(), (2 * corner[0], 2 * corner[1]))
    };
    cells.children().filter(roxmltree::Node::is_element).map(place).collect()
}

#[test]
fn the_png_has_the_size_of_the_svg_twice_and_its_cells_have_their_colours() {
    let report = of(vec![
        sample::against("a", "g", 2.0),
        sample::against("b", "g", 0.3),
        sample::ok("c", "g", 1.0),
        sample::undecided("d", "g", 1.0),
        sample::nodata("e", "g", Reason::MissingInCanary),
        sample::harmless(sample::against("f", "g", 2.0)),
        sample::critical(sample::ok("g", "g", 1.0)),
    ]);
    let svg = grid_svg(&report).expect("a picture");
    let picture = Picture::of(&report);
    let root = document(&svg);
    let side = |name: &str| root.root_element().attribute(name).and_then(|side| side.parse::<usize>().ok());
    assert_eq!(
        (Some(picture.width), Some(picture.height)),
        (side("width").map(|w| 2 * w), side("height").map(|h| 2 * h))
    );
    assert_eq!(picture.at(0, 0), [255, 255, 255]);
    let places = places(&svg);
    for cell in cells(&report) {
        let metric = cell.worst().expect("a metric");
        let look = look(metric);
        let (x, y) = places[&*metric.name];
        // A cell is 74 pixels wide here: inside of any frame, outside of any mark.
        assert_eq!(picture.at(x + 12, y + 12), look.fill, "{}", metric.name);
        let edge = if look.framed {
            [0x14, 0x18, 0x1d]
        } else if look.outlined {
            look.ink
        } else {
            look.fill
        };
        assert_eq!(picture.at(x, y), edge, "{}", metric.name);
        assert_eq!(picture.at(x - 1, y), [255, 255, 255], "{}", metric.name);
    }
    let mut from_left: Vec<(&(usize, usize), &String)> = places.iter().map(|(name, place)| (place, name)).collect();
    from_left.sort();
    let names: String = from_left.into_iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, "gabcdef", "what is critical first, then by name");
}

#[test]
fn from_none_to_more_than_fit() {
    for count in [0, 1, 10, 400] {
        let metrics = (0..count).map(|index| sample::ok(&format!("m{index}"), "g", 1.0)).collect();
        let report = of(metrics);
        let svg = grid_svg(&report).expect("a picture");
        assert_eq!(texts(&document(&svg), "title").len(), 1 + count, "a title a cell, and the picture's");
        assert!(Picture::of(&report).height >= 200);
    }
    let metrics: Vec<_> = (0..60_000).map(|index| sample::ok(&format!("m{index:05}"), "g", 1.0)).collect();
    let svg = grid_svg(&of(metrics)).expect("a picture");
    let left_out = texts(&document(&svg), "text").into_iter().find(|text| text.starts_with("Not drawn"));
    // 158 columns of 6 pixels in 952 and 266 rows in 1600; the last of each needs no gap.
    assert_eq!(left_out.as_deref(), Some("Not drawn: the 17972 metrics that matter least: 17972 ok."));
}

#[test]
fn pictures_of_1500_metrics_are_small() {
    let report = sample::three_thousand();
    let png = grid_png(&report).expect("a picture").len();
    assert!(png < 90 * 1024, "{png} bytes");
    let svg = grid_svg(&report).expect("a picture").len();
    assert!(svg < 180 * 1024, "{svg} bytes");
}

#[test]
fn the_same_report_gives_the_same_picture() {
    for report in [sample::hostile(), sample::three_thousand()] {
        assert_eq!(grid_svg(&report).unwrap(), grid_svg(&report).unwrap());
        assert_eq!(grid_png(&report).unwrap(), grid_png(&report).unwrap());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_name_is_text(name in "([\u{0}-\u{ff}]|\\PC|[<>&\"'\u{1b}\u{202e}\r\n]){0,4000}") {
        let svg = grid_svg(&of(vec![sample::critical(sample::against(&name, &name, 1.5))])).unwrap();
        let document = Document::parse(&svg).unwrap();
        let elements = document.descendants().filter(roxmltree::Node::is_element).count();
        let plain = grid_svg(&of(vec![sample::critical(sample::against("plain", "plain", 1.5))])).unwrap();
        let plain = Document::parse(&plain).unwrap().descendants().filter(roxmltree::Node::is_element).count();
        // A long name may take a line more or less, nothing else.
        prop_assert!(elements.abs_diff(plain) <= 3, "{elements} {plain}");
    }
}
