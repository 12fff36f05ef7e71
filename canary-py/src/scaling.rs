//! A scaling policy from a sweet spot.

use canary_core::scaling::kubernetes::{TargetRef, horizontal_pod_autoscaler};
use canary_core::scaling::{
    Growth, Redundancy, ScalingError, ScalingInput, ScalingPlan as Plan, StartTime, aws, keda, plan,
};
use pyo3::prelude::*;
use serde::Serialize;

use crate::errors;
use crate::squeeze::SqueezeReport;

/// A plan, and the documents that are made of it.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct ScalingPlan {
    plan: Plan,
}

#[pymethods]
impl ScalingPlan {
    /// Reads a plan in JSON.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        Ok(Self { plan: serde_json::from_str(text).map_err(errors::input)? })
    }

    /// As JSON, byte for byte as the command line prints it.
    fn to_json(&self) -> PyResult<String> {
        document(&self.plan)
    }

    /// As a table for a terminal.
    fn to_table(&self) -> String {
        canary_report::scaling(&self.plan)
    }

    /// A target tracking policy of AWS, as JSON.
    fn aws_target_tracking(&self, name: String, resource_label: String) -> PyResult<String> {
        document(&aws::target_tracking(&self.plan, &aws::Group { auto_scaling_group: name, resource_label }))
    }

    /// A step scaling policy of AWS, as JSON.
    fn aws_step(&self, name: String) -> PyResult<String> {
        let group = aws::Group { auto_scaling_group: name, resource_label: String::new() };
        document(&aws::step_scaling(&self.plan, &group))
    }

    /// A `HorizontalPodAutoscaler`, as JSON.
    fn hpa(&self, name: &str, metric: &str) -> PyResult<String> {
        document(&horizontal_pod_autoscaler(&self.plan, TargetRef::deployment(name), metric).map_err(failed)?)
    }

    /// A `ScaledObject` of KEDA, as JSON.
    fn keda(&self, name: &str, prometheus: String, query: String) -> PyResult<String> {
        let prometheus = keda::Prometheus { server_address: prometheus, query };
        document(&keda::scaled_object(&self.plan, TargetRef::deployment(name), &prometheus).map_err(failed)?)
    }
}

/// As `canary scale` prints it: keys in the order of the alphabet.
fn document(value: &impl Serialize) -> PyResult<String> {
    serde_json::to_value(value).map(|value| format!("{value:#}\n")).map_err(errors::other)
}

/// The argument that a key of the plan's input is given by.
fn argument(key: &'static str) -> &'static str {
    let key = key.strip_suffix("_seconds").or_else(|| key.strip_suffix("_rps")).unwrap_or(key);
    key.strip_prefix("redundancy.").unwrap_or(key)
}

fn failed(error: ScalingError) -> PyErr {
    match error {
        ScalingError::Range { key, found, expected } => {
            errors::wrong(Some(argument(key)), &format!("found {found}, expected {expected}"))
        }
        ScalingError::TooLarge { key, found } => {
            let message = format!("leads to {found}, more than anyone runs; check its unit");
            errors::wrong(Some(argument(key)), &message)
        }
        ScalingError::NoForecast => errors::wrong(
            Some("peak"),
            "the policy needs a smallest and a largest number of instances; expected a plan made with `peak`",
        ),
        ScalingError::SparesNeedPeak => {
            errors::wrong(Some("spares"), "found no `peak`, expected one: the share of so many spares follows from it")
        }
        other => errors::input(other),
    }
}

/// What a plan is made of, but for the sweet spot. Lengths of time are milliseconds.
#[derive(FromPyObject)]
pub(crate) struct Fleet {
    #[pyo3(item)]
    start: Vec<i64>,
    #[pyo3(item)]
    growth: f64,
    #[pyo3(item)]
    zones: Option<u32>,
    #[pyo3(item)]
    spares: Option<u32>,
    #[pyo3(item)]
    warm: i64,
    #[pyo3(item)]
    metric_period: i64,
    #[pyo3(item)]
    evaluation: i64,
    #[pyo3(item)]
    tolerance: f64,
    #[pyo3(item)]
    peak: Option<f64>,
    #[pyo3(item)]
    trough: Option<f64>,
}

/// A plan from a squeeze test, or from what one instance sustains.
#[pyfunction]
#[pyo3(signature = (fleet, *, squeeze=None, sweet_spot=None))]
pub(crate) fn scale(fleet: Fleet, squeeze: Option<&SqueezeReport>, sweet_spot: Option<f64>) -> PyResult<ScalingPlan> {
    let seconds = |ms: i64| ms as f64 / 1000.0;
    let starts: Vec<f64> = fleet.start.iter().copied().map(seconds).collect();
    let start = StartTime::from_samples(&starts)
        .ok_or_else(|| errors::wrong(Some("start"), "found none, expected a length of time or several"))?;
    let growth = Growth::Exponential(fleet.growth);
    let input = match squeeze {
        Some(squeeze) => ScalingInput::from_report(&squeeze.report, &start, growth).map_err(failed)?,
        None => ScalingInput::new(sweet_spot.unwrap_or(f64::NAN), start.slow_seconds, growth),
    };
    let input = ScalingInput {
        warm_seconds: seconds(fleet.warm),
        metric_period_seconds: seconds(fleet.metric_period),
        evaluation_seconds: seconds(fleet.evaluation),
        tolerance: fleet.tolerance,
        peak_rps: fleet.peak,
        trough_rps: fleet.trough,
        redundancy: match (fleet.zones, fleet.spares) {
            (Some(zones), _) => Redundancy::Zones(zones),
            (None, Some(spares)) => Redundancy::Spares(spares),
            (None, None) => Redundancy::None,
        },
        ..input
    };
    Ok(ScalingPlan { plan: plan(&input).map_err(failed)? })
}
