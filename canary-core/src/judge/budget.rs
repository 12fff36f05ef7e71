//! The run's chance of a false alarm, shared out among its metrics.
//!
//! `evidence.false_alarm` bounds both the chance that a run without a change beyond its bounds is flagged at
//! all and, among flagged metrics, the expected share of false ones: Benjamini–Hochberg over all metrics of
//! all regions, weighted. Critical metrics fail the run alone, so any false one among them counts: Holm's
//! procedure holds that. Where a run has both kinds the critical ones get a fifth of the budget.

use super::Judged;
use crate::config::Config;
use crate::stats::{Hypothesis, false_discovery_thresholds, holm_thresholds};

/// What critical metrics get of the budget where there are others.
const CRITICAL_PART: f64 = 0.2;

/// One metric in the budget.
struct Claim {
    index: usize,
    p_value: f64,
    weight: f64,
    /// A metric is never flagged at less than its own level.
    limit: f64,
}

/// The two-sided chance of a false alarm that each metric may spend: it is hot or cold exactly where its
/// p-value is at most this. 0 for a metric without a p-value.
pub(super) fn allowances(judged: &[Judged<'_>], config: &Config) -> Vec<f64> {
    let (mut critical, mut counted, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for (index, metric) in judged.iter().enumerate() {
        let Some(p_value) = metric.p_value() else { continue };
        let settings = &metric.settings;
        let claim = Claim { index, p_value, weight: settings.weight.get(), limit: 1.0 - settings.level.get() };
        match (settings.critical, claim.weight > 0.0) {
            (true, _) => critical.push(claim),
            (false, true) => counted.push(claim),
            // Of no weight: it cannot move the verdict, so it takes nothing from those that can.
            (false, false) => shown.push(claim),
        }
    }
    let total = config.evidence.false_alarm.get();
    let for_critical = if counted.is_empty() { total } else { CRITICAL_PART * total };
    let for_counted = if critical.is_empty() { total } else { total - for_critical };
    let mut allowed = vec![0.0; judged.len()];
    family_wise(&critical, for_critical, &mut allowed);
    false_discovery(&counted, for_counted, &mut allowed);
    false_discovery(&shown, total, &mut allowed);
    allowed
}

/// A p-value beyond the metric's own limit can reject nothing, so it must not help others to.
fn limited(claim: &Claim) -> f64 {
    if claim.p_value <= claim.limit { claim.p_value } else { 1.0 }
}

fn family_wise(claims: &[Claim], level: f64, allowed: &mut [f64]) {
    let p_values: Vec<f64> = claims.iter().map(limited).collect();
    assign(claims, &holm_thresholds(&p_values, level).thresholds, allowed);
}

fn false_discovery(claims: &[Claim], level: f64, allowed: &mut [f64]) {
    let hypotheses: Vec<Hypothesis> =
        claims.iter().map(|claim| Hypothesis { p_value: limited(claim), weight: claim.weight }).collect();
    assign(claims, &false_discovery_thresholds(&hypotheses, level).thresholds, allowed);
}

fn assign(claims: &[Claim], thresholds: &[f64], allowed: &mut [f64]) {
    for (claim, threshold) in claims.iter().zip(thresholds) {
        if let Some(allowed) = allowed.get_mut(claim.index) {
            *allowed = threshold.min(claim.limit);
        }
    }
}
