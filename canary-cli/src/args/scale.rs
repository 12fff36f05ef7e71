//! The arguments of `scale`.

use std::path::PathBuf;

use canary_core::config::Span;
use clap::builder::TypedValueParser;
use clap::{Args, ValueHint};

use super::value::{rate, share, step, words};

/// What `scale` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScaleFormat {
    /// For a person.
    Table,
    /// The plan.
    Json,
    /// AWS target tracking.
    AwsTargetTracking,
    /// AWS step scaling.
    AwsStep,
    /// Kubernetes' autoscaler.
    Hpa,
    /// KEDA.
    Keda,
}

/// Arguments of `scale`.
#[derive(Args, Debug)]
pub(crate) struct ScaleArgs {
    /// A squeeze test in JSON, as `canary squeeze -o squeeze.json` writes it.
    #[arg(value_hint = ValueHint::FilePath, required_unless_present = "sweet_spot")]
    pub(crate) squeeze: Option<PathBuf>,
    /// What one instance sustains, requests a second, in place of a squeeze test.
    #[arg(long, value_name = "RATE", value_parser = rate, conflicts_with = "squeeze")]
    pub(crate) sweet_spot: Option<f64>,
    /// From launch to taking traffic, such as 140s; several starts separated by commas.
    #[arg(long, value_name = "LENGTHS", value_delimiter = ',', required = true)]
    pub(crate) start: Vec<Span>,
    /// How much traffic grows in a minute at most, as a share: 0.03 is 3 %, compounding.
    #[arg(long, value_name = "SHARE", default_value = "0", value_parser = share)]
    pub(crate) growth: f64,
    /// Zones, of which one may fail.
    #[arg(long, value_name = "N", conflicts_with = "spares")]
    pub(crate) zones: Option<u32>,
    /// Instances that may fail.
    #[arg(long, value_name = "N")]
    pub(crate) spares: Option<u32>,
    /// From taking traffic to being warm.
    #[arg(long, value_name = "LENGTH")]
    pub(crate) warm: Option<Span>,
    /// How often the scaler sees its metric.
    #[arg(long, value_name = "LENGTH", default_value = "60s", value_parser = step)]
    pub(crate) metric_period: Span,
    /// How long it looks before it acts.
    #[arg(long, value_name = "LENGTH", default_value = "60s")]
    pub(crate) evaluation: Span,
    /// The excess that a scaler tolerates without acting.
    #[arg(long, value_name = "SHARE", default_value = "0.1", value_parser = share)]
    pub(crate) tolerance: f64,
    /// The forecast peak of the whole fleet, requests a second.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) peak: Option<f64>,
    /// The forecast trough.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub(crate) trough: Option<f64>,
    /// The plan, or a document ready to apply.
    #[arg(long, value_parser = scale_formats(), default_value = "table", help_heading = "Output")]
    pub(crate) format: ScaleFormat,
    /// The Auto Scaling group, or the Deployment.
    #[arg(long, value_name = "NAME", default_value = "service", help_heading = "Output")]
    pub(crate) name: String,
    /// AWS: the label of load balancer and target group, app/NAME/ID/targetgroup/NAME/ID.
    #[arg(long, value_name = "LABEL", required_if_eq("format", "aws-target-tracking"), help_heading = "Output")]
    pub(crate) resource_label: Option<String>,
    /// Kubernetes: the pods' metric, requests a second.
    #[arg(long, value_name = "METRIC", default_value = "http_requests_per_second", help_heading = "Output")]
    pub(crate) metric: String,
    /// KEDA: the Prometheus server.
    #[arg(long, value_name = "URL", required_if_eq("format", "keda"), help_heading = "Output")]
    pub(crate) prometheus: Option<String>,
    /// KEDA: a query for requests a second of all pods.
    #[arg(long, value_name = "QUERY", required_if_eq("format", "keda"), help_heading = "Output")]
    pub(crate) query: Option<String>,
}

fn scale_formats() -> impl TypedValueParser<Value = ScaleFormat> {
    words(vec![
        ("table", ScaleFormat::Table),
        ("json", ScaleFormat::Json),
        ("aws-target-tracking", ScaleFormat::AwsTargetTracking),
        ("aws-step", ScaleFormat::AwsStep),
        ("hpa", ScaleFormat::Hpa),
        ("keda", ScaleFormat::Keda),
    ])
}
