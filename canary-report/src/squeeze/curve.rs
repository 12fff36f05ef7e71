//! What a plot of a squeeze test shows: the steps, and the curve that was fitted to them.

use canary_core::squeeze::{LoadLoop, Model, ModelName, Parameter, SqueezeReport, StepResult};

/// Points of the fitted curve.
const CURVE_POINTS: usize = 80;
/// Room beyond the last step and the highest value.
const ROOM: f64 = 1.06;

/// The plot.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Curve {
    /// Steps that are evidence: load, goodput.
    pub(super) used: Vec<(f64, f64)>,
    /// Steps that were left out.
    pub(super) left_out: Vec<(f64, f64)>,
    /// The fitted curve.
    pub(super) fitted: Vec<(f64, f64)>,
    /// The share of bad requests by load, above 0.
    pub(super) bad: Vec<(f64, f64)>,
    /// The end of the axis of loads, and of that of rates.
    pub(super) ends: (f64, f64),
}

impl Curve {
    /// Of a report; `None` where no step can be drawn.
    pub(super) fn of(report: &SqueezeReport) -> Option<Self> {
        let mut curve = Self::default();
        for step in &report.steps {
            let Some(load) = load(step) else { continue };
            if let Some(goodput) = step.goodput.filter(|goodput| goodput.is_finite()) {
                let points = if step.used { &mut curve.used } else { &mut curve.left_out };
                points.push((load, goodput));
            }
            curve.bad.extend(step.bad_share.filter(|share| step.used && *share >= 0.0).map(|share| (load, share)));
        }
        let all = || curve.used.iter().chain(&curve.left_out);
        let largest = |axis: &dyn Fn(&(f64, f64)) -> f64| all().map(axis).fold(0.0, f64::max);
        let (loads, rates) = (largest(&|point| point.0), largest(&|point| point.1));
        if !(loads > 0.0 && rates > 0.0) {
            return None;
        }
        let capacity = report.capacity.and_then(|capacity| capacity.upper.or(capacity.estimate));
        curve.ends = (loads * ROOM, rates.max(capacity.filter(|rate| *rate < 1.5 * rates).unwrap_or(rates)) * ROOM);
        let open = report.load_loop != Some(LoadLoop::Closed);
        curve.fitted = report.model.map(|model| fitted(&model, curve.ends.0, open)).unwrap_or_default();
        Some(curve)
    }
}

/// A step's place on the axis of loads.
pub(super) fn load(step: &StepResult) -> Option<f64> {
    step.offered.or_else(|| step.concurrency.map(|clients| clients as f64)).filter(|load| *load > 0.0)
}

fn fitted(model: &Model, end: f64, open: bool) -> Vec<(f64, f64)> {
    let at = |index: usize| end * index as f64 / CURVE_POINTS as f64;
    let points = (1..=CURVE_POINTS).map(at).map(|load| (load, value(model, load, open)));
    points.filter(|(_, rate)| rate.is_finite()).collect()
}

/// The law's throughput at a load.
fn value(model: &Model, load: f64, open: bool) -> f64 {
    let parameters = model.parameters;
    let number = |parameter: Option<Parameter>| parameter.map_or(0.0, |parameter| parameter.estimate);
    let alone = if open { 1.0 } else { number(parameters.gamma) };
    match model.name {
        ModelName::Usl | ModelName::Amdahl => {
            let (sigma, kappa) = (number(parameters.sigma), number(parameters.kappa));
            alone * load / (1.0 + sigma * (load - 1.0) + kappa * load * (load - 1.0))
        }
        ModelName::SmoothMinimum => {
            let (line, plateau) = (alone * load, number(parameters.capacity));
            let sharpness = parameters.sharpness.unwrap_or(f64::INFINITY);
            if !sharpness.is_finite() {
                return line.min(plateau);
            }
            // The larger one is taken out of the power, which would overflow.
            let (low, high) = (line.min(plateau), line.max(plateau));
            low * (1.0 + (low / high).powf(sharpness)).powf(-1.0 / sharpness)
        }
    }
}
