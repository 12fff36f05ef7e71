//! Means of very different numbers of requests: the ratio of the means over all requests.
//!
//! The mean of three requests is as right as that of three thousand, but its logarithm is not: a location of
//! log ratios is biased against the side with fewer. So the ratio of two sums. Both sides take the same
//! weight at a tick, that of their difference, so that a load that both share cancels.

use super::comparison::{Comparison, View};
use super::estimate::{Estimate, Scale, Student};
use super::finite;
use super::interval::windows::{length, windows};
use crate::preprocess::Prepared;
use crate::report::{Average, Flag, Method, Window};
use crate::stats::{LongRun, RESOLUTION, long_run};

/// Both sides' values at one tick and their common weight.
#[derive(Clone, Copy, Debug)]
struct Tick {
    baseline: f64,
    canary: f64,
    weight: f64,
}

/// Compares the means; `None` where values below zero, or means of zero, have no ratio of logarithms.
pub(super) fn compare(prepared: &Prepared) -> Option<Comparison> {
    let ticks = ticks(prepared);
    if ticks.iter().any(|tick| tick.baseline < 0.0 || tick.canary < 0.0) {
        return None;
    }
    let mut comparison = Comparison::of(Average::default());
    for (window, part) in windows(ticks.len()).filter(|(window, _)| *window != Window::End) {
        let seen = ticks.get(ticks.len() - length(window, ticks.len())..).unwrap_or_default();
        let means = means(seen);
        if !(means.baseline > 0.0 && means.canary > 0.0) {
            if window == Window::Full {
                return None;
            }
            continue;
        }
        let average = Average { baseline: finite(means.baseline), canary: finite(means.canary) };
        let spread = spread(seen, means);
        let estimate = estimate(means, spread, seen.len());
        if window == Window::Full {
            comparison.average = average;
            comparison.effective = Some(spread.effective);
            comparison.method = Some(Method::WeightedMean);
            if matches!(estimate, Estimate::Exact(_)) {
                comparison.flags.push(Flag::Deterministic);
            }
        }
        comparison.views.push(View { window, part, estimate, average });
    }
    comparison.share_out();
    Some(comparison)
}

/// Every tick at which both sides have a value and traffic. With the variances of two means over n and m
/// requests as 1/n and 1/m, their ratio is known best at weights of nm / (n + m).
fn ticks(prepared: &Prepared) -> Vec<Tick> {
    let values = prepared.baseline.iter().zip(&prepared.canary);
    let traffic = prepared.traffic.baseline.iter().zip(&prepared.traffic.canary);
    let tick = |((&baseline, &canary), (&of_baseline, &of_canary)): ((&f64, &f64), (&f64, &f64))| {
        let weight = 1.0 / (1.0 / of_baseline + 1.0 / of_canary);
        (!baseline.is_nan() && !canary.is_nan() && weight > 0.0).then_some(Tick { baseline, canary, weight })
    };
    values.zip(traffic).filter_map(tick).collect()
}

/// The weighted mean of each side.
#[derive(Clone, Copy, Debug)]
struct Means {
    baseline: f64,
    canary: f64,
    weight: f64,
}

fn means(ticks: &[Tick]) -> Means {
    let weight: f64 = ticks.iter().map(|tick| tick.weight).sum();
    let mean = |value: fn(&Tick) -> f64| ticks.iter().map(|tick| tick.weight / weight * value(tick)).sum();
    Means { baseline: mean(|tick| tick.baseline), canary: mean(|tick| tick.canary), weight }
}

/// The long-run variance of the log ratio, linearised about the means (the delta method).
fn spread(ticks: &[Tick], means: Means) -> LongRun {
    let mean_weight = means.weight / ticks.len() as f64;
    let influence =
        |tick: &Tick| tick.weight / mean_weight * (tick.canary / means.canary - tick.baseline / means.baseline);
    let influences: Vec<f64> = ticks.iter().map(influence).collect();
    long_run(&influences)
}

fn estimate(means: Means, spread: LongRun, count: usize) -> Estimate {
    let ratio = means.canary / means.baseline;
    let error = (spread.variance / count as f64).sqrt();
    if error <= RESOLUTION {
        return Estimate::Exact(ratio);
    }
    Estimate::Student(Student { location: ratio.ln(), error, degrees: spread.degrees, scale: Scale::Log })
}
