//! Tails and quantiles of the normal distribution, of Student's t and of the beta distribution.

mod beta;
mod normal;
mod student;

pub(crate) use beta::{Beta, BetaTails, Share, ln_complement};
pub use normal::{
    normal_cdf, normal_density, normal_isf, normal_isf_ln, normal_ln_sf, normal_quantile, normal_sf, t_to_z,
};
pub use student::{student_ln_sf, student_quantile, student_sf};
