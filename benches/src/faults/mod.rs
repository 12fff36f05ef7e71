//! Faults built on real runs in which nothing changed: one component's metrics move together from one onset, by
//! different sizes, some later than others; a few unrelated metrics move too; the rest stands by.
//!
//! What is right is known because it was built so, and nothing of it is in what the judge gets: metrics keep their
//! names, and the groups that the input would give them are dropped.

mod build;
mod tally;

pub use build::{Profile, scenario};
pub use tally::{Tally, Told};

use canary_core::config::JudgeKind;
use canary_core::{ConfigError, Judge, TimeGrid};

use crate::recorded;
use crate::recording::Recording;
use crate::tally::Width;

/// The runs without a change that faults are built on. The last one has several machines a side.
pub const RUNS: [&str; 4] =
    ["aa_request_split_5050", "aa_same_vm_interleaved", "aa_same_series_interleaved", "replica_vms_instances"];

/// The same with a ninth of the traffic on the canary: most statistics of a minute rest on too few requests to be judged.
pub const UNEVEN: &str = "aa_request_split_1090";

/// The ticks before the new build: machines differ for good, and three of them do not tell a change from that, so the
/// first hour of theirs is each side's own past.
#[must_use]
pub fn past(run: &str) -> usize {
    if run == "replica_vms_instances" { 60 } else { 0 }
}

/// The judge of a run: the defaults, what its metrics are, and when the new build came.
///
/// # Errors
/// Where the config is refused.
pub fn judge(run: &str, grid: TimeGrid) -> Result<Judge, ConfigError> {
    let judge = Judge::new(recorded::config(run, JudgeKind::Interval, Width::Wide)?)?;
    Ok(match grid.time_ms(past(run)) {
        Some(deployed) if past(run) > 0 => judge.deployed_at(deployed),
        _ => judge,
    })
}

/// How many scenarios the project's targets are about.
pub const SCENARIOS: u64 = 50;

/// When a fault begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// With the build.
    WithBuild,
    /// Somewhere in the run.
    Within,
}

/// A run with a fault.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// What decides everything that is drawn.
    pub seed: u64,
    /// The run without a change that it is built on.
    pub run: &'static str,
    /// What the judge gets.
    pub recording: Recording,
    /// The component that is at fault, by the group that its metrics have in the run.
    pub component: String,
    /// The first tick at which any metric of it moves.
    pub onset: usize,
    /// How the fault goes on.
    pub profile: Profile,
    /// Its metrics that moved, the first one first.
    pub members: Vec<Injected>,
    /// Metrics that moved by themselves.
    pub unrelated: Vec<Injected>,
}

/// One metric that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Injected {
    /// The metric.
    pub metric: String,
    /// Its first changed tick.
    pub onset: usize,
    /// What its canary was multiplied by on average, from then on.
    pub ratio: f64,
}
