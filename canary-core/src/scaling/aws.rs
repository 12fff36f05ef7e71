//! Policies of Amazon EC2 Auto Scaling, as `PutScalingPolicy` takes them.
//!
//! Use one of the two: target tracking and step scaling on one group can work against each other.

use serde::{Deserialize, Serialize};

use super::ScalingPlan;

/// The excess over the target, as a share of it, up to which a step adds its percentage of instances.
const STEPS: [(f64, i64); 3] = [(0.1, 10), (0.25, 25), (f64::INFINITY, 50)];

/// What the policies are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The Auto Scaling group.
    pub auto_scaling_group: String,
    /// The load balancer's and target group's label: `app/NAME/ID/targetgroup/NAME/ID`.
    pub resource_label: String,
}

/// A target tracking policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TargetTrackingPolicy {
    /// The group.
    pub auto_scaling_group_name: String,
    /// The policy's name.
    pub policy_name: String,
    /// `TargetTrackingScaling`.
    pub policy_type: String,
    /// Seconds from `InService`, not from launch, until an instance's metrics count.
    pub estimated_instance_warmup: u64,
    /// The target.
    pub target_tracking_configuration: TargetTrackingConfiguration,
}

/// The target of a target tracking policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TargetTrackingConfiguration {
    /// The metric.
    pub predefined_metric_specification: PredefinedMetricSpecification,
    /// Requests a minute and target.
    pub target_value: f64,
    /// Whether instances are never taken away.
    pub disable_scale_in: bool,
}

/// A metric that AWS keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PredefinedMetricSpecification {
    /// `ALBRequestCountPerTarget`: requests a minute and target.
    pub predefined_metric_type: String,
    /// Of which load balancer and target group.
    pub resource_label: String,
}

/// A step scaling policy. Its alarm is on `RequestCountPerTarget` above [`ScalingPlan::alb_target_value`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StepScalingPolicy {
    /// The group.
    pub auto_scaling_group_name: String,
    /// The policy's name.
    pub policy_name: String,
    /// `StepScaling`.
    pub policy_type: String,
    /// `PercentChangeInCapacity`.
    pub adjustment_type: String,
    /// `Average`.
    pub metric_aggregation_type: String,
    /// Seconds from `InService` until an instance's metrics count.
    pub estimated_instance_warmup: u64,
    /// Fewest instances to add.
    pub min_adjustment_magnitude: i64,
    /// The steps, by rising excess over the alarm's threshold.
    pub step_adjustments: Vec<StepAdjustment>,
}

/// One step; its bounds are relative to the alarm's threshold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct StepAdjustment {
    /// From this excess on.
    pub metric_interval_lower_bound: f64,
    /// Up to this one; open where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric_interval_upper_bound: Option<f64>,
    /// Percent of the group to add.
    pub scaling_adjustment: i64,
}

/// Target tracking on requests a minute and target.
#[must_use]
pub fn target_tracking(plan: &ScalingPlan, group: &Group) -> TargetTrackingPolicy {
    TargetTrackingPolicy {
        auto_scaling_group_name: group.auto_scaling_group.clone(),
        policy_name: format!("{}-rps-target", group.auto_scaling_group),
        policy_type: "TargetTrackingScaling".to_owned(),
        estimated_instance_warmup: whole_seconds(plan.warm_seconds),
        target_tracking_configuration: TargetTrackingConfiguration {
            predefined_metric_specification: PredefinedMetricSpecification {
                predefined_metric_type: "ALBRequestCountPerTarget".to_owned(),
                resource_label: group.resource_label.clone(),
            },
            target_value: tenths(plan.alb_target_value),
            disable_scale_in: false,
        },
    }
}

/// Scaling out in three steps: 10 % more instances up to a tenth over the target, 25 % up to a quarter, else 50 %.
#[must_use]
pub fn step_scaling(plan: &ScalingPlan, group: &Group) -> StepScalingPolicy {
    let mut from = 0.0;
    let steps = STEPS.map(|(share, scaling_adjustment)| {
        let to = Some(tenths(share * plan.alb_target_value)).filter(|to| to.is_finite());
        let step =
            StepAdjustment { metric_interval_lower_bound: from, metric_interval_upper_bound: to, scaling_adjustment };
        from = to.unwrap_or(from);
        step
    });
    StepScalingPolicy {
        auto_scaling_group_name: group.auto_scaling_group.clone(),
        policy_name: format!("{}-rps-step-out", group.auto_scaling_group),
        policy_type: "StepScaling".to_owned(),
        adjustment_type: "PercentChangeInCapacity".to_owned(),
        metric_aggregation_type: "Average".to_owned(),
        estimated_instance_warmup: whole_seconds(plan.warm_seconds),
        min_adjustment_magnitude: 1,
        step_adjustments: steps.into(),
    }
}

/// Rounded down, so that rounding never asks more of an instance than it sustains.
fn tenths(value: f64) -> f64 {
    (value * 10.0).floor() / 10.0
}

fn whole_seconds(seconds: f64) -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative; a cast saturates")]
    let seconds = seconds.ceil() as u64;
    seconds
}
