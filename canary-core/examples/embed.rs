//! How a deploy tool asks canary whether it may roll out: `cargo run --example embed -p canary-core`.
#![allow(clippy::print_stdout, reason = "what it found is what an example shows")]

use canary_core::config::{Direction, Rule, Span};
use canary_core::report::Verdict;
use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // An hour of both builds, minute by minute, as your metrics store returns it.
    let minutes = || (0..60).map(f64::from);
    let (old_latency, new_latency): (Vec<f64>, Vec<f64>) =
        minutes().map(|minute| (120.0 + minute % 7.0, 168.0 + minute % 11.0)).unzip();
    let (old_errors, new_errors): (Vec<f64>, Vec<f64>) =
        minutes().map(|minute| (2.0 + minute % 3.0, 2.0 + (minute + 1.0) % 3.0)).unzip();

    let mut metrics = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 60));
    metrics
        .add(&MetricData::new("latency_p99_ms").baseline(&old_latency).canary(&new_latency))?
        .add(&MetricData::new("errors_per_minute").baseline(&old_errors).canary(&new_errors))?;

    // Slower is a failure, and one such metric is enough; faster is not.
    let latency = Rule {
        patterns: vec!["latency_*".into()],
        direction: Some(Direction::Increase),
        critical: Some(true),
        ..Rule::default()
    };
    let config = Config { rules: vec![latency], ..Config::default() };

    let report = Judge::new(config)?.judge(&metrics.build()?);
    match report.verdict {
        Verdict::Pass => println!("rolling out"),
        Verdict::Marginal => println!("asking a person"),
        Verdict::Fail => println!("rolling back"),
        Verdict::Inconclusive => println!("waiting for more data"),
    }
    for metric in report.metrics.iter().filter(|metric| metric.counts_against) {
        println!(
            "{} is {}: {:.2} times the baseline",
            metric.name,
            metric.state.name(),
            metric.ratio.unwrap_or(f64::NAN)
        );
    }
    Ok(())
}
