//! What the judges say of the labelled runs: `cargo run --release --example evaluate`.
//!
//! `docs/method.md` shows the output. False alarms count metrics that should be ok; recall counts those
//! that should be hot or cold and are. `--wrong` lists every metric that is judged wrongly.
#![allow(clippy::print_stdout, reason = "a table for people is what this program is for")]

use std::collections::HashMap;
use std::error::Error;

use canary_benches::tally::{Tally, Width};
use canary_benches::truth::{Truth, metrics, truths};
use canary_core::config::{Bounds, JudgeKind};
use canary_core::report::Report;
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
    let list_wrong = std::env::args().any(|argument| argument == "--wrong");
    println!("| run | judge | bounds | metrics | false alarms | found | nodata | undecided | score | verdict |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for run in RUNS {
        let set = metrics(run)?;
        let known = truths.get(run).map(Vec::as_slice).unwrap_or_default();
        for judge in JudgeKind::ALL {
            for width in [Width::Wide, Width::Narrow] {
                let (lower, upper) = width.bounds();
                let mut config = Config::default();
                config.defaults.judge = judge;
                config.defaults.bounds = Bounds::new(lower, upper)?;
                let report = Judge::new(config)?.judge(&set);
                println!("| {run} | {} | {lower} to {upper} | {}", judge.name(), row(&report, known, width));
                if list_wrong {
                    wrong(&report, known, width);
                }
            }
        }
    }
    Ok(())
}

fn row(report: &Report, known: &[Truth], width: Width) -> String {
    let tally = Tally::new(report, known, width);
    let share = |part: u32, whole: u32| match whole {
        0 => "-".to_owned(),
        _ => format!("{part} of {whole} ({:.2} %)", 100.0 * f64::from(part) / f64::from(whole)),
    };
    format!(
        "{} | {} | {} | {} | {} | {:.2} | {} |",
        report.metrics.len(),
        share(tally.alarms, tally.healthy),
        share(tally.found, tally.changed),
        report.counts.nodata,
        tally.undecided,
        report.score.unwrap_or(f64::NAN),
        report.verdict.name()
    )
}

/// Every metric that was judged wrongly, for those who work on the judge.
fn wrong(report: &Report, known: &[Truth], width: Width) {
    let truths: HashMap<&str, &Truth> = known.iter().map(|truth| (truth.metric.as_str(), truth)).collect();
    for result in &report.metrics {
        let Some(truth) = truths.get(result.name.as_ref()) else { continue };
        let (said, right) = (result.state.name(), width.expected(truth));
        if said != right && right != "shape" {
            println!("    {} is {said}, should be {right} ({} injected): {result:?}", result.name, truth.kind);
        }
    }
}
