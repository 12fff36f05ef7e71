//! The methods, each a small value with one verb and a named result. Every method names its source,
//! what it does with ties and NaN, and what it costs.

mod adjust;
mod huber;
mod huber_line;
mod long_run;
mod order;
mod scale;
mod sign_flip;
mod spending;
mod student;

pub use adjust::{
    Adjustment, Hypothesis, Thresholds, adjusted_p_values, false_discovery_thresholds, holm_thresholds,
    weighted_adjusted_p_values, yekutieli_level,
};
pub use huber::{HUBER_K, HuberLocation, RESOLUTION, huber_location, huber_scores};
pub use huber_line::{HuberLine, huber_line, huber_line_scores};
pub use long_run::{Ar1, LongRun, ar1, autocorrelation_lag1, ewc_degrees, ewc_variance, long_run};
pub use order::{mad, median, quantile};
pub use scale::{mean, power_of_two_scale};
pub use sign_flip::SignFlips;
pub use spending::{Boundary, LookPlan, LookSchedule, LooksError, MOST_LOOKS, Spending, spending_bounds};
pub use student::{student_quantile, student_sf};
