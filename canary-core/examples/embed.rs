//! How a deploy tool asks canary whether it may roll out: `cargo run --example embed -p canary-core`.
#![allow(clippy::print_stdout, reason = "what it found is what an example shows")]

use canary_core::config::{Direction, Rule, Span};
use canary_core::report::Verdict;
use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An hour of both builds, minute by minute, as your metrics store returns it.
    let old: Vec<f64> = (0..60).map(|minute| 120.0 + f64::from(minute % 7)).collect();
    let new: Vec<f64> = (0..60).map(|minute| 168.0 + f64::from(minute % 11)).collect();
    let mut metrics = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 60));
    metrics.add(&MetricData::new("latency_p99_ms").baseline(&old).canary(&new))?;

    // Slower is a failure, and one such metric is enough; faster is not.
    let latency = Rule {
        patterns: vec!["latency_*".into()],
        direction: Some(Direction::Increase),
        critical: Some(true),
        ..Rule::default()
    };
    let report = Judge::new(Config { rules: vec![latency], ..Config::default() })?.judge(&metrics.build()?);
    match report.verdict {
        Verdict::Pass => println!("rolling out"),
        Verdict::Marginal => println!("asking a person"),
        Verdict::Fail => println!("rolling back"),
        Verdict::Inconclusive => println!("waiting for more data"),
    }
    for metric in report.metrics.iter().filter(|metric| metric.counts_against) {
        println!("{} is {}: {:?} times the baseline", metric.name, metric.state.name(), metric.ratio);
    }
    Ok(())
}
