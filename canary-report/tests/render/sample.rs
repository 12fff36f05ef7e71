//! Reports built by hand, as a judge would make them.

use std::collections::BTreeMap;
use std::sync::Arc;

use canary_core::config::{Bounds, Config, Thresholds};
use canary_core::report::{
    Average, Builds, Counts, Evidence, GroupScore, Inputs, Interval, Method, MetricResult, Noise, Points, Reason,
    RegionResult, Report, SCHEMA_VERSION, SideInput, State, Verdict, VerdictReason, Window,
};
use canary_core::{Note, NoteCode, Side};

/// One report of each kind: pass, fail, marginal, inconclusive, hostile names.
pub(crate) fn all() -> [Report; 5] {
    [pass(), fail(), marginal(), inconclusive(), hostile()]
}

fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// A metric that is ok, with an interval around `ratio`.
pub(crate) fn ok(name: &str, group: &str, ratio: f64) -> MetricResult {
    MetricResult {
        name: name.into(),
        region: None,
        group: group.into(),
        state: State::Ok,
        ratio: Some(ratio),
        interval: Some(Interval {
            level: 0.98,
            lower: Some(rounded(ratio * 0.99)),
            upper: Some(rounded(ratio * 1.01)),
        }),
        bounds: Bounds::new(0.8, 1.25).expect("good bounds"),
        average: Average { baseline: Some(100.0), canary: Some(rounded(100.0 * ratio)) },
        points: Points { baseline: 480, canary: 480, effective: Some(96.2) },
        p_value: Some(0.5),
        weight: 1.0,
        critical: false,
        must_have_data: false,
        counts_against: false,
        evidence: Evidence::Certified,
        window: Some(Window::Full),
        detectable: None,
        minutes_to_decide: None,
        instances_to_decide: None,
        flags: Vec::new(),
        shapes: Vec::new(),
        peer: None,
        method: Some(Method::PairedHuber),
        reason: Reason::WithinBounds,
        rules: Vec::new(),
        notes: Vec::new(),
        series: None,
    }
}

pub(crate) fn undecided(name: &str, group: &str, ratio: f64) -> MetricResult {
    MetricResult {
        interval: Some(Interval { level: 0.98, lower: Some(rounded(ratio * 0.7)), upper: Some(rounded(ratio * 1.1)) }),
        evidence: Evidence::Undecided,
        reason: Reason::OverlapsBound,
        ..ok(name, group, ratio)
    }
}

/// A metric beyond one of its bounds, on the side where `ratio` lies.
pub(crate) fn against(name: &str, group: &str, ratio: f64) -> MetricResult {
    let (state, reason) =
        if ratio > 1.0 { (State::Hot, Reason::AboveUpperBound) } else { (State::Cold, Reason::BelowLowerBound) };
    MetricResult { state, reason, counts_against: true, p_value: Some(1.2e-9), ..ok(name, group, ratio) }
}

pub(crate) fn nodata(name: &str, group: &str, reason: Reason) -> MetricResult {
    MetricResult {
        state: State::NoData,
        ratio: None,
        interval: None,
        average: Average { baseline: Some(12.5), canary: None },
        points: Points { baseline: 480, canary: 0, effective: None },
        p_value: None,
        evidence: Evidence::Undecided,
        method: None,
        reason,
        ..ok(name, group, 1.0)
    }
}

pub(crate) fn baseline_zero(name: &str, group: &str) -> MetricResult {
    MetricResult {
        ratio: None,
        interval: None,
        average: Average { baseline: Some(0.0), canary: Some(3.25) },
        reason: Reason::BaselineZero,
        ..against(name, group, 2.0)
    }
}

pub(crate) fn critical(metric: MetricResult) -> MetricResult {
    MetricResult { critical: true, ..metric }
}

pub(crate) fn harmless(metric: MetricResult) -> MetricResult {
    MetricResult { counts_against: false, ..metric }
}

pub(crate) fn within(region: &str, metric: MetricResult) -> MetricResult {
    MetricResult { region: Some(region.into()), ..metric }
}

pub(crate) fn counts<'a>(metrics: impl Iterator<Item = &'a MetricResult>) -> Counts {
    let mut counts = Counts::default();
    for metric in metrics {
        match metric.state {
            State::Hot => counts.hot += 1,
            State::Cold => counts.cold += 1,
            State::Ok => counts.ok += 1,
            State::NoData => counts.nodata += 1,
        }
        counts.undecided += u64::from(metric.state == State::Ok && metric.evidence == Evidence::Undecided);
        counts.against += u64::from(metric.counts_against);
    }
    counts
}

/// The groups of some metrics, by name, every metric with the same weight.
pub(crate) fn groups(metrics: &[MetricResult]) -> Vec<GroupScore> {
    let mut by_group: BTreeMap<Arc<str>, Vec<&MetricResult>> = BTreeMap::new();
    for metric in metrics {
        by_group.entry(metric.group.clone()).or_default().push(metric);
    }
    let score = |counts: Counts| {
        let judged = counts.total() - counts.nodata;
        (judged > 0).then(|| 100.0 * (judged - counts.against) as f64 / judged as f64)
    };
    let group = |(name, metrics): (Arc<str>, Vec<&MetricResult>)| {
        let counts = counts(metrics.into_iter());
        GroupScore { name, weight: 1.0, score: score(counts), counts }
    };
    by_group.into_iter().map(group).collect()
}

/// A region's result over those of `metrics` that are in it.
pub(crate) fn region(
    name: Option<&str>,
    (verdict, score): (Verdict, Option<f64>),
    reasons: Vec<VerdictReason>,
    metrics: &[MetricResult],
) -> RegionResult {
    let here: Vec<MetricResult> = metrics.iter().filter(|metric| metric.region.as_deref() == name).cloned().collect();
    RegionResult {
        name: name.map(Into::into),
        verdict,
        score,
        score_uncapped: score,
        score_interval: None,
        reasons,
        counts: counts(here.iter()),
        groups: groups(&here),
    }
}

/// A report whose verdict is that of its first region.
pub(crate) fn report(regions: Vec<RegionResult>, metrics: Vec<MetricResult>) -> Report {
    let worst = regions.first().expect("a region").clone();
    Report {
        schema_version: SCHEMA_VERSION,
        verdict: worst.verdict,
        worst_region: worst.name,
        score: worst.score,
        score_uncapped: worst.score_uncapped,
        score_all: worst.score,
        score_interval: None,
        thresholds: Thresholds::default(),
        reasons: worst.reasons,
        counts: counts(metrics.iter()),
        regions,
        groups: groups(&metrics),
        metrics,
        findings: Vec::new(),
        tipping: None,
        fairness: Vec::new(),
        peer: None,
        noise: Noise { observed: Some(1.0), control: None, widening: 1.0 },
        notes: Vec::new(),
        builds: Builds::default(),
        inputs: inputs(),
        config: Config::default(),
        seed: 0,
    }
}

fn inputs() -> Inputs {
    let side = |name: &str| SideInput { sources: vec![name.to_owned()], rows: 4800, metrics: 10, instances: 0 };
    Inputs {
        baseline: side("baseline.parquet"),
        canary: side("canary.parquet"),
        start: Some("2026-08-22T10:00:00Z".to_owned()),
        end: Some("2026-08-22T18:00:00Z".to_owned()),
        step_seconds: Some(60.0),
        ticks: 480,
        command: None,
    }
}

fn single(verdict: (Verdict, Option<f64>), reasons: Vec<VerdictReason>, metrics: Vec<MetricResult>) -> Report {
    report(vec![region(None, verdict, reasons, &metrics)], metrics)
}

pub(crate) fn pass() -> Report {
    let metrics = vec![ok("cpu", "system", 1.01), ok("p99_ms", "latency", 0.98), ok("p50_ms", "latency", 1.0)];
    single((Verdict::Pass, Some(100.0)), vec![VerdictReason::ScorePasses { pass: 95.0 }], metrics)
}

/// A critical failure in one of two regions.
pub(crate) fn fail() -> Report {
    let metrics = vec![
        within("eu-west-1", critical(against("http_errors_total", "errors", 1.5))),
        within("eu-west-1", against("ParNew_CollectionCount", "jvm", 1.3)),
        within("eu-west-1", against("requests_per_second", "traffic", 0.5)),
        within("eu-west-1", baseline_zero("dropped_events", "errors")),
        within("eu-west-1", harmless(against("heap_used_bytes", "jvm", 0.6))),
        within("eu-west-1", nodata("disk_queue", "system", Reason::MissingInCanary)),
        within("us-east-1", nodata("disk_queue", "system", Reason::TooFewPoints { found: 7, needed: 12 })),
        within("us-east-1", undecided("p99_ms", "latency", 1.0)),
        within("us-east-1", ok("http_errors_total", "errors", 1.01)),
        within("us-east-1", ok("cpu", "system", 1.02)),
    ];
    let reasons = vec![
        VerdictReason::CriticalFailed { metric: "http_errors_total".into() },
        VerdictReason::ScoreBelowMarginal { marginal: 75.0 },
    ];
    let passes = vec![VerdictReason::ScorePasses { pass: 95.0 }];
    let regions = vec![
        region(Some("eu-west-1"), (Verdict::Fail, Some(33.333_333)), reasons, &metrics),
        region(Some("us-east-1"), (Verdict::Pass, Some(100.0)), passes, &metrics),
    ];
    let mut report = report(regions, metrics);
    report.builds = Builds { baseline: Some("v1.41.0".to_owned()), canary: Some("v1.42.0-rc1".to_owned()) };
    report.notes = vec![
        Note::on(Side::Canary, NoteCode::Missing, 17),
        Note::new(NoteCode::RuleMatchesNothing, 3).with_detail("latency_*"),
    ];
    report
}

pub(crate) fn marginal() -> Report {
    let metrics = vec![against("gc_pause_ms", "jvm", 1.4), ok("cpu", "system", 1.0), ok("p99_ms", "latency", 1.0)];
    let reasons = vec![VerdictReason::ScoreBelowPass { pass: 95.0 }];
    let mut report = single((Verdict::Marginal, Some(94.96)), reasons, metrics);
    report.inputs.start = None;
    report
}

pub(crate) fn inconclusive() -> Report {
    let metrics = vec![
        critical(nodata("http_errors_total", "errors", Reason::MissingInCanary)),
        MetricResult { must_have_data: true, ..nodata("logins", "traffic", Reason::NoValues) },
        nodata("disk_queue", "system", Reason::LowCoverage { share: 0.31, needed: 0.5 }),
        ok("cpu", "system", 1.0),
    ];
    let reasons = vec![
        VerdictReason::RequiredWithoutData { metric: "http_errors_total".into() },
        VerdictReason::RequiredWithoutData { metric: "logins".into() },
        VerdictReason::TooMuchWithoutData { share: 0.75, limit: 0.2 },
    ];
    single((Verdict::Inconclusive, None), reasons, metrics)
}

/// Every place that takes a name, with a name that means something to a terminal, to Markdown, HTML, XML
/// or GitHub.
pub(crate) fn hostile() -> Report {
    const NAME: &str = "a\u{1b}[31m|`<b>x</b>\r\n::error::%0A &amp; ]]> \u{202e}\u{fffe}@me *y* 名前";
    let metrics = vec![
        within(NAME, critical(against(NAME, NAME, 1.5))),
        within(NAME, nodata(NAME, "other", Reason::MissingInBaseline)),
        within("", ok("", "", 1.0)),
    ];
    let reasons = vec![VerdictReason::CriticalFailed { metric: NAME.into() }];
    let regions = vec![
        region(Some(NAME), (Verdict::Fail, Some(0.0)), reasons, &metrics),
        region(Some(""), (Verdict::Pass, Some(100.0)), Vec::new(), &metrics),
    ];
    let mut report = report(regions, metrics);
    report.builds.canary = Some(NAME.to_owned());
    report.inputs.start = Some(NAME.to_owned());
    report.notes = vec![Note::new(NoteCode::GroupWithoutMetric, 1).with_detail(NAME)];
    report
}

/// What a service with 1500 metrics in two regions looks like on a bad day.
pub(crate) fn three_thousand() -> Report {
    service(1500)
}

/// The same of a service with so many metrics.
pub(crate) fn service(count: usize) -> Report {
    let mut metrics: Vec<MetricResult> = Vec::new();
    for (offset, place) in [(0, "eu-west-1"), (7, "us-east-1")] {
        for index in 0..count {
            metrics.push(within(place, scaled(service_metric(index, offset), index)));
        }
    }
    metrics.sort_by(|a, b| importance(b).total_cmp(&importance(a)).then_with(|| a.name.cmp(&b.name)));
    let reasons = vec![VerdictReason::CriticalFailed { metric: "http/server/requests/5xx".into() }];
    let below = vec![VerdictReason::ScoreBelowPass { pass: 95.0 }];
    let mut regions = vec![
        region(Some("eu-west-1"), (Verdict::Fail, Some(74.999)), reasons, &metrics),
        region(Some("us-east-1"), (Verdict::Marginal, Some(93.271)), below, &metrics),
    ];
    if let Some(worst) = regions.first_mut() {
        worst.score_uncapped = Some(87.413);
    }
    let mut report = report(regions, metrics);
    report.score_all = Some(90.1);
    report.builds = Builds { baseline: Some("v1.41.0".to_owned()), canary: Some("v1.42.0-rc1".to_owned()) };
    report.notes = vec![
        Note::on(Side::Canary, NoteCode::Missing, 1204),
        Note::on(Side::Baseline, NoteCode::NotFinite, 3),
        Note::new(NoteCode::RuleMatchesNothing, 4).with_detail("kafka_*"),
    ];
    report
}

fn importance(metric: &MetricResult) -> f64 {
    let distance = metric.ratio.map_or(9.0, |ratio| ratio.ln().abs());
    f64::from(u8::from(metric.critical)) * 1e6 + f64::from(u8::from(metric.counts_against)) * 1e3 + distance
}

/// The same ratio at another level.
fn scaled(mut metric: MetricResult, index: usize) -> MetricResult {
    const SCALES: [f64; 5] = [0.003_83, 12.4, 1.0, 61_834.0, 21_474_836.0];
    let scale = SCALES.get(index % SCALES.len()).copied().unwrap_or(1.0);
    metric.average.baseline = metric.average.baseline.map(|average| average * scale);
    metric.average.canary = metric.average.canary.map(|average| average * scale);
    metric
}

fn service_metric(index: usize, offset: usize) -> MetricResult {
    const PARTS: [&str; 6] = ["gc/pause", "http/client", "db/pool", "cache", "queue/consumer", "threads"];
    const GROUPS: [&str; 14] = [
        "jvm", "http", "db", "cache", "queue", "threads", "disk", "network", "errors", "latency", "cpu", "memory",
        "tracing", "logs",
    ];
    let part = PARTS.get(index % PARTS.len()).copied().unwrap_or_default();
    let group = GROUPS.get(index % GROUPS.len()).copied().unwrap_or_default();
    let name = format!("service/checkout/{part}/instance_group_{index}/p{}", 50 + index % 50);
    let at = index + offset;
    let spread = (at % 97) as f64 / 50.0;
    match at {
        0 => critical(against("http/server/requests/5xx", "errors", 1.873)),
        1 => critical(nodata("payments/authorised", "errors", Reason::MissingInCanary)),
        2 => baseline_zero("dropped_events", "queue"),
        _ if at.is_multiple_of(37) && offset == 0 => against(&name, group, 1.28 + spread),
        _ if at.is_multiple_of(91) => against(&name, group, 0.75 - spread / 4.0),
        _ if at.is_multiple_of(331) => harmless(against(&name, group, 0.7)),
        _ if at.is_multiple_of(71) => nodata(&name, group, Reason::MissingInCanary),
        _ if at.is_multiple_of(101) => nodata(&name, group, Reason::TooFewPoints { found: 5, needed: 12 }),
        _ if at.is_multiple_of(13) => undecided(&name, group, 1.02),
        _ => ok(&name, group, 0.95 + (at % 10) as f64 / 100.0),
    }
}
