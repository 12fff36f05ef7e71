//! The methods, each a small value with one verb and a named result. Every method names its source,
//! what it does with ties and NaN, and what it costs.
//!
//! Names are flat here; the files are kept by theme, in the order of the lists below. The judge takes
//! [`huber_location`] with [`long_run`] for pairs of minutes, [`SignFlips`] for series full of zeros,
//! [`RateRatio`] for counts, [`InstanceShift`] for several instances and [`false_discovery_thresholds`]
//! over all metrics. The rest is there to compare with, and for other judges.

// What everything else rests on: samples, sums, tests, distributions, roots.
mod inference;
mod logarithm;
mod root;
mod sample;
mod sums;
mod tails;

// One side, or one series.
mod describe;
mod isotonic;
mod series;

// Two sides: location, spread, ranks, distance of distributions, ratios of sums and of counts.
mod counts;
mod distance;
mod flips;
mod location;
mod mover;
mod rank;
mod spread;

// Several instances a side, many metrics at once.
mod adjust;
mod instances;
mod shrinkage;

// Looks at a run under way: a planned number of them, or any.
mod confseq;
mod spending;

pub use inference::{Alternative, Continuity, Limits};
pub(crate) use logarithm::{is_regular, ln_each};
pub use sample::{Sample, StatisticError, TwoSamples};
pub(crate) use sums::{LANES, folded, larger_magnitude, largest_magnitude, sum_of, sum_of_pairs};
pub use tails::{
    normal_cdf, normal_density, normal_isf, normal_isf_ln, normal_ln_sf, normal_quantile, normal_sf, student_ln_sf,
    student_quantile, student_sf, t_to_z,
};

pub use describe::{
    FiveNumbers, QuantileType, five_numbers, mad, mean, median, power_of_two_scale, quantile, quantile_of_type,
    variance,
};
pub(crate) use describe::{MAD_TO_SD, power_of_two_below};
pub use isotonic::{Weighted, isotonic_mean, isotonic_median};
pub use series::{
    Ar1, ArSpectrum, LogRatioOfMeans, LongRun, ar_spectrum_at_zero, ar1, autocorrelation_lag1, ewc_degrees,
    ewc_variance, log_ratio_of_means, long_run, long_run_given, newey_west_variance_of_mean, persistence,
};

pub use counts::{Atom, Events, Proportion, RateRatio, TwoProportions};
pub use distance::{
    AndersonDarling, KolmogorovSmirnov, TieRule, anderson_darling, energy_distance, kolmogorov_smirnov,
    kolmogorov_smirnov_exact, wasserstein_distance,
};
pub use flips::SignFlips;
pub(crate) use flips::sign_flips;
pub use location::{
    Adjusted, HUBER_K, HuberLine, HuberLocation, Located, RESOLUTION, WelchT, adjust_by_past, huber_line,
    huber_line_scores, huber_location, huber_scores, welch_t,
};
pub use mover::{Bracketed, RatioOfBracketed};
pub use rank::{
    BrunnerMunzel, IntervalMethod, LocationInterval, MannWhitney, SignTest, SignedRank, brunner_munzel,
    hodges_lehmann_shift, hodges_lehmann_shift_interval, mann_whitney, mann_whitney_exact, pseudomedian,
    pseudomedian_interval, sign_test, signed_rank, signed_rank_exact,
};
pub use spread::{SpreadTest, brown_forsythe, fligner_killeen};

pub use adjust::{
    Adjustment, Hypothesis, Thresholds, adjusted_p_values, false_discovery_thresholds, holm_thresholds,
    weighted_adjusted_p_values, yekutieli_level,
};
pub use instances::{InstanceMethod, InstanceShift, Spread};
pub use shrinkage::{Beyond, Component, Estimate, Prior, ScoreDraws, ScoreInterval, normal_equivalent_error};

pub use confseq::{
    AsymptoticSequence, BetaBinomialMixture, GammaExponentialMixture, GammaPoissonMixture, NormalMixture,
    PolyStitching, Sides, double_stitching_bound, empirical_process_lil_bound, lambert_w_m1, quantile_ab_p,
};
pub(crate) use confseq::{crossing, least};
pub use spending::{Boundary, LookPlan, LookSchedule, LooksError, MOST_LOOKS, Spending, spending_bounds};
