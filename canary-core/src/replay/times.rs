//! When a recording is looked at.

use crate::config::Span;
use crate::metric::{MetricSet, TimeGrid};
use crate::session::SessionPlan;
use crate::stats::{LooksError, MOST_LOOKS};

/// Why a recording cannot be replayed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// Less than a tick between looks.
    #[error("found {every} between looks, expected {step} or more: the data have one point every {step}")]
    TooShort {
        /// The time between looks.
        every: Span,
        /// The time between points.
        step: Span,
    },
    /// More looks than can share a budget.
    #[error(
        "found {every} between looks, which is {looks} looks; expected {least} or more: at most {MOST_LOOKS} looks"
    )]
    TooMany {
        /// The time between looks.
        every: Span,
        /// How many looks that would be.
        looks: usize,
        /// The shortest time between looks that is possible.
        least: Span,
    },
    /// Looks that cannot share a budget for another reason.
    #[error("the looks cannot share one false-alarm budget")]
    Plan(#[source] LooksError),
}

/// A rest shorter than this share of the recording is no look of its own: the last one before it waits for
/// the end.
const SHORTEST_REST: f64 = 1e-3;

/// The looks at a recording, by how many of its ticks have passed.
#[derive(Clone, Debug)]
pub(crate) struct LookTimes {
    grid: TimeGrid,
    /// The tick from which time counts.
    start: usize,
    early: Vec<usize>,
    last: usize,
}

impl LookTimes {
    /// One every `every` from when both sides live, and one at the end.
    pub(crate) fn new(metrics: &MetricSet, every: Span) -> Result<Self, ReplayError> {
        let start = metrics.common_start().unwrap_or(0);
        Self::over(metrics.grid(), start, metrics.grid().ticks().saturating_sub(start), every)
    }

    /// One every `every` from tick `start` on, and one `total` ticks later.
    fn over(grid: TimeGrid, start: usize, total: usize, every: Span) -> Result<Self, ReplayError> {
        let step = grid.step();
        if every < step {
            return Err(ReplayError::TooShort { every, step });
        }
        let ticks_of = |span: i64| usize::try_from(span / step.ms().max(1)).unwrap_or(usize::MAX);
        let time_of_looks = (1_i64..).map_while(|look| every.ms().checked_mul(look));
        let is_early = |ticks: &usize| *ticks < total && (total - ticks) as f64 >= SHORTEST_REST * total as f64;
        let early = time_of_looks.map(ticks_of).take_while(is_early);
        let early: Vec<usize> = early.map(|ticks| start + ticks).collect();
        if early.len() >= MOST_LOOKS {
            let least = grid.step().ms().saturating_mul(i64::try_from(total.div_ceil(MOST_LOOKS)).unwrap_or(i64::MAX));
            return Err(ReplayError::TooMany { every, looks: early.len() + 1, least: Span::from_ms(least) });
        }
        Ok(Self { grid, start, early, last: start + total })
    }

    /// Those of a run that goes on, which lies on `grid` and whose sides live from tick `start` on. A run
    /// without a horizon has none that are planned.
    pub(crate) fn of_session(plan: &SessionPlan, grid: TimeGrid, start: usize) -> Result<Self, ReplayError> {
        let step = plan.step.ms().max(1);
        if let Some(every) = plan.horizon.filter(|horizon| *horizon < plan.step) {
            return Err(ReplayError::TooShort { every, step: plan.step });
        }
        let total = plan.horizon.map_or(0, |horizon| usize::try_from(horizon.ms() / step).unwrap_or(usize::MAX));
        Self::over(grid, start, total.min(usize::MAX - start), plan.every)
    }

    /// All of them, in order.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = usize> {
        self.early.iter().copied().chain([self.last])
    }

    /// The tick from which time counts.
    pub(crate) fn start(&self) -> usize {
        self.start
    }

    /// How many there are; one at least.
    pub(crate) fn len(&self) -> usize {
        self.early.len() + 1
    }

    /// The one at the end, and those before.
    pub(crate) fn split_last(&self) -> (usize, &[usize]) {
        (self.last, &self.early)
    }

    /// The share of the recording that each sees.
    pub(crate) fn fractions(&self) -> Vec<f64> {
        let total = (self.last - self.start).max(1) as f64;
        let share = |&ticks: &usize| (ticks - self.start) as f64 / total;
        self.early.iter().map(share).chain([1.0]).collect()
    }

    /// When `ticks` ticks have passed.
    pub(crate) fn at(&self, ticks: usize) -> Option<String> {
        self.grid.time_after(ticks)
    }

    /// Minutes since both sides lived.
    pub(crate) fn minutes(&self, ticks: usize) -> f64 {
        self.grid.minutes(ticks.saturating_sub(self.start))
    }
}
