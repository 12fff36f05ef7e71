//! Findings and tipping by example and by property. What is right follows from how the series are built, or from
//! judging again without some metrics.
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use canary_core::report::{Finding, MetricKey, Report, State, Tipping, Verdict};
use canary_core::{Config, Judge, MetricData, MetricSet};
use support::{Random, config, minutes};

const TICKS: usize = 240;

/// A metric as it is built.
#[derive(Clone, Debug)]
struct Built {
    name: String,
    region: Option<&'static str>,
    baseline: Vec<f64>,
    canary: Vec<f64>,
}

/// A healthy metric: 5 % of noise.
fn healthy(name: &str, random: &mut Random) -> Built {
    let side = |random: &mut Random| random.noisy(TICKS, 100.0, 0.05);
    Built { name: name.to_owned(), region: None, baseline: side(random), canary: side(random) }
}

/// The same, its canary times `ratio` from tick `onset` on.
fn moved(name: &str, ratio: f64, onset: usize, random: &mut Random) -> Built {
    let mut built = healthy(name, random);
    built.canary.iter_mut().skip(onset).for_each(|value| *value *= ratio);
    built
}

/// Healthy metrics of ten services.
fn bystanders(random: &mut Random) -> Vec<Built> {
    let name = |index: usize| format!("service{}/op{}/latency", index % 10, index / 10);
    (0..60).map(|index| healthy(&name(index), random)).collect()
}

fn set(metrics: &[Built]) -> MetricSet {
    let mut builder = MetricSet::builder(minutes(TICKS).starting_at(0));
    for metric in metrics {
        let mut data = MetricData::new(&metric.name).baseline(&metric.baseline).canary(&metric.canary);
        if let Some(region) = metric.region {
            data = data.region(region);
        }
        builder.add(&data).unwrap();
    }
    builder.build().unwrap()
}

fn judged(config: &Config, metrics: &[Built]) -> Report {
    Judge::new(config.clone()).unwrap().judge(&set(metrics))
}

fn members(finding: &Finding) -> Vec<&str> {
    let mut names: Vec<&str> = finding.members.iter().map(|member| &*member.metric).collect();
    names.sort_unstable();
    names
}

/// `checkout` breaks at tick 120: one metric first, three of them four minutes later, one later still.
fn incident() -> Vec<Built> {
    let mut random = Random::new(1);
    let mut metrics = bystanders(&mut random);
    for (name, ratio, onset) in [
        ("checkout/db/wait", 2.0, 120),
        ("checkout/pay/latency", 1.6, 124),
        ("checkout/cart/latency", 1.8, 124),
        ("checkout/pay/requests", 0.6, 124),
        ("checkout/queue/depth", 3.0, 139),
        ("search/query/latency", 1.5, 60),
    ] {
        metrics.push(moved(name, ratio, onset, &mut random));
    }
    metrics
}

#[test]
fn what_moved_together_is_one_finding() {
    let report = judged(&Config::default(), &incident());
    let [first, second] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!(first.component.as_deref(), Some("checkout/"));
    assert_eq!(first.members.len(), 5, "{first:?}");
    assert_eq!((&*first.first_mover, first.onset.tick), ("checkout/db/wait", 120));
    assert_eq!((first.onset.minutes, first.onset.at.as_deref()), (120.0, Some("1970-01-01T02:00:00Z")));
    let late = first.members.iter().find(|member| &*member.metric == "checkout/queue/depth").unwrap();
    // A step of ln 3 over a noise of 7 %: its tick is certain.
    assert_eq!(late.onset_tick, 139);
    // The factors are 2, 1.6, 1.8, 1/0.6 and 3: their median is 1.8; 7 % over some 110 minutes leave 1 % each.
    let (factor, interval) = (first.size.factor.unwrap(), first.size.interval.unwrap());
    assert!((factor / 1.8).ln().abs() < 0.03, "{factor}");
    assert!(interval.lower.unwrap() < 1.8 && 1.8 < interval.upper.unwrap(), "{interval:?}");
    assert_eq!(interval.level.to_bits(), 0.95_f64.to_bits());
    assert_eq!((&*second.first_mover, second.onset.tick), ("search/query/latency", 60));
    assert_eq!(second.component.as_deref(), Some("search/query/"));
    // Five of 66 metrics against the score, then one of 66.
    let cost = 100.0 * 60.0 / 61.0 - 100.0 * 60.0 / 66.0;
    assert!((first.score_loss.unwrap() - cost).abs() < 1e-9, "{first:?}");
}

#[test]
fn a_run_without_a_change_has_no_finding() {
    let report = judged(&Config::default(), &bystanders(&mut Random::new(2)));
    assert_eq!((report.counts.hot, report.counts.cold), (0, 0));
    assert_eq!((report.findings.len(), report.tipping), (0, None));
}

#[test]
fn a_change_with_the_build_begins_at_the_start() {
    let mut random = Random::new(3);
    let mut metrics = bystanders(&mut random);
    metrics.extend((0..6).map(|index| moved(&format!("checkout/op{index}/latency"), 1.5, 0, &mut random)));
    let report = judged(&Config::default(), &metrics);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!((finding.onset.tick, finding.members.len()), (0, 6));
    assert!(finding.members.iter().all(|member| member.onset_tick == 0));
    assert_eq!(finding.component.as_deref(), Some("checkout/"));
}

/// The same load pulls at both: what is left of their deviations goes together, and their names share nothing.
#[test]
fn what_goes_up_and_down_together_is_one_finding_whatever_its_name() {
    let mut random = Random::new(4);
    let mut metrics = bystanders(&mut random);
    let wandering = random.ar1(TICKS, 0.5);
    let with = |name: &str, ratio: f64, random: &mut Random| {
        let mut metric = moved(name, ratio, 0, random);
        metric.canary.iter_mut().zip(&wandering).for_each(|(value, load)| *value *= (0.2 * load).exp());
        metric
    };
    let (alpha, beta) = (with("alpha", 1.5, &mut random), with("beta", 1.7, &mut random));
    let gamma = moved("gamma", 1.6, 0, &mut random);
    metrics.extend([alpha, beta, gamma]);
    let report = judged(&Config::default(), &metrics);
    let found: Vec<Vec<&str>> = report.findings.iter().map(members).collect();
    assert_eq!(found, [vec!["alpha", "beta"], vec!["gamma"]]);
    assert_eq!(report.findings[0].component, None);
}

/// The service goes on in one metric that was not looked at; everything else of it ends at tick 100.
#[test]
fn a_component_that_falls_silent_is_a_finding() {
    let mut random = Random::new(5);
    let mut metrics = bystanders(&mut random);
    for index in 0..5 {
        let mut metric = healthy(&format!("checkout/op{index}/latency"), &mut random);
        metric.canary.iter_mut().skip(100).for_each(|value| *value = f64::NAN);
        metrics.push(metric);
    }
    let report = judged(&Config::default(), &metrics);
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!((finding.onset.tick, finding.members.len()), (100, 5));
    assert_eq!(finding.component.as_deref(), Some("checkout/"));
    assert_eq!((finding.size.factor, finding.size.interval), (None, None), "nothing is left to compare");
}

/// An hour at the end moves the whole run's average by too little for the judge, but it begins with the rest.
#[test]
fn an_ok_metric_that_moved_first_is_seen() {
    let mut random = Random::new(6);
    let mut metrics = bystanders(&mut random);
    metrics.extend((0..4).map(|index| moved(&format!("checkout/op{index}/latency"), 1.5, 190, &mut random)));
    metrics.push(moved("checkout/db/wait", 1.2, 180, &mut random));
    let report = judged(&Config::default(), &metrics);
    let first = report.metrics.iter().find(|metric| &*metric.name == "checkout/db/wait").unwrap();
    assert_eq!(first.state, State::Ok, "or the test shows nothing");
    let finding = &report.findings[0];
    assert_eq!((&*finding.first_mover, finding.onset.tick), ("checkout/db/wait", 180), "{finding:?}");
    let member = finding.members.iter().find(|member| member.state == State::Ok).unwrap();
    assert!(!member.counts_against && (member.ratio.unwrap() / 1.2).ln().abs() < 0.03, "{member:?}");
}

#[test]
fn there_are_at_most_five_findings_and_critical_ones_come_first() {
    let mut random = Random::new(7);
    let mut metrics = bystanders(&mut random);
    let onset = |index: usize| 20 + 25 * index;
    metrics.extend((0..8).map(|index| moved(&format!("alone{index}"), 1.6, onset(index), &mut random)));
    let rules = "[[rules]]\nmatch = \"alone7\"\ncritical = true\nweight = 0.1";
    let report = judged(&config(rules), &metrics);
    assert_eq!(report.findings.len(), 5);
    assert_eq!(&*report.findings[0].first_mover, "alone7");
}

/// Everything about findings that a change of the input may not change.
fn told(report: &Report) -> Vec<(Vec<String>, String, u64, Vec<u64>)> {
    let of = |finding: &Finding| {
        let names = finding.members.iter().map(|member| member.metric.to_string()).collect();
        let onsets = finding.members.iter().map(|member| member.onset_tick).collect();
        (names, finding.first_mover.to_string(), finding.onset.tick, onsets)
    };
    report.findings.iter().map(of).collect()
}

#[test]
fn order_unit_and_threads_change_nothing() {
    let metrics = incident();
    let report = judged(&Config::default(), &metrics);
    let mut shuffled = metrics.clone();
    Random::new(8).shuffle(&mut shuffled);
    assert_eq!(judged(&Config::default(), &shuffled), report);
    for threads in [1, 3] {
        let judge = Judge::new(Config::default()).unwrap().with_threads(threads);
        assert_eq!(judge.judge(&set(&metrics)), report);
    }
    for unit in [1e-9, 0.5, 1e12] {
        let mut scaled = metrics.clone();
        for metric in &mut scaled {
            metric.baseline.iter_mut().chain(&mut metric.canary).for_each(|value| *value *= unit);
        }
        assert_eq!(told(&judged(&Config::default(), &scaled)), told(&report), "{unit}");
    }
}

/// A higher place in time moves onsets and nothing else.
#[test]
fn a_later_start_moves_the_onsets_along() {
    let mut metrics = incident();
    let report = judged(&Config::default(), &metrics);
    let shift = 17;
    let mut builder = MetricSet::builder(minutes(TICKS + shift));
    for metric in &mut metrics {
        for side in [&mut metric.baseline, &mut metric.canary] {
            side.splice(0..0, std::iter::repeat_n(f64::NAN, shift));
        }
        let data = MetricData::new(&metric.name).baseline(&metric.baseline).canary(&metric.canary);
        builder.add(&data).unwrap();
    }
    let later = Judge::new(Config::default()).unwrap().judge(&builder.build().unwrap());
    let expected: Vec<_> = told(&report)
        .into_iter()
        .map(|(names, first, onset, onsets)| {
            let onsets = onsets.into_iter().map(|onset| onset + shift as u64).collect();
            (names, first, onset + shift as u64, onsets)
        })
        .collect();
    assert_eq!(told(&later), expected);
}

fn keys(tipping: &Tipping) -> Vec<&str> {
    tipping.metrics.iter().map(|metric| &*metric.name).collect()
}

/// Judged again without the metrics of `tipping`, from the observations on. A rule that names one of them would miss
/// it, so rules here match by a pattern that others match as well.
fn without(config: &Config, metrics: &[Built], left_out: &[MetricKey]) -> Verdict {
    let is_left = |metric: &&Built| {
        !left_out.iter().any(|key| *key.name == *metric.name && key.region.as_deref() == metric.region)
    };
    let left: Vec<Built> = metrics.iter().filter(is_left).cloned().collect();
    judged(config, &left).verdict
}

/// The verdict changes without these metrics, judged anew, and with any one of them it does not.
fn tips(config: &Config, metrics: &[Built]) -> Tipping {
    let report = judged(config, metrics);
    let tipping = report.tipping.unwrap();
    assert_ne!(tipping.verdict, report.verdict);
    assert_eq!(without(config, metrics, &tipping.metrics), tipping.verdict);
    for kept in 0..tipping.metrics.len() {
        let mut fewer = tipping.metrics.clone();
        fewer.remove(kept);
        assert_eq!(without(config, metrics, &fewer), report.verdict, "without {kept}");
    }
    tipping
}

#[test]
fn every_failing_critical_metric_must_go() {
    let mut random = Random::new(9);
    let mut metrics = bystanders(&mut random);
    metrics.push(moved("checkout/a/errors", 2.0, 0, &mut random));
    metrics.push(moved("checkout/b/errors", 2.0, 0, &mut random));
    metrics.push(healthy("checkout/c/errors", &mut random));
    metrics.push(moved("checkout/d/latency", 2.0, 0, &mut random));
    let config = config("[[rules]]\nmatch = \"*/errors\"\ncritical = true");
    let tipping = tips(&config, &metrics);
    assert_eq!(tipping.verdict, Verdict::Pass);
    assert_eq!(keys(&tipping), ["checkout/a/errors", "checkout/b/errors"]);
}

/// 40 of 100 metrics are against the canary, in three groups of different weights, some of them of more weight.
#[test]
fn the_score_takes_the_fewest_over_all_groups() {
    let mut random = Random::new(10);
    let mut metrics = Vec::new();
    for index in 0..50 {
        let group = ["a", "b", "c"][index % 3];
        let ratio = if index % 5 < 2 { 2.0 } else { 1.0 };
        metrics.push(moved(&format!("{group}/{index:02}"), ratio, 0, &mut random));
    }
    let config = config(
        "[groups]\na = { weight = 3 }\nb = { weight = 1 }\nc = { weight = 1 }\n\
         [[rules]]\nmatch = \"a/*\"\ngroup = \"a\"\n[[rules]]\nmatch = \"b/*\"\ngroup = \"b\"\n\
         [[rules]]\nmatch = \"c/*\"\ngroup = \"c\"\n[[rules]]\nmatch = \"?/*5\"\nweight = 3",
    );
    let tipping = tips(&config, &metrics);
    assert_eq!(tipping.verdict, Verdict::Marginal);
}

#[test]
fn every_failing_region_must_change() {
    let mut random = Random::new(11);
    let mut metrics = Vec::new();
    for region in ["east", "west"] {
        let mut here = bystanders(&mut random);
        here.push(moved("checkout/a/errors", 2.0, 0, &mut random));
        here.push(healthy("checkout/b/errors", &mut random));
        for metric in &mut here {
            metric.region = Some(region);
        }
        metrics.extend(here);
    }
    let tipping = tips(&config("[[rules]]\nmatch = \"*/errors\"\ncritical = true"), &metrics);
    let mut regions: Vec<Option<&str>> = tipping.metrics.iter().map(|metric| metric.region.as_deref()).collect();
    regions.sort_unstable();
    assert_eq!((tipping.verdict, regions), (Verdict::Pass, vec![Some("east"), Some("west")]));
}

#[test]
fn a_required_metric_without_data_tips_an_inconclusive_run() {
    let mut random = Random::new(12);
    let mut metrics = bystanders(&mut random);
    metrics.push(healthy("checkout/a/requests", &mut random));
    let mut silent = healthy("checkout/b/requests", &mut random);
    silent.canary.fill(f64::NAN);
    metrics.push(silent);
    let config = config("[[rules]]\nmatch = \"*/requests\"\nmust_have_data = true");
    assert_eq!(judged(&config, &metrics).verdict, Verdict::Inconclusive);
    let tipping = tips(&config, &metrics);
    assert_eq!((tipping.verdict, keys(&tipping)), (Verdict::Pass, vec!["checkout/b/requests"]));
}

/// Where one side ends, no metric by itself is to blame.
#[test]
fn a_side_that_ends_is_no_metrics_doing() {
    let mut metrics = bystanders(&mut Random::new(13));
    for metric in &mut metrics {
        metric.canary.iter_mut().skip(100).for_each(|value| *value = f64::NAN);
    }
    let report = judged(&Config::default(), &metrics);
    assert_eq!((report.verdict, report.tipping), (Verdict::Inconclusive, None));
    // But it is one finding, of all of them.
    let [finding] = report.findings.as_slice() else { panic!("{:?}", report.findings) };
    assert_eq!((finding.onset.tick, finding.members.len(), &finding.component), (100, 60, &None));
}
