//! The methods, each a small value with one verb and a named result. Every method names its source,
//! what it does with ties and NaN, and what it costs.

mod adjust;
mod beta;
mod confseq;
mod covariate;
mod distance;
mod flip_tail;
mod gaussian;
mod huber;
mod huber_line;
mod inference;
mod instances;
mod long_run;
mod moments;
mod newey_west;
mod normal;
mod order;
mod quantile;
mod rank;
mod rank_null;
mod rate_ratio;
mod root;
mod sample;
mod scale;
mod shrinkage;
mod sign_flip;
mod spectral;
mod spending;
mod spread;
mod student;
mod welch;

pub use adjust::{
    Adjustment, Hypothesis, Thresholds, adjusted_p_values, false_discovery_thresholds, holm_thresholds,
    weighted_adjusted_p_values, yekutieli_level,
};
pub use confseq::{
    AsymptoticSequence, BetaBinomialMixture, GammaExponentialMixture, GammaPoissonMixture, NormalMixture,
    PolyStitching, Sides, double_stitching_bound, empirical_process_lil_bound, lambert_w_m1, quantile_ab_p,
};
pub use covariate::{Adjusted, Located, adjust_by_past};
pub use distance::{
    AndersonDarling, KolmogorovSmirnov, TieRule, anderson_darling, energy_distance, kolmogorov_smirnov,
    kolmogorov_smirnov_exact, wasserstein_distance,
};
pub use huber::{HUBER_K, HuberLocation, RESOLUTION, huber_location, huber_scores};
pub use huber_line::{HuberLine, huber_line, huber_line_scores};
pub use inference::{Alternative, Continuity, Limits};
pub use instances::{InstanceMethod, InstanceShift, Spread};
pub use long_run::{Ar1, LongRun, ar1, autocorrelation_lag1, ewc_degrees, ewc_variance, long_run};
pub use moments::variance;
pub use newey_west::{LogRatioOfMeans, log_ratio_of_means, newey_west_variance_of_mean};
pub use normal::{normal_cdf, normal_density, normal_isf_ln, normal_ln_sf, normal_quantile, normal_sf, t_to_z};
pub(crate) use order::MAD_TO_SD;
pub use order::{mad, median, quantile};
pub use quantile::{FiveNumbers, QuantileType, five_numbers, quantile_of_type};
pub use rank::{
    BrunnerMunzel, IntervalMethod, LocationInterval, MannWhitney, SignTest, SignedRank, brunner_munzel,
    hodges_lehmann_shift, hodges_lehmann_shift_interval, mann_whitney, mann_whitney_exact, pseudomedian,
    pseudomedian_interval, sign_test, signed_rank, signed_rank_exact,
};
pub use rate_ratio::{Atom, Events, RateRatio};
pub use sample::{Sample, StatisticError, TwoSamples};
pub use scale::{mean, power_of_two_scale};
pub use shrinkage::{Beyond, Component, Estimate, Prior, ScoreDraws, ScoreInterval, normal_equivalent_error};
pub use sign_flip::SignFlips;
pub use spectral::{ArSpectrum, ar_spectrum_at_zero};
pub use spending::{Boundary, LookPlan, LookSchedule, LooksError, MOST_LOOKS, Spending, spending_bounds};
pub use spread::{SpreadTest, brown_forsythe, fligner_killeen};
pub use student::{student_ln_sf, student_quantile, student_sf};
pub use welch::{WelchT, welch_t};
