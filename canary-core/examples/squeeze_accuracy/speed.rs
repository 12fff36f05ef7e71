//! How long an analysis takes.

#![allow(clippy::disallowed_methods, reason = "a program that measures time; core itself has no clock")]

use std::time::Instant;

use canary_core::squeeze::{Load, LoadRun, LoadStep, Outcome, Requests, Slo, SqueezeOptions, SqueezeReport, analyze};

use crate::simulate::Random;

/// Ten steps of a million requests each, on a server of 100,000 a second.
fn requests() -> Vec<(f64, Requests)> {
    let mut random = Random::new(1);
    (1..=10)
        .map(|step| {
            let rate = 12_000.0 * f64::from(step);
            let count = 1_000_000;
            let mut requests = Requests::default();
            for place in 0..count {
                requests.sent_ms.push(f64::from(place) * 1000.0 / rate);
                let wait = f64::max(0.0, f64::from(place) * (1.0 / 100.0 - 1000.0 / rate));
                requests.latency_ms.push(2.0 + random.exponential() + wait);
                requests.outcome.push(Outcome::Ok);
            }
            (rate, requests)
        })
        .collect()
}

fn of_requests(columns: Vec<(f64, Requests)>, slo: &Slo) -> SqueezeReport {
    let step = |(rate, requests): (f64, Requests)| {
        let seconds = 1_000_000.0 / rate;
        LoadStep::from_requests(Load::Open { rate }, seconds, requests, &slo.limits_ms())
    };
    let run = LoadRun { steps: columns.into_iter().map(step).collect(), ..LoadRun::default() };
    analyze(&run, slo, &SqueezeOptions::default())
}

/// Ten thousand steps with a table's columns, and with ten seconds each.
fn steps(seconds: bool, slo: &Slo) -> LoadRun {
    let mut random = Random::new(2);
    let steps = (0..10_000).map(|step| {
        let rate = 20.0 + 0.02 * f64::from(step);
        let mut requests = Requests::default();
        let mut sent = 0.0;
        while sent < 10_000.0 {
            requests.sent_ms.push(sent);
            requests.latency_ms.push(20.0 + random.exponential() + f64::max(0.0, sent * (rate / 150.0 - 1.0)));
            requests.outcome.push(Outcome::Ok);
            sent += 1000.0 / rate;
        }
        let mut step = LoadStep::from_requests(Load::Open { rate }, 10.0, requests, &slo.limits_ms());
        step.requests = None;
        if !seconds {
            step.windows.clear();
        }
        step
    });
    LoadRun { steps: steps.collect(), ..LoadRun::default() }
}

pub(crate) fn table() {
    let slo = Slo { objectives: vec!["p99<120ms".parse().unwrap()] };
    let columns = requests();
    let began = Instant::now();
    let report = of_requests(columns, &slo);
    println!("10 million requests in columns: {:.2} s, {:?}", began.elapsed().as_secs_f64(), report.status);
    for (seconds, name) in [(false, "a table's columns"), (true, "ten seconds each")] {
        let run = steps(seconds, &slo);
        let began = Instant::now();
        let report = analyze(&run, &slo, &SqueezeOptions::default());
        println!("10,000 steps, {name}: {:.2} s, {:?}", began.elapsed().as_secs_f64(), report.status);
    }
}
