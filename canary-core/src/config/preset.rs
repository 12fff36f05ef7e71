//! Ready-made rules for the kinds of metrics that every service has.

use serde::{Deserialize, Serialize};

use super::Direction;

/// A ready-made rule. Named in a rule, its patterns, group, direction and weight stand where the rule
/// itself leaves them out. Each sets its weight, so that no later rule's weight slips in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Times that users wait: an increase is a failure.
    Latency,
    /// Errors, failures, timeouts: an increase is a failure.
    Errors,
    /// Work done: a decrease is a failure.
    Throughput,
    /// What can run out (CPU, memory, threads, queues, garbage collection): an increase is a failure.
    Saturation,
    /// Shown, never counted: weight 0.
    Informational,
}

/// What a preset brings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PresetRule {
    pub(crate) patterns: &'static [&'static str],
    pub(crate) group: &'static str,
    pub(crate) direction: Direction,
    pub(crate) weight: f64,
}

impl Preset {
    /// Every preset.
    pub const ALL: [Self; 5] = [Self::Latency, Self::Errors, Self::Throughput, Self::Saturation, Self::Informational];

    /// The word in a config.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Latency => "latency",
            Self::Errors => "errors",
            Self::Throughput => "throughput",
            Self::Saturation => "saturation",
            Self::Informational => "informational",
        }
    }

    pub(crate) fn rule(self) -> PresetRule {
        match self {
            Self::Latency => PresetRule {
                patterns: &[
                    "/(?i)latency|duration|response_?time|elapsed|(^|[^a-z0-9])p(50|75|9\\d{1,3})([^a-z0-9]|$)/",
                ],
                group: "latency",
                direction: Direction::Increase,
                weight: 1.0,
            },
            Self::Errors => PresetRule {
                patterns: &["/(?i)error|fail|exception|timeout|reject|dropped|retr(y|ies)|(^|[^0-9])5xx/"],
                group: "errors",
                direction: Direction::Increase,
                weight: 1.0,
            },
            Self::Throughput => PresetRule {
                patterns: &[
                    "/(?i)throughput|requests?($|[^a-z])|(^|[^a-z])(rps|qps|tps|iops)($|[^a-z])/",
                    "/(?i)(ops|[kmgt]i?b|bytes|events|requests|queries)(_per_| per |[_/])s(ec|econd)?($|[^a-z])/",
                ],
                group: "throughput",
                direction: Direction::Decrease,
                weight: 1.0,
            },
            Self::Saturation => PresetRule {
                patterns: &[
                    "/(?i)cpu|mem(ory)?($|[^a-z])|heap|(^|[^a-z])gc($|[^a-z])|collection|thread|queue|(open)?filedescriptor|file_desc|load_?avg|disk/",
                ],
                group: "saturation",
                direction: Direction::Increase,
                weight: 1.0,
            },
            Self::Informational => PresetRule {
                patterns: &["/(?i)(^|[^a-z])(version|build_info|uptime|start_time)($|[^a-z])|(^|[^a-z])(up|info)$/"],
                group: "informational",
                direction: Direction::Either,
                weight: 0.0,
            },
        }
    }
}
