//! Values in the order of time: autocorrelation, and what it leaves of the number of values.

mod long_run;
mod newey_west;
mod spectral;

pub use long_run::{
    Ar1, LongRun, ar1, autocorrelation_lag1, ewc_degrees, ewc_variance, long_run, long_run_given, persistence,
};
pub use newey_west::{LogRatioOfMeans, log_ratio_of_means, newey_west_variance_of_mean};
pub use spectral::{ArSpectrum, ar_spectrum_at_zero};
