//! The search for the limit.

use super::measured::Measured;
use super::plan::{Plan, PlanError, SHORTEST_STEP};

/// From one rate to the next on the way up.
const CLIMB: f64 = 1.6;
/// The bracket is narrow enough once its upper edge is less than this many times its lower one.
const NARROW: f64 = 1.04;
/// Steps between the edges; nine halvings of 1.6 come below any width that steps can tell apart.
const MOST_HALVINGS: usize = 9;
/// Rates beyond the limit at which the plateau is looked at, as multiples of the bracket's upper edge.
const BEYOND: [f64; 2] = [1.2, 1.4];
/// So many saturated steps are enough for the plateau.
const SATURATED_STEPS: usize = 4;
/// On the way up, steps that break an objective without being saturated; then the objective is what limits.
const MOST_BROKEN: usize = 2;
/// Ways down from a first rate that is too high already.
const MOST_DESCENTS: usize = 3;
/// A server that fails more of its requests than this is left in peace: no step offers as much again.
const HOT: f64 = 0.20;
/// A repeated step whose median moved by more shows other surroundings; less than a millisecond shows nothing.
const MOVED: f64 = 0.20;
const MOVED_MS: f64 = 1.0;
/// Two rates nearer than this are the same.
const SAME: f64 = 1.03;
/// A step lasts as long as so many requests take, and so many times the base p99.
const REQUESTS: f64 = 1000.0;
const LATENCIES: f64 = 20.0;

/// Why a step is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// On the way up (or down, from a first rate that is too high).
    Ramp,
    /// Halving the bracket.
    Bisect,
    /// Beyond the limit, for the plateau.
    Plateau,
    /// An edge of the bracket again.
    Repeat,
    /// A low rate again, at the end.
    Verify,
}

/// A step to run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepPlan {
    /// Requests a second.
    pub rate: f64,
    /// Seconds.
    pub seconds: f64,
    /// Why.
    pub purpose: Purpose,
}

/// How a drive ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The limit is between two rates that are close together.
    Found,
    /// The highest rate that was allowed holds.
    RateCap,
    /// Not even low rates hold.
    NothingHolds,
    /// The time was over before the bracket was narrow.
    TimeLimit,
    /// A rate that held before fails now, or is slower: other things than the load changed.
    SurroundingsChanged,
    /// The load tool could not send more.
    GeneratorLimited,
    /// No request was answered well.
    TargetFailed,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Run this step, and record it.
    Step(StepPlan),
    /// Nothing more.
    Done(Ending),
}

/// A step that was run.
#[derive(Clone, Copy, Debug)]
struct Taken {
    plan: StepPlan,
    measured: Measured,
    lags: bool,
    fails: bool,
}

/// Decides. The state is the steps taken; what comes next follows from them.
#[derive(Clone, Debug)]
pub struct Controller {
    plan: Plan,
    taken: Vec<Taken>,
    stopped: Option<Ending>,
}

impl Controller {
    /// A drive that has not begun.
    pub fn new(plan: Plan) -> Result<Self, PlanError> {
        plan.check()?;
        Ok(Self { plan, taken: Vec::new(), stopped: None })
    }

    /// What to do, `elapsed_seconds` after the start.
    #[must_use]
    pub fn next(&self, elapsed_seconds: f64) -> Action {
        if let Some(ending) = self.stopped {
            return Action::Done(ending);
        }
        let wanted = self.ramp().or_else(|| self.halve()).or_else(|| self.beyond()).or_else(|| self.repeat());
        let left = self.plan.max_seconds - elapsed_seconds;
        let verify = self.verify().map(|rate| self.step(rate, Purpose::Verify));
        let kept_back = verify.map_or(0.0, |step| step.seconds);
        match wanted.map(|(rate, purpose)| self.step(rate, purpose)) {
            Some(step) if step.seconds + kept_back <= left => Action::Step(step),
            wanted => match verify.filter(|step| step.seconds <= left) {
                Some(step) => Action::Step(step),
                None => Action::Done(self.ending(wanted.is_some())),
            },
        }
    }

    /// Takes in what a step showed. One that is not what [`Controller::next`] asked for counts as well.
    pub fn record(&mut self, step: StepPlan, measured: Measured) {
        let lags = measured.lags(step.rate, step.seconds, self.fastest_p50());
        let holds = measured.strain <= 1.0 && !lags;
        let fails = !holds;
        if !measured.any_ok {
            self.stopped = Some(Ending::TargetFailed);
        } else if measured.generator_limited(self.fastest_p50()) {
            self.stopped = Some(Ending::GeneratorLimited);
        } else if step.purpose == Purpose::Verify && (fails || self.moved(step.rate, &measured)) {
            self.stopped = Some(Ending::SurroundingsChanged);
        }
        self.taken.push(Taken { plan: step, measured, lags, fails });
    }

    /// The highest rate that held and the lowest above it that did not.
    #[must_use]
    pub fn bracket(&self) -> (Option<f64>, Option<f64>) {
        let low = self
            .rates(|taken| !taken.fails)
            .fold(None, |high: Option<f64>, rate| Some(high.map_or(rate, |high| high.max(rate))));
        let above = |rate: &f64| low.is_none_or(|low| *rate > low);
        let high = self.rates(|taken| taken.fails).filter(above);
        (low, high.fold(None, |low: Option<f64>, rate| Some(low.map_or(rate, |low| low.min(rate)))))
    }

    fn rates(&self, which: impl Fn(&Taken) -> bool) -> impl Iterator<Item = f64> {
        self.taken.iter().filter(move |taken| which(taken)).map(|taken| taken.plan.rate)
    }

    fn count(&self, purpose: Purpose) -> usize {
        self.taken.iter().filter(|taken| taken.plan.purpose == purpose).count()
    }

    fn fastest_p50(&self) -> Option<f64> {
        let known = self.taken.iter().filter_map(|taken| taken.measured.p50_ms).filter(|ms| *ms >= 0.0);
        known.min_by(f64::total_cmp)
    }

    /// The lowest rate at which the server failed outright.
    fn hot(&self) -> f64 {
        self.rates(|taken| taken.measured.error_share > HOT).fold(f64::INFINITY, f64::min)
    }

    /// Up from the first rate until the server fails; where that is an objective alone, a little further.
    fn ramp(&self) -> Option<(f64, Purpose)> {
        let top = self.rates(|taken| taken.plan.purpose == Purpose::Ramp).fold(0.0, f64::max);
        let further = |top: f64| {
            let rate = (top * CLIMB).min(self.plan.max_rate);
            (rate > top && rate < self.hot()).then_some((rate, Purpose::Ramp))
        };
        match self.bracket() {
            (None, None) => Some((self.plan.start_rate, Purpose::Ramp)),
            (Some(_), None) => further(top),
            (None, Some(low)) => {
                let ways_down = self.count(Purpose::Ramp) <= MOST_DESCENTS;
                ways_down.then_some((low / (CLIMB * CLIMB), Purpose::Ramp))
            }
            (Some(_), Some(_)) => {
                let saturated = self.taken.iter().any(|taken| taken.lags);
                let broken =
                    self.taken.iter().filter(|taken| taken.fails && taken.plan.purpose == Purpose::Ramp).count();
                let on = self.plan.overload && !saturated && broken < MOST_BROKEN && self.count(Purpose::Bisect) == 0;
                if on { further(top) } else { None }
            }
        }
    }

    fn halve(&self) -> Option<(f64, Purpose)> {
        let (low, high) = (self.bracket().0?, self.bracket().1?);
        let (middle, wide) = ((low * high).sqrt(), high / low > NARROW);
        let on = wide && self.count(Purpose::Bisect) < MOST_HALVINGS && middle < self.hot();
        on.then_some((middle, Purpose::Bisect))
    }

    fn beyond(&self) -> Option<(f64, Purpose)> {
        let (_, high) = self.bracket();
        let saturated = self.taken.iter().filter(|taken| taken.lags).count();
        if !self.plan.overload || saturated >= SATURATED_STEPS {
            return None;
        }
        let mut rates = BEYOND.into_iter().filter_map(|times| Some(high? * times));
        let new = |rate: f64| !self.rates(|_| true).any(|other| rate / other < SAME && other / rate < SAME);
        rates
            .find(|&rate| rate <= self.plan.max_rate && rate < self.hot() && new(rate))
            .map(|rate| (rate, Purpose::Plateau))
    }

    fn repeat(&self) -> Option<(f64, Purpose)> {
        let (low, high) = (self.bracket().0?, self.bracket().1?);
        let edge = match self.count(Purpose::Repeat) {
            0 => low,
            1 => high,
            _ => return None,
        };
        (edge < self.hot()).then_some((edge, Purpose::Repeat))
    }

    /// A rate well below the limit, once there is something to verify: one that held, or a new one where the first rate
    /// was near the limit already.
    fn verify(&self) -> Option<f64> {
        let calm = self.bracket().0? / CLIMB.sqrt();
        let held = self.rates(|taken| !taken.fails && taken.plan.purpose == Purpose::Ramp);
        let rate = held.filter(|rate| *rate <= calm).max_by(f64::total_cmp).unwrap_or(calm / CLIMB.sqrt());
        let wanted = self.count(Purpose::Ramp) > 1 && self.count(Purpose::Verify) == 0;
        (wanted && rate < self.hot()).then_some(rate)
    }

    fn moved(&self, rate: f64, measured: &Measured) -> bool {
        let before = self
            .taken
            .iter()
            .find(|taken| taken.plan.rate.total_cmp(&rate).is_eq())
            .and_then(|taken| taken.measured.p50_ms);
        let (Some(before), Some(now)) = (before, measured.p50_ms) else { return false };
        let moved = (now - before).abs();
        moved > MOVED * before && moved > MOVED_MS
    }

    fn step(&self, rate: f64, purpose: Purpose) -> StepPlan {
        let base_p99 = self.taken.iter().filter(|taken| !taken.fails).filter_map(|taken| taken.measured.p99_ms);
        let base_p99 = base_p99.min_by(f64::total_cmp).unwrap_or_default();
        let needed = || SHORTEST_STEP.max(REQUESTS / rate).max(LATENCIES * base_p99 / 1000.0);
        let seconds = self.plan.step_seconds.unwrap_or_else(needed);
        StepPlan { rate, seconds, purpose }
    }

    fn ending(&self, wanted_more: bool) -> Ending {
        let narrow = |low: f64, high: f64| high / low <= NARROW;
        match self.bracket() {
            (Some(low), None) if low >= self.plan.max_rate => Ending::RateCap,
            (Some(low), Some(high)) if narrow(low, high) || !wanted_more => Ending::Found,
            (None, _) if !wanted_more => Ending::NothingHolds,
            _ => Ending::TimeLimit,
        }
    }
}
