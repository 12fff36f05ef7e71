//! The worst metrics as rows.

use canary_core::Report;
use canary_core::report::{Interval, MetricResult, State, Verdict};

use crate::table::is_required_without_data;
use crate::words::{
    bound_text, in_prose, interval_text, number, ratio_text, reason_text, shorten, state_word, tally_text,
};

/// Of the rows, how many go to required metrics without data where both kinds are too many.
const REQUIRED_SHARE: usize = 3;
/// Columns of a reason; some reasons name another metric.
const MAX_REASON: usize = 240;

/// A metric.
pub(crate) struct Row {
    /// The state with its shape: `▲ HOT`.
    pub(crate) state: String,
    /// The ground and the ink of the state.
    pub(crate) ground: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) name: String,
    /// What makes the metric special: critical, or that it is not held against the canary.
    pub(crate) tag: Option<&'static str>,
    pub(crate) numbers: String,
    /// Where it is: region and group.
    pub(crate) place: String,
}

/// The `limit` worst metrics: against the canary, required without data, other metrics without data, harmless moves.
/// On an inconclusive run the required ones come first, as they are its cause.
pub(super) fn worst(report: &Report, limit: usize) -> Vec<&MetricResult> {
    let against: Vec<_> = report.metrics.iter().filter(|metric| metric.counts_against).collect();
    let required: Vec<_> = report.metrics.iter().filter(|metric| is_required_without_data(metric)).collect();
    let for_required = required.len().min((limit / REQUIRED_SHARE).max(limit.saturating_sub(against.len())));
    let for_against = against.len().min(limit - for_required);
    let against = against.into_iter().take(for_against);
    let required = required.into_iter().take(for_required);
    let mut shown: Vec<&MetricResult> = if report.verdict == Verdict::Inconclusive {
        required.chain(against).collect()
    } else {
        against.chain(required).collect()
    };
    let is_silent = |metric: &&MetricResult| metric.state == State::NoData && !is_required_without_data(metric);
    let is_harmless =
        |metric: &&MetricResult| matches!(metric.state, State::Hot | State::Cold) && !metric.counts_against;
    let others = report.metrics.iter().filter(is_silent).chain(report.metrics.iter().filter(is_harmless));
    let room = limit - shown.len();
    shown.extend(others.take(room));
    shown
}

/// What the metrics that are not shown amount to.
pub(super) fn rest_text(report: &Report, shown: &[&MetricResult]) -> String {
    let is_shown = |metric: &&MetricResult| shown.iter().any(|other| std::ptr::eq(*other, *metric));
    tally_text(report.metrics.iter().filter(|metric| !is_shown(metric)))
}

pub(super) fn rows_of(report: &Report, shown: &[&MetricResult]) -> Vec<Row> {
    let several_groups = report.groups.len() > 1;
    shown.iter().map(|metric| row(metric, several_groups)).collect()
}

const WHITE: &str = "#ffffff";

fn row(metric: &MetricResult, with_group: bool) -> Row {
    let harmless = !metric.counts_against;
    let (shape, ground, ink) = match metric.state {
        State::Hot if harmless => ("▲", WHITE, "#b42d25"),
        State::Cold if harmless => ("▼", WHITE, "#1d5cb5"),
        State::Hot => ("▲", "#b41c1c", WHITE),
        State::Cold => ("▼", "#0b4396", WHITE),
        State::NoData => ("×", "#57606a", WHITE),
        State::Ok => ("•", "#1a7f37", WHITE),
    };
    let tag = match (metric.critical, metric.state) {
        (true, _) => Some("critical"),
        (false, State::NoData) if metric.must_have_data => Some("required"),
        (false, State::Hot | State::Cold) if harmless => Some("not held against the canary"),
        _ => None,
    };
    let region = metric.region.as_deref().map(in_prose);
    let group = with_group.then(|| format!("group {}", in_prose(&metric.group)));
    Row {
        state: format!("{shape}\u{a0}{}", state_word(metric.state)),
        ground,
        ink,
        name: in_prose(&metric.name),
        tag,
        numbers: numbers(metric),
        place: region.into_iter().chain(group).collect::<Vec<_>>().join(", "),
    }
}

/// `ratio 0.4999 in [0.4985, 0.5013] < 0.9: 8289 → 4143`, or why there is none.
fn numbers(metric: &MetricResult) -> String {
    if metric.state == State::NoData {
        return shorten(&reason_text(metric), MAX_REASON);
    }
    let interval = |interval: Interval| format!(" {}", interval_text(interval, metric.bounds));
    let average = |side: Option<f64>| side.map_or_else(|| "-".to_owned(), number);
    format!(
        "ratio {}{} {}, average {} → {}",
        ratio_text(metric),
        metric.interval.map(interval).unwrap_or_default(),
        bound_text(metric),
        average(metric.average.baseline),
        average(metric.average.canary)
    )
}
