//! A service in three regions, three instances each, judged by the judge: in one region the checkout slows down
//! after an hour.

use std::error::Error;

use canary_core::config::{BoundsChange, Direction, Rule, Span, Unit};
use canary_core::ndarray::Array2;
use canary_core::report::{Band, Builds, Finding, Interval, Member, MetricKey, Onset, Report, Size, Tipping, Verdict};
use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::SeedableRng;

use super::drawn::normal;

const TICKS: usize = 180;
const INSTANCES: usize = 3;
/// The tick at which the checkout slows down.
const ONSET: usize = 60;
const REGIONS: [&str; 3] = ["ap-south-1", "eu-west-1", "us-east-1"];
const FAULTY: &str = "eu-west-1";
const COMPONENTS: [&str; 6] = ["checkout", "cart", "search", "payment", "catalog", "mail"];
const KINDS: [(&str, &str, f64); 6] = [
    ("latency_p50_ms", "latency", 18.0),
    ("latency_p99_ms", "latency", 120.0),
    ("requests", "traffic", 900.0),
    ("errors", "errors", 2.4),
    ("cpu_seconds", "system", 0.7),
    ("heap_bytes", "system", 3.1e8),
];
/// 2026-08-22 10:00 UTC.
const START_MS: i64 = 1_787_392_800_000;

/// Instance × tick. The three instances differ by some percent for good.
fn values(random: &mut Pcg64Mcg, level: f64, change: impl Fn(usize) -> f64) -> Array2<f64> {
    let machines: Vec<f64> = (0..INSTANCES).map(|_| (0.03 * normal(random)).exp()).collect();
    Array2::from_shape_fn((INSTANCES, TICKS), |(instance, tick)| {
        let day = 1.0 + 0.2 * (tick as f64 / 60.0).sin();
        machines.get(instance).copied().unwrap_or(1.0) * level * day * change(tick) * (0.06 * normal(random)).exp()
    })
}

/// By how much a metric of the canary differs at a tick.
fn change(component: &str, kind: &str, region: &str, tick: usize) -> f64 {
    match (component, kind, region) {
        ("checkout", "latency_p50_ms" | "latency_p99_ms", FAULTY) if tick >= ONSET => 1.8,
        ("checkout", "cpu_seconds", FAULTY) if tick >= ONSET + 4 => 1.6,
        ("checkout", "requests", FAULTY) if tick >= ONSET + 6 => 0.6,
        ("search", "latency_p50_ms", "us-east-1") => 0.7,
        ("payment", "heap_bytes", _) => 1.5,
        ("mail", "errors", "ap-south-1") => f64::NAN,
        _ => 1.0,
    }
}

fn rule(pattern: &str, direction: Direction) -> Rule {
    Rule { patterns: vec![pattern.to_owned()], direction: Some(direction), ..Rule::default() }
}

fn config() -> Config {
    let critical = Rule {
        critical: Some(true),
        bounds: Some(BoundsChange { lower: None, upper: Some(1.3) }),
        ..rule("checkout/latency_*", Direction::Increase)
    };
    let rules = vec![
        critical,
        rule("*latency*", Direction::Increase),
        rule("*/requests", Direction::Decrease),
        Rule { patterns: vec!["*".to_owned()], unit: Some(Unit::Minute), ..Rule::default() },
    ];
    Config { rules, ..Config::default() }
}

pub(crate) fn report() -> Result<Report, Box<dyn Error>> {
    let mut random = Pcg64Mcg::seed_from_u64(3);
    let grid = TimeGrid::new(Span::from_ms(60_000), TICKS).starting_at(START_MS);
    let mut metrics = MetricSet::builder(grid);
    let mut bands = Vec::new();
    for region in REGIONS {
        for component in COMPONENTS {
            for (kind, group, level) in KINDS {
                let name = format!("{component}/{kind}");
                let old = values(&mut random, level, |_| 1.0);
                let new = values(&mut random, level, |tick| change(component, kind, region, tick));
                let data = MetricData::new(&name).region(region).group(group);
                metrics.add(&data.baseline_instances(old.view()).canary_instances(new.view()))?;
                bands.push((name, region, band(&old), band(&new)));
            }
        }
    }
    let judge = Judge::new(config())?.with_series(true).with_kayenta(true);
    let mut report = judge.judge(&metrics.build()?);
    for metric in &mut report.metrics {
        let drawn =
            bands.iter().find(|(name, region, ..)| *name == *metric.name && metric.region.as_deref() == Some(region));
        if let (Some(series), Some((_, _, old, new))) = (&mut metric.series, drawn) {
            series.baseline_band.get_or_insert_with(|| old.clone());
            series.canary_band.get_or_insert_with(|| new.clone());
        }
    }
    if report.findings.is_empty() {
        report.findings = vec![finding(&report)];
        report.tipping = Some(Tipping { verdict: Verdict::Pass, metrics: tipping() });
    }
    report.builds = Builds { baseline: Some("shop 1.41.0".to_owned()), canary: Some("shop 1.42.0-rc1".to_owned()) };
    report.inputs.baseline.sources = vec!["metrics/old.parquet".to_owned()];
    report.inputs.canary.sources = vec!["metrics/new.parquet".to_owned()];
    report.inputs.command = Some("canary score metrics/old.parquet metrics/new.parquet -c canary.toml".to_owned());
    Ok(report)
}

/// The least and the greatest over the instances.
fn band(values: &Array2<f64>) -> Band {
    let edge = |pick: fn(f64, f64) -> f64| -> Vec<Option<f64>> {
        let columns = values.columns().into_iter();
        columns.map(|column| column.iter().copied().reduce(pick).filter(|edge| edge.is_finite())).collect()
    };
    Band { lower: edge(f64::min), upper: edge(f64::max) }
}

/// What there is to find: the page is tested with it, whatever the judge finds.
fn finding(report: &Report) -> Finding {
    let moved = ["checkout/latency_p99_ms", "checkout/latency_p50_ms", "checkout/cpu_seconds", "checkout/requests"];
    let results = moved.iter().filter_map(|name| {
        report.metrics.iter().find(|metric| *metric.name == **name && metric.region.as_deref() == Some(FAULTY))
    });
    let members = results.map(|metric| Member {
        metric: metric.name.clone(),
        state: metric.state,
        counts_against: metric.counts_against,
        ratio: metric.ratio,
        onset_tick: ONSET as u64,
    });
    Finding {
        region: Some(FAULTY.into()),
        component: Some("checkout/".into()),
        onset: Onset { tick: 60, minutes: 60.0, at: Some("2026-08-22T11:00:00Z".to_owned()) },
        first_mover: "checkout/latency_p99_ms".into(),
        size: Size {
            factor: Some(1.71),
            interval: Some(Interval { level: 0.95, lower: Some(1.64), upper: Some(1.79) }),
        },
        score_loss: Some(9.4),
        members: members.collect(),
    }
}

fn tipping() -> Vec<MetricKey> {
    let names = ["checkout/latency_p99_ms", "checkout/latency_p50_ms"];
    names.into_iter().map(|name| MetricKey { name: name.into(), region: Some(FAULTY.into()) }).collect()
}
