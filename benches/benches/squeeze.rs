//! How long a squeeze test's analysis takes: raw requests in columns, and many steps.

#![allow(missing_docs, reason = "criterion_group makes a public item")]

use canary_core::squeeze::{Load, LoadRun, LoadStep, Outcome, Requests, Slo, SqueezeOptions, analyze};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// A server of 150 a second with a queue: even arrivals, latencies that differ a little.
fn requests(rate: f64, count: u32) -> Requests {
    let mut requests = Requests::default();
    for place in 0..count {
        let sent = f64::from(place) * 1000.0 / rate;
        let wait = f64::max(0.0, sent * (rate / 150.0 - 1.0));
        requests.sent_ms.push(sent);
        requests.latency_ms.push(20.0 + f64::from(place % 17) + wait);
        requests.outcome.push(Outcome::Ok);
    }
    requests
}

fn step(rate: f64, count: u32, slo: &Slo) -> LoadStep {
    let seconds = f64::from(count) / rate;
    LoadStep::from_requests(Load::Open { rate }, seconds, requests(rate, count), &slo.limits_ms())
}

fn squeeze(criterion: &mut Criterion) {
    let slo = Slo { objectives: "p99<120ms".parse().into_iter().collect() };
    let mut group = criterion.benchmark_group("squeeze");
    group.sample_size(10);
    let columns: Vec<(f64, Requests)> =
        (1..=10).map(|step| (20.0 * f64::from(step), requests(20.0 * f64::from(step), 100_000))).collect();
    group.bench_function("a million requests", |bencher| {
        let judge = |columns: Vec<(f64, Requests)>| {
            let step = |(rate, requests): (f64, Requests)| {
                LoadStep::from_requests(Load::Open { rate }, 100_000.0 / rate, requests, &slo.limits_ms())
            };
            let run = LoadRun { steps: columns.into_iter().map(step).collect(), ..LoadRun::default() };
            analyze(&run, &slo, &SqueezeOptions::default())
        };
        bencher.iter_batched(|| columns.clone(), judge, BatchSize::LargeInput);
    });
    let mut run = LoadRun::default();
    for place in 0..10_000 {
        let mut one = step(20.0 + 0.02 * f64::from(place), 500, &slo);
        one.requests = None;
        run.steps.push(one);
    }
    group.bench_function("ten thousand steps", |bencher| {
        bencher.iter(|| analyze(&run, &slo, &SqueezeOptions::default()));
    });
    group.finish();
}

criterion_group!(benches, squeeze);
criterion_main!(benches);
