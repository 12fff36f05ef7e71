//! The fragment for notebooks.

use canary_core::report::{Reason, Verdict};
use canary_report::fragment;

use crate::sample;

#[test]
fn a_fragment_says_the_verdict_why_and_the_worst_ten() {
    let html = fragment(&sample::three_thousand()).expect("a fragment");
    for said in ["FAIL", "Score 74.9, capped from 87.4", "http/server/requests/5xx", "<svg ", "Not shown: "] {
        assert!(html.contains(said), "{said}");
    }
    assert_eq!(
        html.matches("▲\u{a0}HOT").count()
            + html.matches("▼\u{a0}COLD").count()
            + html.matches("×\u{a0}NODATA").count(),
        10
    );
    assert!(html.len() < 200_000, "{} bytes", html.len());
}

/// Each cell as costly as a cell can be: a frame, a cross, a long name.
#[test]
fn the_largest_fragment_of_1500_metrics() {
    let metrics: Vec<_> = (0..1500)
        .map(|index| {
            let name = format!("{}{index}", "\"&".repeat(2048));
            sample::within(&name, sample::critical(sample::nodata(&name, &name, Reason::MissingInCanary)))
        })
        .collect();
    let region = sample::region(Some("a"), (Verdict::Inconclusive, None), Vec::new(), &metrics);
    let html = fragment(&sample::report(vec![region], metrics)).expect("a fragment");
    assert!(html.len() < 200_000, "{} bytes", html.len());
}

/// Any number of fragments share a page with code that is not theirs.
#[test]
fn a_fragment_leaks_nothing_into_its_page() {
    for report in sample::all() {
        let html = fragment(&report).expect("a fragment");
        assert!(html.starts_with("<div ") && html.trim_end().ends_with("</div>"));
        for never in ["<script", "<style", "<link", "<html", "<body", " id=", " class=", "http-equiv", "javascript:"] {
            assert!(!html.contains(never), "{never}: {html}");
        }
        let opened = ["div", "table", "tr", "td", "svg", "g", "b", "span", "code"];
        for tag in opened {
            let open = html.matches(&format!("<{tag} ")).count() + html.matches(&format!("<{tag}>")).count();
            assert_eq!(open, html.matches(&format!("</{tag}>")).count(), "{tag}");
        }
        assert_eq!(html, fragment(&report).expect("a fragment"));
    }
}

#[test]
fn hostile_names_are_text() {
    let html = fragment(&sample::hostile()).expect("a fragment");
    assert!(!html.contains("<b>x</b>") && html.contains("&#60;b&#62;x&#60;/b&#62;"), "{html}");
    assert!(!html.contains('\u{202e}') && !html.contains('\u{1b}'));
}
