//! A scaling plan for a person at a terminal.

use canary_core::scaling::ScalingPlan;
use canary_core::squeeze::Status;

/// The plan, a line a number.
#[must_use]
pub fn scaling(plan: &ScalingPlan) -> String {
    let count = |count: Option<u64>| count.map_or_else(|| "- (give a peak)".to_owned(), |count| count.to_string());
    // The lower end of an interval, or all that a test showed: more may go, this much does.
    let at_least = if plan.status == Some(Status::Measured) || plan.status.is_none() { "" } else { "at least " };
    let still = if plan.growth_over_lag > 1.0 { "" } else { " (none is said: no headroom for it)" };
    format!(
        "one instance sustains        {at_least}{:.1} requests/s\n\
         growth over the lag          {:.3} in {:.0} s{still}\n\
         target an instance           {:.1} requests/s ({:.1} % of the sweet spot)\n\
         target for a tolerant scaler {:.1} requests/s\n\
         ALBRequestCountPerTarget     {:.0} requests a minute\n\
         instances at the peak        {}\n\
         instances at least, at most  {}, {}\n",
        plan.sweet_spot_rps,
        plan.growth_over_lag,
        plan.lag_seconds,
        plan.target_rps,
        100.0 * plan.target_utilisation,
        plan.target_rps_with_tolerance,
        plan.alb_target_value,
        count(plan.instances_at_peak),
        count(plan.min_instances),
        count(plan.max_instances),
    )
}
