//! Recorded data judged as a running canary would have been: a look at each interval, an early stop, and
//! one chance of a false alarm over all looks.
//!
//! A look sees the first ticks of the recording and nothing of what came later
//! ([`MetricSet::first_ticks`]), so that it says what `Judge::judge` would have said then. What it may spend
//! of `evidence.false_alarm` is its share by [`LookPlan`]'s spending function; a look at the end of a
//! recording alone spends all and is an ordinary run.

mod stop;
mod times;

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::config::Span;
use crate::judge::Judge;
use crate::metric::MetricSet;
use crate::report::{Report, SCHEMA_VERSION, State, Verdict};
use crate::stats::{LookPlan, LookSchedule};
pub use stop::{StopReason, should_stop};
pub(crate) use times::LookTimes;
pub use times::ReplayError;

/// What every look said, and the last one's report.
///
/// ```
/// use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid, config::Span, replay::Replay};
///
/// let minute = Span::from_ms(60_000);
/// let old: Vec<f64> = (0..120).map(|minute| 100.0 + f64::from(minute % 7)).collect();
/// let new: Vec<f64> = old.iter().map(|value| value * 1.5).collect();
/// let mut metrics = MetricSet::builder(TimeGrid::new(minute, 120));
/// metrics.add(&MetricData::new("latency_ms").baseline(&old).canary(&new))?;
/// let judge = Judge::new(Config::default())?;
/// let replay = Replay::run(&judge, &metrics.build()?, Span::from_ms(30 * 60_000), &mut |_| {})?;
/// let stopped = replay.stopped.expect("a canary that is half as slow again");
/// assert_eq!((stopped.minutes, replay.looks.len(), replay.budget.looks), (30.0, 1, 4));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Replay {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The looks that were taken, in order of time; none after the one that stopped.
    pub looks: Vec<LookResult>,
    /// Where a running canary would have been stopped; `None` where it would have gone on to the end.
    pub stopped: Option<Stopped>,
    /// What the looks share.
    pub budget: Budget,
    /// The last look's report.
    pub report: Report,
}

/// What one look said.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LookResult {
    /// When it was taken, RFC 3339; `None` where the data carry no clock.
    pub at: Option<String>,
    /// Minutes since both sides lived.
    pub minutes: f64,
    /// The verdict on what was seen by then.
    pub verdict: Verdict,
    /// The score of what was seen by then.
    pub score: Option<f64>,
    /// The names of the metrics that were hot, in any region, the most important first.
    pub hot: Vec<Arc<str>>,
    /// The names of the metrics that were cold.
    pub cold: Vec<Arc<str>>,
}

/// Why a run stops before its end, and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stopped {
    /// When, RFC 3339; `None` where the data carry no clock.
    pub at: Option<String>,
    /// Minutes since both sides lived.
    pub minutes: f64,
    /// The verdict at that look.
    pub verdict: Verdict,
    /// What no later look would undo.
    pub because: Vec<StopReason>,
}

/// What all looks share.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Budget {
    /// `evidence.false_alarm`: over all metrics, regions and looks.
    pub false_alarm: f64,
    /// The looks that were planned; fewer are taken where one stops.
    pub looks: u64,
}

/// A look about to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Its number, from 1.
    pub look: usize,
    /// How many are planned.
    pub of: usize,
}

impl Replay {
    /// Looks at `metrics` every `every`, counted from when both sides lived, and at the end, until a look
    /// says [stop](should_stop). `progress` is told before each look.
    ///
    /// Cost: as many runs of the judge as looks, each on what was seen by then, and some 2 ms a look for
    /// their boundaries.
    pub fn run(
        judge: &Judge,
        metrics: &MetricSet,
        every: Span,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Self, ReplayError> {
        let times = LookTimes::new(metrics, every)?;
        let schedule = Arc::new(LookSchedule::new(&LookPlan::at(times.fractions())).map_err(ReplayError::Plan)?);
        let judge_at = |number: usize, ticks: usize| {
            judge.clone().at_look(Arc::clone(&schedule), number).judge(&metrics.first_ticks(ticks))
        };
        let of = times.len();
        let mut looks = Vec::with_capacity(of);
        let (last, early) = times.split_last();
        for (number, ticks) in early.iter().copied().enumerate() {
            progress(Progress { look: number + 1, of });
            let report = judge_at(number, ticks);
            looks.push(LookResult::new(&times, ticks, &report));
            if let Some(because) = should_stop(&report) {
                return Ok(Self::ended(judge, looks, of, because, report));
            }
        }
        progress(Progress { look: of, of });
        let report = judge_at(of - 1, last);
        looks.push(LookResult::new(&times, last, &report));
        // At the end of the recording there is nothing left to stop.
        Ok(Self::ended(judge, looks, of, Vec::new(), report))
    }

    fn ended(judge: &Judge, looks: Vec<LookResult>, of: usize, because: Vec<StopReason>, report: Report) -> Self {
        let last = looks.last().filter(|_| !because.is_empty());
        let stopped =
            last.map(|last| Stopped { at: last.at.clone(), minutes: last.minutes, verdict: last.verdict, because });
        let budget = Budget { false_alarm: judge.config().evidence.false_alarm.get(), looks: of as u64 };
        Self { schema_version: SCHEMA_VERSION, looks, stopped, budget, report }
    }
}

impl LookResult {
    pub(crate) fn new(times: &LookTimes, ticks: usize, report: &Report) -> Self {
        Self {
            at: times.at(ticks),
            minutes: times.minutes(ticks),
            verdict: report.verdict,
            score: report.score,
            hot: names(report, State::Hot),
            cold: names(report, State::Cold),
        }
    }
}

/// The names of the metrics in `state`, each once.
fn names(report: &Report, state: State) -> Vec<Arc<str>> {
    let mut known = BTreeSet::new();
    let of_state = report.metrics.iter().filter(|metric| metric.state == state);
    of_state.filter(|metric| known.insert(&metric.name)).map(|metric| Arc::clone(&metric.name)).collect()
}
