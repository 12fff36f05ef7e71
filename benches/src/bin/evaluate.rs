//! What the judges say of the labelled runs: `cargo run --release --bin evaluate`.
//!
//! `docs/method.md` shows the output. False alarms count metrics that should be ok; recall counts those
//! that should be hot or cold and are. Metrics whose level does not move (`shape`) are left out.
#![allow(clippy::print_stdout, reason = "a table for people is what this program is for")]

use std::collections::HashMap;
use std::error::Error;

use canary_benches::truth::{Truth, metrics, truths};
use canary_core::config::{Bounds, JudgeKind};
use canary_core::report::{Evidence, MetricResult, Report, State};
use canary_core::{Config, Judge};

const RUNS: [&str; 6] = [
    "aa_request_split_5050",
    "aa_same_vm_interleaved",
    "aa_same_series_interleaved",
    "ab_mixed_1500",
    "ab_by_kind",
    "aa_ab_unit_scales",
];

fn main() -> Result<(), Box<dyn Error>> {
    let truths = truths()?;
    println!("| run | judge | bounds | metrics | false alarms | found | nodata | undecided | score | verdict |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for run in RUNS {
        let set = metrics(run)?;
        let known = truths.get(run).map(Vec::as_slice).unwrap_or_default();
        for judge in JudgeKind::ALL {
            for (lower, upper) in [(0.8, 1.25), (0.9, 1.1)] {
                let mut config = Config::default();
                config.defaults.judge = judge;
                config.defaults.bounds = Bounds::new(lower, upper)?;
                let report = Judge::new(config)?.judge(&set);
                let narrow = upper < 1.2;
                println!("| {run} | {} | {lower} to {upper} | {}", judge.name(), row(&report, known, narrow));
                if std::env::args().any(|argument| argument == "--wrong") {
                    wrong(&report, known, narrow);
                }
            }
        }
    }
    Ok(())
}

fn expected(truth: &Truth, narrow: bool) -> &str {
    if narrow { &truth.expected_narrow } else { &truth.expected_wide }
}

fn row(report: &Report, known: &[Truth], narrow: bool) -> String {
    let by_name: HashMap<&str, &MetricResult> =
        report.metrics.iter().map(|found| (found.name.as_ref(), found)).collect();
    let (mut healthy, mut alarms, mut changed, mut found) = (0_u32, 0_u32, 0_u32, 0_u32);
    for truth in known {
        let state = by_name.get(truth.metric.as_str()).map_or(State::NoData, |result| result.state);
        match expected(truth, narrow) {
            "ok" => {
                healthy += 1;
                alarms += u32::from(matches!(state, State::Hot | State::Cold));
            }
            "hot" => {
                changed += 1;
                found += u32::from(state == State::Hot);
            }
            "cold" => {
                changed += 1;
                found += u32::from(state == State::Cold);
            }
            _ => {}
        }
    }
    let undecided = report.metrics.iter().filter(|m| m.state == State::Ok && m.evidence == Evidence::Undecided).count();
    let share = |part: u32, whole: u32| match whole {
        0 => "-".to_owned(),
        _ => format!("{part} of {whole} ({:.2} %)", 100.0 * f64::from(part) / f64::from(whole)),
    };
    format!(
        "{} | {} | {} | {} | {undecided} | {:.1} | {:?} |",
        report.metrics.len(),
        share(alarms, healthy),
        share(found, changed),
        report.counts.nodata,
        report.score_uncapped.unwrap_or(f64::NAN),
        report.verdict
    )
}

/// Every metric that was judged wrongly, for those who work on the judge.
fn wrong(report: &Report, known: &[Truth], narrow: bool) {
    let truths: HashMap<&str, &Truth> = known.iter().map(|truth| (truth.metric.as_str(), truth)).collect();
    for result in &report.metrics {
        let Some(truth) = truths.get(result.name.as_ref()) else { continue };
        let said = format!("{:?}", result.state).to_lowercase();
        let right = expected(truth, narrow);
        if said != right && right != "shape" {
            println!(
                "    {} {} -> {said} {:?} ratio {:?} {:?} p {:?} {:?} n {:?} {:?}",
                truth.kind,
                right,
                result.name,
                result.ratio,
                result.interval,
                result.p_value,
                result.method,
                result.points,
                result.reason
            );
        }
    }
}
