//! The methods, each a small value with one verb and a named result. Every method names its source,
//! what it does with ties and NaN, and what it costs.

mod distance;
mod huber;
mod inference;
mod long_run;
mod moments;
mod newey_west;
mod order;
mod quantile;
mod rank;
mod sample;
mod scale;
mod sign_flip;
mod spectral;
mod spread;
mod student;
mod welch;

pub use distance::{
    AndersonDarling, KolmogorovSmirnov, TieRule, anderson_darling, energy_distance, kolmogorov_smirnov,
    kolmogorov_smirnov_exact, wasserstein_distance,
};
pub use huber::{HUBER_K, HuberLocation, RESOLUTION, huber_location, huber_scores};
pub use inference::{Alternative, Continuity, Limits};
pub use long_run::{Ar1, LongRun, ar1, autocorrelation_lag1, ewc_degrees, ewc_variance, long_run};
pub use moments::variance;
pub use newey_west::{LogRatioOfMeans, log_ratio_of_means, newey_west_variance_of_mean};
pub use order::{mad, median, quantile};
pub use quantile::{FiveNumbers, QuantileType, five_numbers, quantile_of_type};
pub use rank::{
    BrunnerMunzel, IntervalMethod, LocationInterval, MannWhitney, SignTest, SignedRank, brunner_munzel,
    hodges_lehmann_shift, hodges_lehmann_shift_interval, mann_whitney, mann_whitney_exact, pseudomedian,
    pseudomedian_interval, sign_test, signed_rank, signed_rank_exact,
};
pub use sample::{Sample, StatisticError, TwoSamples};
pub use scale::{mean, power_of_two_scale};
pub use sign_flip::SignFlips;
pub use spectral::{ArSpectrum, ar_spectrum_at_zero};
pub use spread::{SpreadTest, brown_forsythe, fligner_killeen};
pub use student::{student_quantile, student_sf};
pub use welch::{WelchT, welch_t};
