//! What must hold for any data. Seeds are fixed: the same cases on every machine and day.
#![allow(clippy::unwrap_used, reason = "a test")]

mod rows;
mod support;

use canary_core::config::{Bounds, Direction, EvidenceSettings, JudgeKind, Outliers, Rule};
use canary_core::report::{Flag, MetricResult, Reason, Report, State, Verdict};
use canary_core::scalar::{Magnitude, Share, Weight};
use canary_core::stats::{
    Adjustment, Hypothesis, Thresholds, adjusted_p_values, false_discovery_thresholds, holm_thresholds,
    weighted_adjusted_p_values,
};
use canary_core::{Config, Judge, MetricData, MetricSet, Selection, ndarray};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rows::{Row, Table};
use support::{Random, minutes, one, report};

fn cases(cases: u32) -> ProptestConfig {
    // Failures need no file: the seed is fixed, so that the same cases run again.
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_240_229), failure_persistence: None, ..Default::default() }
}

/// What a metric looks like.
#[derive(Clone, Copy, Debug)]
enum Shape {
    Noise,
    Autocorrelated,
    HeavyTails,
    /// Small whole numbers, zero among them.
    Counts,
    /// Zero at nine ticks of ten.
    MostlyZero,
    Constant,
    /// Zero on one side, noise on the other.
    OneSideZero,
    Negative,
    /// Noise, with a few values of the other sign.
    StraySigns,
}

const SHAPES: [Shape; 9] = [
    Shape::Noise,
    Shape::Autocorrelated,
    Shape::HeavyTails,
    Shape::Counts,
    Shape::MostlyZero,
    Shape::Constant,
    Shape::OneSideZero,
    Shape::Negative,
    Shape::StraySigns,
];

/// Both sides of a metric, made from few numbers so that a failure can be read.
#[derive(Clone, Debug)]
struct Scenario {
    seed: u64,
    ticks: usize,
    shape: Shape,
    level: f64,
    ratio: f64,
    gaps: f64,
}

impl Scenario {
    fn sides(&self) -> (Vec<f64>, Vec<f64>) {
        let mut random = Random::new(self.seed);
        let baseline = self.side(1.0, &mut random);
        let canary = self.side(self.ratio, &mut random);
        if matches!(self.shape, Shape::OneSideZero) {
            let zeros = baseline.iter().map(|value| if value.is_nan() { f64::NAN } else { 0.0 }).collect();
            return if self.seed.is_multiple_of(2) { (zeros, canary) } else { (canary, zeros) };
        }
        (baseline, canary)
    }

    fn side(&self, ratio: f64, random: &mut Random) -> Vec<f64> {
        let slow = random.ar1(self.ticks, 0.9);
        let mut value = |tick: usize| match self.shape {
            Shape::Noise | Shape::OneSideZero => (0.1 * random.normal()).exp() * ratio,
            Shape::Autocorrelated => (0.2 * slow[tick]).exp() * ratio,
            Shape::HeavyTails => (random.normal() / (0.1 + random.uniform())).exp() * ratio,
            Shape::Counts => (4.0 * random.uniform() * ratio).floor(),
            Shape::MostlyZero => f64::from(random.uniform() < 0.1) * (1.0 + random.uniform()) * ratio,
            Shape::Constant => ratio,
            Shape::Negative => -(0.1 * random.normal()).exp() * ratio,
            Shape::StraySigns => {
                (0.1 * random.normal()).exp() * ratio * if random.uniform() < 0.03 { -1.0 } else { 1.0 }
            }
        };
        let values: Vec<f64> = (0..self.ticks).map(|tick| self.level * value(tick)).collect();
        values.into_iter().map(|value| if random.uniform() < self.gaps { f64::NAN } else { value }).collect()
    }
}

fn scenario() -> impl Strategy<Value = Scenario> {
    let ratio = prop_oneof![Just(1.0), Just(1.25), Just(0.8), 0.3..3.0];
    let level = prop_oneof![Just(1.0), 0.001..1000.0];
    let gaps = prop_oneof![Just(0.0), 0.0..0.6];
    let shape = proptest::sample::select(SHAPES.to_vec());
    (any::<u64>(), 0_usize..160, shape, level, ratio, gaps)
        .prop_map(|(seed, ticks, shape, level, ratio, gaps)| Scenario { seed, ticks, shape, level, ratio, gaps })
}

/// What decides about one metric.
#[derive(Clone, Debug)]
struct Settings {
    judge: JudgeKind,
    bounds: Bounds,
    direction: Direction,
    outliers: Outliers,
    floor: Option<f64>,
}

fn settings() -> impl Strategy<Value = Settings> {
    let bounds = proptest::sample::select(vec![(0.8, 1.25), (0.9, 1.1), (0.5, 1.3), (0.999, 1.001)]);
    let direction = proptest::sample::select(vec![Direction::Increase, Direction::Decrease, Direction::Either]);
    let outliers = proptest::sample::select(vec![Outliers::Keep, Outliers::Drop]);
    let floor = prop_oneof![Just(None), Just(Some(0.25)), (0.0..2.0).prop_map(Some)];
    // The peer's rule depends on the unit and is not symmetric: that is told of it, not asked.
    let judge = proptest::sample::select(vec![JudgeKind::Interval, JudgeKind::Bounds]);
    (judge, bounds, direction, outliers, floor).prop_map(|(judge, (lower, upper), direction, outliers, floor)| {
        let bounds = Bounds::new(lower, upper).unwrap();
        Settings { judge, bounds, direction, outliers, floor }
    })
}

impl Settings {
    /// A config with floors in units of `level`.
    fn config(&self, level: f64) -> Config {
        let mut config = Config::default();
        config.defaults.judge = self.judge;
        config.defaults.bounds = self.bounds;
        config.defaults.direction = self.direction;
        config.defaults.outliers = self.outliers;
        let floor = self.floor.map(|floor| Magnitude::new(floor * level).unwrap());
        config.rules.push(Rule { patterns: vec!["*".into()], floor, ..Rule::default() });
        config
    }

    fn mirrored(&self) -> Self {
        let direction = match self.direction {
            Direction::Increase => Direction::Decrease,
            Direction::Decrease => Direction::Increase,
            Direction::Either => Direction::Either,
        };
        Self { bounds: self.bounds.mirrored().unwrap(), direction, ..self.clone() }
    }
}

/// Equal to within `tolerance` relative, or absolute below 1.
fn close(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0),
        (a, b) => a == b,
    }
}

fn ends(result: &MetricResult) -> (Option<f64>, Option<f64>) {
    result.interval.map_or((None, None), |interval| (interval.lower, interval.upper))
}

/// Which of the averages is zero, or why there is no comparison, but not by how much.
fn kind_of(reason: &Reason) -> std::mem::Discriminant<Reason> {
    std::mem::discriminant(reason)
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn swapping_the_sides_swaps_hot_and_cold(scenario in scenario(), settings in settings()) {
        let (baseline, canary) = scenario.sides();
        let there = one(settings.config(scenario.level), &baseline, &canary);
        let back = one(settings.mirrored().config(scenario.level), &canary, &baseline);
        let mirrored = match there.state {
            State::Hot => State::Cold,
            State::Cold => State::Hot,
            same => same,
        };
        prop_assert_eq!(back.state, mirrored, "{:?}\n{:?}", there, back);
        prop_assert_eq!(back.evidence, there.evidence);
        prop_assert_eq!(back.counts_against, there.counts_against);
        // Shapes ask what became of the canary; that is not the same question the other way round.
        let shape = |flag: &&Flag| {
            matches!(flag, Flag::Spread | Flag::Tail | Flag::Spikes | Flag::Stuck | Flag::Zeroed)
        };
        let others = |flags: &[Flag]| flags.iter().filter(|flag| !shape(flag)).copied().collect::<Vec<_>>();
        prop_assert_eq!(others(&back.flags), others(&there.flags));
        if let (Some(ratio), Some(inverse)) = (there.ratio, back.ratio) && ratio > 0.0 {
            // A logarithm and an exponential of rounded quotients.
            prop_assert!((ratio * inverse - 1.0).abs() < 1e-9, "{} {}", ratio, inverse);
        }
    }

    #[test]
    fn a_change_of_unit_changes_no_state(
        scenario in scenario(), settings in settings(), exponent in -12.0..12.0, whole in any::<bool>(),
    ) {
        let unit = 10.0_f64.powf(if whole { f64::round(exponent) } else { exponent });
        let (baseline, canary) = scenario.sides();
        let scaled = |values: &[f64]| values.iter().map(|value| value * unit).collect::<Vec<f64>>();
        let here = one(settings.config(scenario.level), &baseline, &canary);
        let there = one(settings.config(scenario.level * unit), &scaled(&baseline), &scaled(&canary));
        let states = |result: &MetricResult| (result.state, result.evidence, result.counts_against, kind_of(&result.reason));
        prop_assert_eq!(states(&here), states(&there), "unit {}\n{:?}\n{:?}", unit, here, there);
        prop_assert_eq!(&here.flags, &there.flags);
        prop_assert!(close(here.ratio, there.ratio, 1e-9), "{:?} {:?}", here, there);
        prop_assert!(close(ends(&here).0, ends(&there).0, 1e-9) && close(ends(&here).1, ends(&there).1, 1e-9));
        prop_assert!(close(here.p_value, there.p_value, 1e-9), "{:?} {:?}", here, there);
        prop_assert_eq!((here.points.baseline, here.points.canary), (there.points.baseline, there.points.canary));
    }

    #[test]
    fn a_unit_that_is_a_power_of_two_changes_no_bit(
        scenario in scenario(), settings in settings(), exponent in -997_i32..=997,
    ) {
        let unit = 2.0_f64.powi(exponent);
        let (baseline, canary) = scenario.sides();
        // The level is put near 1 and tails are cut, so that 1e-300 of it is still a normal number.
        let values = |side: &[f64], unit: f64| -> Vec<f64> {
            side.iter().map(|value| (value / scenario.level).clamp(-1e3, 1e3) * unit).collect()
        };
        let settings = Settings { floor: None, ..settings };
        let judged = |unit: f64| one(settings.config(1.0), &values(&baseline, unit), &values(&canary, unit));
        let (here, there) = (judged(1.0), judged(unit));
        prop_assert_eq!(here.ratio, there.ratio, "{:?}\n{:?}", here, there);
        prop_assert_eq!(here.interval, there.interval);
        prop_assert_eq!(here.p_value, there.p_value);
        prop_assert_eq!(here.state, there.state);
    }

    #[test]
    fn hostile_series_give_finite_numbers_that_survive_json(
        seed in any::<u64>(), ticks in 0_usize..80, instances in 1_usize..4, judge in proptest::sample::select(JudgeKind::ALL.to_vec()),
        outliers in proptest::sample::select(vec![Outliers::Keep, Outliers::Drop]), counter in any::<bool>(),
    ) {
        let mut random = Random::new(seed);
        let (baseline, canary) = (hostile(&mut random, instances, ticks), hostile(&mut random, instances, ticks));
        let metric = MetricData::new("metric").baseline_instances(baseline.view()).canary_instances(canary.view());
        let mut builder = MetricSet::builder(minutes(ticks));
        builder.add(&metric).unwrap();
        let mut config = support::config(if counter { "[[rules]]\nmatch = [\"*\"]\nkind = \"counter\"" } else { "" });
        config.defaults.judge = judge;
        config.defaults.outliers = outliers;
        config.defaults.min_points = 0;
        config.defaults.min_coverage = Share::new(0.0).unwrap();
        let report = Judge::new(config).unwrap().with_series(true).judge(&builder.build().unwrap());
        let text = serde_json::to_string(&report).unwrap();
        // JSON has no NaN: one would come back as null, or not at all.
        prop_assert_eq!(&serde_json::from_str::<Report>(&text).unwrap(), &report);
        for result in &report.metrics {
            let judged_without_a_number = result.ratio.is_none() && matches!(result.reason, Reason::WithinBounds);
            prop_assert!(!judged_without_a_number, "{:?}\nbaseline {:?}\ncanary {:?}", result, baseline, canary);
        }
    }
}

/// Values from the edges of what a double can be; sometimes all the same.
fn hostile(random: &mut Random, instances: usize, ticks: usize) -> ndarray::Array2<f64> {
    const EDGES: [f64; 16] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        -f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        0.0,
        -0.0,
        1.0,
        1.0 + f64::EPSILON,
        -1.0,
        1e300,
        1e-300,
    ];
    // Few distinct edges at a time: all sixteen together are mostly of mixed signs.
    let chosen: Vec<f64> = (0..=random.index(4)).map(|_| EDGES[random.index(EDGES.len())]).collect();
    ndarray::Array2::from_shape_fn((instances, ticks), |_| chosen[random.index(chosen.len())])
}

/// A few metrics with a plain one that spans the grid, so that a region's life does not depend on the rest.
fn several(scenarios: &[Scenario], ticks: usize) -> Vec<(String, Vec<f64>, Vec<f64>)> {
    let mut metrics = vec![("anchor".to_owned(), vec![1.0; ticks], vec![1.0; ticks])];
    for (index, scenario) in scenarios.iter().enumerate() {
        let (baseline, canary) = Scenario { ticks, ..scenario.clone() }.sides();
        metrics.push((format!("metric_{index}"), baseline, canary));
    }
    metrics
}

fn built(metrics: &[(String, Vec<f64>, Vec<f64>)], ticks: usize) -> MetricSet {
    let mut builder = MetricSet::builder(minutes(ticks));
    for (name, baseline, canary) in metrics {
        builder.add(&MetricData::new(name).baseline(baseline).canary(canary)).unwrap();
    }
    builder.build().unwrap()
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn another_metric_changes_no_result(scenarios in prop::collection::vec(scenario(), 1..5), settings in settings()) {
        let ticks = 90;
        let metrics = several(&scenarios, ticks);
        let together = report(settings.config(1.0), &built(&metrics, ticks));
        for metric in metrics.iter().skip(1) {
            let alone = report(settings.config(1.0), &built(&[metrics[0].clone(), metric.clone()], ticks));
            let find = |report: &Report| report.metrics.iter().find(|result| *result.name == *metric.0).cloned();
            // The level at which a metric is decided is the run's affair; what its data say is its own.
            let own = |report: &Report| find(report).map(|found| (found.p_value, found.points, found.method, found.notes));
            prop_assert_eq!(own(&alone), own(&together));
        }
    }

    #[test]
    fn more_weight_on_a_failing_metric_never_raises_the_score(
        scenarios in prop::collection::vec(scenario(), 1..8), weight in 0.0..10.0, more in 0.0..100.0,
    ) {
        let ticks = 60;
        let mut metrics = several(&scenarios, ticks);
        metrics.push(("hot".to_owned(), vec![1.0; ticks], vec![2.0; ticks]));
        let metrics = built(&metrics, ticks);
        let score = |weight: f64| {
            let weight = Weight::new(weight).ok();
            let hot = Rule { patterns: vec!["hot".into()], weight, ..Rule::default() };
            let grouped = Rule { patterns: vec!["*_1".into(), "*_2".into()], group: Some("other".into()), ..Rule::default() };
            let report = report(Config { rules: vec![hot, grouped], ..Config::default() }, &metrics);
            assert!(report.metrics.iter().any(|result| *result.name == *"hot" && result.counts_against));
            let states: Vec<State> = report.metrics.iter().map(|result| result.state).collect();
            (report.score_uncapped.unwrap(), states)
        };
        let (light, heavy) = (score(weight), score(weight + more));
        // The budget is weighted: with another weight the others may be decided differently.
        prop_assume!(light.1 == heavy.1);
        // Rounding of two quotients.
        prop_assert!(heavy.0 <= light.0 + 1e-9);
    }

    #[test]
    fn silence_is_never_pass(
        scenarios in prop::collection::vec(scenario(), 1..4), settings in settings(), silence in 0..5,
        lenient in any::<bool>(), idle_and_unweighted in any::<bool>(), by_peer in any::<bool>(),
    ) {
        let ticks = 60;
        let mut metrics = several(&scenarios, ticks);
        for (_, baseline, canary) in &mut metrics {
            match silence {
                0 => canary.fill(f64::NAN),
                1 => baseline.fill(f64::NAN),
                2 => [baseline, canary].into_iter().for_each(|side| side.fill(f64::NAN)),
                3 => [baseline, canary].into_iter().for_each(|side| side.fill(0.0)),
                _ => canary.fill(f64::INFINITY),
            }
        }
        let mut config = settings.config(1.0);
        if by_peer {
            config.defaults.judge = JudgeKind::Kayenta;
        }
        if lenient {
            let most = Share::new(1.0).unwrap();
            config.evidence = EvidenceSettings { max_nodata: most, max_undecided: most, ..EvidenceSettings::default() };
            config.defaults.min_points = 0;
            config.defaults.min_coverage = Share::new(0.0).unwrap();
        }
        if idle_and_unweighted {
            // A metric that is shown but not counted says nothing either.
            metrics.push(("shown".to_owned(), vec![1.0; ticks], vec![1.0; ticks]));
            let weight = Weight::new(0.0).ok();
            config.rules.push(Rule { patterns: vec!["shown".into()], weight, ..Rule::default() });
        }
        let report = report(config, &built(&metrics, ticks));
        prop_assert_ne!(report.verdict, Verdict::Pass, "{:#?}", report);
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn the_order_of_anything_and_the_threads_change_no_byte(
        seed in any::<u64>(), metrics in 1_usize..12, ticks in 1_usize..60, jitter in prop_oneof![Just(0), Just(1), Just(4000)],
    ) {
        let mut random = Random::new(seed);
        let sides = [rows::random(&mut random, metrics, ticks, jitter), rows::random(&mut random, metrics, ticks, jitter)];
        let config = support::config(rows::CONFIG);
        let judged = |sides: &[Vec<Table>; 2], threads: usize| {
            let [baseline, canary] = [rows::observations(&sides[0]), rows::observations(&sides[1])];
            let set = MetricSet::from_observations(&baseline, &canary, &Selection::default()).unwrap();
            let judge = Judge::new(config.clone()).unwrap().with_seed(seed).with_series(true).with_threads(threads);
            serde_json::to_string(&judge.judge(&set)).unwrap()
        };
        let plain = [vec![Table::new(&sides[0], &[])], vec![Table::new(&sides[1], &[])]];
        let expected = judged(&plain, 1);
        for threads in [1, 2, 5] {
            let mut shuffled = |side: &[Row]| rows::shuffled(side, &mut random);
            let sides = [shuffled(&sides[0]), shuffled(&sides[1])];
            prop_assert_eq!(&judged(&sides, threads), &expected, "{} threads", threads);
        }
    }
}

/// Many p-values: most uniform, some tiny, some tied, some at the edges; with weights from zero up.
fn hypotheses() -> impl Strategy<Value = Vec<Hypothesis>> {
    let p_value = prop_oneof![
        4 => 0.0..=1.0_f64,
        4 => (-12.0..0.0_f64).prop_map(f64::exp2),
        2 => (0_u8..=20).prop_map(|steps| f64::from(steps) / 100.0),
    ];
    let weight = prop_oneof![3 => Just(1.0), 2 => 0.0..5.0_f64];
    prop::collection::vec((p_value, weight).prop_map(|(p_value, weight)| Hypothesis { p_value, weight }), 0..40)
}

fn p_values(hypotheses: &[Hypothesis]) -> Vec<f64> {
    hypotheses.iter().map(|one| one.p_value).collect()
}

/// Whether each is rejected.
fn rejected(p_values: &[f64], found: &Thresholds) -> Vec<bool> {
    p_values.iter().zip(&found.thresholds).map(|(p, threshold)| p <= threshold).collect()
}

/// That the adjusted p-values reject the same; where one is the level but for rounding, either may stand.
fn same_rejections(found: &[bool], adjusted: &[f64], level: f64) -> Result<(), TestCaseError> {
    for (&rejected, &adjusted) in found.iter().zip(adjusted) {
        let equal = (adjusted - level).abs() <= 1e-12 * level;
        prop_assert!(equal || rejected == (adjusted <= level), "{} adjusted to {}", rejected, adjusted);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1000))]

    #[test]
    fn thresholds_reject_what_adjusted_p_values_reject(hypotheses in hypotheses(), level in 0.001..0.5_f64) {
        let p_values = p_values(&hypotheses);
        let discoveries = false_discovery_thresholds(&hypotheses, level);
        let found = rejected(&p_values, &discoveries);
        prop_assert_eq!(found.iter().filter(|&&rejected| rejected).count(), discoveries.rejected);
        same_rejections(&found, &weighted_adjusted_p_values(&hypotheses), level)?;

        let holm = holm_thresholds(&p_values, level);
        let found = rejected(&p_values, &holm);
        prop_assert_eq!(found.iter().filter(|&&rejected| rejected).count(), holm.rejected);
        same_rejections(&found, &adjusted_p_values(&p_values, Adjustment::Holm), level)?;
    }

    #[test]
    fn a_higher_level_or_a_lower_p_value_loses_no_rejection(
        hypotheses in hypotheses(), level in 0.001..0.3_f64, more in 1.0..3.0_f64, lowered in any::<prop::sample::Index>(),
    ) {
        let before = false_discovery_thresholds(&hypotheses, level);
        let holm_before = holm_thresholds(&p_values(&hypotheses), level);
        let after = false_discovery_thresholds(&hypotheses, level * more);
        let holm_after = holm_thresholds(&p_values(&hypotheses), level * more);
        prop_assert!(after.rejected >= before.rejected && holm_after.rejected >= holm_before.rejected);
        for (before, after) in before.thresholds.iter().zip(&after.thresholds) {
            prop_assert!(before <= after);
        }
        if !hypotheses.is_empty() {
            let mut lower = hypotheses.clone();
            let index = lowered.index(lower.len());
            lower[index].p_value /= 2.0;
            prop_assert!(false_discovery_thresholds(&lower, level).rejected >= before.rejected);
            prop_assert!(holm_thresholds(&p_values(&lower), level).rejected >= holm_before.rejected);
        }
    }

    #[test]
    fn the_order_of_the_tests_changes_no_threshold(
        (hypotheses, shuffled) in hypotheses().prop_flat_map(|given| {
            let order: Vec<usize> = (0..given.len()).collect();
            (Just(given), Just(order).prop_shuffle())
        }),
        level in 0.001..0.5_f64,
    ) {
        let moved: Vec<Hypothesis> = shuffled.iter().map(|&index| hypotheses[index]).collect();
        for (given, moved) in [
            (false_discovery_thresholds(&hypotheses, level), false_discovery_thresholds(&moved, level)),
            (holm_thresholds(&p_values(&hypotheses), level), holm_thresholds(&p_values(&moved), level)),
        ] {
            let expected: Vec<f64> = shuffled.iter().map(|&index| given.thresholds[index]).collect();
            prop_assert_eq!((moved.thresholds, moved.rejected), (expected, given.rejected));
        }
    }
}
