//! A config proposed by the past, and what one metric does to the score.
#![allow(clippy::unwrap_used, reason = "a test")]
#![allow(clippy::float_cmp, reason = "weights and steps are exact")]

use canary_core::calibrate::{Split, calibrate, split};
use canary_core::config::{Comments, Config, Direction, Format, Kind, Resolver, Span};
use canary_core::ndarray::Array2;
use canary_core::report::{State, Verdict};
use canary_core::{Judge, MetricData, MetricSet, TimeGrid};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

const TICKS: usize = 240;

/// Uniform on (-1, 1).
fn noise(random: &mut Pcg64Mcg) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
}

fn series(random: &mut Pcg64Mcg, mut value: impl FnMut(usize, f64) -> f64) -> Vec<f64> {
    (0..TICKS).map(|tick| value(tick, noise(random))).collect()
}

/// A healthy run: two builds that differ by noise alone.
fn healthy(seed: u64) -> MetricSet {
    let mut random = Pcg64Mcg::seed_from_u64(seed);
    let mut set = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), TICKS));
    let mut add = |name: &str, value: &dyn Fn(usize, f64) -> f64| {
        let [baseline, canary] = [(); 2].map(|()| series(&mut random, value));
        set.add(&MetricData::new(name).baseline(&baseline).canary(&canary)).unwrap();
    };
    for thing in ["cart", "checkout", "login", "search"] {
        add(&format!("shop/{thing}/latency_p99"), &|_, noise| 200.0 + 10.0 * noise);
        add(&format!("shop/{thing}/requests"), &|_, noise| (1000.0 + 30.0 * noise).round());
        add(&format!("shop/{thing}/bytes_total"), &|tick, noise| 5000.0 * tick as f64 + 1000.0 * noise);
    }
    add("idle/errors", &|_, _| 0.0);
    // A few huge values decide its level: no bounds up to 3 certify it.
    add("bursts", &|_, noise| if noise > 0.97 { 1e6 } else { 0.0 });
    set.build().unwrap()
}

#[test]
fn every_metric_finds_what_its_past_says() {
    let runs = [1, 2, 3].map(healthy);
    let calibration = calibrate(&runs).unwrap();
    let config = &calibration.config;
    assert_eq!(calibration.metrics, 14);
    assert!(config.rules.len() <= 6, "{:#?}", config.rules);
    assert_eq!(calibration.comments.rules.len(), config.rules.len(), "each rule says what was seen");
    let resolver = Resolver::new(config).unwrap();
    let of = |name: &str| resolver.settings(name);
    for thing in ["cart", "checkout", "login", "search"] {
        let tail = of(&format!("shop/{thing}/latency_p99"));
        assert_eq!((tail.kind, tail.direction), (Kind::Quantile, Direction::Increase));
        assert_eq!(tail.requests.unwrap().name(), Some(format!("shop/{thing}/requests").as_str()));
        // 5 % of noise over 240 minutes puts the mean within 1 %: the first step of the ladder.
        assert_eq!((tail.bounds.lower(), tail.bounds.upper()), (0.9524, 1.05));
        assert_eq!(of(&format!("shop/{thing}/bytes_total")).kind, Kind::Counter);
        assert_eq!(of(&format!("shop/{thing}/requests")).direction, Direction::Decrease);
    }
    assert_eq!([of("idle/errors"), of("bursts")].map(|settings| settings.weight.get()), [0.0, 0.0]);
}

#[test]
fn nothing_of_the_past_is_flagged_and_the_text_reads_back() {
    let runs = [4, 5].map(healthy);
    let calibration = calibrate(&runs).unwrap();
    let toml = calibration.config.to_toml(&calibration.comments).unwrap();
    assert_eq!(Config::from_text(&toml, Format::Toml).unwrap(), calibration.config, "{toml}");
    let judge = Judge::new(calibration.config).unwrap();
    for run in &runs {
        let report = judge.judge(run);
        assert_eq!((report.verdict, report.counts.hot + report.counts.cold), (Verdict::Pass, 0));
    }
}

#[test]
fn no_past_proposes_the_defaults() {
    let calibration = calibrate(&[]).unwrap();
    assert_eq!((calibration.config, calibration.metrics), (Config::default(), 0));
    assert_eq!(Config::default().to_toml(&Comments::default()).unwrap(), "");
}

#[test]
fn a_side_is_split_by_instances_where_it_has_them_else_by_ticks() {
    let values = Array2::from_shape_fn((4, TICKS), |(instance, tick)| (1000 * instance + tick) as f64);
    let grid = TimeGrid::new(Span::from_ms(60_000), TICKS);
    let mut several = MetricSet::builder(grid);
    several.add(&MetricData::new("m").group("g").baseline_instances(values.view())).unwrap();
    let (set, how) = split(&several.build().unwrap(), 0).unwrap();
    let pair = set.get(0).unwrap();
    assert_eq!((how, pair.baseline.instances(), pair.canary.instances()), (Split::Instances, 2, 2));
    assert_eq!(pair.group.map(AsRef::as_ref), Some("g"));
    let one: Vec<f64> = (0..TICKS).map(|tick| tick as f64).collect();
    let mut alone = MetricSet::builder(grid);
    alone.add(&MetricData::new("m").baseline(&one)).unwrap();
    let (set, how) = split(&alone.build().unwrap(), 0).unwrap();
    assert_eq!((how, set.grid().ticks(), set.grid().step().ms()), (Split::Ticks, TICKS / 2, 120_000));
    let pair = set.get(0).unwrap();
    let [mut baseline, mut canary] = [(); 2].map(|()| vec![0.0; TICKS / 2]);
    pair.baseline.fill(0, &mut baseline);
    pair.canary.fill(0, &mut canary);
    let swapped = baseline.iter().zip(&canary).filter(|(baseline, canary)| baseline > canary).count();
    // A fair coin: 120 throws lie outside 35 to 85 about once in 200,000 runs, and this seed is fixed.
    assert!((35..85).contains(&swapped), "{swapped}");
    assert!(baseline.iter().zip(&canary).all(|(baseline, canary)| (baseline - canary).abs() == 1.0));
}

#[test]
fn without_a_failing_metric_the_score_is_that_of_the_others() {
    let mut random = Pcg64Mcg::seed_from_u64(7);
    let mut set = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), TICKS));
    for (name, factor) in [("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 2.0)] {
        let baseline = series(&mut random, |_, noise| 100.0 + noise);
        let canary: Vec<f64> = series(&mut random, |_, noise| factor * (100.0 + noise));
        set.add(&MetricData::new(name).baseline(&baseline).canary(&canary)).unwrap();
    }
    let report = Judge::new(Config::default()).unwrap().judge(&set.build().unwrap());
    assert_eq!(report.score_uncapped, Some(75.0));
    let without = |state| report.score_without(report.metrics.iter().find(|metric| metric.state == state).unwrap());
    // Three of three, and two of three.
    assert_eq!(without(State::Hot), Some(100.0));
    assert!((without(State::Ok).unwrap() - 200.0 / 3.0).abs() < 1e-12, "a division rounds");
}
