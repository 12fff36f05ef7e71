//! The judge: compare → classify → score → verdict. The only place with threads.

mod bounds;
mod budget;
mod causes;
mod classify;
mod compare;
mod comparison;
mod control;
mod counts;
mod estimate;
mod finish;
mod importance;
mod instances;
mod interval;
mod judged;
mod learnt_spread;
mod look;
mod measured;
mod noise;
mod notes;
mod on_demand;
mod past;
mod peer;
mod position;
mod pulse;
mod sample_size;
pub(crate) mod score;
mod standing;
mod tipping;
mod verdict;
mod weighted;

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, JudgeKind, Kind, Resolver, Settings};
use crate::error::ConfigError;
use crate::fairness;
use crate::findings::Mover;
use crate::measured::Measured;
use crate::metric::{MetricPair, MetricSet, TimeGrid};
use crate::preprocess::{Prepared, Times, Traffic, extremes, missing_unequally, prepare, unjudgeable};
use crate::report::{Band, Builds, Fairness, Noise, Report, SCHEMA_VERSION, Series};
use crate::shape::{self, Shape, ShapeFinding, ShapeInput, ShapeWorkspace};
use crate::stats::{AsymptoticSequence, LookSchedule};
use compare::compare;
use comparison::{Comparison, Workspace, own_averages};
use control::{control_check, widen};
use judged::{Finished, Judged, Key};
use look::Look;
use pulse::Pulse;
use standing::Standing;
use verdict::Case;

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
    with_kayenta: bool,
    deployed_ms: Option<i64>,
    measured: Vec<Measured>,
}

impl Judge {
    /// Checks `config`: patterns compile, bounds and thresholds make sense.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let resolver = Resolver::new(&config)?;
        Ok(Self {
            config,
            resolver,
            seed: 0,
            threads: None,
            with_series: false,
            look: Look::Only,
            with_kayenta: false,
            deployed_ms: None,
            measured: Vec::new(),
        })
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

    /// Whether the peer's rule is asked as well, for every metric: the report says where it differs and why.
    #[must_use]
    pub fn with_kayenta(mut self, with_kayenta: bool) -> Self {
        self.with_kayenta = with_kayenta;
        self
    }

    /// This is look `number`, from 0, of any number, `ticks` ticks after both sides lived: `sequence` says
    /// what may be spent by then, with the tick as its unit of information. Wider than planned looks, as
    /// nothing is known of the end.
    #[must_use]
    pub fn at_open_look(mut self, sequence: AsymptoticSequence, number: usize, ticks: usize) -> Self {
        self.look = Look::Open { sequence, ticks: ticks as f64, number };
        self
    }

    /// When the canary got the new build, in milliseconds since 1970: what comes before is each side's own
    /// past, and what separated the sides then is no change. Needs data with a clock.
    #[must_use]
    pub fn deployed_at(mut self, time_ms: i64) -> Self {
        self.deployed_ms = Some(time_ms);
        self
    }

    /// Metrics that were measured beside the series, in place of those of before: each is judged as one more metric of
    /// its region, at every look. A run without series is no more judged than without them.
    #[must_use]
    pub fn with_measured(mut self, measured: Vec<Measured>) -> Self {
        self.measured = measured;
        self
    }

    /// The times of a run on `grid`.
    fn times(&self, grid: TimeGrid) -> Times {
        let warmup = self.config.defaults.warmup.ms().unsigned_abs().div_ceil(grid.step().ms().unsigned_abs().max(1));
        Times { warmup: usize::try_from(warmup).unwrap_or(usize::MAX), deployed: self.deployed_tick(grid) }
    }

    /// The first tick of the new build.
    fn deployed_tick(&self, grid: TimeGrid) -> Option<usize> {
        let (start, deployed) = (grid.start_ms?, self.deployed_ms?);
        let step = grid.step_ms.max(1);
        usize::try_from(deployed.saturating_sub(start).saturating_add(step - 1).div_euclid(step).max(0)).ok()
    }

    /// The configuration, as it was given.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// What holds for each metric.
    #[must_use]
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Judges every metric and folds them into a verdict. Cost: O(ticks) a metric, over all threads.
    #[must_use]
    pub fn judge(&self, metrics: &MetricSet) -> Report {
        self.judge_with(metrics, None)
    }

    /// The same with a live A/A: `control` holds the baseline as its baseline and other machines of the same
    /// build as its canary. Every interval is widened by how much more than time noise separates those, and
    /// the run is inconclusive where even they do not pass.
    #[must_use]
    pub fn judge_with_control(&self, metrics: &MetricSet, control: &MetricSet) -> Report {
        self.judge_with(metrics, Some(control))
    }

    fn judge_with(&self, metrics: &MetricSet, control: Option<&MetricSet>) -> Report {
        let pool = self.pool();
        let (mut fairness, mut judged) = both(
            pool.as_ref(),
            || fairness::checks(metrics, &self.config.fairness),
            || self.judge_all(metrics, pool.as_ref()),
        );
        let mut noise = Noise { observed: noise::spread(&judged), control: None, widening: 1.0 };
        if let Some(control) = control {
            let mut equal = self.judge_all(control, pool.as_ref());
            noise.control = noise::spread(&equal);
            noise.widening = noise.control.unwrap_or(1.0).max(1.0);
            widen(&mut equal, noise.widening);
            let report = self.fold(control, equal, Vec::new(), noise, pool.as_ref());
            fairness.extend(control_check(&report, &self.config));
        }
        widen(&mut judged, noise.widening);
        judged.extend(self.judge_measured(metrics));
        self.fold(metrics, judged, fairness, noise, pool.as_ref())
    }

    /// From what every metric shows to the report.
    fn fold(
        &self,
        metrics: &MetricSet,
        mut judged: Vec<Judged<'_>>,
        fairness: Vec<Fairness>,
        noise: Noise,
        pool: Option<&rayon::ThreadPool>,
    ) -> Report {
        match pool {
            Some(pool) => pool.install(|| judged.par_iter_mut().for_each(|metric| metric.weigh(&self.look))),
            None => judged.iter_mut().for_each(|metric| metric.weigh(&self.look)),
        }
        let allowed = budget::allowances(&judged, &self.config);
        let one = |(judged, allowed): (Judged<'_>, f64)| self.result(metrics, judged, allowed);
        let results: Vec<Finished> = match pool {
            Some(pool) => pool.install(|| judged.into_par_iter().zip(allowed).map(one).collect()),
            None => judged.into_iter().zip(allowed).map(one).collect(),
        };
        self.report(metrics, results, fairness, noise, pool)
    }

    /// What every metric shows, before anyone knows what it may spend of the budget.
    fn judge_all<'a>(&self, metrics: &'a MetricSet, pool: Option<&rayon::ThreadPool>) -> Vec<Judged<'a>> {
        let traffic = Traffic::new(metrics, &self.resolver);
        let one = |workspace: &mut (Prepared, Workspace), index: usize| {
            metrics.get(index).map(|pair| self.judge_one(metrics, &traffic, &pair, workspace))
        };
        let indices = 0..metrics.len();
        let judged: Vec<Option<Judged<'a>>> = if let Some(pool) = pool {
            pool.install(|| indices.into_par_iter().map_init(Default::default, one).collect())
        } else {
            let mut workspace = Default::default();
            indices.map(|index| one(&mut workspace, index)).collect()
        };
        let mut judged: Vec<Judged<'a>> = judged.into_iter().flatten().collect();
        learnt_spread::learn(&mut judged);
        past::adjust(&mut judged);
        judged
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
        traffic: &Traffic<'_>,
        pair: &MetricPair<'a>,
        (prepared, workspace): &mut (Prepared, Workspace),
    ) -> Judged<'a> {
        let settings = self.resolver.settings(pair.name);
        let grid = metrics.grid();
        prepare(pair, &settings, traffic, grid.ticks(), self.times(grid), prepared);
        let asks_peer = self.with_kayenta || settings.judge == JudgeKind::Kayenta;
        let peer = asks_peer.then(|| peer::classified(prepared, &settings, self.seed));
        let refused = unjudgeable(pair, prepared, &settings).filter(|_| settings.judge != JudgeKind::Kayenta);
        let compared = match refused {
            Some(reason) => Err(reason),
            None => compare(pair, prepared, &settings, peer.as_ref(), self.smallest_alpha(metrics), workspace),
        };
        let average = match &compared {
            Ok(comparison) => comparison.average,
            Err(_) => own_averages(prepared),
        };
        let shapes = match &compared {
            Ok(found) if settings.judge == JudgeKind::Interval && settings.kind != Kind::Count => {
                shapes(pair, &settings, found, prepared, &mut workspace.shapes)
            }
            _ => Vec::new(),
        };
        Judged {
            baseline_points: prepared.baseline_points as u64,
            canary_points: prepared.canary_points as u64,
            unequal_missing: missing_unequally(prepared),
            shapes,
            peer: peer.map(|found| found.label),
            loudest: None,
            sides: self.with_kayenta.then(|| (prepared.baseline.clone(), prepared.canary.clone())),
            series: self.with_series.then(|| series(pair, &settings, prepared)),
            key: Key::of(pair),
            settings,
            compared,
            average,
            pulse: Pulse::of(prepared),
            notes: prepared.notes.clone(),
        }
    }

    /// The least that the budget leaves to any metric: all others being quiet.
    fn smallest_alpha(&self, metrics: &MetricSet) -> f64 {
        self.config.evidence.false_alarm.get() / metrics.len().max(1) as f64
    }

    fn report(
        &self,
        metrics: &MetricSet,
        finished: Vec<Finished>,
        fairness: Vec<Fairness>,
        noise: Noise,
        pool: Option<&rayon::ThreadPool>,
    ) -> Report {
        let (mut results, mut differences) = (Vec::with_capacity(finished.len()), Vec::new());
        let pulses: Vec<Pulse> = finished.iter().map(|one| one.pulse).collect();
        let standings: Vec<Option<Standing>> = finished.iter().map(|one| one.standing).collect();
        for one in finished {
            differences.extend(one.difference);
            results.push(one.result);
        }
        let notes = notes::collect(metrics, &results, &self.resolver, &self.config);
        let scores = score::scores(&results, &self.config);
        let case = Case {
            metrics,
            results: &results,
            pulses: &pulses,
            standings: &standings,
            scores: &scores,
            resolver: &self.resolver,
            config: &self.config,
            fairness: &fairness,
            seed: self.seed,
        };
        let verdict = || {
            let outcome = verdict::verdict(&case);
            let tipping = tipping::tipping(&case, &outcome);
            (outcome, tipping)
        };
        let findings = || {
            if !causes::any(&case) {
                return Vec::new();
            }
            let traffic = Traffic::new(metrics, &self.resolver);
            causes::findings(&case, |places| self.moves(&case, &traffic, places, pool))
        };
        let ((outcome, tipping), findings) = both(pool, verdict, findings);
        let peer = peer::summary(&results, differences, &self.config);
        importance::sort(&mut results);
        Report {
            schema_version: SCHEMA_VERSION,
            verdict: outcome.verdict,
            score_interval: outcome.score_interval,
            worst_region: outcome.worst_region,
            score: outcome.score,
            score_uncapped: outcome.score_uncapped,
            score_all: scores.all.score,
            thresholds: self.config.thresholds,
            reasons: outcome.reasons,
            counts: scores.all.counts,
            regions: outcome.regions,
            groups: scores.all.groups,
            metrics: results,
            findings,
            tipping,
            fairness,
            noise,
            notes,
            peer,
            builds: Builds::default(),
            inputs: metrics.inputs(),
            config: self.config.clone(),
            seed: self.seed,
        }
    }

    /// What the metrics at some places did, in order, from their series: taken from the panel once more, as few
    /// metrics move, rather than kept of all.
    fn moves(
        &self,
        case: &Case<'_>,
        traffic: &Traffic<'_>,
        places: Vec<usize>,
        pool: Option<&rayon::ThreadPool>,
    ) -> Vec<Mover> {
        let grid = case.metrics.grid();
        let times = self.times(grid);
        let one = |prepared: &mut Prepared, index: usize| {
            let (pair, result, pulse) = (case.metrics.get(index)?, case.results.get(index)?, case.pulses.get(index)?);
            let prepare = |prepared: &mut Prepared| {
                let settings = self.resolver.settings(pair.name);
                prepare(&pair, &settings, traffic, grid.ticks(), times, prepared);
            };
            causes::mover(index, result, pulse, times.start(&pair), prepare, prepared)
        };
        let movers: Vec<Option<Mover>> = if let Some(pool) = pool {
            pool.install(|| places.into_par_iter().map_init(Default::default, one).collect())
        } else {
            let mut prepared = Prepared::default();
            places.into_iter().map(|index| one(&mut prepared, index)).collect()
        };
        movers.into_iter().flatten().collect()
    }
}

/// Two answers that do not need each other: at the same time, where there is a pool.
fn both<A: Send, B: Send>(
    pool: Option<&rayon::ThreadPool>,
    one: impl FnOnce() -> A + Send,
    other: impl FnOnce() -> B + Send,
) -> (A, B) {
    match pool {
        Some(pool) => pool.join(one, other),
        None => (one(), other()),
    }
}

/// Shapes in which the canary differs. Only silence is looked for where noise differs for another reason: the
/// mean over more instances has less of it, and so have the values of more traffic.
fn shapes(
    pair: &MetricPair<'_>,
    settings: &Settings,
    compared: &Comparison,
    prepared: &Prepared,
    workspace: &mut ShapeWorkspace,
) -> Vec<ShapeFinding> {
    let mut found = shape::find(&ShapeInput { baseline: &prepared.baseline, canary: &prepared.canary }, workspace);
    let other_traffic = settings.normalise_by.is_some() || settings.requests.is_some();
    let ratio = compared.views.first().map_or(1.0, |view| view.estimate.ratio());
    let alike = (1.0 / SHAPES_WITHIN..=SHAPES_WITHIN).contains(&ratio);
    if pair.baseline.instances() != pair.canary.instances() || other_traffic || !alike {
        found.retain(|found| matches!(found.shape, Shape::Stuck | Shape::Zeroed));
    }
    found
}

/// Levels further apart than this are hardly the same kind of noise.
const SHAPES_WITHIN: f64 = 2.0;

/// A number for the wire: JSON has no NaN and no infinity.
fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn series(pair: &MetricPair<'_>, settings: &Settings, prepared: &Prepared) -> Series {
    let wire = |values: &[f64]| values.iter().map(|&value| finite(value)).collect();
    let band = |arm, side| {
        let (lower, upper) = extremes(arm, settings, side)?;
        Some(Band { lower: wire(&lower), upper: wire(&upper) })
    };
    Series {
        baseline: wire(&prepared.baseline),
        canary: wire(&prepared.canary),
        baseline_band: band(&pair.baseline, &prepared.baseline),
        canary_band: band(&pair.canary, &prepared.canary),
    }
}
