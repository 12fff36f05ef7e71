//! How much of the error rate may be spent by when.

use crate::stats::tails::{normal_isf, normal_sf};

/// The share of a one-sided error rate alpha that may be spent up to a fraction of the horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Spending {
    /// alpha (1 - exp(-gamma f)) / (1 - exp(-gamma)): Hwang, Shih & De Cani 1990. Negative gamma spends
    /// late; zero spends evenly.
    HwangShihDeCani {
        /// Within ±100.
        gamma: f64,
    },
    /// 2 - 2 Φ(z[alpha/2] / √f), close to the boundaries of O'Brien & Fleming 1979: Lan & `DeMets` 1983.
    ObrienFleming,
    /// alpha ln(1 + (e - 1) f), close to the boundaries of Pocock 1977: Lan & `DeMets` 1983.
    Pocock,
}

impl Spending {
    /// What is spent of `alpha` by `fraction`: 0 before the start, `alpha` from 1 on.
    #[must_use]
    pub fn spent(self, alpha: f64, fraction: f64) -> f64 {
        if fraction >= 1.0 {
            return alpha;
        }
        let fraction = fraction.max(0.0);
        match self {
            Self::HwangShihDeCani { gamma: 0.0 } => alpha * fraction,
            Self::HwangShihDeCani { gamma } => alpha * (-gamma * fraction).exp_m1() / (-gamma).exp_m1(),
            Self::ObrienFleming => 2.0 * normal_sf(normal_isf(alpha / 2.0) / fraction.sqrt()),
            Self::Pocock => alpha * ((std::f64::consts::E - 1.0) * fraction).ln_1p(),
        }
    }
}
