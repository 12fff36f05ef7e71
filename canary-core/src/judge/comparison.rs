//! What a judge says of one metric, and what every judge needs to say it.

use super::estimate::Estimate;
use super::finite;
use super::look::Look;
use crate::config::Bounds;
use crate::preprocess::{Prepared, Role};
use crate::report::{Average, Flag, Method, Reason, State, Window};
use crate::shape::ShapeWorkspace;
use crate::stats::{Located, mean, normal_isf_ln, normal_sf};

/// What a judge says of one metric.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    /// What each window shows; the full one first. Empty where nothing was estimated.
    pub(crate) views: Vec<View>,
    /// How the state is found, where the judge is a rule that knows no p-values.
    pub(crate) ruling: Option<Ruling>,
    /// The log ratio before the deployment, where there is such a time.
    pub(crate) before: Option<Located>,
    /// How many independent points this is worth.
    pub(crate) effective: Option<f64>,
    pub(crate) average: Average,
    pub(crate) flags: Vec<Flag>,
    pub(crate) method: Option<Method>,
    /// A reason that says more than "above", "below" or "within".
    pub(crate) special: Option<Reason>,
    /// Pairs with a value on the other side of zero than the rest; there it was taken for zero.
    pub(crate) odd_signs: u64,
    /// How much more than time noise separates equal machines: what every standard error is multiplied by.
    pub(crate) widening: f64,
}

/// The view that speaks most against the bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Loudest {
    /// Its place among the views.
    pub(crate) view: usize,
    /// Two-sided p-value of "the ratio lies within the bounds in every window", over all looks.
    pub(crate) p_value: f64,
}

/// How a rule without p-values finds the state.
#[derive(Clone, Debug)]
pub(crate) enum Ruling {
    /// By the ratio against the bounds.
    Ratio,
    /// It says so itself.
    State(State, Reason),
}

/// What one window shows.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) window: Window,
    /// Its part of the metric's chance of a false alarm; over all views of a metric they sum to 1.
    pub(crate) part: f64,
    pub(crate) estimate: Estimate,
    /// Both sides' averages over the window.
    pub(crate) average: Average,
}

/// Buffers that are used again for every metric.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    pub(super) magnitudes: Vec<(f64, f64)>,
    pub(super) log_ratios: Vec<f64>,
    /// What a window's location is taken of.
    pub(super) values: Vec<f64>,
    pub(super) scores: Vec<f64>,
    pub(super) scratch: Vec<f64>,
    /// The lag-1 autocorrelation of the metric's noise, as its whole series shows it.
    pub(super) persistence: f64,
    pub(super) shapes: ShapeWorkspace,
}

impl View {
    /// One window that is all there is.
    pub(crate) fn full(estimate: Estimate, average: Average) -> Self {
        Self { window: Window::Full, part: 1.0, estimate, average }
    }

    /// Two-sided p-value of "the ratio lies within the bounds", over all looks, as if this were the
    /// metric's only window.
    fn p_value(&self, bounds: Bounds, look: &Look, widening: f64) -> f64 {
        let one_sided = self.estimate.p_outside(bounds.lower(), bounds.upper());
        (2.0 * look.total(self.window, weaker(one_sided, widening))).min(1.0)
    }

    /// What this look leaves of `alpha`, the metric's two-sided chance of a false alarm.
    pub(crate) fn alpha(&self, alpha: f64, look: &Look, widening: f64) -> f64 {
        2.0 * stronger(look.nominal(self.window, alpha * self.part / 2.0), widening)
    }
}

impl Comparison {
    /// Nothing compared yet but the averages.
    pub(crate) fn of(average: Average) -> Self {
        Self {
            views: Vec::new(),
            ruling: None,
            before: None,
            effective: None,
            average,
            flags: Vec::new(),
            method: None,
            special: None,
            odd_signs: 0,
            widening: 1.0,
        }
    }

    /// Shares the chance of a false alarm out over the views that there are.
    pub(crate) fn share_out(&mut self) {
        let total: f64 = self.views.iter().map(|view| view.part).sum();
        for view in &mut self.views {
            view.part /= total;
        }
    }

    /// The whole window, where it has noise: what says by how much equal machines differ.
    pub(crate) fn noisy_full_view(&self) -> Option<&View> {
        let noisy = |view: &&View| self.ruling.is_none() && !matches!(view.estimate, Estimate::Exact(_));
        self.views.first().filter(noisy)
    }

    /// The view that speaks most against the bounds; the full window where none does more than another.
    /// Cost: a p-value or two a window, which is most of what a metric costs after its comparison: ask once.
    pub(crate) fn loudest(&self, bounds: Bounds, look: &Look) -> Option<Loudest> {
        let weighed = self.views.iter().enumerate().map(|(view, seen)| {
            let p_value = (seen.p_value(bounds, look, self.widening) / seen.part).min(1.0);
            Loudest { view, p_value }
        });
        weighed.reduce(|best, next| if next.p_value < best.p_value { next } else { best })
    }
}

/// The one-sided p-value with standard errors `widening` times as wide.
fn weaker(p_value: f64, widening: f64) -> f64 {
    if widening > 1.0 { normal_sf(normal_isf_ln(p_value.ln()) / widening) } else { p_value }
}

/// The inverse of [`weaker`].
fn stronger(alpha: f64, widening: f64) -> f64 {
    if widening > 1.0 { normal_sf(normal_isf_ln(alpha.ln()) * widening) } else { alpha }
}

/// Each side's average over all of its usable points: of a count per unit of its traffic, of a mean with
/// requests over all of them.
pub(super) fn own_averages(prepared: &Prepared) -> Average {
    let of = |series: &[f64], traffic: &[f64]| {
        let usable = || series.iter().zip(traffic).filter(|(value, _)| !value.is_nan());
        let total = || usable().map(|(_, traffic)| traffic).sum::<f64>();
        let average = match prepared.role {
            Role::Exposure => Some(usable().map(|(value, _)| value).sum::<f64>() / total()),
            Role::Weight => Some(usable().map(|(value, traffic)| value * (traffic / total())).sum()),
            Role::Nothing | Role::SampleSize => {
                mean(&series.iter().copied().filter(|value| !value.is_nan()).collect::<Vec<f64>>())
            }
        };
        average.and_then(finite)
    };
    let Prepared { baseline, canary, traffic, .. } = prepared;
    Average { baseline: of(baseline, &traffic.baseline), canary: of(canary, &traffic.canary) }
}

/// Each side's average over the pairs.
pub(super) fn paired_averages(pairs: &[(f64, f64)], scratch: &mut Vec<f64>) -> Average {
    let mut of = |side: fn(&(f64, f64)) -> f64| {
        scratch.clear();
        scratch.extend(pairs.iter().map(side));
        mean(scratch).and_then(finite)
    };
    Average { baseline: of(|pair| pair.0), canary: of(|pair| pair.1) }
}
