//! A `ScaledObject` of KEDA with a Prometheus trigger.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::kubernetes::{Behavior, Metadata, TargetRef, behavior, limits, thousandths};
use super::{ScalingError, ScalingPlan};

/// Where the rate of the whole fleet is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prometheus {
    /// The server, such as `http://prometheus.monitoring.svc:9090`.
    pub server_address: String,
    /// A query that gives requests a second of *all* pods: KEDA divides by the threshold.
    pub query: String,
}

/// The object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScaledObject {
    /// `keda.sh/v1alpha1`.
    pub api_version: String,
    /// `ScaledObject`.
    pub kind: String,
    /// Name and namespace.
    pub metadata: Metadata,
    /// What it does.
    pub spec: Spec,
}

/// What a `ScaledObject` does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spec {
    /// What is scaled.
    pub scale_target_ref: TargetRef,
    /// Seconds between looks.
    pub polling_interval: u64,
    /// Fewest pods.
    pub min_replica_count: u64,
    /// Most pods.
    pub max_replica_count: u64,
    /// What to do without a metric.
    pub fallback: Fallback,
    /// What KEDA passes on.
    pub advanced: Advanced,
    /// The metric.
    pub triggers: Vec<Trigger>,
}

/// Pods while the metric is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fallback {
    /// After so many failed looks.
    pub failure_threshold: u64,
    /// Pods then: enough for the peak.
    pub replicas: u64,
}

/// What KEDA passes on to the `HorizontalPodAutoscaler` that it makes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advanced {
    /// Its part.
    pub horizontal_pod_autoscaler_config: HorizontalPodAutoscalerConfig,
}

/// The part of the `HorizontalPodAutoscaler`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HorizontalPodAutoscalerConfig {
    /// How fast to scale.
    pub behavior: Behavior,
}

/// A metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    /// `prometheus`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `AverageValue`.
    pub metric_type: String,
    /// Server, query and threshold, all of them text.
    pub metadata: BTreeMap<String, String>,
}

/// The object that holds [`ScalingPlan::target_rps_with_tolerance`] a pod.
pub fn scaled_object(
    plan: &ScalingPlan,
    target: TargetRef,
    prometheus: &Prometheus,
) -> Result<ScaledObject, ScalingError> {
    let (min_replica_count, max_replica_count) = limits(plan)?;
    let replicas = plan.instances_at_peak.ok_or(ScalingError::NoForecast)?;
    let threshold = thousandths(plan.target_rps_with_tolerance);
    let metadata = [
        ("serverAddress", prometheus.server_address.clone()),
        ("query", prometheus.query.clone()),
        ("threshold", format!("{}.{:03}", threshold / 1000, threshold % 1000)),
        ("activationThreshold", "0".to_owned()),
    ];
    Ok(ScaledObject {
        api_version: "keda.sh/v1alpha1".to_owned(),
        kind: "ScaledObject".to_owned(),
        metadata: Metadata { name: target.name.clone(), namespace: None },
        spec: Spec {
            scale_target_ref: target,
            polling_interval: 15,
            min_replica_count,
            max_replica_count,
            fallback: Fallback { failure_threshold: 3, replicas },
            advanced: Advanced {
                horizontal_pod_autoscaler_config: HorizontalPodAutoscalerConfig { behavior: behavior(plan) },
            },
            triggers: vec![Trigger {
                kind: "prometheus".to_owned(),
                name: "rps".to_owned(),
                metric_type: "AverageValue".to_owned(),
                metadata: metadata.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
            }],
        },
    })
}
