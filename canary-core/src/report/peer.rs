//! What the peer's rule says of the run.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::State;
use crate::kayenta::{Label, Outcome, Weakness};

/// Kayenta's verdict on the same data, by its own rule and its own score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Peer {
    /// Its score, of the region it scores lowest.
    pub score: f64,
    /// Its verdict.
    pub classification: Outcome,
    /// Why the score is 0 whatever the metrics say.
    pub reason: Option<String>,
    /// The metrics on which it differs from the judge in force.
    pub differences: Vec<PeerDifference>,
}

/// A metric on which the two differ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PeerDifference {
    /// The metric.
    pub metric: Arc<str>,
    /// Its region.
    pub region: Option<Arc<str>>,
    /// What the judge in force says.
    pub state: State,
    /// What the peer says.
    pub label: Label,
    /// The weaknesses of its rule each of which, mended alone, would have made it agree. Empty where none
    /// explains the difference.
    pub weaknesses: Vec<Weakness>,
}
