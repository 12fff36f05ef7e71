//! The recorded runs of real load tools, and the synthetic ones of the reference vectors, as runs.

use canary_core::squeeze::{
    Bucket, ErrorCounts, Histogram, Latency, Load, LoadRun, LoadStep, Objective, Quantile, Replies, Slo, Window,
};
use serde_json::Value;

macro_rules! squeeze {
    ($($path:literal),+) => { [$(($path, include_str!(concat!("../../../fixtures/squeeze/", $path, "/steps.csv")))),+] };
}

const RUNS: [(&str, &str); 10] = squeeze!(
    "d01_vegeta_det_c4_s20",
    "d02_wrk2_logn_c8_s25",
    "d03_oha_nginx_150",
    "d04_k6_exp_c3_s25",
    "d05_locust_usl_s10",
    "d06_autocannon_closed_c4_s10",
    "d07_vegeta_unsaturated_c10_s20",
    "d08_hey_saturated_c3_s50",
    "d09_wrk_usl_s8",
    "d10_vegeta_flip_c6_s20"
);
const MANIFEST: &str = include_str!("../../../fixtures/squeeze/manifest.json");
const VECTORS: &str = include_str!("../../../fixtures/vectors/squeeze.json");

/// A run with what is known of it.
pub(crate) struct Known {
    pub(crate) name: String,
    pub(crate) run: LoadRun,
    pub(crate) slo: Slo,
    /// The range that the true capacity lies in.
    pub(crate) capacity: (f64, f64),
    pub(crate) crossing: Option<f64>,
    pub(crate) accepted: Vec<String>,
    pub(crate) kind: String,
}

/// The tables of the recorded runs.
pub(crate) fn recorded() -> Vec<Known> {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let truth = |name: &str| {
        let runs = manifest["runs"].as_array().unwrap();
        runs.iter().find(|run| run["run_id"] == name).unwrap()["truth"].clone()
    };
    RUNS.iter()
        .map(|&(name, steps)| {
            let truth = truth(name);
            let slo = truth["slo_p99_ms"].as_f64().map(|limit| Objective { limit_ms: Some(limit), share: 0.01 });
            // Servers by the scaling law have a range: the overhead of the loop is part of what is measured.
            let peak = |law: &str| truth[law]["peak_x"].as_f64();
            let exact = truth["capacity_rps"].as_f64().unwrap();
            let capacity = (peak("effective").unwrap_or(exact), peak("nominal").unwrap_or(exact));
            Known {
                name: name.to_owned(),
                run: table(steps),
                slo: Slo { objectives: slo.into_iter().collect() },
                capacity,
                crossing: truth["slo_rps"].as_f64(),
                accepted: vec![truth["expected_status"].as_str().unwrap().to_owned()],
                kind: "recorded".to_owned(),
            }
        })
        .collect()
}

/// The tool-neutral table, by the names of its columns.
fn table(text: &str) -> LoadRun {
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let steps = lines.map(|row| {
        let text = |name: &str| header.iter().position(|column| *column == name).map_or("", |place| row[place]);
        let number = |name: &str| text(name).parse::<f64>().ok();
        let count = |name: &str| text(name).parse::<u64>().unwrap_or(0);
        let load = match text("loop") {
            "closed" => Load::Closed { clients: count("concurrency") },
            _ => Load::Open { rate: number("offered_rps").unwrap() },
        };
        let mut step = LoadStep::new(load, number("duration_s").unwrap());
        step.started_ms = text("start_epoch_ms").parse().ok();
        step.sent = count("sent");
        step.ok = count("ok");
        step.errors = ErrorCounts { other: count("errors"), ..ErrorCounts::default() };
        step.goodput = number("goodput_rps");
        let quantile = |(quantile, name): (f64, &str)| number(name).map(|ms| Quantile { quantile, ms });
        let quantiles = [(0.5, "p50_ms"), (0.9, "p90_ms"), (0.95, "p95_ms"), (0.99, "p99_ms")];
        step.latency = Latency {
            mean_ms: number("mean_ms"),
            max_ms: number("max_ms"),
            quantiles: quantiles.into_iter().filter_map(quantile).collect(),
            ..Latency::default()
        };
        step
    });
    LoadRun { steps: steps.collect(), ..LoadRun::default() }
}

/// The synthetic runs of the vectors.
pub(crate) fn synthetic() -> Vec<Known> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let number = |value: &Value| value.as_f64().unwrap();
    vectors["synthetic_squeeze"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            let limit = number(&item["params"]["slo_ms"]);
            let capacity = number(&item["truth"]["capacity_rps"]);
            Known {
                name: item["params"]["id"].as_str().unwrap().to_owned(),
                run: LoadRun {
                    steps: item["steps"].as_array().unwrap().iter().map(|step| synthetic_step(step, limit)).collect(),
                    ..LoadRun::default()
                },
                slo: Slo {
                    objectives: vec![Objective { limit_ms: Some(limit), share: number(&item["params"]["slo_bad"]) }],
                },
                capacity: (capacity, capacity),
                crossing: Some(number(&item["truth"]["slo_rps"])),
                accepted: item["accept_status"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|word| word.as_str().unwrap().to_owned())
                    .collect(),
                kind: item["params"]["kind"].as_str().unwrap().to_owned(),
            }
        })
        .collect()
}

fn synthetic_step(step: &Value, limit: f64) -> LoadStep {
    let number = |name: &str| step[name].as_f64().unwrap();
    let count = |name: &str| step[name].as_u64().unwrap();
    let mut found = LoadStep::new(Load::Open { rate: number("offered_rps") }, number("duration_s"));
    found.sent = count("sent");
    found.ok = count("ok");
    found.errors.rejected = count("errors");
    found.goodput = Some(number("goodput_rps"));
    let slow = count("slow");
    found.latency = Latency {
        of: Replies::Good,
        mean_ms: step["mean_ms"].as_f64(),
        quantiles: step["p50_ms"].as_f64().map(|ms| Quantile { quantile: 0.5, ms }).into_iter().collect(),
        histogram: Some(Histogram::new(vec![
            Bucket { upper_ms: limit, count: found.ok - slow },
            Bucket { upper_ms: f64::INFINITY, count: slow },
        ])),
        ..Latency::default()
    };
    let windows = step["ok_per_s"].as_array().unwrap();
    found.windows = windows.iter().map(|ok| Window { ok: ok.as_u64().unwrap(), ..Window::default() }).collect();
    found
}
