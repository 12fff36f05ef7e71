//! A run that is watched while it goes on: what came so far, and which look is due.
//!
//! A [`Session`] is the whole state of such a run and a serde value: a caller that is started anew every
//! minute keeps it in a file or a database, hands it the new minute, and writes it back.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::config::Span;
use crate::error::InputError;
use crate::judge::Judge;
use crate::metric::{Growing, MetricSet, SeriesKey};
use crate::note::Side;
use crate::observation::Observations;
use crate::replay::{LookResult, LookTimes, ReplayError, StopReason, should_stop};
use crate::report::Report;
use crate::stats::{AsymptoticSequence, LookPlan, LookSchedule};

/// When a run is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionPlan {
    /// The time between looks.
    pub every: Span,
    /// How long the run lasts, from when both sides live; the last look is then. `None`: nobody knows, and
    /// it may be looked at for ever; then every look needs more to be sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon: Option<Span>,
    /// The time between points of a series.
    pub step: Span,
}

/// Looks without a horizon find most at two hours: a quarter of the usual run of eight.
const BEST_AT_MS: i64 = 2 * 3_600_000;

/// One value of one series.
#[derive(Clone, Debug)]
pub struct Sample<'a> {
    /// The build that it is of.
    pub side: Side,
    /// Its metric.
    pub metric: &'a str,
    /// Its region, where there are regions.
    pub region: Option<&'a str>,
    /// Its instance (machine, pod), where there are instances.
    pub instance: Option<&'a str>,
    /// When it was taken, in milliseconds since 1970.
    pub time_ms: i64,
    /// The value; NaN and infinities mean missing, and are counted.
    pub value: f64,
}

/// The state of a run. See the [module](self).
///
/// ```
/// use canary_core::session::{Sample, Session, SessionPlan};
/// use canary_core::{Config, Judge, Side, config::Span};
///
/// let minutes = |count: i64| Span::from_ms(60_000 * count);
/// let plan = SessionPlan { every: minutes(30), horizon: Some(minutes(120)), step: minutes(1) };
/// let judge = Judge::new(Config::default())?;
/// let mut session = Session::new(plan)?;
/// let mut stopped = None;
/// for minute in 0..120 {
///     let load = 100.0 + (minute % 7) as f64;
///     for (side, value) in [(Side::Baseline, load), (Side::Canary, 1.5 * load)] {
///         let time_ms = 60_000 * minute;
///         session.record(&Sample { side, metric: "latency_ms", region: None, instance: None, time_ms, value })?;
///     }
///     if let Some(look) = session.look(&judge)? && look.stop.is_some() {
///         stopped = Some(look.result.minutes);
///         break;
///     }
/// }
/// assert_eq!(stopped, Some(30.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Session {
    plan: SessionPlan,
    looks_taken: usize,
    taken_in: Growing,
    #[serde(skip)]
    schedule: OnceLock<Arc<LookSchedule>>,
}

/// What a look at a run says.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionLook {
    /// In short.
    pub result: LookResult,
    /// In full.
    pub report: Report,
    /// Why the run must be stopped, if so.
    pub stop: Option<Vec<StopReason>>,
    /// The plan has no look after this one.
    pub is_last: bool,
}

/// A look that is due.
#[derive(Clone, Copy, Debug)]
struct Due {
    number: usize,
    ticks: usize,
}

impl Session {
    /// A run that has not begun. Errors: looks that cannot be planned.
    pub fn new(plan: SessionPlan) -> Result<Self, ReplayError> {
        LookTimes::of_session(&plan, crate::TimeGrid::new(plan.step, 0), 0)?;
        Ok(Self { plan, looks_taken: 0, taken_in: Growing::new(plan.step), schedule: OnceLock::new() })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> SessionPlan {
        self.plan
    }

    /// How many of the planned looks are over: taken, or past.
    #[must_use]
    pub fn looks_taken(&self) -> usize {
        self.looks_taken
    }

    /// Takes in the rows of a minute, or of any time, in any order: a late row goes to its own tick, and
    /// counts from the next look on. All rows are taken in, or with an error none.
    ///
    /// The first rows of each side say how its times lie on the grid. Cost: O(1) a row, whatever came before.
    pub fn observe(&mut self, baseline: &[Observations<'_>], canary: &[Observations<'_>]) -> Result<(), InputError> {
        self.taken_in.observe(baseline, canary)
    }

    /// Takes in one value. Cost: O(1).
    pub fn record(&mut self, sample: &Sample<'_>) -> Result<(), InputError> {
        let key = SeriesKey {
            side: sample.side,
            metric: sample.metric.into(),
            region: sample.region.map(Arc::from),
            instance: sample.instance.map(Arc::from),
        };
        self.taken_in.record(key, sample.time_ms, sample.value)
    }

    /// Everything that came so far. Cost: one copy of the values.
    #[must_use]
    pub fn metrics(&self) -> MetricSet {
        self.taken_in.set()
    }

    /// Takes the look that is due; `None` where none is. Hand over a whole minute before asking. Where
    /// several are due, as after an outage, the last of them is taken: it has seen everything.
    ///
    /// A look sees what came up to its planned time, and says, byte for byte, what [`Judge::judge`] says of
    /// that window at that look. Cost: one copy of the values and one run of the judge; where the state was
    /// read anew also the boundaries, some 2 ms a planned look.
    pub fn look(&mut self, judge: &Judge) -> Result<Option<SessionLook>, ReplayError> {
        if self.taken_in.ticks() == 0 {
            return Ok(None);
        }
        let metrics = self.metrics();
        // Without both sides there is nothing to compare, and time does not count yet.
        let Some(start) = metrics.common_start() else { return Ok(None) };
        let times = LookTimes::of_session(&self.plan, metrics.grid(), start)?;
        let Some(due) = self.due(&times, metrics.grid().ticks()) else { return Ok(None) };
        let judge = self.judge_at(judge, due, &times)?;
        let report = judge.judge(&metrics.first_ticks(due.ticks));
        self.looks_taken = due.number + 1;
        Ok(Some(SessionLook {
            result: LookResult::new(&times, due.ticks, &report),
            stop: should_stop(&report),
            is_last: self.plan.horizon.is_some() && due.number + 1 == times.len(),
            report,
        }))
    }

    /// The last look whose time has come, where it was not taken.
    fn due(&self, times: &LookTimes, ticks: usize) -> Option<Due> {
        let due = if self.plan.horizon.is_some() {
            let passed = times.ticks().enumerate().take_while(|(_, at)| *at <= ticks);
            passed.last().map(|(number, ticks)| Due { number, ticks })
        } else {
            let (every, step) = (self.plan.every.ms().unsigned_abs(), self.plan.step.ms().unsigned_abs().max(1));
            let passed = (ticks.saturating_sub(times.start()) as u64).saturating_mul(step) / every.max(1);
            let number = passed.checked_sub(1).and_then(|number| usize::try_from(number).ok());
            let ticks = usize::try_from(passed.saturating_mul(every) / step).unwrap_or(usize::MAX);
            number.map(|number| Due { number, ticks: times.start().saturating_add(ticks) })
        };
        due.filter(|due| due.number >= self.looks_taken)
    }

    /// The judge at a look: with what the plan leaves it to spend, or with what may be spent at any time.
    fn judge_at(&self, judge: &Judge, due: Due, times: &LookTimes) -> Result<Judge, ReplayError> {
        let judge = judge.clone();
        if self.plan.horizon.is_some() {
            return Ok(judge.at_look(self.schedule(times)?, due.number));
        }
        let best = BEST_AT_MS as f64 / self.plan.step.ms().max(1) as f64;
        let alpha = judge.config().evidence.false_alarm.get();
        let ticks = due.ticks.saturating_sub(times.start());
        Ok(match AsymptoticSequence::tuned(best, alpha) {
            Some(sequence) => judge.at_open_look(sequence, due.number, ticks),
            // A chance of a false alarm of 0 or 1 needs no boundary.
            None => judge,
        })
    }

    fn schedule(&self, times: &LookTimes) -> Result<Arc<LookSchedule>, ReplayError> {
        if let Some(schedule) = self.schedule.get() {
            return Ok(Arc::clone(schedule));
        }
        let schedule = Arc::new(LookSchedule::new(&LookPlan::at(times.fractions())).map_err(ReplayError::Plan)?);
        Ok(Arc::clone(self.schedule.get_or_init(|| schedule)))
    }
}
