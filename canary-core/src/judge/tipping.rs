//! The fewest metrics without which the verdict would be another one.
//!
//! Only the fold is done again, never a statistic, and what comes out is folded once more before it is said. A region
//! is worse than wanted by its own metrics, so the regions with the run's verdict are taken one by one; each must
//! change. Metrics are left out as if by their names: what they were required for is not missed.

use std::collections::BTreeMap;

use super::importance::by_importance;
use super::score::{group_weight, scored};
use super::verdict::{Case, JudgedMetric, Outcome, verdict_without};
use crate::report::{Evidence, MetricKey, MetricResult, Reason, RegionResult, State, Tipping, Verdict, VerdictReason};

/// More metrics than this are no answer that anyone could use.
const MOST_METRICS: usize = 100;

/// The fewest metrics without which the run's verdict would be better. `None` for a pass, where no metric by itself
/// is to blame (one side ends, the sides cannot be compared, the score is uncertain), and beyond 100 metrics.
///
/// Exact for fail and marginal: each failing critical metric must go, and within a group the heaviest metrics raise its
/// score most; over the groups that is a knapsack of counts (Bellman 1957), solved over all of them. For inconclusive
/// each reason takes its fewest. Cost: O(metrics × 100), and a fold.
pub(super) fn tipping(case: &Case<'_>, outcome: &Outcome) -> Option<Tipping> {
    if outcome.verdict == Verdict::Pass {
        return None;
    }
    let mut left_out = Vec::new();
    for region in outcome.regions.iter().filter(|region| region.verdict == outcome.verdict) {
        left_out.extend(fewest(case, region)?);
    }
    left_out.sort_unstable();
    left_out.dedup();
    let verdict = verdict_without(case, outcome, &left_out);
    if left_out.is_empty() || left_out.len() > MOST_METRICS || verdict.severity() >= outcome.verdict.severity() {
        return None;
    }
    let mut metrics: Vec<&MetricResult> = left_out.iter().filter_map(|index| case.results.get(*index)).collect();
    metrics.sort_by(|a, b| by_importance(a, b));
    let key = |metric: &MetricResult| MetricKey { name: metric.name.clone(), region: metric.region.clone() };
    Some(Tipping { verdict, metrics: metrics.into_iter().map(key).collect() })
}

/// The places of the fewest metrics without which a region's verdict would be better.
fn fewest(case: &Case<'_>, region: &RegionResult) -> Option<Vec<usize>> {
    let metrics = case.judged(region.name.as_ref(), &[]);
    let thresholds = case.config.thresholds;
    match region.verdict {
        Verdict::Pass => None,
        Verdict::Fail => {
            let fails = |judged: &&JudgedMetric<'_>| judged.result.critical && judged.result.counts_against;
            let critical: Vec<usize> = metrics.iter().filter(fails).map(|judged| judged.index).collect();
            below(case, &metrics, &critical, thresholds.marginal())
        }
        Verdict::Marginal => {
            let by_score = |reason: &VerdictReason| matches!(reason, VerdictReason::ScoreBelowPass { .. });
            if !region.reasons.iter().all(by_score) {
                return None;
            }
            below(case, &metrics, &[], thresholds.pass())
        }
        Verdict::Inconclusive => silent(case, &metrics, &region.reasons),
    }
}

/// The metrics of one group that can be left out, the heaviest first, and the weight of those that are fine.
#[derive(Default)]
struct Group {
    fine: f64,
    against: Vec<(f64, usize)>,
}

impl Group {
    /// What the group adds to Σ weight · (score − threshold) without its `left_out` heaviest metrics: nothing where
    /// it has no metric left. So a group that vanishes needs no case of its own.
    fn surplus(&self, weight: f64, threshold: f64, left_out: usize) -> f64 {
        let against: f64 = self.against.iter().skip(left_out).map(|(weight, _)| weight).sum();
        let all = self.fine + against;
        if all > 0.0 { weight * (100.0 * self.fine / all - threshold) } else { 0.0 }
    }
}

/// `gone` and the fewest metrics more without which the score reaches `threshold`.
fn below(case: &Case<'_>, metrics: &[JudgedMetric<'_>], gone: &[usize], threshold: f64) -> Option<Vec<usize>> {
    let mut groups: BTreeMap<&str, Group> = BTreeMap::new();
    let counted = |judged: &&JudgedMetric<'_>| judged.result.state != State::NoData && judged.result.weight > 0.0;
    for JudgedMetric { index, result, .. } in metrics.iter().filter(counted) {
        let group = groups.entry(&result.group).or_default();
        if !result.counts_against {
            group.fine += result.weight;
        } else if !gone.contains(index) {
            group.against.push((result.weight, *index));
        }
    }
    // What is best with so many left out of the groups so far, and how many of each that takes.
    let mut best: Vec<(f64, Vec<usize>)> = vec![(0.0, Vec::new())];
    for (name, group) in &mut groups {
        group.against.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        best = with_group(&best, group, group_weight(case.config, name), threshold);
    }
    // The score is rounded otherwise than these sums: it decides where it is close.
    let close = 1e-9 * groups.keys().map(|name| group_weight(case.config, name)).sum::<f64>();
    best.into_iter().filter(|(surplus, _)| *surplus >= -close).find_map(|(_, taken)| {
        let mut left_out = gone.to_vec();
        for (group, taken) in groups.values().zip(taken) {
            left_out.extend(group.against.iter().take(taken).map(|(_, index)| index));
        }
        let rest = metrics.iter().filter(|judged| !left_out.contains(&judged.index)).map(|judged| judged.result);
        scored(rest.collect(), case.config).score.is_none_or(|score| score >= threshold).then_some(left_out)
    })
}

/// One group more.
fn with_group(before: &[(f64, Vec<usize>)], group: &Group, weight: f64, threshold: f64) -> Vec<(f64, Vec<usize>)> {
    let most = (before.len() - 1 + group.against.len()).min(MOST_METRICS);
    let surplus: Vec<f64> =
        (0..=group.against.len()).map(|left_out| group.surplus(weight, threshold, left_out)).collect();
    let mut after = Vec::with_capacity(most + 1);
    for total in 0..=most {
        let choices = surplus.iter().enumerate().take(total + 1).filter_map(|(own, surplus)| {
            let (so_far, _) = before.get(total - own)?;
            Some((so_far + surplus, own))
        });
        let better = |best: (f64, usize), next: (f64, usize)| if next.0 > best.0 { next } else { best };
        let Some((surplus, own)) = choices.reduce(better) else { continue };
        let mut taken = before.get(total - own).map(|(_, taken)| taken.clone()).unwrap_or_default();
        taken.push(own);
        after.push((surplus, taken));
    }
    after
}

/// The fewest metrics whose silence or doubt makes a region inconclusive; `None` where that is no metric's doing.
fn silent(case: &Case<'_>, metrics: &[JudgedMetric<'_>], reasons: &[VerdictReason]) -> Option<Vec<usize>> {
    let is_silent = |judged: &JudgedMetric<'_>| judged.result.state == State::NoData;
    let ends = |judged: &JudgedMetric<'_>| !is_silent(judged) && judged.pulse.ends_early().is_some();
    let undecided = |judged: &JudgedMetric<'_>| !is_silent(judged) && judged.result.evidence == Evidence::Undecided;
    let required = |judged: &JudgedMetric<'_>| judged.result.critical || judged.result.must_have_data;
    let evidence = &case.config.evidence;
    let mut gone = Vec::new();
    let all = |chosen: &dyn Fn(&JudgedMetric<'_>) -> bool| -> Vec<usize> {
        metrics.iter().filter(|judged| chosen(judged)).map(|judged| judged.index).collect()
    };
    for reason in reasons {
        match reason {
            VerdictReason::RequiredWithoutData { .. } => {
                gone.extend(all(&|judged| required(judged) && is_silent(judged)));
            }
            VerdictReason::RequiredEndsEarly { .. } => gone.extend(all(&|judged| required(judged) && ends(judged))),
            VerdictReason::EvidenceRequired { .. } => {
                gone.extend(all(&|judged| judged.result.state == State::Ok && undecided(judged)));
            }
            VerdictReason::TooMuchWithoutData { .. }
            | VerdictReason::TooMuchEndsEarly { .. }
            | VerdictReason::TooMuchUndecided { .. } => {}
            _ => return None,
        }
    }
    gone.sort_unstable();
    gone.dedup();
    let idle = |judged: &JudgedMetric<'_>| judged.result.reason == Reason::BothZero;
    for reason in reasons {
        let share = match reason {
            VerdictReason::TooMuchWithoutData { .. } => {
                Share { of: &|_| true, part: &is_silent, limit: evidence.max_nodata.get() }
            }
            VerdictReason::TooMuchEndsEarly { .. } => Share {
                of: &|_| true,
                part: &|judged| is_silent(judged) || ends(judged),
                limit: evidence.max_nodata.get(),
            },
            VerdictReason::TooMuchUndecided { .. } => Share {
                of: &|judged| !is_silent(judged) && !idle(judged),
                part: &undecided,
                limit: evidence.max_undecided.get(),
            },
            _ => continue,
        };
        share.lower(case, metrics, &mut gone)?;
    }
    Some(gone)
}

/// A share of the weight that is too large.
struct Share<'a> {
    of: &'a dyn Fn(&JudgedMetric<'_>) -> bool,
    part: &'a dyn Fn(&JudgedMetric<'_>) -> bool,
    limit: f64,
}

impl Share<'_> {
    /// Leaves the heaviest metrics of the part out until it is at most the limit: each lowers part − limit · whole by
    /// its weight times 1 − limit.
    fn lower(&self, case: &Case<'_>, metrics: &[JudgedMetric<'_>], gone: &mut Vec<usize>) -> Option<()> {
        let weight = |judged: &JudgedMetric<'_>| judged.result.weight * group_weight(case.config, &judged.result.group);
        let left: Vec<&JudgedMetric<'_>> =
            metrics.iter().filter(|judged| (self.of)(judged) && !gone.contains(&judged.index)).collect();
        let mut whole: f64 = left.iter().map(|judged| weight(judged)).sum();
        let mut parts: Vec<(f64, usize)> =
            left.iter().filter(|judged| (self.part)(judged)).map(|judged| (weight(judged), judged.index)).collect();
        let mut part: f64 = parts.iter().map(|(weight, _)| weight).sum();
        parts.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        for (weight, index) in parts {
            // A rounding on the safe side.
            if part <= self.limit * whole * (1.0 - 1e-12) {
                break;
            }
            part -= weight;
            whole -= weight;
            gone.push(index);
        }
        (gone.len() <= MOST_METRICS).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A group of weight `.0` with so much fine weight `.1` and the weights `.2` against, heaviest first.
    type Case<'a> = (f64, f64, &'a [f64]);

    fn score(groups: &[(f64, f64, Vec<f64>)]) -> Option<f64> {
        let scored: Vec<(f64, f64)> = groups
            .iter()
            .filter_map(|(weight, fine, against)| {
                let all = fine + against.iter().sum::<f64>();
                (all > 0.0).then(|| (*weight, 100.0 * fine / all))
            })
            .collect();
        let weight: f64 = scored.iter().map(|(weight, _)| weight).sum();
        (weight > 0.0).then(|| scored.iter().map(|(weight, score)| weight * score).sum::<f64>() / weight)
    }

    /// Every subset: the oracle.
    fn slow(groups: &[Case<'_>], threshold: f64) -> usize {
        let total: usize = groups.iter().map(|(.., against)| against.len()).sum();
        let reaches = |chosen: u32| {
            let mut bit = 0;
            let left: Vec<(f64, f64, Vec<f64>)> = groups
                .iter()
                .map(|(weight, fine, against)| {
                    let mut left = Vec::new();
                    for metric in *against {
                        if chosen >> bit & 1 == 0 {
                            left.push(*metric);
                        }
                        bit += 1;
                    }
                    (*weight, *fine, left)
                })
                .collect();
            score(&left).is_none_or(|score| score >= threshold)
        };
        (0..1_u32 << total).filter(|chosen| reaches(*chosen)).map(u32::count_ones).min().unwrap() as usize
    }

    fn fast(groups: &[Case<'_>], threshold: f64) -> usize {
        let mut best: Vec<(f64, Vec<usize>)> = vec![(0.0, Vec::new())];
        for (weight, fine, against) in groups {
            let against = against.iter().map(|metric| (*metric, 0)).collect();
            best = with_group(&best, &Group { fine: *fine, against }, *weight, threshold);
        }
        best.iter().position(|(surplus, _)| *surplus >= -1e-9).unwrap()
    }

    #[test]
    fn as_few_as_any_subset() {
        let cases: [&[Case<'_>]; 7] = [
            &[(1.0, 8.0, &[1.0, 1.0, 1.0, 1.0])],
            &[(1.0, 1.0, &[5.0, 1.0, 1.0]), (1.0, 3.0, &[1.0, 1.0, 1.0, 1.0, 1.0])],
            // All of a group against: without them it is no group at all.
            &[(2.0, 0.0, &[1.0, 1.0]), (1.0, 5.0, &[1.0, 1.0, 1.0])],
            &[(0.0, 1.0, &[9.0]), (1.0, 2.0, &[1.0, 1.0])],
            // The first of many metrics of a group gains least: greedy takes them from the wrong one.
            &[(1.0, 1.0, &[1.0, 1.0, 1.0]), (1.0, 20.0, &[4.0, 4.0, 4.0])],
            &[(3.0, 2.0, &[2.0, 1.0, 1.0]), (1.0, 2.0, &[3.0, 0.5]), (0.5, 1.0, &[1.0, 1.0, 1.0])],
            &[(1.0, 5.0, &[])],
        ];
        for groups in cases {
            for threshold in [10.0, 50.0, 75.0, 90.0, 95.0, 100.0] {
                assert_eq!(fast(groups, threshold), slow(groups, threshold), "{groups:?} {threshold}");
            }
        }
    }
}
