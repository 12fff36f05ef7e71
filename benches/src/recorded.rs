//! The labelled runs and what a team would write into the config for each of them.

use canary_core::config::{Bounds, Format, JudgeKind};
use canary_core::{Config, ConfigError};

use crate::tally::Width;

/// Every run in `fixtures/judge`: those without a change first.
pub const RUNS: [&str; 9] = [
    "aa_request_split_5050",
    "aa_request_split_1090",
    "aa_same_vm_interleaved",
    "aa_same_series_interleaved",
    "replica_vms_instances",
    "ab_mixed_1500",
    "ab_by_kind",
    "ab_error_rates",
    "aa_ab_unit_scales",
];

/// Errors are judged per request. The run holds two splits of the traffic at once; each split's requests are
/// held against the whole split.
const ERROR_RATES: &str = r#"
[[rules]]
match = "*/errors"
kind = "count"
denominator = "$1/requests"

[[rules]]
match = "*@0.5/requests"
normalise_by = "*@0.5/requests"

[[rules]]
match = "*@0.1/requests"
normalise_by = "*@0.1/requests"
"#;

/// One trace in ten is on the canary: counts are divided by the side's traffic, and the statistics of a
/// minute are comparable only where there are requests enough.
const UNEVEN_SPLIT: &str = r#"
[[rules]]
match = "*/requests"
normalise_by = "*/requests"

[[rules]]
match = "*/latency_mean_us"
requests = "$1/requests"

[[rules]]
match = "*/latency_p50_us"
kind = "quantile"
quantile = 0.5
requests = "$1/requests"

[[rules]]
match = "*/latency_p95_us"
kind = "quantile"
quantile = 0.95
requests = "$1/requests"

[[rules]]
match = "*/latency_p99_us"
kind = "quantile"
quantile = 0.99
requests = "$1/requests"
"#;

/// The config of a run: the defaults but for what the metrics are.
///
/// # Errors
/// Where a text here is no config.
pub fn config(run: &str, judge: JudgeKind, width: Width) -> Result<Config, ConfigError> {
    let text = match run {
        "ab_error_rates" => ERROR_RATES,
        "aa_request_split_1090" => UNEVEN_SPLIT,
        _ => "",
    };
    let mut config = Config::from_text(text, Format::Toml)?;
    let (lower, upper) = width.bounds();
    config.defaults.judge = judge;
    config.defaults.bounds = Bounds::new(lower, upper)?;
    Ok(config)
}
