//! The Python package `canary`: data frames in, verdict out.
//!
//! This crate is the native module `canary._canary`. It turns arguments into the core's types, runs the core without
//! holding the interpreter, and hands results back as JSON and Arrow. What a user sees is in `python/canary`; what
//! a report holds is defined in `canary_core::report` and nowhere else.

mod calibrate;
mod config;
mod errors;
mod frame;
mod interpreter;
mod interrupt;
mod metrics;
mod replay;
mod report;
mod run;
mod scaling;
mod schema;
mod session;
mod squeeze;
mod stats;
mod table;
mod trend;

use pyo3::prelude::*;

/// The native part of `canary`. Use the package; names here may change.
#[pymodule]
mod _canary {
    #[pymodule_export]
    use super::calibrate::{Calibration, calibrate};
    #[pymodule_export]
    use super::config::Config;
    #[pymodule_export]
    use super::frame::{Frame, Reading};
    #[pymodule_export]
    use super::replay::{Replay, replay};
    #[pymodule_export]
    use super::report::Report;
    #[pymodule_export]
    use super::run::{Run, parse_span, parse_time, score};
    #[pymodule_export]
    use super::scaling::{ScalingPlan, scale};
    #[pymodule_export]
    use super::schema::schema;
    #[pymodule_export]
    use super::session::{Look, Session};
    #[pymodule_export]
    use super::squeeze::{SqueezeReport, squeeze};
    #[pymodule_export]
    use super::stats::estimates::{
        hodges_lehmann, instance_shift, pseudomedian, rate_ratio, ratio_interval, ratio_of_sums, share, shares,
    };
    #[pymodule_export]
    use super::stats::series::{adjust, effective_sample_size, huber_location};
    #[pymodule_export]
    use super::stats::tests::{
        anderson_darling, brown_forsythe, brunner_munzel, distances, fligner_killeen, kolmogorov_smirnov, mann_whitney,
        sign_test, signed_rank, welch_t,
    };
    #[pymodule_export]
    use super::trend::{TrendReport, trend};

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::interpreter::check(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
