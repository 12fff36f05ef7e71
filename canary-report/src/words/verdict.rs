//! The verdict, its score and its reasons.

use std::mem::{Discriminant, discriminant};

use canary_core::report::{MetricResult, Report, State, Verdict, VerdictReason};

use super::fairness::unfair_text;
use super::note::side_name;
use super::{
    bound_text, capitalised, counted, exact, in_prose, listed, number, percent, percent_beside, ratio_text, spelled_out,
};

/// Names listed in one reason; the rest are counted.
const NAMES_A_REASON: usize = 3;

/// The verdict as a word that stands out.
#[must_use]
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Marginal => "MARGINAL",
        Verdict::Fail => "FAIL",
        Verdict::Inconclusive => "INCONCLUSIVE",
    }
}

/// The verdict as a shape, for those who see no colours; one column wide.
#[must_use]
pub fn sign(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "✓",
        Verdict::Marginal => "~",
        Verdict::Fail => "✗",
        Verdict::Inconclusive => "?",
    }
}

/// What to do on a verdict.
#[must_use]
pub fn advice(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "roll out",
        Verdict::Marginal => "a person decides",
        Verdict::Fail => "do not roll out",
        Verdict::Inconclusive => "too little evidence to decide",
    }
}

/// The score with its thresholds, and what a cap has done to it.
#[must_use]
pub fn score_text(report: &Report) -> String {
    let thresholds = report.thresholds;
    let (pass, marginal) = (exact(thresholds.pass()), exact(thresholds.marginal()));
    let printed = super::score(report.score, thresholds);
    let uncapped = super::score(report.score_uncapped, thresholds);
    let printed = match report.score_interval.map(|interval| (interval.lower, interval.upper)) {
        // The interval is that of the weighted share itself: beside a capped score it would contradict it.
        Some((Some(lower), Some(upper))) if uncapped == printed => {
            let [lower, upper] = [lower, upper].map(|end| super::score(Some(end), thresholds));
            if lower == upper && lower == printed { printed } else { format!("{printed} [{lower}, {upper}]") }
        }
        _ => printed,
    };
    match report.score {
        None => format!("no score (pass >= {pass}, marginal >= {marginal})"),
        Some(_) if report.score_uncapped.is_none() || printed.starts_with(&uncapped) => {
            format!("score {printed} (pass >= {pass}, marginal >= {marginal})")
        }
        Some(_) => format!("score {printed}, capped from {uncapped} (pass >= {pass}, marginal >= {marginal})"),
    }
}

/// Why the verdict is what it is, in one sentence; it names the region that decided.
#[must_use]
pub fn why_text(report: &Report) -> String {
    let mut clauses: Vec<String> = Vec::new();
    let mut told: Vec<Discriminant<VerdictReason>> = Vec::new();
    for reason in &report.reasons {
        let kind = discriminant(reason);
        if !told.contains(&kind) {
            told.push(kind);
            let alike: Vec<_> = report.reasons.iter().filter(|other| discriminant(*other) == kind).collect();
            clauses.push(reasons_text(report, reason, &alike));
        }
    }
    let region = deciding_region(report).map(|name| format!("in {}: ", in_prose(name)));
    let sentence = region.unwrap_or_default() + &clauses.join("; ");
    if clauses.is_empty() { String::new() } else { format!("{}.", capitalised(&sentence)) }
}

/// The region whose verdict is the run's, where there are several.
fn deciding_region(report: &Report) -> Option<&str> {
    report.worst_region.as_deref().filter(|_| report.regions.len() > 1)
}

/// One clause for all the reasons of one kind.
fn reasons_text(report: &Report, first: &VerdictReason, alike: &[&VerdictReason]) -> String {
    let metrics: Vec<&str> = alike.iter().filter_map(|reason| metric_of(reason)).collect();
    let names = listed(&metrics, NAMES_A_REASON);
    match first {
        VerdictReason::CriticalFailed { metric } if metrics.len() == 1 => critical_text(report, metric),
        VerdictReason::CriticalFailed { .. } if metrics.len() > 1 => {
            format!("{} critical metrics count against the canary: {names}", metrics.len())
        }
        VerdictReason::RequiredWithoutData { .. } if metrics.len() > 1 => {
            format!("{} required metrics have no data: {names}", metrics.len())
        }
        _ => alike.iter().map(|reason| verdict_reason_text(reason)).collect::<Vec<_>>().join("; "),
    }
}

/// A critical failure with its numbers, where the report lists the metric.
fn critical_text(report: &Report, name: &str) -> String {
    let region = deciding_region(report);
    let failed = |metric: &&MetricResult| {
        *metric.name == *name && metric.counts_against && (region.is_none() || metric.region.as_deref() == region)
    };
    let name = in_prose(name);
    report.metrics.iter().find(failed).map_or_else(
        || format!("critical metric {name} counts against the canary"),
        |metric| {
            let change = if metric.state == State::Hot { "too high" } else { "too low" };
            format!("critical metric {name} is {change}: ratio {} {}", ratio_text(metric), bound_text(metric))
        },
    )
}

fn metric_of(reason: &VerdictReason) -> Option<&str> {
    match reason {
        VerdictReason::CriticalFailed { metric } | VerdictReason::RequiredWithoutData { metric } => Some(metric),
        _ => None,
    }
}

/// One reason of a verdict, as a clause without a capital or a full stop.
#[must_use]
pub fn verdict_reason_text(reason: &VerdictReason) -> String {
    match reason {
        VerdictReason::ScorePasses { pass } => format!("the score reaches the pass threshold {}", exact(*pass)),
        VerdictReason::ScoreBelowPass { pass } => {
            format!("the score is below the pass threshold {}", exact(*pass))
        }
        VerdictReason::ScoreBelowMarginal { marginal } => {
            format!("the score is below the marginal threshold {}", exact(*marginal))
        }
        VerdictReason::CriticalFailed { metric } => {
            format!("critical metric {} counts against the canary", in_prose(metric))
        }
        VerdictReason::RequiredWithoutData { metric } => {
            format!("required metric {} has no data", in_prose(metric))
        }
        VerdictReason::RequiredRuleWithoutMetric { rule, patterns } => required_rule(*rule, patterns),
        VerdictReason::NoData => "no metric could be judged".to_owned(),
        VerdictReason::AllIdle => "every metric with data is zero on both sides".to_owned(),
        VerdictReason::EndsEarly { side, share, limit } => format!(
            "the data of the {} end after {} of the time, {} needed (or choose the time with --end)",
            side_name(*side),
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        VerdictReason::ScoreUncertain { lower, marginal } => {
            format!("the score may be as low as {}, below the marginal threshold {}", number(*lower), exact(*marginal))
        }
        VerdictReason::NotComparable { check, baseline, canary } => {
            format!("not comparable: {}", unfair_text(*check, *baseline, *canary))
        }
        VerdictReason::RequiredEndsEarly { metric, side, share, limit } => format!(
            "required metric {} of the {} ends after {} of the time, {} needed",
            in_prose(metric),
            side_name(*side),
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        VerdictReason::TooMuchEndsEarly { share, limit } => format!(
            "{} of the weight has no data or ends early on one side, {} is allowed",
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        VerdictReason::IdenticalSides { values } => {
            format!("both sides hold the same {}, as if one input were given twice", counted(*values, "value"))
        }
        VerdictReason::OneSideIdle { side } => format!("every metric with data is zero on the {}", side_name(*side)),
        VerdictReason::StandsStill { side, share, limit } => format!(
            "the values of the {} stand still after {} of the time, {} needed (or choose the time with --end)",
            side_name(*side),
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        VerdictReason::TooMuchWithoutData { share, limit } => {
            format!("{} of the weight has no data, {} is allowed", percent_beside(*share, *limit), percent(*limit))
        }
        VerdictReason::TooMuchUndecided { share, limit } => format!(
            "{} of the judged weight is undecided, {} is allowed",
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        VerdictReason::EvidenceRequired { undecided } => {
            format!("{} undecided, and the config requires evidence", counted(*undecided, "metric"))
        }
        other => spelled_out(other),
    }
}

fn required_rule(rule: usize, patterns: &[String]) -> String {
    // People count rules from 1.
    let rule_number = number(rule as f64 + 1.0);
    format!("rule {rule_number} requires data and matches no metric ({})", listed(patterns, NAMES_A_REASON))
}
