//! When a run need not go on.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::report::{Report, Verdict, VerdictReason};

/// What ends a run early. In JSON a text: `score_below_marginal`, or `critical_failed: ` and the metric.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
#[non_exhaustive]
pub enum StopReason {
    /// A critical metric is hot or cold against its direction, at the chance of a false alarm that the look
    /// may spend.
    CriticalFailed {
        /// The metric.
        metric: Arc<str>,
    },
    /// The score is below the marginal threshold, with evidence.
    ScoreBelowMarginal,
}

const BELOW: &str = "score_below_marginal";
const CRITICAL: &str = "critical_failed: ";

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CriticalFailed { metric } => write!(f, "{CRITICAL}{metric}"),
            Self::ScoreBelowMarginal => f.write_str(BELOW),
        }
    }
}

impl From<StopReason> for String {
    fn from(reason: StopReason) -> Self {
        reason.to_string()
    }
}

/// A text that is no reason to stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("found `{found}`, expected `{BELOW}` or `{CRITICAL}` and a metric")]
pub struct NotAStopReason {
    found: String,
}

impl TryFrom<String> for StopReason {
    type Error = NotAStopReason;
    fn try_from(text: String) -> Result<Self, NotAStopReason> {
        match text.strip_prefix(CRITICAL) {
            Some(metric) => Ok(Self::CriticalFailed { metric: metric.into() }),
            None if text == BELOW => Ok(Self::ScoreBelowMarginal),
            None => Err(NotAStopReason { found: text }),
        }
    }
}

/// Why a run whose look says this must be stopped; `None` where it goes on.
///
/// It stops where a critical metric fails in any region, or where the score is below the marginal threshold
/// for sure: its interval lies below, or where the judge gives none, the verdict is fail by what the metrics
/// that are hot and cold at this look's chance of a false alarm take off it. It never stops for want of
/// evidence: that is what the rest of the run is for.
#[must_use]
pub fn should_stop(report: &Report) -> Option<Vec<StopReason>> {
    let failed = report.regions.iter().filter(|region| region.verdict == Verdict::Fail);
    let mut because: Vec<StopReason> = Vec::new();
    for reason in failed.flat_map(|region| &region.reasons) {
        let reason = match reason {
            VerdictReason::CriticalFailed { metric } => StopReason::CriticalFailed { metric: Arc::clone(metric) },
            VerdictReason::ScoreBelowMarginal { .. } if is_below_for_sure(report) => StopReason::ScoreBelowMarginal,
            _ => continue,
        };
        if !because.contains(&reason) {
            because.push(reason);
        }
    }
    (!because.is_empty()).then_some(because)
}

fn is_below_for_sure(report: &Report) -> bool {
    report
        .score_interval
        .is_none_or(|interval| interval.upper.is_some_and(|upper| upper < report.thresholds.marginal()))
}
