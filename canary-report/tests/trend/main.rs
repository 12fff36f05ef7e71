//! Trends as text. Run with `INSTA_UPDATE=always` and read the diff by eye.

use std::fs;
use std::path::Path;

use canary_core::trend::{BuildResult, TrendOptions, TrendReport, Value, trend as judged};
use canary_report::{PlotOptions, ThroughputFormat, Trended, trend};

const TABLE: PlotOptions = PlotOptions { width: 100, color: false };

/// The first `builds` of a recorded history, made slower at build 22 and faster at build 41.
fn recorded(builds: usize) -> Vec<BuildResult> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze/trend_dev_60/history.csv");
    let text = fs::read_to_string(path).expect("a history");
    let build = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let value = Value::of(cells[3].parse().ok(), None, None);
        BuildResult { build: format!("1.{}", cells[0]), series: "api".to_owned(), value }
    };
    text.lines().skip(1).take(builds).map(build).collect()
}

fn report(builds: &[BuildResult]) -> TrendReport {
    judged(builds, &TrendOptions { peak_rps: Some(90_000.0), ..TrendOptions::default() })
}

fn rendered(builds: &[BuildResult], format: ThroughputFormat) -> String {
    let report = report(builds);
    trend(Trended { report: &report, builds, number: "throughput_rps" }, format, TABLE).expect("a rendering")
}

#[test]
fn changes_as_a_table() {
    insta::assert_snapshot!(rendered(&recorded(60), ThroughputFormat::Table));
}

#[test]
fn a_fall_as_markdown() {
    insta::assert_snapshot!(rendered(&recorded(38), ThroughputFormat::Markdown));
}

#[test]
fn a_suspect_says_to_run_it_again() {
    let mut builds = recorded(20);
    builds.push(BuildResult { build: "1.20".to_owned(), series: "api".to_owned(), value: Value::AtMost(500.0) });
    let text = rendered(&builds, ThroughputFormat::Markdown);
    assert!(text.contains("suspect"), "{text}");
    assert!(text.contains("Build 1.20 shows at most 500"), "{text}");
    assert!(text.contains("run its test again"), "{text}");
}

#[test]
fn a_short_history_is_said_to_be_steady_without_a_plot() {
    for length in 0..2 {
        let table = rendered(&recorded(length), ThroughputFormat::Table);
        assert!(table.starts_with("steady: No confirmed change in"), "{table}");
        assert!(!table.contains('┤'), "{table}");
        assert!(!rendered(&recorded(length), ThroughputFormat::Html).contains("<svg"));
    }
    // Builds that are all alike still have an axis.
    let alike = vec![recorded(1).remove(0); 5];
    assert!(rendered(&alike, ThroughputFormat::Table).contains('┤'));
}

#[test]
fn json_is_the_report() {
    let builds = recorded(60);
    let json = rendered(&builds, ThroughputFormat::Json);
    assert_eq!(serde_json::from_str::<TrendReport>(&json).expect("JSON"), report(&builds));
}

#[test]
fn the_page_holds_the_history_and_nothing_from_elsewhere() {
    let mut builds = recorded(38);
    builds[0].build = "<script>alert(1)</script>".to_owned();
    builds[22].build = "1.22 & \"more\" \u{202e}".to_owned();
    let page = rendered(&builds, ThroughputFormat::Html);
    assert_eq!(page, rendered(&builds, ThroughputFormat::Html), "same report, same bytes");
    assert_eq!(page.matches("<svg").count(), 1);
    assert_eq!(page.matches("<circle").count(), 38, "a dot a build");
    for part in ["worse", "Confirmed changes", "Content-Security-Policy"] {
        assert!(page.contains(part), "{part}");
    }
    for part in ["<script", "http://", "https://", "\u{202e}", "src="] {
        let found = page.replace("http://www.w3.org/2000/svg", "");
        assert!(!found.contains(part), "{part}");
    }
}

#[test]
fn the_table_fits_its_width() {
    for width in [60, 80, 100, 160] {
        let builds = recorded(60);
        let report = report(&builds);
        let trended = Trended { report: &report, builds: &builds, number: "throughput_rps" };
        let table = trend(trended, ThroughputFormat::Table, PlotOptions { width, color: false }).expect("a table");
        let widest = table.lines().map(|line| line.chars().count()).max().expect("lines");
        assert!(widest <= width.max(80), "{width}: {widest}\n{table}");
    }
}
