//! The order of metrics in a report: what matters first.

use std::cmp::Ordering;

use crate::report::{Interval, Method, MetricResult, State};

/// Sorts by importance: critical first, then weight, then distance beyond the bounds, then name, then region.
pub(super) fn sort(metrics: &mut [MetricResult]) {
    metrics.sort_by(by_importance);
}

/// What matters more comes first.
pub(super) fn by_importance(a: &MetricResult, b: &MetricResult) -> Ordering {
    b.critical
        .cmp(&a.critical)
        .then_with(|| b.weight.total_cmp(&a.weight))
        .then_with(|| distance(b).total_cmp(&distance(a)))
        .then_with(|| a.name.cmp(&b.name))
        .then_with(|| a.region.cmp(&b.region))
}

/// How far the ratio lies beyond the nearer bound, in logarithms: negative within, infinite over a
/// baseline of zero, least of all without data.
fn distance(metric: &MetricResult) -> f64 {
    if metric.state == State::NoData {
        return f64::NEG_INFINITY;
    }
    // A ratio that the report cannot hold is infinite, or known by a bound.
    let end = |of: fn(Interval) -> Option<f64>| metric.interval.and_then(of);
    let beyond = match (metric.state, metric.method) {
        (State::Hot, Some(Method::Measured)) => end(|interval| interval.lower),
        (State::Hot, _) => Some(f64::INFINITY),
        (State::Cold, _) => end(|interval| interval.upper),
        _ => None,
    };
    let ratio = metric.ratio.or(beyond).unwrap_or(1.0);
    let log = ratio.ln();
    (log - metric.bounds.upper().ln()).max(metric.bounds.lower().ln() - log)
}
