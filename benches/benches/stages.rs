//! Each stage of the judge on the shapes that matter: `cargo bench --bench stages`.
//!
//! Why these lengths: an hour, eight hours and a day of minutes, and a week. Why these shapes:
//!
//! - **random**: what most metrics are; the reference for the others.
//! - **sorted**: a drift, such as a leak; the worst case of a selection that picks its pivots badly.
//! - **ties**: small counts. Equal keys are the other bad case of selection, and the MAD may be zero.
//! - **constant**: a pool size, a version: must leave early, not search for a scale that is not there.
//! - **gaps**: a fifth of the ticks missing, as where scrapes fail; the loops see fewer points, the
//!   preparation as many.
//! - **zero-heavy**: error counters; the only shape that the sign flips are for.
//!
//! Data are seeded. The judges at the end get a large service, 1,500 metrics of eight hours. A stage gets what it gets in a run: log ratios without NaN, scores that are centred.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use canary_core::config::{JudgeKind, Span};
use canary_core::replay::Replay;
use canary_core::shape::{self, ShapeInput, ShapeWorkspace};
use canary_core::stats::{
    SignFlips, ewc_degrees, ewc_variance, huber_location, huber_scores, long_run, mad, median, student_quantile,
};
use canary_core::{Config, Judge, Labels, MetricData, MetricSet, Observations, Selection, TimeGrid, TimeUnit};
use criterion::{BenchmarkId, Criterion, Throughput};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

const LENGTHS: [usize; 4] = [60, 480, 1440, 10_080];
/// A large service, and eight hours of minutes.
const METRICS: u32 = 1500;
const TICKS: usize = 480;
/// 480^(1/3) ticks, as the judge has it where nothing is autocorrelated.
const BLOCK: usize = 8;

#[derive(Clone, Copy)]
enum Shape {
    Random,
    Sorted,
    Ties,
    Constant,
    Gaps,
    ZeroHeavy,
}

impl Shape {
    const ALL: [Self; 6] = [Self::Random, Self::Sorted, Self::Ties, Self::Constant, Self::Gaps, Self::ZeroHeavy];

    fn name(self) -> &'static str {
        match self {
            Self::Random => "random",
            Self::Sorted => "sorted",
            Self::Ties => "ties",
            Self::Constant => "constant",
            Self::Gaps => "gaps",
            Self::ZeroHeavy => "zero-heavy",
        }
    }

    /// One side of a metric.
    fn series(self, ticks: usize, seed: u64) -> Vec<f64> {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        // The sum of four is near enough to normal.
        let mut noise = |scale: f64| scale * ((0..4).map(|_| uniform()).sum::<f64>() - 2.0);
        let mut values: Vec<f64> = (0..ticks).map(|_| 100.0 * noise(0.2).exp()).collect();
        match self {
            Self::Random => {}
            Self::Sorted => values.sort_by(f64::total_cmp),
            Self::Ties => values.iter_mut().for_each(|value| *value = (*value / 20.0).round()),
            Self::Constant => values.fill(100.0),
            Self::Gaps => values.iter_mut().for_each(|value| *value = if noise(1.0) > 0.5 { f64::NAN } else { *value }),
            Self::ZeroHeavy => values.iter_mut().for_each(|value| *value = if noise(1.0) > 0.7 { *value } else { 0.0 }),
        }
        values
    }

    fn pairs(self, ticks: usize) -> Vec<(f64, f64)> {
        let pairs = self.series(ticks, 1).into_iter().zip(self.series(ticks, 2));
        pairs.filter(|(baseline, canary)| !baseline.is_nan() && !canary.is_nan()).collect()
    }

    /// What the location is taken of: no pair that is zero on both sides.
    fn log_ratios(self, ticks: usize) -> Vec<f64> {
        let pairs = self.pairs(ticks).into_iter().filter(|(baseline, canary)| *baseline != 0.0 || *canary != 0.0);
        pairs.map(|(baseline, canary)| (canary / baseline).ln()).collect()
    }

    fn scores(self, ticks: usize) -> Vec<f64> {
        let (values, mut scores) = (self.log_ratios(ticks), Vec::new());
        match huber_location(&values, &mut Vec::new()) {
            Some(found) if found.scale > 0.0 => huber_scores(&values, &found, &mut scores),
            _ => scores.resize(values.len(), 0.0),
        }
        scores
    }
}

/// One stage at every length and shape.
fn stage<T>(criterion: &mut Criterion, name: &str, input: impl Fn(Shape, usize) -> T, mut run: impl FnMut(&T) -> f64) {
    let mut group = criterion.benchmark_group(name);
    for ticks in LENGTHS {
        group.throughput(Throughput::Elements(ticks as u64));
        for shape in Shape::ALL {
            let input = input(shape, ticks);
            group.bench_function(BenchmarkId::new(shape.name(), ticks), |bencher| {
                bencher.iter(|| run(black_box(&input)));
            });
        }
    }
    group.finish();
}

fn location(criterion: &mut Criterion) {
    let mut scratch = Vec::new();
    let mut selected = |values: &Vec<f64>, select: fn(&mut [f64]) -> Option<f64>| {
        scratch.clear();
        scratch.extend_from_slice(values);
        select(&mut scratch).unwrap_or(0.0)
    };
    stage(criterion, "median", Shape::log_ratios, |values| selected(values, median));
    stage(criterion, "mad", Shape::log_ratios, |values| selected(values, mad));
    let mut scratch = Vec::new();
    stage(criterion, "huber_location", Shape::log_ratios, |values| {
        huber_location(values, &mut scratch).map_or(0.0, |found| found.location)
    });
}

fn error(criterion: &mut Criterion) {
    stage(criterion, "ewc_variance", Shape::scores, |scores| ewc_variance(scores, ewc_degrees(scores.len())));
    stage(criterion, "long_run", Shape::scores, |scores| long_run(scores).variance);
    stage(criterion, "sign_flips", Shape::pairs, |pairs| SignFlips::new(pairs, BLOCK).interval(0.02).0);
    let mut group = criterion.benchmark_group("student_quantile");
    // One degree has the longest tail; 25 is what 480 points get.
    for degrees in [1.0, 2.5, 25.0, 400.0] {
        group.bench_function(BenchmarkId::from_parameter(degrees), |bencher| {
            bencher.iter(|| student_quantile(black_box(0.01), black_box(degrees)));
        });
    }
    group.finish();
}

fn metrics(shape: Shape, count: u32, ticks: usize) -> MetricSet {
    let mut builder = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), ticks));
    for metric in 0..count {
        let seed = 2 * u64::from(metric);
        let (baseline, canary) = (shape.series(ticks, seed), shape.series(ticks, seed + 1));
        let name = format!("metric_{metric:04}");
        let added = builder.add(&MetricData::new(&name).baseline(&baseline).canary(&canary)).map(drop);
        added.expect("series as long as the grid");
    }
    builder.build().expect("names that differ")
}

/// The shapes of one metric, which the whole judge looks for as well.
fn shapes(criterion: &mut Criterion) {
    let mut workspace = ShapeWorkspace::default();
    stage(
        criterion,
        "shapes",
        |shape, ticks| (shape.series(ticks, 1), shape.series(ticks, 2)),
        |(baseline, canary)| shape::find(&ShapeInput { baseline, canary }, &mut workspace).len() as f64,
    );
}

/// The peer's rule, 1,500 metrics of 480 minutes a side, on all cores.
fn kayenta(criterion: &mut Criterion) {
    let mut config = Config::default();
    config.defaults.judge = JudgeKind::Kayenta;
    large_service(criterion, "kayenta_1500x480", &Judge::new(config).expect("the default config"));
}

/// The whole interval judge with shapes: one metric on one thread, then all of a large service on all cores.
fn judge(criterion: &mut Criterion) {
    let judge = Judge::new(Config::default()).expect("the default config");
    let one_thread = judge.clone().with_threads(1);
    stage(
        criterion,
        "judge_one",
        |shape, ticks| metrics(shape, 1, ticks),
        |metrics| one_thread.judge(metrics).metrics.len() as f64,
    );
    large_service(criterion, "judge_1500x480", &judge);
}

/// All metrics of a large service, every one of one shape.
fn large_service(criterion: &mut Criterion, name: &str, judge: &Judge) {
    let mut group = criterion.benchmark_group(name);
    for shape in Shape::ALL {
        let metrics = metrics(shape, METRICS, TICKS);
        group.throughput(Throughput::Elements(u64::from(METRICS) * TICKS as u64));
        group.bench_function(shape.name(), |bencher| bencher.iter(|| judge.judge(black_box(&metrics)).counts));
    }
    group.finish();
}

/// A recording of eight hours looked at every half hour, none of which stops it, beside a single look at its
/// end: 16 looks see 8.5 times as many ticks. The rest is theirs: boundaries, and a cut each.
fn replay(criterion: &mut Criterion) {
    let judge = Judge::new(Config::default()).expect("the default config");
    let metrics = metrics(Shape::Random, METRICS, TICKS);
    let mut group = criterion.benchmark_group("replay");
    for (name, minutes) in [("1 look", 480), ("16 looks", 30)] {
        let every = Span::from_ms(minutes * 60_000);
        group.bench_function(name, |bencher| {
            bencher.iter(|| Replay::run(&judge, black_box(&metrics), every, &mut |_| {}));
        });
    }
    group.bench_function("a cut", |bencher| bencher.iter(|| black_box(&metrics).first_ticks(240)));
    group.finish();
}

/// A side's columns as a reader hands them over.
struct Columns {
    names: Vec<Arc<str>>,
    codes: Vec<u32>,
    time: Vec<i64>,
    value: Vec<f64>,
}

impl Columns {
    /// Files come in one of two orders: by metric (runs of one series) or by time (every row a new one).
    fn new(by_time: bool, seed: u64) -> Self {
        let mut rows: Vec<(u32, i64, f64)> = Vec::with_capacity(METRICS as usize * TICKS);
        for metric in 0..METRICS {
            let values = Shape::Random.series(TICKS, seed + u64::from(metric));
            rows.extend((0_i64..).zip(values).map(|(tick, value)| (metric, tick * 60, value)));
        }
        if by_time {
            rows.sort_by_key(|row| row.1);
        }
        Self {
            names: (0..METRICS).map(|metric| format!("metric_{metric:04}").into()).collect(),
            codes: rows.iter().map(|row| row.0).collect(),
            time: rows.iter().map(|row| row.1).collect(),
            value: rows.iter().map(|row| row.2).collect(),
        }
    }

    fn observations(&self) -> Observations<'_> {
        Observations {
            metric: Labels { names: &self.names, codes: &self.codes },
            region: None,
            instance: None,
            group: None,
            time: &self.time,
            time_unit: TimeUnit::Seconds,
            value: &self.value,
        }
    }
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("from_observations_1500x480");
    for (name, by_time) in [("by metric", false), ("by time", true)] {
        let (baseline, canary) = (Columns::new(by_time, 1), Columns::new(by_time, 10_000));
        group.throughput(Throughput::Elements(2 * u64::from(METRICS) * TICKS as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let (baseline, canary) = ([baseline.observations()], [canary.observations()]);
                MetricSet::from_observations(black_box(&baseline), black_box(&canary), &Selection::default())
            });
        });
    }
    group.finish();
}

fn main() {
    // Many short benches: the spread between their samples is far below the differences between shapes.
    let criterion = Criterion::default().sample_size(20);
    let criterion = criterion.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_millis(800));
    let mut criterion = criterion.configure_from_args();
    location(&mut criterion);
    error(&mut criterion);
    shapes(&mut criterion);
    judge(&mut criterion);
    kayenta(&mut criterion);
    replay(&mut criterion);
    load(&mut criterion);
    criterion.final_summary();
}
