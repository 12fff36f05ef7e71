//! From a sweet spot to a scaling policy: how much of it to use, so that the fleet has grown before traffic has.
//!
//! While new instances start, traffic grows on; a zone may fail; a scaler tolerates a share without acting. The target
//! per instance leaves room for all three ([`plan`]). Documents ready to apply are made of the plan: [`aws`],
//! [`kubernetes`], [`keda`].

pub mod aws;
mod input;
pub mod keda;
pub mod kubernetes;
mod start;

pub use input::{Growth, Redundancy, ScalingError, ScalingInput};
pub use start::{FirstReply, StartTime, start_seconds};

use serde::{Deserialize, Serialize};

use crate::squeeze::Status;

/// Fewest instances of anything: one that is being replaced must not be all.
const LEAST_INSTANCES: f64 = 2.0;

/// The limit above the forecast: a fleet that may not outgrow its forecast turns a good day into an outage.
const MOST_OVER_FORECAST: f64 = 1.5;

/// Shortest time before instances are taken away, seconds: the default of Kubernetes.
const LEAST_SCALE_IN_SECONDS: f64 = 300.0;

/// A fleet larger than this is a mistake in the input.
const MOST_INSTANCES: f64 = 1e7;

/// A plan: the target per instance and what follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScalingPlan {
    /// What the sweet spot came from; `None` where the caller gave a number.
    pub status: Option<Status>,
    /// What one instance sustains, requests a second: the lower end of the sweet spot.
    pub sweet_spot_rps: f64,
    /// From the growth of traffic to the instance that meets it, seconds: metric, evaluation, start, warm-up.
    pub lag_seconds: f64,
    /// How much traffic grows in that time, as a factor.
    pub growth_over_lag: f64,
    /// Requests a second and instance to aim at, for a scaler that acts on any excess.
    pub target_rps: f64,
    /// The same for a scaler that tolerates [`ScalingInput::tolerance`] (`HorizontalPodAutoscaler`, KEDA).
    pub target_rps_with_tolerance: f64,
    /// `target_rps` over the sweet spot.
    pub target_utilisation: f64,
    /// For `ALBRequestCountPerTarget`, which counts requests a *minute* and target.
    pub alb_target_value: f64,
    /// Instances for the forecast peak; `None` without a forecast.
    pub instances_at_peak: Option<u64>,
    /// Instances never to go below.
    pub min_instances: Option<u64>,
    /// Instances never to go above.
    pub max_instances: Option<u64>,
    /// How long load must be low before instances are taken away, seconds.
    pub scale_in_seconds: f64,
    /// Warm-up after an instance takes traffic, seconds: what AWS counts from `InService`.
    pub warm_seconds: f64,
}

/// The plan for `input`.
///
/// With sweet spot S, growth G over the lag, tolerance ε and Z zones of which one may fail the target is
/// S/(G(1+ε)) · (Z-1)/Z; with k spares among N instances the last factor is (N-k)/N. Instances for a load R are
/// Z⌈R·G/(S(Z-1))⌉, or ⌈R·G/S⌉ + k. Checked: at the target, growth over the lag does not exceed S, and neither does the
/// forecast after the loss of a zone. Cost: O(1).
pub fn plan(input: &ScalingInput) -> Result<ScalingPlan, ScalingError> {
    input.check()?;
    let sweet_spot = input.sweet_spot_rps;
    let lag_seconds = input.lag_seconds();
    let growth = input.growth.over(lag_seconds);
    if !growth.is_finite() {
        return Err(ScalingError::TooLarge { key: "growth", found: growth });
    }
    let instances = |rate: Option<f64>| -> Result<Option<f64>, ScalingError> {
        let Some(rate) = rate else { return Ok(None) };
        let found = input.redundancy.instances(rate * growth / sweet_spot);
        if found <= MOST_INSTANCES { Ok(Some(found)) } else { Err(ScalingError::TooLarge { key: "peak_rps", found }) }
    };
    let peak = instances(input.peak_rps)?.map(|peak| peak.max(input.redundancy.fewest()));
    let trough = instances(input.trough_rps)?.or(peak.map(|_| 0.0));
    let most = peak.map(|peak| (MOST_OVER_FORECAST * peak).ceil());
    let target = sweet_spot / growth * input.redundancy.usable(peak);
    let whole = |count: f64| {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 1.5e7, and not negative")]
        let count = count as u64;
        count
    };
    let fewest = trough.map(|trough| trough.max(LEAST_INSTANCES).max(input.redundancy.fewest()));
    Ok(ScalingPlan {
        status: input.status,
        sweet_spot_rps: sweet_spot,
        lag_seconds,
        growth_over_lag: growth,
        target_rps: target,
        target_rps_with_tolerance: target / (1.0 + input.tolerance),
        target_utilisation: target / sweet_spot,
        alb_target_value: 60.0 * target,
        instances_at_peak: peak.map(whole),
        min_instances: fewest.map(whole),
        max_instances: most.map(whole),
        scale_in_seconds: f64::max(LEAST_SCALE_IN_SECONDS, 2.0 * lag_seconds),
        warm_seconds: input.warm_seconds,
    })
}
