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

/// Builds named by their place, `count` at each level.
fn stretches(levels: &[(usize, f64)]) -> Vec<BuildResult> {
    let values = levels.iter().flat_map(|&(count, value)| std::iter::repeat_n(value, count));
    let build = |(place, value)| BuildResult {
        build: format!("b{place}"),
        series: "api".to_owned(),
        value: Value::of(Some(value), None, None),
    };
    values.enumerate().map(build).collect()
}

/// The first line of the table.
fn headline(builds: &[BuildResult]) -> String {
    rendered(builds, ThroughputFormat::Table).split("\n\n").next().expect("a headline").replace("\n  ", " ")
}

#[test]
fn a_fall_that_is_half_made_good_is_still_one() {
    let half = headline(&stretches(&[(20, 100.0), (12, 90.0), (12, 94.0)]));
    // 94 after 90 is 4.4 % more, and 6 % less than 100.
    assert!(half.starts_with("worse: Up 4.4 % since build b32, from 90 to 94"), "{half}");
    assert!(half.ends_with("still 6.0 % below what it was before build b20."), "{half}");
    let good = headline(&stretches(&[(20, 100.0), (12, 90.0), (12, 99.0)]));
    assert!(good.starts_with("better: Up 10.0 % since build b32") && !good.contains("still"), "{good}");
    let fallen = headline(&stretches(&[(20, 100.0), (12, 90.0)]));
    assert!(fallen.starts_with("worse: Down 10.0 % since build b20") && !fallen.contains("still"), "{fallen}");
}

#[test]
fn a_recovery_that_is_only_a_bound_is_not_said_to_be_short_of_anything() {
    let mut builds = stretches(&[(30, 100.0), (30, 90.0), (30, 94.0)]);
    builds.iter_mut().skip(60).for_each(|build| build.value = Value::AtLeast(94.0));
    let text = headline(&builds);
    assert!(text.starts_with("worse: ") && text.contains("not known to be back"), "{text}");
    assert!(!text.contains("still"), "{text}");
}

#[test]
fn a_short_history_is_undecided() {
    for (length, found) in [(0, "No build has"), (1, "Only 1 build has"), (7, "Only 7 builds have")] {
        let builds = recorded(length);
        let expected = format!("undecided: {found} a number; at least 8 are needed to find a change.");
        assert_eq!(headline(&builds), expected);
    }
    assert_eq!(headline(&recorded(8)), "steady: No confirmed change in 8 builds.");
    for length in 0..2 {
        assert!(!rendered(&recorded(length), ThroughputFormat::Table).contains('┤'));
        assert!(!rendered(&recorded(length), ThroughputFormat::Html).contains("<svg"));
    }
    // Builds that are all alike still have an axis.
    let alike = vec![recorded(1).remove(0); 5];
    assert!(rendered(&alike, ThroughputFormat::Table).contains('┤'));
}

#[test]
fn a_newest_build_without_a_number_is_undecided() {
    let unknown = |count: usize| {
        let mut builds = recorded(count);
        builds[count - 1].value = Value::Missing;
        headline(&builds)
    };
    assert_eq!(unknown(20), "undecided: The newest build, 1.19, has no number: run its test again.");
    let short = unknown(2);
    assert!(short.contains("The newest build, 1.1, has no number") && short.contains("Only 1 build has"), "{short}");
    // A bound is a number, and a fall is one whatever came after it.
    let mut bound = recorded(20);
    bound[19].value = Value::AtLeast(600.0);
    assert_eq!(headline(&bound), "steady: No confirmed change in 20 builds.");
    let fall = unknown(38);
    assert!(fall.starts_with("worse: Down") && fall.contains("1.37, has no number"), "{fall}");
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
