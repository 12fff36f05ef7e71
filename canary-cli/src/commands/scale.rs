//! `canary scale`: a scaling policy from a sweet spot.

use anyhow::{Context, bail};
use canary_core::scaling::kubernetes::{TargetRef, horizontal_pod_autoscaler};
use canary_core::scaling::{Growth, Redundancy, ScalingInput, ScalingPlan, StartTime, aws, keda, plan};
use serde_json::Value;

use crate::args::scale::{ScaleArgs, ScaleFormat};
use crate::exit::Exit;
use crate::{output, stored};

/// Runs the command.
pub(crate) fn run(args: &ScaleArgs) -> anyhow::Result<Exit> {
    let plan = plan(&input(args)?)?;
    let text = match document(args, &plan)? {
        Some(document) => format!("{document:#}\n"),
        None => canary_report::scaling(&plan),
    };
    output::print(text)?;
    Ok(Exit::Pass)
}

fn input(args: &ScaleArgs) -> anyhow::Result<ScalingInput> {
    let seconds: Vec<f64> = args.start.iter().map(|start| start.ms() as f64 / 1000.0).collect();
    let start = StartTime::from_samples(&seconds).context("--start: expected a length")?;
    let growth = Growth::Exponential(args.growth);
    let mut input = match (&args.squeeze, args.sweet_spot) {
        (Some(path), _) => {
            let report = stored::squeeze(path)?;
            ScalingInput::from_report(&report, &start, growth)?
        }
        (None, Some(rate)) => ScalingInput::new(rate, start.slow_seconds, growth),
        (None, None) => bail!("expected a squeeze test or --sweet-spot"),
    };
    let seconds = |span: canary_core::config::Span| span.ms() as f64 / 1000.0;
    input.warm_seconds = args.warm.map_or(0.0, seconds);
    input.metric_period_seconds = seconds(args.metric_period);
    input.evaluation_seconds = seconds(args.evaluation);
    input.tolerance = args.tolerance;
    (input.peak_rps, input.trough_rps) = (args.peak, args.trough);
    input.redundancy = match (args.zones, args.spares) {
        (Some(zones), _) => Redundancy::Zones(zones),
        (None, Some(spares)) => Redundancy::Spares(spares),
        (None, None) => Redundancy::None,
    };
    Ok(input)
}

fn document(args: &ScaleArgs, plan: &ScalingPlan) -> anyhow::Result<Option<Value>> {
    let group = || aws::Group {
        auto_scaling_group: args.name.clone(),
        resource_label: args.resource_label.clone().unwrap_or_default(),
    };
    let target = || TargetRef::deployment(&args.name);
    Ok(Some(match args.format {
        ScaleFormat::Table => return Ok(None),
        ScaleFormat::Json => serde_json::to_value(plan)?,
        ScaleFormat::AwsTargetTracking => serde_json::to_value(aws::target_tracking(plan, &group()))?,
        ScaleFormat::AwsStep => serde_json::to_value(aws::step_scaling(plan, &group()))?,
        ScaleFormat::Hpa => serde_json::to_value(horizontal_pod_autoscaler(plan, target(), &args.metric)?)?,
        ScaleFormat::Keda => {
            let prometheus = keda::Prometheus {
                server_address: args.prometheus.clone().unwrap_or_default(),
                query: args.query.clone().unwrap_or_default(),
            };
            serde_json::to_value(keda::scaled_object(plan, target(), &prometheus)?)?
        }
    }))
}
