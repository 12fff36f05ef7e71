//! Workflow commands that GitHub turns into annotations: the verdict, then what moved together, then the worst of
//! the other metrics.

use canary_core::Report;
use canary_core::report::{Finding, MetricResult, Verdict};

use crate::table::is_required_without_data;
use crate::words::{
    advice, counts_text, finding_text, finding_title, in_prose, reason_text, score_text, state_word, together,
    verdict_word, why_text,
};

/// GitHub shows ten annotations of a level a step.
const MAX_METRICS: usize = 10;
/// The most of them that tell of several metrics at once.
const MAX_FINDINGS: usize = 3;

/// The report as workflow commands: one for the verdict, then at most ten for findings and metrics, one a line. A
/// metric that a finding tells of has none of its own.
#[must_use]
pub fn github(report: &Report) -> String {
    let verdict = report.verdict;
    let facts = [score_text(report) + ".", why_text(report), counts_text(report) + "."];
    let facts: Vec<&str> = facts.iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    let title = format!("canary {}: {}", verdict_word(verdict), advice(verdict));
    let level = match verdict {
        Verdict::Fail => "error",
        Verdict::Marginal | Verdict::Inconclusive => "warning",
        Verdict::Pass => "notice",
    };
    let mut out = command(level, &title, &facts.join(" "));
    let told: Vec<&Finding> = together(report).take(MAX_FINDINGS).collect();
    for finding in &told {
        let level = if verdict == Verdict::Fail { "error" } else { "warning" };
        out.push_str(&command(level, &finding_title(finding), &finding_text(finding)));
    }
    let alone = |metric: &&MetricResult| !told.iter().any(|finding| tells_of(finding, metric));
    let missing = report.metrics.iter().filter(|metric| is_required_without_data(metric)).filter(alone);
    let failing = report.metrics.iter().filter(|metric| metric.counts_against).filter(alone);
    // On an inconclusive run what is missing is the cause; on any other it comes second.
    let worst: Vec<&MetricResult> = if verdict == Verdict::Inconclusive {
        missing.chain(failing).collect()
    } else {
        failing.chain(missing).collect()
    };
    for metric in worst.into_iter().take(MAX_METRICS - told.len()) {
        out.push_str(&metric_command(verdict, metric));
    }
    out
}

fn tells_of(finding: &Finding, metric: &MetricResult) -> bool {
    finding.region == metric.region && finding.members.iter().any(|member| member.metric == metric.name)
}

fn metric_command(verdict: Verdict, metric: &MetricResult) -> String {
    let level = if verdict == Verdict::Fail && metric.counts_against { "error" } else { "warning" };
    let critical = if metric.critical { "critical " } else { "" };
    let place = metric.region.as_deref().map(|region| format!(" in {}", in_prose(region))).unwrap_or_default();
    let title = format!("{critical}{} {}{place}", state_word(metric.state), in_prose(&metric.name));
    command(level, &title, &reason_text(metric))
}

fn command(level: &str, title: &str, message: &str) -> String {
    format!("::{level} title={}::{}\n", escaped_property(title), escaped(message))
}

/// What would end a message or start an escape, written as GitHub reads it.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Within a property, what would end the property too.
fn escaped_property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
