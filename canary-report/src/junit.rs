//! `JUnit` XML: one test suite a region, one test case a metric, and the verdict as a test case of its own.
//!
//! A CI system that reads nothing else must not take silence for green: every verdict but `pass` is a
//! failure or an error here.

use canary_core::Report;
use canary_core::report::{MetricResult, State, Verdict};
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use crate::RenderError;
use crate::table::is_required_without_data;
use crate::words::{
    advice, builds_text, counts_text, numbers_text, printable, reason_text, score_text, state_word, verdict_word,
    why_text, window_text,
};

/// The name of the run's own suite, and of the suite of metrics without a region.
const RUN: &str = "canary";

/// The report as `JUnit` XML.
///
/// A metric that counts against the canary is a failure. One without data is skipped, unless it is
/// critical or must have data: then it is an error. The test case `verdict` fails on `fail` and
/// `marginal`, and is an error on `inconclusive`.
pub fn junit(report: &Report) -> Result<String, RenderError> {
    let mut document = quick_junit::Report::new(RUN);
    let mut run = TestSuite::new(RUN);
    run.add_test_case(verdict_case(report));
    document.add_test_suite(run);
    let mut regions: Vec<Option<&str>> = report.regions.iter().map(|region| region.name.as_deref()).collect();
    for metric in &report.metrics {
        if !regions.contains(&metric.region.as_deref()) {
            regions.push(metric.region.as_deref());
        }
    }
    for region in regions {
        let mut suite = TestSuite::new(region_name(region));
        let metrics = report.metrics.iter().filter(|metric| metric.region.as_deref() == region);
        suite.add_test_cases(metrics.map(|metric| metric_case(metric, report.verdict)));
        document.add_test_suite(suite);
    }
    document.to_string().map_err(|error| RenderError::Junit(error.into()))
}

fn region_name(region: Option<&str>) -> String {
    region.map_or_else(|| "metrics".to_owned(), printable)
}

fn verdict_case(report: &Report) -> TestCase {
    let word = verdict_word(report.verdict);
    let mut status = match report.verdict {
        Verdict::Pass => TestCaseStatus::success(),
        Verdict::Fail | Verdict::Marginal => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Verdict::Inconclusive => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    status.set_message(format!("{word}: {}. {}", advice(report.verdict), why_text(report)));
    status.set_type(word.to_lowercase());
    let facts = [score_text(report), counts_text(report), window_text(&report.inputs), builds_text(report)];
    let facts: Vec<String> = facts.into_iter().filter(|fact| !fact.is_empty()).collect();
    let mut case = TestCase::new("verdict", status);
    case.set_classname(RUN).set_system_out(facts.join("\n"));
    case
}

/// A metric as a test case. What is hot or cold in a run that passes is no failure of the run: it passes,
/// and says what it found.
fn metric_case(metric: &MetricResult, verdict: Verdict) -> TestCase {
    let tolerated = metric.counts_against && verdict == Verdict::Pass;
    let mut status = match metric.state {
        _ if tolerated => TestCaseStatus::success(),
        _ if metric.counts_against => TestCaseStatus::non_success(NonSuccessKind::Failure),
        _ if is_required_without_data(metric) => TestCaseStatus::non_success(NonSuccessKind::Error),
        State::NoData => TestCaseStatus::skipped(),
        State::Hot | State::Cold | State::Ok => TestCaseStatus::success(),
    };
    status.set_message(reason_text(metric));
    status.set_type(state_word(metric.state).to_lowercase());
    status.set_description(numbers_text(metric));
    let mut case = TestCase::new(printable(&metric.name), status);
    if tolerated {
        case.set_system_out(format!("{}\n{}", reason_text(metric), numbers_text(metric)));
    }
    case.set_classname(format!("{}.{}", region_name(metric.region.as_deref()), printable(&metric.group)));
    case
}
