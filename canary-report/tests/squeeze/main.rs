//! Squeeze tests as text. Run with `INSTA_UPDATE=always` and read the diff by eye.

use std::path::Path;

use canary_core::squeeze::{Slo, SqueezeOptions, SqueezeReport, analyze};
use canary_load::{ReadOptions, read};
use canary_report::{PlotOptions, ThroughputFormat, squeeze};

const TABLE: PlotOptions = PlotOptions { width: 100, color: false };

fn analysed(run: &str, objectives: &[&str]) -> SqueezeReport {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(run).join("raw");
    let slo = Slo { objectives: objectives.iter().map(|text| text.parse().expect("an objective")).collect() };
    let options = ReadOptions { limits_ms: slo.limits_ms(), ..ReadOptions::default() };
    let run = read(path, &options).expect("a recorded run");
    analyze(&run, &slo, &SqueezeOptions::default())
}

fn rendered(report: &SqueezeReport, format: ThroughputFormat) -> String {
    squeeze(report, format, TABLE).expect("a rendering")
}

#[test]
fn an_open_loop_as_a_table() {
    let report = analysed("d03_oha_nginx_150", &["p99<100ms"]);
    insta::assert_snapshot!(rendered(&report, ThroughputFormat::Table));
}

#[test]
fn a_closed_loop_as_a_table() {
    insta::assert_snapshot!(rendered(&analysed("d09_wrk_usl_s8", &[]), ThroughputFormat::Table));
}

#[test]
fn a_lower_bound_as_markdown() {
    let report = analysed("d07_vegeta_unsaturated_c10_s20", &["p99<100ms", "errors<0.1%"]);
    insta::assert_snapshot!(rendered(&report, ThroughputFormat::Markdown));
}

#[test]
fn no_number_is_said_so() {
    let report = analysed("d10_vegeta_flip_c6_s20", &["p99<100ms"]);
    insta::assert_snapshot!(rendered(&report, ThroughputFormat::Table));
}

#[test]
fn json_is_the_report() {
    let report = analysed("d08_hey_saturated_c3_s50", &[]);
    let json = rendered(&report, ThroughputFormat::Json);
    assert_eq!(serde_json::from_str::<SqueezeReport>(&json).expect("JSON"), report);
}

#[test]
fn the_page_holds_curve_limit_and_nothing_from_elsewhere() {
    let report = analysed("d01_vegeta_det_c4_s20", &["p99<100ms"]);
    let page = rendered(&report, ThroughputFormat::Html);
    assert_eq!(page, rendered(&report, ThroughputFormat::Html), "same report, same bytes");
    assert_eq!(page.matches("<svg").count(), 2);
    for part in ["sweet spot", "p99 &#60; 100 ms", "Content-Security-Policy"] {
        assert!(page.contains(part), "{part}");
    }
    for part in ["<script", "src=", "href=", "url(", "@import"] {
        assert!(!page.contains(part), "{part}");
    }
    if let Ok(folder) = std::env::var("CANARY_PAGES") {
        std::fs::write(Path::new(&folder).join("squeeze.html"), page).expect("a page to look at");
    }
}

#[test]
fn names_from_outside_are_shown_and_not_run() {
    let mut report = analysed("d07_vegeta_unsaturated_c10_s20", &[]);
    report.tool = Some("<script>alert(1)</script>\u{1b}[31m|".to_owned());
    report.steps[0].instance = Some("</table><img src=x>".to_owned());
    let page = rendered(&report, ThroughputFormat::Html);
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(!rendered(&report, ThroughputFormat::Table).contains('\u{1b}'));
    assert!(!rendered(&report, ThroughputFormat::Markdown).contains("<script"));
}

#[test]
fn every_width_holds() {
    let report = analysed("d01_vegeta_det_c4_s20", &["p99<100ms"]);
    for width in [1, 40, 60, 80, 200] {
        let table = squeeze(&report, ThroughputFormat::Table, PlotOptions { width, color: false }).expect("a table");
        let widest = table.lines().map(|line| line.chars().count()).max().unwrap_or_default();
        assert!(widest <= width.max(40), "{widest} columns of {width}");
    }
}
