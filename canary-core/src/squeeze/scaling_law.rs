//! Throughput against the number of clients: which law, and where it peaks.

use super::least_squares::{Fit, Loss, Miss, fit};
use super::report::{Kind, Model, ModelName, Parameter, Parameters};
use super::smooth_minimum::{SHARPNESS, SOFT_BELOW, ln_smooth_minimum};
use super::usl::{Bounded, Load, Scale, Usl};
use crate::stats::student_quantile;

/// Residuals of ln X beyond this count by their size.
const SOFT_SCALE: f64 = 0.03;
/// Fewer distinct numbers of clients cannot tell three parameters from noise.
pub(super) const FEWEST_LOADS: usize = 6;
/// A peak further out than the clients tested is an extrapolation; tests must reach this share of it.
const REACH: f64 = 1.2;
/// A plateau is seen where straight scaling would reach so much more than it.
const BEYOND: f64 = 1.1;
/// No interval is narrower: clocks, start and end of steps; residuals of a law that fits too well.
const LEAST_SPREAD: f64 = 0.005;

/// What a closed-loop run shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scaling {
    pub(super) model: Model,
    pub(super) kind: Kind,
    /// ln of the capacity and its standard error, where the tests reach it.
    pub(super) peak: Option<(f64, f64)>,
    pub(super) degrees: f64,
    law: Law,
}

#[derive(Clone, Copy, Debug)]
enum Law {
    Usl(Usl),
    Smooth { ln_gamma: f64, ln_capacity: f64, sharpness: f64 },
}

impl Scaling {
    /// Clients from which on more of them get no more; `None` where the law or the tests show no such number.
    pub(super) fn peak_clients(&self) -> Option<f64> {
        match self.law {
            Law::Usl(law) if self.peak.is_some() => law.peak_concurrency(),
            _ => None,
        }
    }

    /// Throughput that up to `clients` get: beyond the peak, that of the peak.
    pub(super) fn throughput(&self, clients: f64) -> f64 {
        match self.law {
            Law::Usl(law) => law.throughput(law.peak_concurrency().map_or(clients, |peak| clients.min(peak))),
            Law::Smooth { ln_gamma, ln_capacity, sharpness } => {
                ln_smooth_minimum(ln_gamma + clients.ln(), ln_capacity, sharpness).exp()
            }
        }
    }
}

/// A candidate with its criterion.
struct Candidate {
    aicc: f64,
    scaling: Scaling,
}

/// The law that the corrected Akaike criterion prefers: universal scalability, Amdahl, smooth minimum. `None` for
/// fewer than [`FEWEST_LOADS`] points.
pub(super) fn scaling(points: &[Load], alpha: f64) -> Option<Scaling> {
    if points.len() < FEWEST_LOADS {
        return None;
    }
    let candidates = [usl(points, true, alpha), usl(points, false, alpha), smooth_minimum(points, alpha)];
    candidates.into_iter().flatten().min_by(|one, other| one.aicc.total_cmp(&other.aicc)).map(|best| best.scaling)
}

/// `AICc` of a fit with `parameters` and a variance.
fn aicc(points: usize, loss: f64, parameters: usize) -> f64 {
    let (count, used) = (points as f64, (parameters + 1) as f64);
    let room = count - used - 1.0;
    let mean = (loss / count).max(f64::MIN_POSITIVE);
    if room > 0.0 { count * mean.ln() + 2.0 * used + 2.0 * used * (used + 1.0) / room } else { f64::INFINITY }
}

/// Standard errors from the curvature, and t times them.
struct Errors {
    variance: f64,
    t: f64,
    degrees: f64,
}

impl Errors {
    fn new(points: usize, loss: f64, parameters: usize, alpha: f64) -> Self {
        let degrees = points as f64 - parameters as f64;
        let variance = (loss / degrees).max(LEAST_SPREAD.powi(2));
        Self { variance, t: student_quantile(alpha / 2.0, degrees), degrees }
    }

    fn parameter(&self, fit: &Fit, place: usize, estimate: f64, bounds: (f64, f64)) -> Parameter {
        let variance = fit.inverse.get(place).and_then(|row| row.get(place)).copied().unwrap_or(0.0) * self.variance;
        let half = self.t * variance.max(0.0).sqrt();
        let end = |value: f64| value.is_finite().then(|| value.clamp(bounds.0, bounds.1));
        Parameter { estimate, lower: end(estimate - half), upper: end(estimate + half) }
    }

    /// Standard error of a function with this slope.
    fn of(&self, fit: &Fit, slope: [f64; 3]) -> f64 {
        let row = |row: &[f64; 3]| row.iter().zip(slope).map(|(one, other)| one * other).sum::<f64>();
        let variance: f64 = fit.inverse.iter().zip(slope).map(|(one, other)| row(one) * other).sum();
        (variance * self.variance).max(0.0).sqrt()
    }
}

fn usl(points: &[Load], crosstalk: bool, alpha: f64) -> Option<Candidate> {
    let found = Usl::bounded(points, [true, true, crosstalk], Loss::Soft(SOFT_SCALE), Scale::Logarithm)?;
    let parameters = if crosstalk { 3 } else { 2 };
    let errors = Errors::new(points.len(), found.fit.loss, parameters, alpha);
    let most = points.iter().map(|point| point.concurrency).fold(0.0, f64::max);
    let seen = found.law.peak_concurrency().filter(|peak| most * REACH >= *peak);
    let Bounded { law, fit, .. } = found;
    let peak = seen.map(|clients| {
        let load = law.gamma * clients / law.throughput(clients);
        // At the peak the slope in N is zero: what is left are the parameters.
        let slope = [1.0 / law.gamma, -(clients - 1.0) / load, -clients * (clients - 1.0) / load];
        (law.throughput(clients).ln(), errors.of(&fit, slope).max(LEAST_SPREAD))
    });
    let share = (0.0, 1.0);
    let parameters_found = Parameters {
        gamma: Some(errors.parameter(&fit, 0, law.gamma, (0.0, f64::INFINITY))),
        sigma: Some(errors.parameter(&fit, 1, law.sigma, share)),
        kappa: crosstalk.then(|| errors.parameter(&fit, 2, law.kappa, share)),
        peak_concurrency: law.peak_concurrency(),
        ceiling: law.ceiling(),
        ..Parameters::default()
    };
    let criterion = aicc(points.len(), found.fit.loss, parameters);
    let name = if crosstalk { ModelName::Usl } else { ModelName::Amdahl };
    let model = Model { name, parameters: parameters_found, aicc: Some(criterion).filter(|value| value.is_finite()) };
    let kind = if crosstalk { Kind::Retrograde } else { Kind::Soft };
    Some(Candidate {
        aicc: criterion,
        scaling: Scaling { model, kind, peak, degrees: errors.degrees, law: Law::Usl(law) },
    })
}

fn smooth_minimum(points: &[Load], alpha: f64) -> Option<Candidate> {
    let gamma = points.iter().map(|point| point.throughput / point.concurrency).fold(0.0, f64::max);
    let highest = points.iter().map(|point| point.throughput).fold(0.0, f64::max);
    let start = [gamma.ln(), highest.ln(), 0.0];
    let fits = SHARPNESS.iter().filter_map(|&sharpness| {
        let misses = |[ln_gamma, ln_capacity, _]: [f64; 3]| {
            let miss = |point: &Load| {
                let ln_rate = ln_gamma + point.concurrency.ln();
                // The share of the slope that the rising line has.
                let rising = 1.0 / (1.0 + (sharpness * (ln_rate - ln_capacity)).exp());
                let residual = ln_smooth_minimum(ln_rate, ln_capacity, sharpness) - point.throughput.ln();
                Miss { residual, slope: [rising, 1.0 - rising, 0.0] }
            };
            Some(points.iter().map(miss).collect::<Vec<Miss>>())
        };
        fit(start, [true, true, false], Loss::Soft(SOFT_SCALE), misses).map(|fit| (sharpness, fit))
    });
    let (sharpness, fit) = fits.min_by(|one, other| one.1.loss.total_cmp(&other.1.loss))?;
    let [ln_gamma, ln_capacity, _] = fit.parameters;
    let errors = Errors::new(points.len(), fit.loss, 3, alpha);
    let most = points.iter().map(|point| point.concurrency).fold(0.0, f64::max);
    let reached = ln_gamma + most.ln() >= ln_capacity + BEYOND.ln() && sharpness >= SOFT_BELOW;
    let error = errors.of(&fit, [0.0, 1.0, 0.0]).max(LEAST_SPREAD);
    let half = errors.t * error;
    let gamma_half = errors.t * errors.of(&fit, [1.0, 0.0, 0.0]);
    let around = |ln: f64, half: f64| Parameter {
        estimate: ln.exp(),
        lower: Some((ln - half).exp()).filter(|end| end.is_finite()),
        upper: Some((ln + half).exp()).filter(|end| end.is_finite()),
    };
    let parameters = Parameters {
        gamma: Some(around(ln_gamma, gamma_half)),
        capacity: Some(around(ln_capacity, half)),
        sharpness: Some(sharpness),
        ..Parameters::default()
    };
    let criterion = aicc(points.len(), fit.loss, 3);
    let model =
        Model { name: ModelName::SmoothMinimum, parameters, aicc: Some(criterion).filter(|value| value.is_finite()) };
    let kind = if sharpness >= SOFT_BELOW { Kind::Hard } else { Kind::Soft };
    let law = Law::Smooth { ln_gamma, ln_capacity, sharpness };
    let peak = reached.then_some((ln_capacity, error));
    Some(Candidate { aicc: criterion, scaling: Scaling { model, kind, peak, degrees: errors.degrees, law } })
}
