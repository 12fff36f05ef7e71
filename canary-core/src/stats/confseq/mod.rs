//! Looking at any time, with no horizon: boundaries that a process without effect crosses at any time
//! with probability alpha at most.
//!
//! A process S has intrinsic time V where exp(λS - ψ(λ)V) is a supermartingale; which ψ holds decides
//! the boundary (Howard, Ramdas, `McAuliffe` & Sekhon 2021, "Time-uniform, nonparametric, nonasymptotic
//! confidence sequences"). Results are those of the authors' package `confseq`. All take positive finite
//! parameters and 0 < alpha < 1 (below a half where one-sided); elsewhere the results mean nothing.

mod asymptotic;
mod beta_binomial;
mod empirical;
mod gamma;
mod lambert;
mod normal;
mod quantile;
mod search;
mod stitching;

pub use asymptotic::AsymptoticSequence;
pub use beta_binomial::BetaBinomialMixture;
pub use empirical::empirical_process_lil_bound;
pub use gamma::{GammaExponentialMixture, GammaPoissonMixture};
pub use lambert::lambert_w_m1;
pub use normal::{NormalMixture, Sides};
pub use quantile::quantile_ab_p;
pub(crate) use search::{crossing, least};
pub use stitching::{PolyStitching, double_stitching_bound};
