//! Numbers of events: the ratio of two rates, exact however few the events are.
//!
//! Both sides are added up over time, each over its own traffic, so that neither needs the other's ticks. What
//! the events share from minute to minute cancels in their split; where they come in bursts that the sides do
//! not share, the variance of the split says so. `docs/method.md` has sources and measured error rates.

use super::comparison::{Comparison, View, own_averages};
use super::estimate::{Dispersion, Estimate, Rate};
use super::finite;
use super::interval::windows::{length, windows};
use crate::config::Settings;
use crate::note::Side;
use crate::preprocess::Prepared;
use crate::report::{Average, Method, Reason, Window};
use crate::stats::{Events, RateRatio, long_run};

/// With fewer events on a side their variance says too little of itself.
const MIN_EVENTS: f64 = 50.0;

/// A variance above the binomial one counts as more than chance from this normal quantile on (5 %).
const NOT_CHANCE: f64 = 1.645;

/// One tick's events of both sides; nothing where a side has no value.
#[derive(Clone, Copy, Debug)]
struct Tick {
    baseline: Events,
    canary: Events,
}

/// The variance is what chance makes it.
const BINOMIAL: Dispersion = Dispersion { factor: 1.0, degrees: None };

const NOTHING: Events = Events { count: 0.0, exposure: 0.0 };

/// Compares the rates of events. Cost: O(ticks × degrees of freedom) a window.
pub(super) fn compare(prepared: &Prepared, settings: &Settings) -> Result<Comparison, Reason> {
    let ticks = ticks(prepared);
    let all = total(&ticks);
    if let Some(side) = without_traffic(all) {
        return Err(Reason::NoTraffic { side });
    }
    let mut comparison = Comparison::of(own_averages(prepared));
    comparison.method = Some(Method::RateRatio);
    if all.baseline.count + all.canary.count == 0.0 {
        comparison.special = Some(no_events(all, settings));
        comparison.views = vec![View::full(Estimate::Exact(1.0), comparison.average)];
        return Ok(comparison);
    }
    let always = settings.denominator.is_none();
    let overall = if always || has_enough(all) { dispersion(&ticks, all) } else { BINOMIAL };
    for (window, part) in windows(ticks.len()).filter(|(window, _)| *window != Window::End) {
        let seen = ticks.get(ticks.len() - length(window, ticks.len())..).unwrap_or_default();
        let sum = total(seen);
        if without_traffic(sum).is_some() || sum.baseline.count + sum.canary.count == 0.0 {
            continue;
        }
        let spread = if has_enough(sum) { dispersion(seen, sum) } else { overall };
        let ratio = RateRatio::new(sum.baseline, sum.canary).with_dispersion(spread.factor);
        let estimate = Estimate::Rate(Rate { ratio, dispersion: spread });
        comparison.views.push(View { window, part, estimate, average: rates(sum) });
    }
    comparison.share_out();
    comparison.special = by_zero(all);
    Ok(comparison)
}

/// Every tick at which a side has a value.
fn ticks(prepared: &Prepared) -> Vec<Tick> {
    let traffic = &prepared.traffic;
    let side = |counts: &[f64], exposures: &[f64], tick: usize| {
        let (count, exposure) = (counts.get(tick)?, exposures.get(tick)?);
        Events::new(*count, *exposure)
    };
    let at = |tick: usize| {
        let baseline = side(&prepared.baseline, &traffic.baseline, tick);
        let canary = side(&prepared.canary, &traffic.canary, tick);
        let found = baseline.is_some() || canary.is_some();
        found.then(|| Tick { baseline: baseline.unwrap_or(NOTHING), canary: canary.unwrap_or(NOTHING) })
    };
    (0..prepared.baseline.len()).filter_map(at).collect()
}

fn total(ticks: &[Tick]) -> Tick {
    let add =
        |sum: Events, more: Events| Events { count: sum.count + more.count, exposure: sum.exposure + more.exposure };
    ticks.iter().fold(Tick { baseline: NOTHING, canary: NOTHING }, |sum, tick| Tick {
        baseline: add(sum.baseline, tick.baseline),
        canary: add(sum.canary, tick.canary),
    })
}

fn without_traffic(sum: Tick) -> Option<Side> {
    match (sum.baseline.exposure > 0.0, sum.canary.exposure > 0.0) {
        (true, true) => None,
        (false, _) => Some(Side::Baseline),
        (true, false) => Some(Side::Canary),
    }
}

fn has_enough(sum: Tick) -> bool {
    sum.baseline.count.min(sum.canary.count) >= MIN_EVENTS
}

/// Without a denominator nothing says that there could have been events: idle, as any metric of zeros.
fn no_events(all: Tick, settings: &Settings) -> Reason {
    match settings.denominator {
        Some(_) => Reason::NoEvents { baseline: all.baseline.exposure, canary: all.canary.exposure },
        None => Reason::BothZero,
    }
}

fn by_zero(all: Tick) -> Option<Reason> {
    match (all.baseline.count > 0.0, all.canary.count > 0.0) {
        (false, true) => Some(Reason::BaselineZero),
        (true, false) => Some(Reason::CanaryZero),
        _ => None,
    }
}

fn rate(events: Events) -> f64 {
    events.count / events.exposure
}

fn rates(sum: Tick) -> Average {
    Average { baseline: finite(rate(sum.baseline)), canary: finite(rate(sum.canary)) }
}

/// The variance of the split of the events over the binomial one, at least 1: that of the residuals of both
/// sides' rates, weighted as they enter the split, autocorrelation included. Where chance does not explain it,
/// it is an estimate of so many degrees of freedom.
fn dispersion(ticks: &[Tick], sum: Tick) -> Dispersion {
    let events = sum.baseline.count + sum.canary.count;
    let share = sum.canary.count / events;
    let binomial = events * share * (1.0 - share);
    if binomial <= 0.0 {
        return BINOMIAL;
    }
    let (baseline, canary) = (rate(sum.baseline), rate(sum.canary));
    let excess = |events: Events, rate: f64| events.count - rate * events.exposure;
    let residual = |tick: &Tick| (1.0 - share) * excess(tick.canary, canary) - share * excess(tick.baseline, baseline);
    let residuals: Vec<f64> = ticks.iter().map(residual).collect();
    let spread = long_run(&residuals);
    let factor = spread.variance * residuals.len() as f64 / binomial;
    let degrees = Some(spread.degrees).filter(|degrees| factor > by_chance(*degrees));
    Dispersion { factor: factor.max(1.0), degrees }
}

/// The 95 % point of χ² over its degrees (Wilson & Hilferty 1931; to 1 % from one degree on).
fn by_chance(degrees: f64) -> f64 {
    let ninth = 2.0 / (9.0 * degrees);
    (1.0 - ninth + NOT_CHANCE * ninth.sqrt()).powi(3)
}
