//! Gunther's universal scalability law, Amdahl's as its case without crosstalk.

use super::least_squares::{Fit, Loss, Miss, Three, fit};

/// One measured point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Load {
    /// Clients, threads or nodes: N.
    pub concurrency: f64,
    /// Throughput at it: X.
    pub throughput: f64,
}

/// X(N) = γN / (1 + σ(N - 1) + κN(N - 1)): throughput of N clients (Gunther 1993).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usl {
    /// Throughput of one client.
    pub gamma: f64,
    /// Contention, 0 to 1.
    pub sigma: f64,
    /// Crosstalk, 0 to 1.
    pub kappa: f64,
}

/// A law with how well it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UslFit {
    /// The law.
    pub law: Usl,
    /// Standard errors of γ, σ and κ; 0 for one that lies on its bound. `None` without a degree of freedom.
    pub errors: Option<[f64; 3]>,
    /// Sum of squared residuals.
    pub squares: f64,
    /// Points less free parameters.
    pub degrees: f64,
}

impl Usl {
    /// Throughput of `concurrency` clients.
    #[must_use]
    pub fn throughput(&self, concurrency: f64) -> f64 {
        self.gamma * concurrency / self.load(concurrency)
    }

    /// Seconds a request takes with `concurrency` clients (Little's law), where γ is a second's.
    #[must_use]
    pub fn latency(&self, concurrency: f64) -> f64 {
        self.load(concurrency) / self.gamma
    }

    /// Clients at the highest throughput, √((1 - σ)/κ); `None` without crosstalk: there is no peak.
    #[must_use]
    pub fn peak_concurrency(&self) -> Option<f64> {
        (self.kappa > 0.0).then(|| ((1.0 - self.sigma) / self.kappa).sqrt().max(1.0))
    }

    /// The highest throughput; `None` without crosstalk.
    #[must_use]
    pub fn peak(&self) -> Option<f64> {
        self.peak_concurrency().map(|clients| self.throughput(clients))
    }

    /// Clients at which straight scaling would reach the ceiling, 1/σ; `None` without contention.
    #[must_use]
    pub fn optimal_concurrency(&self) -> Option<f64> {
        (self.sigma > 0.0).then(|| 1.0 / self.sigma)
    }

    /// What contention alone would allow, γ/σ; `None` without contention.
    #[must_use]
    pub fn ceiling(&self) -> Option<f64> {
        (self.sigma > 0.0).then(|| self.gamma / self.sigma)
    }

    fn load(&self, concurrency: f64) -> f64 {
        1.0 + self.sigma * (concurrency - 1.0) + self.kappa * concurrency * (concurrency - 1.0)
    }

    /// The law nearest to `points` in squares of throughput, with γ > 0 and 0 ≤ σ, κ ≤ 1, as R's `nls(algorithm =
    /// "port")` and its package `usl`. `None` for fewer than three points, or numbers that are not finite and
    /// positive. Assumes errors of one size.
    #[must_use]
    pub fn fit(points: &[Load]) -> Option<UslFit> {
        let found = Self::bounded(points, [true, true, true], Loss::Squares, Scale::Throughput)?;
        let free = found.free.iter().filter(|free| **free).count();
        let degrees = points.len() as f64 - free as f64;
        let variance = found.fit.loss / degrees;
        let error = |place: usize| {
            (found.fit.inverse.get(place).and_then(|row| row.get(place)).copied().unwrap_or(0.0) * variance).sqrt()
        };
        let errors = (degrees > 0.0).then(|| [error(0), error(1), error(2)]);
        Some(UslFit { law: found.law, errors, squares: found.fit.loss, degrees })
    }

    /// The law with the least loss within the bounds: a parameter that would lie outside stays on its bound.
    pub(super) fn bounded(points: &[Load], free: [bool; 3], loss: Loss, scale: Scale) -> Option<Bounded> {
        let good = |value: f64| value > 0.0 && value.is_finite();
        if points.len() < 3 || !points.iter().all(|point| good(point.concurrency) && good(point.throughput)) {
            return None;
        }
        let gamma = points.iter().map(|point| point.throughput / point.concurrency).fold(0.0, f64::max);
        let starts = [(true, true), (true, false), (false, true), (false, false)];
        let candidates = starts.iter().filter_map(|&(sigma, kappa)| {
            let free = [free[0], free[1] && sigma, free[2] && kappa];
            let start = [gamma, if free[1] { 0.01 } else { 0.0 }, if free[2] { 1e-4 } else { 0.0 }];
            let found = fit(start, free, loss, |parameters| misses(points, parameters, scale))?;
            let law = Self { gamma: found.parameters[0], sigma: found.parameters[1], kappa: found.parameters[2] };
            let inside = law.gamma > 0.0 && (0.0..=1.0).contains(&law.sigma) && (0.0..=1.0).contains(&law.kappa);
            inside.then_some(Bounded { law, fit: found, free })
        });
        candidates.min_by(|one, other| one.fit.loss.total_cmp(&other.fit.loss))
    }
}

/// On which scale residuals are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    Throughput,
    Logarithm,
}

/// A fit within bounds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounded {
    pub(super) law: Usl,
    pub(super) fit: Fit,
    pub(super) free: [bool; 3],
}

fn misses(points: &[Load], [gamma, sigma, kappa]: Three, scale: Scale) -> Option<Vec<Miss>> {
    let law = Usl { gamma, sigma, kappa };
    let miss = |point: &Load| {
        let (clients, load) = (point.concurrency, law.load(point.concurrency));
        let usable = gamma > 0.0 && load > 0.0 && load.is_finite();
        // Slopes of ln X; times X they are those of X.
        let slope = [1.0 / gamma, -(clients - 1.0) / load, -clients * (clients - 1.0) / load];
        let fitted = law.throughput(clients);
        usable.then(|| match scale {
            Scale::Throughput => Miss { residual: fitted - point.throughput, slope: slope.map(|slope| slope * fitted) },
            Scale::Logarithm => Miss { residual: (fitted / point.throughput).ln(), slope },
        })
    };
    points.iter().map(miss).collect()
}
