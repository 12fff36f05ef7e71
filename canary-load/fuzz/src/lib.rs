//! What holds for every run, whatever bytes it came from.

use canary_core::squeeze::{Load, LoadRun, Slo, SqueezeOptions, analyze};
use canary_load::{Format, ReadOptions, output, parse_as};

const LIMIT_MS: f64 = 100.0;

/// Parses the bytes as this form.
pub fn parse(format: Format, bytes: &[u8]) {
    if let Ok(run) = parse_as(format, bytes, &[LIMIT_MS]) {
        check(run);
    }
}

/// Parses the bytes as the form that they look like, as one step of 100 requests a second.
pub fn detect(bytes: &[u8]) {
    let options = ReadOptions { limits_ms: vec![LIMIT_MS], ..ReadOptions::default() };
    if let Ok(run) = output("fuzzed", bytes.to_vec(), Load::Open { rate: 100.0 }, &options) {
        check(run);
    }
}

/// Numbers that a load test can have, and an analysis that ends.
fn check(mut run: LoadRun) {
    for step in &run.steps {
        assert!(step.duration_seconds >= 0.0 && step.duration_seconds.is_finite(), "{} s", step.duration_seconds);
        assert!(step.ok <= step.sent, "{} good of {} sent", step.ok, step.sent);
        assert!(step.ok_in_window.is_none_or(|ok| ok <= step.ok));
        assert!(step.goodput.is_none_or(|goodput| goodput >= 0.0 && goodput.is_finite()));
        assert!(step.latency.quantiles.iter().all(|at| at.ms >= 0.0 && at.ms.is_finite()));
        for ms in [step.latency.mean_ms, step.latency.min_ms, step.latency.max_ms] {
            assert!(ms.is_none_or(|ms| ms >= 0.0 && ms.is_finite()), "{ms:?}");
        }
    }
    // A form that does not say its load has none yet.
    for (step, rate) in run.steps.iter_mut().zip(1_u32..) {
        if step.load == (Load::Closed { clients: 0 }) {
            step.load = Load::Open { rate: f64::from(rate) };
        }
    }
    let slo = Slo { objectives: ["p99<100ms", "errors<1%"].iter().filter_map(|text| text.parse().ok()).collect() };
    let report = analyze(&run, &slo, &SqueezeOptions { draws: 0, ..SqueezeOptions::default() });
    for estimate in [report.capacity, report.slo_crossing, report.sweet_spot].into_iter().flatten() {
        for value in [estimate.estimate, estimate.lower, estimate.upper].into_iter().flatten() {
            assert!(value >= 0.0 && value.is_finite(), "{estimate:?}");
        }
    }
}
