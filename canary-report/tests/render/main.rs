//! Every format on the same hand-built reports.

mod causes;
mod explain;
mod github;
mod hostile;
mod html;
mod json;
mod junit;
mod mail;
mod markdown;
mod measured;
mod notebook;
mod picture;
mod sample;
mod table;
mod words;

use std::path::Path;

use canary_report::{Format, RenderOptions, render};

#[test]
fn formats_are_found_by_name_and_suffix() {
    for format in Format::ALL {
        assert_eq!(Format::from_name(format.name()), Some(format));
        assert!(format.suffixes().iter().all(|suffix| Format::from_suffix(suffix) == Some(format)));
    }
    assert_eq!(Format::from_path(Path::new("out/report.XML")), Some(Format::Junit));
    assert_eq!(Format::from_suffix(".md"), Some(Format::Markdown));
    for path in ["report", "report.pdf", "json", ".json"] {
        assert_eq!(Format::from_path(Path::new(path)), None, "{path}");
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in Format::ALL {
        let [once, twice] = [(); 2].map(|()| {
            render(&sample::three_thousand(), format, &RenderOptions::default()).expect("a report that renders")
        });
        assert_eq!(once, twice, "{}", format.name());
        assert!(format.is_binary() || once.ends_with(b"\n"), "{}", format.name());
    }
}
