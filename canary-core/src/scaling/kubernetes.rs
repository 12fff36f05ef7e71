//! A `HorizontalPodAutoscaler` of autoscaling/v2.

use serde::{Deserialize, Serialize};

use super::{ScalingError, ScalingPlan};

/// Longest stabilisation window that Kubernetes takes, seconds.
const LONGEST_WINDOW: f64 = 3600.0;

/// What is scaled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TargetRef {
    /// `apps/v1` for a Deployment.
    pub api_version: String,
    /// `Deployment`, `StatefulSet`, …
    pub kind: String,
    /// Its name.
    pub name: String,
}

impl TargetRef {
    /// A Deployment.
    #[must_use]
    pub fn deployment(name: &str) -> Self {
        Self { api_version: "apps/v1".to_owned(), kind: "Deployment".to_owned(), name: name.to_owned() }
    }
}

/// Name and namespace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// The object's name.
    pub name: String,
    /// Its namespace; the current one where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// The object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HorizontalPodAutoscaler {
    /// `autoscaling/v2`.
    pub api_version: String,
    /// `HorizontalPodAutoscaler`.
    pub kind: String,
    /// Name and namespace.
    pub metadata: Metadata,
    /// What it does.
    pub spec: Spec,
}

/// What a `HorizontalPodAutoscaler` does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// What is scaled.
    pub scale_target_ref: TargetRef,
    /// Fewest pods.
    pub min_replicas: u64,
    /// Most pods.
    pub max_replicas: u64,
    /// The metric: one, of the pods.
    pub metrics: Vec<Metric>,
    /// How fast.
    pub behavior: Behavior,
}

/// A metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    /// `Pods`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Which.
    pub pods: Pods,
}

/// A metric of pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pods {
    /// Its name.
    pub metric: MetricName,
    /// The value to hold.
    pub target: Target,
}

/// The name of a metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricName {
    /// Requests a second of one pod.
    pub name: String,
}

/// The value to hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// `AverageValue`.
    #[serde(rename = "type")]
    pub kind: String,
    /// A quantity; `103498m` is 103.498.
    pub average_value: String,
}

/// How fast to scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Behavior {
    /// Up.
    pub scale_up: Rules,
    /// Down.
    pub scale_down: Rules,
}

/// How fast in one direction.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rules {
    /// How long the metric must say so.
    pub stabilization_window_seconds: u64,
    /// Which of the policies counts: `Max`, `Min`.
    pub select_policy: String,
    /// The policies.
    pub policies: Vec<Policy>,
}

/// So many pods in so much time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// `Percent` or `Pods`.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many.
    pub value: u64,
    /// In how many seconds.
    pub period_seconds: u64,
}

/// The object that holds [`ScalingPlan::target_rps_with_tolerance`] of the pods' `metric` (requests a second).
pub fn horizontal_pod_autoscaler(
    plan: &ScalingPlan,
    target: TargetRef,
    metric: &str,
) -> Result<HorizontalPodAutoscaler, ScalingError> {
    let (min_replicas, max_replicas) = limits(plan)?;
    Ok(HorizontalPodAutoscaler {
        api_version: "autoscaling/v2".to_owned(),
        kind: "HorizontalPodAutoscaler".to_owned(),
        metadata: Metadata { name: target.name.clone(), namespace: None },
        spec: Spec {
            scale_target_ref: target,
            min_replicas,
            max_replicas,
            metrics: vec![Metric {
                kind: "Pods".to_owned(),
                pods: Pods {
                    metric: MetricName { name: metric.to_owned() },
                    target: Target {
                        kind: "AverageValue".to_owned(),
                        average_value: format!("{}m", thousandths(plan.target_rps_with_tolerance)),
                    },
                },
            }],
            behavior: behavior(plan),
        },
    })
}

/// Doubling or four pods a minute up, whichever is more; a tenth a minute down, and only after the plan's time.
pub(super) fn behavior(plan: &ScalingPlan) -> Behavior {
    let policy = |kind: &str, value: u64| Policy { kind: kind.to_owned(), value, period_seconds: 60 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 300 and 3600")]
    let patience = plan.scale_in_seconds.min(LONGEST_WINDOW).ceil() as u64;
    Behavior {
        scale_up: Rules {
            stabilization_window_seconds: 0,
            select_policy: "Max".to_owned(),
            policies: vec![policy("Percent", 100), policy("Pods", 4)],
        },
        scale_down: Rules {
            stabilization_window_seconds: patience,
            select_policy: "Min".to_owned(),
            policies: vec![policy("Percent", 10)],
        },
    }
}

pub(super) fn limits(plan: &ScalingPlan) -> Result<(u64, u64), ScalingError> {
    plan.min_instances.zip(plan.max_instances).ok_or(ScalingError::NoForecast)
}

/// Thousandths, rounded down, at least one.
pub(super) fn thousandths(value: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; a cast saturates")]
    let thousandths = (value * 1000.0).floor() as u64;
    thousandths.max(1)
}
