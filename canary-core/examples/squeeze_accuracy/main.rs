//! How near the squeeze test comes to the truth: recorded runs of real tools, the synthetic runs of the reference
//! vectors, and as many more as one likes. Prints the tables of docs/squeeze.md.
//!
//! ```console
//! $ cargo run --release -p canary-core --example squeeze_accuracy           # each run too: -- --each
//! $ cargo run --release -p canary-core --example squeeze_accuracy -- --trend
//! $ cargo run --release -p canary-core --example squeeze_accuracy -- --ratio
//! $ cargo run --release -p canary-core --example squeeze_accuracy -- --speed
//! ```

#![allow(clippy::print_stdout, missing_docs, reason = "a program that prints tables")]

mod ratios;
mod recorded;
mod simulate;
mod simulated;
mod speed;
mod trends;

use canary_core::squeeze::{Estimate, Kind, SqueezeOptions, SqueezeReport, analyze};
use recorded::Known;

fn main() {
    if std::env::args().any(|argument| argument == "--trend") {
        return trends::tables(400);
    }
    if std::env::args().any(|argument| argument == "--ratio") {
        return ratios::tables();
    }
    if std::env::args().any(|argument| argument == "--speed") {
        return speed::table();
    }
    println!("## Recorded runs\n");
    recorded_runs();
    println!("\n## Synthetic runs of the vectors\n");
    table(&recorded::synthetic());
    println!("\n## Simulated servers, every request known\n");
    table(&simulated::simulated(0..400));
}

fn text(estimate: Option<Estimate>) -> String {
    let number = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.1}"));
    estimate.map_or_else(
        || "-".to_owned(),
        |estimate| format!("{} [{}, {}]", number(estimate.estimate), number(estimate.lower), number(estimate.upper)),
    )
}

fn recorded_runs() {
    println!("| run | status | capacity | true | error | SLO crossing | true | error | sweet spot |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for known in recorded::recorded() {
        let report = analyze(&known.run, &known.slo, &SqueezeOptions::default());
        let error = |found: Option<f64>, truth: Option<f64>| match (found, truth) {
            (Some(found), Some(truth)) => format!("{:+.1} %", 100.0 * (found / truth - 1.0)),
            _ => "-".to_owned(),
        };
        let (low, high) = known.capacity;
        let capacity = report.capacity.and_then(|capacity| capacity.estimate);
        let nearest = capacity.map(|capacity| capacity.clamp(low, high));
        let truth = if low < high { format!("{low:.0} to {high:.0}") } else { format!("{low:.0}") };
        let crossing = report.slo_crossing.and_then(|crossing| crossing.estimate);
        let kind = report.kind.map_or_else(String::new, |kind| format!(" {kind:?}").to_lowercase());
        println!(
            "| {} | {}{kind} | {} | {truth} | {} | {} | {} | {} | {} |",
            known.name,
            report.status.name(),
            text(report.capacity),
            error(capacity, nearest),
            text(report.slo_crossing),
            known.crossing.map_or_else(|| "-".to_owned(), |truth| format!("{truth:.1}")),
            error(crossing, known.crossing),
            text(report.sweet_spot),
        );
    }
}

#[derive(Default)]
struct Tally {
    runs: usize,
    status: usize,
    hard: Vec<f64>,
    hard_covered: usize,
    crossings: Vec<f64>,
    crossings_covered: usize,
    bounds: usize,
    bounds_held: usize,
}

fn table(runs: &[Known]) {
    let verbose = std::env::args().any(|argument| argument == "--each");
    let mut kinds: Vec<String> = runs.iter().map(|known| known.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    kinds.push(String::new());
    println!(
        "| scene | runs | right status | capacity: n | mean | median | bias | covered | crossing: n | mean | median | bias | covered | bounds true |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let reports: Vec<SqueezeReport> =
        runs.iter().map(|known| analyze(&known.run, &known.slo, &SqueezeOptions::default())).collect();
    for kind in &kinds {
        let mut tally = Tally::default();
        for (known, report) in runs.iter().zip(&reports).filter(|(known, _)| kind.is_empty() || &known.kind == kind) {
            add(&mut tally, known, report, verbose && !kind.is_empty());
        }
        print(if kind.is_empty() { "all" } else { kind }, &tally);
    }
}

fn add(tally: &mut Tally, known: &Known, report: &SqueezeReport, verbose: bool) {
    tally.runs += 1;
    let name = report.status.name();
    let right = known.accepted.iter().any(|word| word.starts_with(name));
    tally.status += usize::from(right);
    let holds = |estimate: Estimate, truth: f64| {
        estimate.lower.is_none_or(|lower| lower <= truth * 1.000_001)
            && estimate.upper.is_none_or(|upper| upper >= truth * 0.999_999)
    };
    let truth = known.capacity.0;
    if let Some(capacity) = report.capacity {
        if let Some(estimate) = capacity.estimate.filter(|_| report.kind != Some(Kind::Soft)) {
            tally.hard.push(estimate / truth - 1.0);
            tally.hard_covered += usize::from(holds(capacity, truth));
        } else {
            tally.bounds += 1;
            tally.bounds_held += usize::from(holds(capacity, truth));
        }
    }
    let crossing = known.crossing.unwrap();
    if let Some(found) = report.slo_crossing {
        match found.estimate {
            Some(estimate) if crossing > 0.0 => {
                tally.crossings.push(estimate / crossing - 1.0);
                tally.crossings_covered += usize::from(holds(found, crossing));
            }
            _ => {
                tally.bounds += 1;
                tally.bounds_held += usize::from(holds(found, crossing));
            }
        }
    }
    if verbose {
        println!(
            "{} {} {}: {name} {:?} {} true {truth:.1}; crossing {} true {crossing:.1} {:?}",
            if right { " " } else { "!" },
            known.kind,
            known.name,
            report.kind,
            text(report.capacity),
            text(report.slo_crossing),
            report.reasons
        );
    }
}

fn print(name: &str, tally: &Tally) {
    let percent = |part: usize, all: usize| {
        if all == 0 { "-".to_owned() } else { format!("{:.0} %", 100.0 * part as f64 / all as f64) }
    };
    let row = |errors: &[f64], covered: usize| {
        let mut sizes: Vec<f64> = errors.iter().map(|error| 100.0 * error.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        let mut signed: Vec<f64> = errors.iter().map(|error| 100.0 * error).collect();
        signed.sort_by(f64::total_cmp);
        let middle = |values: &[f64]| values.get(values.len() / 2).copied().unwrap_or(f64::NAN);
        let mean = sizes.iter().sum::<f64>() / sizes.len().max(1) as f64;
        if errors.is_empty() {
            return "0 | - | - | - | -".to_owned();
        }
        format!(
            "{} | {mean:.1} % | {:.1} % | {:+.1} % | {}",
            errors.len(),
            middle(&sizes),
            middle(&signed),
            percent(covered, errors.len())
        )
    };
    println!(
        "| {name} | {} | {} | {} | {} | {} |",
        tally.runs,
        percent(tally.status, tally.runs),
        row(&tally.hard, tally.hard_covered),
        row(&tally.crossings, tally.crossings_covered),
        percent(tally.bounds_held, tally.bounds)
    );
}
