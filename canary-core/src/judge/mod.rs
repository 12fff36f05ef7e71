//! The judge: compare → classify → score → verdict. The only place with threads.

mod bounds;
mod classify;
mod compare;
mod comparison;
mod importance;
mod interval;
mod notes;
mod position;
mod score;
mod verdict;

use rayon::prelude::*;

use crate::config::{Config, Resolver};
use crate::error::ConfigError;
use crate::metric::{MetricPair, MetricSet};
use crate::note::{Note, NoteCode};
use crate::preprocess::{Prepared, missing_unequally, prepare, unjudgeable};
use crate::report::{Builds, Flag, MetricResult, Points, Report, SCHEMA_VERSION, Series};
use classify::Classified;
use compare::compare;
use comparison::{Comparison, Workspace};

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
}

impl Judge {
    /// Checks `config`: patterns compile, bounds and thresholds make sense.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        let resolver = Resolver::new(&config)?;
        Ok(Self { config, resolver, seed: 0, threads: None, with_series: false })
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

    /// What holds for each metric.
    #[must_use]
    pub fn resolver(&self) -> &Resolver {
        &self.resolver
    }

    /// Judges every metric and folds them into a verdict. Cost: O(ticks) a metric, over all threads.
    #[must_use]
    pub fn judge(&self, metrics: &MetricSet) -> Report {
        let results = self.judge_all(metrics);
        self.report(metrics, results)
    }

    fn judge_all(&self, metrics: &MetricSet) -> Vec<MetricResult> {
        let one = |workspace: &mut (Prepared, Workspace), index: usize| {
            metrics.get(index).map(|pair| self.judge_one(metrics, &pair, workspace))
        };
        let indices = 0..metrics.len();
        let results: Vec<Option<MetricResult>> = if let Some(pool) = self.pool() {
            pool.install(|| indices.into_par_iter().map_init(Default::default, one).collect())
        } else {
            let mut workspace = Default::default();
            indices.map(|index| one(&mut workspace, index)).collect()
        };
        results.into_iter().flatten().collect()
    }

    /// A pool for one call: a global one would hang a forked child of a Python caller. `None` for one
    /// thread, or on a system that gives no more: the same results, one after the other.
    fn pool(&self) -> Option<rayon::ThreadPool> {
        if self.threads == Some(1) {
            return None;
        }
        rayon::ThreadPoolBuilder::new().num_threads(self.threads.unwrap_or(0)).build().ok()
    }

    fn judge_one(
        &self,
        metrics: &MetricSet,
        pair: &MetricPair<'_>,
        (prepared, workspace): &mut (Prepared, Workspace),
    ) -> MetricResult {
        let settings = self.resolver.settings(pair.name);
        let grid = metrics.grid();
        let warmup = self.config.defaults.warmup.ms().unsigned_abs().div_ceil(grid.step().ms().unsigned_abs().max(1));
        let warmup = usize::try_from(warmup).unwrap_or(usize::MAX);
        prepare(pair, &settings, grid.ticks(), warmup, prepared);
        let compared = match unjudgeable(pair, prepared, &settings) {
            Some(reason) => Err(reason),
            None => compare(prepared, &settings, self.seed, workspace),
        };
        let Classified { state, evidence, reason, counts_against } = classify::classify(&compared, &settings);
        let mut comparison = compared.ok().unwrap_or_else(|| Comparison::none(prepared));
        let mut notes = prepared.notes.clone();
        if comparison.odd_signs > 0 {
            notes.push(Note::new(NoteCode::OddSigns, comparison.odd_signs));
        }
        if missing_unequally(prepared) {
            comparison.flags.push(Flag::UnequalMissing);
        }
        MetricResult {
            name: pair.name.clone(),
            region: pair.region.cloned(),
            group: score::group_name(&settings, pair.group),
            state,
            ratio: finite(comparison.ratio),
            interval: comparison.wire_interval(settings.level.get()),
            bounds: settings.bounds,
            average: comparison.average,
            points: Points {
                baseline: prepared.baseline_points as u64,
                canary: prepared.canary_points as u64,
                effective: comparison.effective.and_then(finite),
            },
            p_value: comparison.p_value.and_then(finite),
            weight: settings.weight.get(),
            critical: settings.critical,
            must_have_data: settings.must_have_data,
            counts_against,
            evidence,
            flags: comparison.flags,
            method: comparison.method,
            reason,
            rules: settings.rules,
            notes,
            series: self.with_series.then(|| series(prepared)),
        }
    }

    fn report(&self, metrics: &MetricSet, mut results: Vec<MetricResult>) -> Report {
        let notes = notes::collect(metrics, &results, &self.resolver, &self.config);
        let scores = score::scores(&results, &self.config);
        let (resolver, config) = (&self.resolver, &self.config);
        let outcome =
            verdict::verdict(&verdict::Case { metrics, results: &results, scores: &scores, resolver, config });
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

/// A number for the wire: JSON has no NaN and no infinity.
fn finite(value: f64) -> Option<f64> {
    Some(value).filter(|value| value.is_finite())
}

fn series(prepared: &Prepared) -> Series {
    let wire = |values: &[f64]| values.iter().map(|&value| finite(value)).collect();
    Series { baseline: wire(&prepared.baseline), canary: wire(&prepared.canary) }
}
