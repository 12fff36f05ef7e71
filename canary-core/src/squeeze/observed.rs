//! Steps with every trap taken out: what is offered, what came back, how much of it was bad.

use super::load::{Histogram, Latency, Load, LoadLoop, LoadRun, LoadStep, Pacing, Replies, Window};
use super::report::{Reason, StepReason};
use super::slo::{Objective, Slo};
use crate::stats::median;

/// One second of a step.
#[derive(Clone, Debug)]
pub(super) struct Second {
    pub(super) ok: f64,
    pub(super) finished: f64,
    /// Bad requests under each objective; empty where a latency is missing.
    pub(super) bad: Vec<f64>,
}

/// A step that can be judged.
#[derive(Clone, Debug)]
pub(super) struct Observed {
    /// Its place in the run.
    pub(super) index: usize,
    /// Intended rate, or clients in a closed loop.
    pub(super) offered: f64,
    /// The rate that arrived, where arrivals are random; else the intended one. Clients in a closed loop.
    pub(super) rate: f64,
    /// Requests sent, as a rate.
    pub(super) sent: f64,
    /// Good replies a second.
    pub(super) goodput: f64,
    /// Good replies a second once the step had settled; equals `goodput` without seconds.
    pub(super) settled: f64,
    /// Whether replies still under way at the end are missing from the goodput.
    pub(super) cut_at_end: bool,
    pub(super) seconds_long: f64,
    /// Requests that ended, well or not.
    pub(super) finished: f64,
    pub(super) errors: f64,
    pub(super) dropped: f64,
    pub(super) generator_cpu: Option<f64>,
    /// Seconds.
    pub(super) mean_latency: Option<f64>,
    /// Seconds.
    pub(super) median_latency: Option<f64>,
    /// The share of bad requests under each objective.
    pub(super) bad: Vec<Option<f64>>,
    pub(super) seconds: Vec<Second>,
    /// Length of each of `seconds`.
    pub(super) second_long: f64,
    pub(super) started_ms: Option<i64>,
}

/// The steps of a run, or why there are none.
#[derive(Clone, Debug)]
pub(super) struct Observations {
    pub(super) load_loop: Option<LoadLoop>,
    /// By rising load.
    pub(super) steps: Vec<Observed>,
    /// Steps that cannot be used.
    pub(super) refused: Vec<(usize, StepReason)>,
    pub(super) waves: bool,
    pub(super) fatal: Option<Reason>,
}

/// The mean share of the time from which a step counts as settled, as multiples of the base latency.
const SETTLING_LATENCIES: f64 = 3.0;

/// Root mean square of (sent - offered) over the spread of a Poisson count from which arrivals count as random: even
/// pacing gives nearly 0, random arrivals 1.
const RANDOM_FROM: f64 = 0.5;

/// Further from the intended rate than so many spreads of a Poisson count, a rate is not the draw of a random one.
const POISSON_SPREADS: f64 = 4.0;

/// More than this share of what was asked for is sent by no tool: its clock went back, or it counts several requests as
/// one (k6's iterations).
const MOST_SENT: f64 = 1.25;

/// Reads the steps. Everything impossible is refused here, so what follows divides and takes logarithms freely.
pub(super) fn observe(run: &LoadRun, slo: &Slo) -> Observations {
    let load_loop = run.steps.first().map(|step| step.load.kind());
    let mut found = Observations { load_loop, steps: Vec::new(), refused: Vec::new(), waves: false, fatal: None };
    if run.steps.iter().any(|step| Some(step.load.kind()) != load_loop) {
        found.fatal = Some(Reason::MixedLoops);
    }
    for (index, step) in run.steps.iter().enumerate() {
        match refusal(step) {
            Some(reason) => found.refused.push((index, reason)),
            None => found.steps.push(read(index, step, slo)),
        }
        found.waves |= step.generator.pacing == Pacing::Waves;
    }
    if found.refused.iter().any(|refused| refused.1 == StepReason::ClockBack) || clock_went_back(run) {
        found.fatal = found.fatal.or(Some(Reason::ClockBack));
    }
    if load_loop == Some(LoadLoop::Open) {
        place_random_arrivals(run, &mut found.steps);
    }
    found.steps.sort_by(|one, other| {
        one.rate.total_cmp(&other.rate).then(one.started_ms.cmp(&other.started_ms)).then(one.index.cmp(&other.index))
    });
    settle(&mut found.steps);
    found
}

/// Why a step cannot be used.
fn refusal(step: &LoadStep) -> Option<StepReason> {
    let positive = |value: f64| value > 0.0 && value.is_finite();
    let load = match step.load {
        Load::Open { rate } => rate,
        Load::Closed { clients } => clients as f64,
    };
    let backwards = step.requests.as_ref().is_some_and(|requests| requests.latency_ms.iter().any(|ms| *ms < 0.0));
    if step.duration_seconds <= 0.0 || step.drain_seconds.is_some_and(|seconds| seconds < 0.0) || backwards {
        return Some(StepReason::ClockBack);
    }
    let odd_goodput = step.goodput.is_some_and(|goodput| !(goodput >= 0.0 && goodput.is_finite()));
    let odd_times = step
        .requests
        .as_ref()
        .is_some_and(|requests| requests.sent_ms.iter().chain(&requests.latency_ms).any(|ms| !ms.is_finite()));
    let odd_drain = step.drain_seconds.is_some_and(|seconds| !seconds.is_finite());
    let more_than_all = step.ok_in_window.is_some_and(|ok| ok > step.ok);
    if !positive(load) || !positive(step.duration_seconds) || odd_goodput || odd_times || odd_drain || more_than_all {
        return Some(StepReason::ImpossibleNumbers);
    }
    let asked = load * step.duration_seconds;
    let most = MOST_SENT * asked + POISSON_SPREADS * asked.sqrt();
    if step.load.kind() == LoadLoop::Open && step.sent as f64 > most {
        return Some(StepReason::ImpossibleNumbers);
    }
    let ended = step.ok.saturating_add(step.errors.total());
    if ended == 0 && step.goodput.is_none_or(|goodput| goodput <= 0.0) {
        return Some(StepReason::Empty);
    }
    None
}

/// Whether a step of one instance and repeat begins before the one before it ended, as no order of the steps would
/// allow: two steps overlap by more than a tenth of the shorter.
fn clock_went_back(run: &LoadRun) -> bool {
    let mut spans: Vec<(Option<&str>, Option<u32>, i64, f64)> = Vec::new();
    for step in &run.steps {
        if let Some(started) = step.started_ms {
            spans.push((step.instance.as_deref(), step.repeat, started, 1000.0 * step.duration_seconds));
        }
    }
    spans.sort_by(|one, other| (one.0, one.1, one.2).cmp(&(other.0, other.1, other.2)));
    spans.windows(2).any(|pair| match pair {
        [one, other] if (one.0, one.1) == (other.0, other.1) => {
            (other.2.saturating_sub(one.2)) as f64 + 0.1 * one.3.min(other.3) < one.3
        }
        _ => false,
    })
}

fn read(index: usize, step: &LoadStep, slo: &Slo) -> Observed {
    let (load, sent) = match step.load {
        Load::Open { rate } => (rate, step.sent as f64 / step.duration_seconds),
        Load::Closed { clients } => (clients as f64, clients as f64),
    };
    let seconds_long = step.duration_seconds;
    let (goodput, cut_at_end) = match (step.ok_in_window, step.drain_seconds, step.goodput) {
        (Some(ok), ..) => (ok as f64 / seconds_long, true),
        (None, Some(drain), _) => (step.ok as f64 / (seconds_long + drain), true),
        (None, None, Some(goodput)) => (goodput, true),
        (None, None, None) => (step.ok as f64 / seconds_long, step.unfinished > 0),
    };
    let errors = step.errors.total() as f64;
    let counted = step.ok as f64 + errors;
    let finished = if counted > 0.0 { counted } else { goodput * seconds_long };
    let ms = |ms: Option<f64>| ms.filter(|ms| *ms >= 0.0 && ms.is_finite()).map(|ms| ms / 1000.0);
    let histogram_median = || step.latency.histogram.as_ref().and_then(|counts| counts.quantile(0.5));
    let median_latency = ms(step.latency.quantile_ms(0.5).or_else(histogram_median));
    let bad = slo.objectives.iter().map(|objective| bad_share(step, finished, objective)).collect();
    Observed {
        index,
        offered: load,
        rate: load,
        sent,
        goodput,
        settled: goodput,
        cut_at_end,
        seconds_long,
        finished,
        errors,
        dropped: step.generator.dropped as f64,
        generator_cpu: step.generator.cpu_percent,
        mean_latency: ms(step.latency.mean_ms).or(median_latency),
        median_latency,
        bad,
        seconds: seconds(step, slo),
        second_long: step.window_seconds,
        started_ms: step.started_ms,
    }
}

/// The share of bad requests: errors, and good replies above the limit. Where latencies are those of all replies,
/// the slow ones count as good ones, as errors in overload are fast. `None` where the objective needs latencies and
/// the step has none that are about itself.
fn bad_share(step: &LoadStep, finished: f64, objective: &Objective) -> Option<f64> {
    let errors = step.errors.total() as f64;
    let slow = match objective.limit_ms {
        None if step.errors_unknown => return None,
        None => 0.0,
        Some(limit) => {
            let replies = match step.latency.of {
                Replies::All => finished,
                Replies::Good => finished - errors,
            };
            (replies * share_above(&step.latency, replies, step.duration_seconds, limit)?).min(finished - errors)
        }
    };
    Some(((errors + slow) / finished).clamp(0.0, 1.0))
}

/// The share of latencies above `limit_ms`: counted where there is a histogram; else from the quantiles, straight
/// lines in (ln latency, ln share above).
fn share_above(latency: &Latency, replies: f64, duration_seconds: f64, limit_ms: f64) -> Option<f64> {
    if let Some(histogram) = latency.histogram.as_ref().filter(|histogram| histogram.total() > 0) {
        return Some(histogram.over(limit_ms) / histogram.total() as f64);
    }
    if latency.sliding_seconds.is_some_and(|window| window > 0.5 * duration_seconds) {
        return None;
    }
    let mut points: Vec<(f64, f64)> = latency
        .quantiles
        .iter()
        .filter(|at| at.ms > 0.0 && at.ms.is_finite() && at.quantile > 0.0 && at.quantile < 1.0)
        .map(|at| (at.ms.ln(), (1.0 - at.quantile).ln()))
        .chain(latency.max_ms.filter(|ms| *ms > 0.0 && ms.is_finite()).map(|ms| (ms.ln(), -(replies + 1.0).ln())))
        .collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0).then(other.1.total_cmp(&one.1)));
    let limit = limit_ms.ln();
    if latency.max_ms.is_some_and(|ms| ms <= limit_ms) {
        return Some(0.0);
    }
    let above = points.iter().position(|point| point.0 > limit);
    let (before, after) = match above {
        // Below the lowest quantile, or above the highest: the nearest line, carried on.
        Some(0) => (points.first()?, points.get(1).or(points.first())?),
        Some(place) => (points.get(place - 1)?, points.get(place)?),
        None => (points.get(points.len().checked_sub(2)?)?, points.last()?),
    };
    let run = after.0 - before.0;
    let slope = if run > 0.0 { (after.1 - before.1) / run } else { 0.0 };
    Some((before.1 + slope * (limit - before.0)).min(0.0).exp())
}

fn seconds(step: &LoadStep, slo: &Slo) -> Vec<Second> {
    let usable = step.window_seconds > 0.0 && step.windows.len() >= 2;
    let windows: &[Window] = if usable { &step.windows } else { &[] };
    windows
        .iter()
        .map(|window| {
            let (ok, errors) = (window.ok as f64, window.errors as f64);
            let slow = |objective: &Objective| match (objective.limit_ms, window.latency.as_ref()) {
                (None, _) => Some(0.0),
                (Some(_), None) => None,
                (Some(limit), Some(histogram)) => Some(over(histogram, limit).min(ok)),
            };
            let bad: Option<Vec<f64>> =
                slo.objectives.iter().map(|objective| slow(objective).map(|slow| errors + slow)).collect();
            Second { ok, finished: ok + errors, bad: bad.unwrap_or_default() }
        })
        .collect()
}

fn over(histogram: &Histogram, limit_ms: f64) -> f64 {
    if histogram.total() == 0 { 0.0 } else { histogram.over(limit_ms) }
}

/// Where arrivals are random, the rate that arrived is what the server saw.
fn place_random_arrivals(run: &LoadRun, steps: &mut [Observed]) {
    let said = |pacing: Pacing| run.steps.iter().any(|step| step.generator.pacing == pacing);
    let spread = |step: &Observed| {
        let expected = step.offered * step.seconds_long;
        (step.sent * step.seconds_long - expected) / expected.sqrt()
    };
    let mut slow: Vec<&Observed> = steps.iter().collect();
    slow.sort_by(|one, other| one.offered.total_cmp(&other.offered));
    slow.truncate(steps.len().div_ceil(2));
    let squares: f64 = slow.iter().map(|step| spread(step).powi(2)).sum();
    let random = (squares / slow.len().max(1) as f64).sqrt() >= RANDOM_FROM;
    if said(Pacing::Random) || (random && !said(Pacing::Even) && !said(Pacing::Waves)) {
        for step in steps {
            if spread(step).abs() <= POISSON_SPREADS && step.sent > 0.0 {
                step.rate = step.sent;
            }
        }
    }
}

/// Goodput without the first second or first few latencies: the pipeline fills then.
fn settle(steps: &mut [Observed]) {
    let base = base_latency(steps).unwrap_or(0.0);
    for step in steps {
        let rest = step.settled_seconds(base);
        if !rest.is_empty() {
            let mean = rest.iter().map(|second| second.ok).sum::<f64>() / rest.len() as f64;
            step.settled = mean / step.second_long;
        }
    }
}

impl Observed {
    /// The seconds once the step has settled; none where less than half of them would be left, which would be worse
    /// than an unsettled step.
    pub(super) fn settled_seconds(&self, base_latency: f64) -> &[Second] {
        let settling = f64::max(1.0, SETTLING_LATENCIES * base_latency);
        let count = self.seconds.len();
        let skipped = (0..count).take_while(|&passed| (passed as f64) * self.second_long < settling).count();
        let rest = self.seconds.get(skipped..).unwrap_or_default();
        if 2 * rest.len() >= count && rest.len() >= 2 { rest } else { &[] }
    }

    /// The share of what arrived that was answered well; what is under way at the end of a clean step is answered.
    pub(super) fn answered(&self, base_latency: f64) -> f64 {
        let under_way = if self.cut_at_end { base_latency / self.seconds_long } else { 0.0 };
        (self.goodput / self.rate + under_way).min(1.0)
    }
}

/// The smallest mean latency of a step that was answered in full, seconds.
pub(super) fn base_latency(steps: &[Observed]) -> Option<f64> {
    let clean = |step: &&Observed| step.errors <= 0.01 * step.finished;
    let mut means: Vec<f64> = steps.iter().filter(clean).filter_map(|step| step.mean_latency).collect();
    means.sort_by(f64::total_cmp);
    means.first().copied()
}

/// The median over the slowest third of `value`, for what a clean step looks like.
pub(super) fn lowest_third(steps: &[Observed], value: impl Fn(&Observed) -> Option<f64>) -> Option<f64> {
    let count = steps.len().div_ceil(3).max(2).min(steps.len());
    let mut values: Vec<f64> = steps.iter().take(count).filter_map(value).collect();
    median(&mut values)
}
