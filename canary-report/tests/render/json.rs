use canary_core::Report;
use canary_report::json;

use crate::sample;

#[test]
fn what_is_written_reads_back() {
    for report in sample::all() {
        let text = json(&report).unwrap();
        assert_eq!(serde_json::from_str::<Report>(&text).unwrap(), report);
    }
}

#[test]
fn a_metric_is_one_line() {
    let report = sample::three_thousand();
    let text = json(&report).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let metrics = lines.iter().filter(|line| line.starts_with("    {\"name\"") && line.contains("\"state\"")).count();
    assert_eq!(metrics, report.metrics.len());
    assert!(lines.len() < metrics + 150, "{} lines", lines.len());
    assert!(lines.contains(&"  \"verdict\": \"fail\","));
}
