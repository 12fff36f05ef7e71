//! The judge: compare → classify → score → verdict. The only place with threads.

mod bounds;
mod budget;
mod classify;
mod compare;
mod comparison;
mod estimate;
mod importance;
mod interval;
mod look;
mod notes;
mod position;
mod pulse;
mod score;
mod verdict;

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Resolver, Settings};
use crate::error::ConfigError;
use crate::metric::{MetricPair, MetricSet};
use crate::note::{Note, NoteCode};
use crate::preprocess::{Prepared, missing_unequally, prepare, unjudgeable};
use crate::report::{
    Average, Builds, Flag, MetricResult, Points, Reason, Report, SCHEMA_VERSION, Series, State, Window,
};
use crate::stats::LookSchedule;
use compare::compare;
use comparison::{Comparison, Workspace, own_averages};
use look::Look;
use pulse::Pulse;

/// A checked configuration that judges. Making one does all the checking; judging cannot fail.
///
/// ```
/// use canary_core::{Config, Judge, MetricData, MetricSet, TimeGrid, config::Span, report::Verdict};
///
/// let old: Vec<f64> = (0..60).map(|minute| 100.0 + f64::from(minute % 7)).collect();
/// let new: Vec<f64> = old.iter().map(|value| value * 1.5).collect();
/// let mut metrics = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 60));
/// metrics.add(&MetricData::new("latency_ms").baseline(&old).canary(&new))?;
/// let report = Judge::new(Config::default())?.judge(&metrics.build()?);
/// assert_eq!(report.verdict, Verdict::Fail);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Judge {
    config: Config,
    resolver: Resolver,
    seed: u64,
    threads: Option<usize>,
    with_series: bool,
    look: Look,
}

impl Judge {
    /// Checks `config`: patterns compile, bounds and thresholds make sense.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let resolver = Resolver::new(&config)?;
        Ok(Self { config, resolver, seed: 0, threads: None, with_series: false, look: Look::Only })
    }

    /// The seed of the randomised methods; 0 unless said otherwise.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The number of threads; as many as there are cores unless said otherwise. It changes no result.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads.max(1));
        self
    }

    /// Whether the report holds the series of both sides.
    #[must_use]
    pub fn with_series(mut self, with_series: bool) -> Self {
        self.with_series = with_series;
        self
    }

    /// This is look `number`, from 0, of those that `schedule` plans: it may spend its share of the run's
    /// chance of a false alarm. The only look unless said otherwise.
    #[must_use]
    pub fn at_look(mut self, schedule: Arc<LookSchedule>, number: usize) -> Self {
        self.look = Look::Planned { schedule, number };
        self
    }

    /// What holds for each metric.
    #[must_use]
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Judges every metric and folds them into a verdict. Cost: O(ticks) a metric, over all threads.
    #[must_use]
    pub fn judge(&self, metrics: &MetricSet) -> Report {
        let pool = self.pool();
        let look = &self.look;
        let judged = self.judge_all(metrics, pool.as_ref());
        let allowed = budget::allowances(&judged, &self.config, look);
        let pulses: Vec<Pulse> = judged.iter().map(|judged| judged.pulse).collect();
        let one = |(judged, allowed): (Judged<'_>, f64)| Self::result(metrics, judged, allowed, look);
        let results = match &pool {
            Some(pool) => pool.install(|| judged.into_par_iter().zip(allowed).map(one).collect()),
            None => judged.into_iter().zip(allowed).map(one).collect(),
        };
        self.report(metrics, results, &pulses)
    }

    /// What every metric shows, before anyone knows what it may spend of the budget.
    fn judge_all<'a>(&self, metrics: &'a MetricSet, pool: Option<&rayon::ThreadPool>) -> Vec<Judged<'a>> {
        let one = |workspace: &mut (Prepared, Workspace), index: usize| {
            metrics.get(index).map(|pair| self.judge_one(metrics, pair, workspace))
        };
        let indices = 0..metrics.len();
        let judged: Vec<Option<Judged<'a>>> = if let Some(pool) = pool {
            pool.install(|| indices.into_par_iter().map_init(Default::default, one).collect())
        } else {
            let mut workspace = Default::default();
            indices.map(|index| one(&mut workspace, index)).collect()
        };
        judged.into_iter().flatten().collect()
    }

    /// A pool for one call: a global one would hang a forked child of a Python caller. `None` for one
    /// thread, or on a system that gives no more: the same results, one after the other.
    fn pool(&self) -> Option<rayon::ThreadPool> {
        if self.threads == Some(1) {
            return None;
        }
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0)).build().ok()
    }

    fn judge_one<'a>(
        &self,
        metrics: &MetricSet,
        pair: MetricPair<'a>,
        (prepared, workspace): &mut (Prepared, Workspace),
    ) -> Judged<'a> {
        let settings = self.resolver.settings(pair.name);
        let grid = metrics.grid();
        let warmup = self.config.defaults.warmup.ms().unsigned_abs().div_ceil(grid.step().ms().unsigned_abs().max(1));
        let warmup = usize::try_from(warmup).unwrap_or(usize::MAX);
        prepare(&pair, &settings, grid.ticks(), warmup, prepared);
        let compared = match unjudgeable(&pair, prepared, &settings) {
            Some(reason) => Err(reason),
            None => compare(prepared, &settings, self.seed, workspace),
        };
        let average = match &compared {
            Ok(comparison) => comparison.average,
            Err(_) => own_averages(prepared),
        };
        Judged {
            pair,
            settings,
            compared,
            average,
            baseline_points: prepared.baseline_points as u64,
            canary_points: prepared.canary_points as u64,
            unequal_missing: missing_unequally(prepared),
            pulse: Pulse::of(prepared),
            notes: prepared.notes.clone(),
            series: self.with_series.then(|| series(prepared)),
        }
    }

    fn result(metrics: &MetricSet, judged: Judged<'_>, allowed: f64, look: &Look) -> MetricResult {
        let Judged { pair, settings, compared, average, mut notes, .. } = judged;
        let classified = classify::classify(&compared, &settings, allowed, look);
        let p_value = compared.as_ref().ok().and_then(|comparison| comparison.p_value(settings.bounds, look));
        let (mut flags, method, effective, odd_signs) = match compared {
            Ok(found) => (found.flags, found.method, found.effective, found.odd_signs),
            Err(_) => (Vec::new(), None, None, 0),
        };
        if odd_signs > 0 {
            notes.push(Note::new(NoteCode::OddSigns, odd_signs));
        }
        if judged.unequal_missing {
            flags.push(Flag::UnequalMissing);
        }
        flags.extend(classified.window.filter(|_| classified.state != State::Ok).and_then(flag_of));
        let minutes_seen = metrics.grid().ticks() as f64 * metrics.grid().step().ms() as f64 / 60_000.0;
        let has_data = classified.state != State::NoData;
        MetricResult {
            name: pair.name.clone(),
            region: pair.region.cloned(),
            group: score::group_name(&settings, pair.group),
            state: classified.state,
            ratio: finite(classified.ratio),
            interval: classified.interval,
            bounds: settings.bounds,
            average: if has_data { classified.average } else { average },
            points: Points {
                baseline: judged.baseline_points,
                canary: judged.canary_points,
                effective: effective.and_then(finite),
            },
            p_value: p_value.and_then(finite),
            weight: settings.weight.get(),
            critical: settings.critical,
            must_have_data: settings.must_have_data,
            counts_against: classified.counts_against,
            evidence: classified.evidence,
            window: classified.window,
            detectable: classified.detectable,
            minutes_to_decide: classified.times_needed.and_then(|times| finite((times - 1.0) * minutes_seen)),
            flags,
            method,
            reason: classified.reason,
            rules: settings.rules,
            notes,
            series: judged.series,
        }
    }

    fn report(&self, metrics: &MetricSet, mut results: Vec<MetricResult>, pulses: &[Pulse]) -> Report {
        let notes = notes::collect(metrics, &results, &self.resolver, &self.config);
        let scores = score::scores(&results, &self.config);
        let (resolver, config) = (&self.resolver, &self.config);
        let outcome =
            verdict::verdict(&verdict::Case { metrics, results: &results, pulses, scores: &scores, resolver, config });
        importance::sort(&mut results);
        Report {
            schema_version: SCHEMA_VERSION,
            verdict: outcome.verdict,
            worst_region: outcome.worst_region,
            score: outcome.score,
            score_uncapped: outcome.score_uncapped,
            score_all: scores.all.score,
            score_interval: None,
            thresholds: self.config.thresholds,
            reasons: outcome.reasons,
            counts: scores.all.counts,
            regions: outcome.regions,
            groups: scores.all.groups,
            metrics: results,
            findings: Vec::new(),
            notes,
            builds: Builds::default(),
            inputs: metrics.inputs(),
            config: self.config.clone(),
            seed: self.seed,
        }
    }
}

/// One metric between its comparison and its result.
struct Judged<'a> {
    pair: MetricPair<'a>,
    settings: Settings,
    compared: Result<Comparison, Reason>,
    average: Average,
    baseline_points: u64,
    canary_points: u64,
    unequal_missing: bool,
    pulse: Pulse,
    notes: Vec<Note>,
    series: Option<Series>,
}

impl Judged<'_> {
    /// Two-sided p-value over all looks, where the metric has one.
    fn p_value(&self, look: &Look) -> Option<f64> {
        self.compared.as_ref().ok()?.p_value(self.settings.bounds, look)
    }
}

/// A change that only the end of the window shows.
fn flag_of(window: Window) -> Option<Flag> {
    match window {
        Window::Full => None,
        Window::LastHalf | Window::LastQuarter | Window::LastEighth => Some(Flag::LateOnset),
        Window::End => Some(Flag::Drift),
    }
}

/// A number for the wire: JSON has no NaN and no infinity.
fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn series(prepared: &Prepared) -> Series {
    let wire = |values: &[f64]| values.iter().map(|&value| finite(value)).collect();
    Series { baseline: wire(&prepared.baseline), canary: wire(&prepared.canary) }
}
