//! Several instances, or several repeats of one run: each by itself, then together.

use std::collections::BTreeMap;

use super::analyze::{SqueezeOptions, analyze};
use super::load::LoadRun;
use super::report::{Estimate, Reason, SqueezeReport, Status, UnitResult};
use super::slo::Slo;
use crate::stats::{normal_quantile, student_quantile};

/// A unit with fewer steps is no run by itself.
const FEWEST_STEPS: usize = 3;

/// Replaces the numbers of `report`, which took all steps for one run, by those of its units together, where it has
/// several that are runs by themselves.
pub(super) fn together(run: &LoadRun, slo: &Slo, options: &SqueezeOptions, report: &mut SqueezeReport) {
    let mut units: BTreeMap<(Option<&str>, Option<u32>), LoadRun> = BTreeMap::new();
    for step in &run.steps {
        let unit = units.entry((step.instance.as_deref(), step.repeat)).or_default();
        // Within a unit there are no units.
        unit.steps.push(super::load::LoadStep { instance: None, repeat: None, ..step.clone() });
    }
    let mixed = report.reasons.contains(&Reason::MixedLoops);
    if mixed || units.len() < 2 || units.values().any(|unit| unit.steps.len() < FEWEST_STEPS) {
        return;
    }
    let found: Vec<UnitResult> = units
        .into_iter()
        .map(|((instance, repeat), unit)| {
            let alone = analyze(&unit, slo, options);
            UnitResult {
                instance: instance.map(str::to_owned),
                repeat,
                status: alone.status,
                capacity: alone.capacity,
                slo_crossing: alone.slo_crossing,
                sweet_spot: alone.sweet_spot,
            }
        })
        .collect();
    let measured: Vec<&UnitResult> = found.iter().filter(|unit| unit.status == Status::Measured).collect();
    // Where not even two units show a number, all steps together are the better evidence.
    if measured.len() >= 2 {
        let of = |part: fn(&UnitResult) -> Option<Estimate>| -> Vec<Estimate> {
            measured.iter().filter_map(|unit| part(unit)).collect()
        };
        let mut differ = measured.len() < found.len();
        let mut pooled = |estimates: &[Estimate], before: Option<Estimate>| match mean(estimates, options.level.get()) {
            Some((estimate, apart)) => {
                differ |= apart;
                Some(estimate)
            }
            None => before,
        };
        report.status = Status::Measured;
        report.capacity = pooled(&of(|unit| unit.capacity), report.capacity);
        report.slo_crossing = pooled(&of(|unit| unit.slo_crossing), report.slo_crossing);
        report.sweet_spot = pooled(&of(|unit| unit.sweet_spot), report.sweet_spot);
        if differ {
            report.reasons.push(Reason::UnitsDiffer);
        }
    }
    report.units = found;
}

/// The mean of units on the logarithm, each with its own error and all with a common one between them (`DerSimonian` &
/// Laird 1986), and whether there is one. Degrees of freedom by Satterthwaite: where the units differ, their number
/// is what counts. `None` where a unit has no interval.
fn mean(estimates: &[Estimate], level: f64) -> Option<(Estimate, bool)> {
    let z = normal_quantile(f64::midpoint(1.0, level));
    let known: Option<Vec<(f64, f64)>> = estimates
        .iter()
        .map(|unit| {
            let (estimate, lower, upper) = (unit.estimate?.ln(), unit.lower?.ln(), unit.upper?.ln());
            let error = ((upper - lower) / (2.0 * z)).max(1e-6);
            (estimate.is_finite() && error.is_finite()).then_some((estimate, error * error))
        })
        .collect();
    let known = known.filter(|known| known.len() >= 2)?;
    let count = known.len() as f64;
    let weighted = |extra: f64| {
        let weight: f64 = known.iter().map(|(_, variance)| 1.0 / (variance + extra)).sum();
        let sum: f64 = known.iter().map(|(value, variance)| value / (variance + extra)).sum();
        (sum / weight, weight)
    };
    let (fixed, weight) = weighted(0.0);
    let excess: f64 =
        known.iter().map(|(value, variance)| (value - fixed).powi(2) / variance).sum::<f64>() - (count - 1.0);
    let squares: f64 = known.iter().map(|(_, variance)| variance.powi(-2)).sum();
    let between = (excess / (weight - squares / weight)).max(0.0);
    let (centre, weight) = weighted(between);
    let variance = 1.0 / weight;
    let half = if between > 0.0 {
        let degrees = (count - 1.0) * (variance / (between / count)).powi(2);
        student_quantile((1.0 - level) / 2.0, degrees.max(1.0)) * variance.sqrt()
    } else {
        z * variance.sqrt()
    };
    let end = |ln: f64| Some(ln.exp()).filter(|end| end.is_finite());
    Some((
        Estimate { estimate: end(centre), lower: end(centre - half), upper: end(centre + half), level },
        between > 0.0,
    ))
}
