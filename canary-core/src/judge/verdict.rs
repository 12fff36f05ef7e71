//! From scores to a verdict. Silence is never `pass`. The rule in prose: docs/verdict.md.

use std::cmp::Ordering;
use std::sync::Arc;

use super::notes::required_without_metric;
use super::pulse::{self, EarlyEnd, Pulse};
use super::score::{Scored, Scores, group_weight, scored};
use super::standing::{Standing, score_interval, with_plain};
use crate::config::{Config, Resolver};
use crate::metric::MetricSet;
use crate::report::{
    Evidence, Fairness, Interval, Method, MetricResult, Outcome as Comparable, Reason, RegionResult, State, Verdict,
    VerdictReason,
};

/// A score that is capped lies this far below its threshold, so that one cut to an integer does too.
const BELOW_THRESHOLD: f64 = 0.01;

/// A side that ends before this share of the common time is over has fallen silent.
const MIN_COMMON_SHARE: f64 = 0.9;

/// The verdict of a run.
pub(super) struct Outcome {
    pub(super) verdict: Verdict,
    pub(super) worst_region: Option<Arc<str>>,
    pub(super) score: Option<f64>,
    pub(super) score_uncapped: Option<f64>,
    pub(super) score_interval: Option<Interval>,
    pub(super) reasons: Vec<VerdictReason>,
    pub(super) regions: Vec<RegionResult>,
}

/// What a verdict is made of.
pub(super) struct Case<'a> {
    pub(super) metrics: &'a MetricSet,
    pub(super) results: &'a [MetricResult],
    /// The signs of life behind each result.
    pub(super) pulses: &'a [Pulse],
    /// Where each stands to its bounds.
    pub(super) standings: &'a [Option<Standing>],
    pub(super) scores: &'a Scores,
    pub(super) resolver: &'a Resolver,
    pub(super) config: &'a Config,
    pub(super) fairness: &'a [Fairness],
    pub(super) seed: u64,
}

/// The worst region's verdict.
pub(super) fn verdict(case: &Case<'_>) -> Outcome {
    let region = |(name, scored): &(Option<Arc<str>>, Scored)| {
        region_result(case, name.as_ref(), &case.judged(name.as_ref(), &[]), scored, true)
    };
    worst(case.scores.regions.iter().map(region).collect(), case.config)
}

/// The verdict if the metrics at `left_out`, rising places among the results, had been left out by their names: only
/// the fold is done again, no statistic. The score's interval is drawn only where the verdict depends on it.
pub(super) fn verdict_without(case: &Case<'_>, outcome: &Outcome, left_out: &[usize]) -> Verdict {
    let region = |known: &RegionResult| {
        let judged = case.judged(known.name.as_ref(), left_out);
        if judged.len() as u64 == known.counts.total() {
            return known.clone();
        }
        let scored = scored(judged.iter().map(|judged| judged.result).collect(), case.config);
        let passes = scored.score.is_some_and(|score| score >= case.config.thresholds.pass());
        region_result(case, known.name.as_ref(), &judged, &scored, passes)
    };
    worst(outcome.regions.iter().map(region).collect(), case.config).verdict
}

/// One metric of a region and what is known of it.
#[derive(Clone, Copy)]
pub(super) struct JudgedMetric<'a> {
    /// Its place among the results.
    pub(super) index: usize,
    pub(super) result: &'a MetricResult,
    pub(super) pulse: &'a Pulse,
    standing: Option<Standing>,
}

impl<'a> Case<'a> {
    /// The metrics of a region but those at `left_out`, which rise.
    pub(super) fn judged(&self, region: Option<&Arc<str>>, left_out: &[usize]) -> Vec<JudgedMetric<'a>> {
        let all = self.results.iter().zip(self.pulses).zip(self.standings).enumerate();
        let judged = all.filter(|(index, ((result, _), _))| {
            result.region.as_ref() == region && left_out.binary_search(index).is_err()
        });
        judged
            .map(|(index, ((result, pulse), standing))| JudgedMetric { index, result, pulse, standing: *standing })
            .collect()
    }
}

fn worst(regions: Vec<RegionResult>, config: &Config) -> Outcome {
    let worst = regions.iter().min_by(|a, b| worst_first(a, b));
    let (verdict, score_uncapped, reasons) = match worst {
        Some(worst) => (worst.verdict, worst.score_uncapped, worst.reasons.clone()),
        None => (Verdict::Inconclusive, None, vec![VerdictReason::NoData]),
    };
    let worst_region = worst.and_then(|worst| worst.name.clone());
    let score_interval = worst.and_then(|worst| worst.score_interval);
    let score = capped(score_uncapped, verdict, config);
    Outcome { verdict, worst_region, score, score_uncapped, score_interval, reasons, regions }
}

fn worst_first(a: &RegionResult, b: &RegionResult) -> Ordering {
    // No score at all is worse than any.
    let score = |region: &RegionResult| region.score_uncapped.unwrap_or(-1.0);
    b.verdict.severity().cmp(&a.verdict.severity()).then_with(|| score(a).total_cmp(&score(b)))
}

fn region_result(
    case: &Case<'_>,
    name: Option<&Arc<str>>,
    judged: &[JudgedMetric<'_>],
    scored: &Scored,
    with_interval: bool,
) -> RegionResult {
    let config = case.config;
    let metrics: Vec<&MetricResult> = judged.iter().map(|judged| judged.result).collect();
    let early = ends_early(case.metrics, name);
    let whole = early.is_empty();
    let mut silence = not_comparable(case.fairness);
    silence.extend(early);
    if whole {
        silence.extend(metrics_end_early(judged, config));
    }
    silence.extend(pulse::silence(judged.iter().filter(|judged| counts(judged.result)).map(|judged| judged.pulse)));
    // Where the caller chose metrics by name, a rule may match one that was left out.
    if !case.metrics.is_chosen() {
        let all: Vec<&MetricResult> = case.results.iter().filter(|result| result.region.as_ref() == name).collect();
        silence.extend(required_without_metric(&all, case.resolver));
    }
    let score_interval = with_interval.then(|| interval(case, judged, scored)).flatten();
    let (verdict, reasons) = decide(&metrics, scored, score_interval, silence, config);
    RegionResult {
        name: name.cloned(),
        verdict,
        score: capped(scored.score, verdict, config),
        score_uncapped: scored.score,
        score_interval,
        reasons,
        counts: scored.counts,
        groups: scored.groups.clone(),
    }
}

fn interval(case: &Case<'_>, judged: &[JudgedMetric<'_>], scored: &Scored) -> Option<Interval> {
    let standings: Vec<_> = judged.iter().map(|judged| (judged.result, judged.standing)).collect();
    let drawn = score_interval(&standings, case.config, case.seed)?;
    Some(with_plain(drawn, scored.score))
}

fn not_comparable(fairness: &[Fairness]) -> Vec<VerdictReason> {
    let found = fairness.iter().filter(|found| found.outcome == Comparable::NotComparable);
    let reason = |&Fairness { check, baseline, canary, .. }| VerdictReason::NotComparable { check, baseline, canary };
    found.map(reason).collect()
}

/// One side whose data end well before the other's. A canary that dies is not compared from then on: that
/// must not read as agreement.
fn ends_early(metrics: &MetricSet, region: Option<&Arc<str>>) -> Vec<VerdictReason> {
    let early = metrics.early_end(region).filter(|(_, share)| *share < MIN_COMMON_SHARE);
    early.map(|(side, share)| VerdictReason::EndsEarly { side, share, limit: MIN_COMMON_SHARE }).into_iter().collect()
}

/// Metrics that one side stops reporting while others go on: the required ones by name, the rest by their
/// weight, which counts like that of metrics without data.
fn metrics_end_early(judged: &[JudgedMetric<'_>], config: &Config) -> Vec<VerdictReason> {
    let (mut reasons, mut ended, mut without_data, mut total) = (Vec::new(), 0.0, 0.0, 0.0);
    for JudgedMetric { result: metric, pulse, .. } in judged {
        let weight = metric.weight * group_weight(config, &metric.group);
        total += weight;
        if metric.state == State::NoData {
            without_data += weight;
        } else if let Some(EarlyEnd { side, share, limit, .. }) = pulse.ends_early() {
            ended += weight;
            if metric.critical || metric.must_have_data {
                let metric = metric.name.clone();
                reasons.push(VerdictReason::RequiredEndsEarly { metric, side, share, limit });
            }
        }
    }
    let limit = config.evidence.max_nodata.get();
    if without_data <= limit * total && without_data + ended > limit * total {
        reasons.push(VerdictReason::TooMuchEndsEarly { share: (without_data + ended) / total, limit });
    }
    reasons
}

/// Whether a metric can move the verdict. One of no weight is shown: its life says nothing of those that count.
fn counts(metric: &MetricResult) -> bool {
    metric.state != State::NoData && (metric.weight > 0.0 || metric.critical)
}

fn decide(
    metrics: &[&MetricResult],
    scored: &Scored,
    interval: Option<Interval>,
    silence: Vec<VerdictReason>,
    config: &Config,
) -> (Verdict, Vec<VerdictReason>) {
    let (pass, marginal) = (config.thresholds.pass(), config.thresholds.marginal());
    let mut failures = critical_failures(metrics);
    if scored.score.is_some_and(|score| score < marginal) {
        failures.push(VerdictReason::ScoreBelowMarginal { marginal });
    }
    if !failures.is_empty() {
        return (Verdict::Fail, failures);
    }
    let mut doubts = doubts(metrics, scored, config);
    if doubts != [VerdictReason::NoData] {
        doubts.extend(silence);
    }
    match scored.score {
        _ if !doubts.is_empty() => (Verdict::Inconclusive, doubts),
        Some(score) if score >= pass => match interval.and_then(|interval| interval.lower) {
            Some(lower) if lower < marginal => {
                (Verdict::Marginal, vec![VerdictReason::ScoreUncertain { lower, marginal }])
            }
            _ => (Verdict::Pass, vec![VerdictReason::ScorePasses { pass }]),
        },
        Some(_) => (Verdict::Marginal, vec![VerdictReason::ScoreBelowPass { pass }]),
        // Every weight is zero: nothing counts, so nothing passes.
        None => (Verdict::Inconclusive, vec![VerdictReason::NoData]),
    }
}

fn critical_failures(metrics: &[&MetricResult]) -> Vec<VerdictReason> {
    let failed = metrics.iter().filter(|metric| metric.critical && metric.counts_against);
    failed.map(|metric| VerdictReason::CriticalFailed { metric: metric.name.clone() }).collect()
}

/// What is missing before the region can be judged.
fn doubts(metrics: &[&MetricResult], scored: &Scored, config: &Config) -> Vec<VerdictReason> {
    let with_data = |metric: &MetricResult| metric.state != State::NoData;
    // What was measured beside the series says nothing of whether the canary serves anyone.
    let by_series = |metric: &MetricResult| metric.method != Some(Method::Measured);
    if !metrics.iter().any(|metric| with_data(metric) && by_series(metric)) {
        return vec![VerdictReason::NoData];
    }
    let required = metrics.iter().filter(|metric| (metric.critical || metric.must_have_data) && !with_data(metric));
    let mut doubts: Vec<VerdictReason> =
        required.map(|metric| VerdictReason::RequiredWithoutData { metric: metric.name.clone() }).collect();
    let idle = |metric: &MetricResult| metric.reason == Reason::BothZero;
    // A metric of no weight is shown, not counted: its life says nothing of the ones that count.
    let mut counted =
        metrics.iter().filter(|metric| with_data(metric) && by_series(metric) && metric.weight > 0.0).peekable();
    if counted.peek().is_some() && counted.all(|metric| idle(metric)) {
        doubts.push(VerdictReason::AllIdle);
    }
    let share = |part: &dyn Fn(&MetricResult) -> bool, whole: &dyn Fn(&MetricResult) -> bool| {
        let weight = |metric: &&MetricResult| metric.weight * group_weight(config, &metric.group);
        let total: f64 = metrics.iter().filter(|metric| whole(metric)).map(weight).sum();
        let part: f64 = metrics.iter().filter(|metric| whole(metric) && part(metric)).map(weight).sum();
        if total > 0.0 { part / total } else { 0.0 }
    };
    let evidence = &config.evidence;
    let without_data = share(&|metric| !with_data(metric), &|_| true);
    if without_data > evidence.max_nodata.get() {
        doubts.push(VerdictReason::TooMuchWithoutData { share: without_data, limit: evidence.max_nodata.get() });
    }
    // An idle metric is equal on both sides, but it is no evidence that anything works.
    let undecided =
        share(&|metric| metric.evidence == Evidence::Undecided, &|metric| with_data(metric) && !idle(metric));
    if undecided > evidence.max_undecided.get() {
        doubts.push(VerdictReason::TooMuchUndecided { share: undecided, limit: evidence.max_undecided.get() });
    }
    if evidence.require && scored.counts.undecided > 0 {
        doubts.push(VerdictReason::EvidenceRequired { undecided: scored.counts.undecided });
    }
    doubts
}

/// The score as a caller may compare it with the thresholds, even cut to an integer: it never says more
/// than the verdict.
fn capped(score: Option<f64>, verdict: Verdict, config: &Config) -> Option<f64> {
    let below = |threshold: f64| (threshold - BELOW_THRESHOLD).max(0.0);
    let cap = match verdict {
        Verdict::Pass => 100.0,
        Verdict::Marginal | Verdict::Inconclusive => below(config.thresholds.pass()),
        Verdict::Fail => below(config.thresholds.marginal()),
    };
    score.map(|score| if verdict_allows(score, verdict, config) { score } else { cap })
}

fn verdict_allows(score: f64, verdict: Verdict, config: &Config) -> bool {
    match verdict {
        Verdict::Pass => true,
        Verdict::Marginal | Verdict::Inconclusive => score < config.thresholds.pass(),
        Verdict::Fail => score < config.thresholds.marginal(),
    }
}
