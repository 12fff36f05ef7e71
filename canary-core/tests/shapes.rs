//! Shapes: what was put in is found, and nothing else is. Seeds are fixed.
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use canary_core::shape::{Shape, ShapeDirection, ShapeFinding, ShapeInput, ShapeWorkspace, find};
use support::Random;

const TICKS: usize = 480;

fn found(baseline: &[f64], canary: &[f64]) -> Vec<ShapeFinding> {
    find(&ShapeInput { baseline, canary }, &mut ShapeWorkspace::default())
}

fn the(shape: Shape, findings: &[ShapeFinding]) -> Option<ShapeFinding> {
    findings.iter().copied().find(|finding| finding.shape == shape)
}

/// Log-normal noise about a level of 100.
fn noise(random: &mut Random, spread: f64) -> Vec<f64> {
    random.noisy(TICKS, 100.0, spread)
}

fn changed(values: &[f64], change: impl Fn(usize, f64) -> f64) -> Vec<f64> {
    values.iter().enumerate().map(|(tick, &value)| change(tick, value)).collect()
}

#[test]
fn wider_and_narrower_noise_is_found_with_its_size() {
    let mut random = Random::new(1);
    for (factor, direction) in [(2.0, ShapeDirection::Up), (0.5, ShapeDirection::Down)] {
        let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1 * factor));
        let spread = the(Shape::Spread, &found(&baseline, &canary)).unwrap();
        assert_eq!(spread.direction, Some(direction));
        // Forty blocks of 12 give a ratio of mean deviations a standard error of about 6 %: four of them.
        assert!((spread.size.unwrap() / factor).ln().abs() < 0.25, "{spread:?}");
    }
}

#[test]
fn what_only_one_side_has_at_its_end_is_not_compared() {
    let mut random = Random::new(14);
    let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.2));
    let baseline = changed(&baseline, |tick, value| if tick < 400 { value } else { -1000.0 * value });
    assert_eq!(found(&baseline, &canary[..400]), found(&baseline[..400], &canary[..400]));
    assert_eq!(found(&canary[..400], &baseline), found(&canary[..400], &baseline[..400]));
}

#[test]
fn noise_wider_by_less_than_the_bound_is_no_finding() {
    let mut random = Random::new(2);
    let flags = (0..200).filter(|_| {
        let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.12));
        the(Shape::Spread, &found(&baseline, &canary)).is_some()
    });
    // At the bound of 1.25 it would be 2.5 %, and 1.2 is within.
    assert!(flags.count() <= 5);
}

#[test]
fn a_longer_tail_is_found_from_either_side() {
    let mut random = Random::new(3);
    let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1));
    let canary = changed(&canary, |tick, value| if tick % 20 == 7 { value * 2.0 } else { value });
    let (there, back) = (found(&baseline, &canary), found(&canary, &baseline));
    let (there, back) = (the(Shape::Tail, &there).unwrap(), the(Shape::Tail, &back).unwrap());
    assert_eq!((there.direction, back.direction), (Some(ShapeDirection::Up), Some(ShapeDirection::Down)));
    assert_eq!(there.p_value, back.p_value);
    assert!(there.p_value.unwrap() < 0.001);
}

#[test]
fn spikes_are_found_where_they_begin() {
    let mut random = Random::new(4);
    let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1));
    let spiky = |tick: usize| [60, 150, 300, 400].iter().any(|&start| tick == start || tick == start + 1);
    let canary = changed(&canary, |tick, value| if spiky(tick) { value * 10.0 } else { value });
    let spikes = the(Shape::Spikes, &found(&baseline, &canary)).unwrap();
    assert_eq!((spikes.direction, spikes.size), (Some(ShapeDirection::Up), Some(8.0)));
    assert_eq!(spikes.onset_tick, Some(60));
    // Eight against none: scipy.stats.binomtest(8, 8).pvalue = 2^-7.
    assert!((spikes.p_value.unwrap() - 0.007_812_5).abs() < 1e-12);
    let incident = |tick: usize| (60..68).contains(&tick);
    let once = changed(&noise(&mut random, 0.1), |tick, value| if incident(tick) { value * 10.0 } else { value });
    assert_eq!(the(Shape::Spikes, &found(&baseline, &once)), None, "one incident");
}

#[test]
fn a_stuck_canary_is_found_and_quiet_sides_are_not() {
    let mut random = Random::new(5);
    let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1));
    let last = canary[299];
    let stuck = changed(&canary, |tick, value| if tick < 300 { value } else { last });
    let expected =
        ShapeFinding { shape: Shape::Stuck, direction: None, p_value: None, size: Some(181.0), onset_tick: Some(299) };
    assert_eq!(found(&baseline, &stuck), [expected]);
    let gaps = changed(&stuck, |tick, value| if tick % 3 == 0 { f64::NAN } else { value });
    // Of the ticks 299 to 479 the 60 multiples of 3 are missing.
    assert_eq!(found(&baseline, &gaps), [ShapeFinding { size: Some(121.0), ..expected }]);
    let quiet = changed(&baseline, |tick, value| if tick < 300 { value } else { last });
    assert_eq!(found(&quiet, &stuck), [], "both");
    assert_eq!(found(&stuck, &baseline), [], "the baseline");
    assert_eq!(found(&[5.0; TICKS], &[5.0; TICKS]), [], "a constant");
}

#[test]
fn a_canary_that_falls_to_zero_is_zeroed_and_not_stuck() {
    let mut random = Random::new(6);
    let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1));
    let zeroed = |size: f64, onset: usize| ShapeFinding {
        shape: Shape::Zeroed,
        direction: None,
        p_value: None,
        size: Some(size),
        onset_tick: Some(onset),
    };
    let gone = changed(&canary, |tick, value| if tick < 240 { value } else { 0.0 });
    assert_eq!(found(&baseline, &gone), [zeroed(240.0, 240)]);
    assert_eq!(found(&baseline, &[0.0; TICKS]), [zeroed(480.0, 0)]);
    // Away for two ticks of three.
    let flapping = changed(&canary, |tick, value| if tick % 3 == 2 { value } else { 0.0 });
    assert_eq!(the(Shape::Zeroed, &found(&baseline, &flapping)), Some(zeroed(320.0, 0)));
    assert_eq!(found(&[0.0; TICKS], &[0.0; TICKS]), []);
    // An error counter that rests at zero, and hardly moves on the canary.
    let errors = |every: usize| changed(&baseline, |tick, _| f64::from(u8::from(tick % every == 0)));
    assert_eq!(found(&errors(8), &errors(100)), []);
}

/// A kind of noise, with nothing that tells the sides apart.
#[derive(Clone, Copy, Debug)]
enum Noise {
    /// Follows the level, with this spread in the logarithm.
    LogNormal(f64),
    /// The same size at any level.
    Additive,
    /// Counts with this mean: the root of the level.
    Counts(f64),
    /// Student's t with three degrees of freedom, in the logarithm.
    HeavyTails,
}

impl Noise {
    /// A side at `level`, with lag-1 autocorrelation `rho` of the noise or, for counts, of their rate.
    fn side(self, random: &mut Random, rho: f64, level: impl Fn(f64) -> f64) -> Vec<f64> {
        let slow = random.ar1(TICKS, rho);
        let mut value = |tick: usize| {
            let (level, noise) = (level(tick as f64 / TICKS as f64), slow[tick]);
            match self {
                Self::LogNormal(spread) => level * (spread * noise).exp(),
                Self::Additive => 10.0 * level + noise,
                Self::Counts(mean) => poisson(random, mean * level * (0.2 * noise).exp()),
                Self::HeavyTails => {
                    let square = (0..3).map(|_| random.normal().powi(2)).sum::<f64>() / 3.0;
                    level * (0.1 * noise / square.sqrt()).exp()
                }
            }
        };
        (0..TICKS).map(&mut value).collect()
    }
}

/// By products of uniforms (Knuth 1969): for small means.
fn poisson(random: &mut Random, mean: f64) -> f64 {
    let (mut product, mut count) = (random.uniform(), 0.0);
    while product > (-mean).exp() {
        product *= random.uniform();
        count += 1.0;
    }
    count
}

const NOISES: [Noise; 7] = [
    Noise::LogNormal(0.01),
    Noise::LogNormal(0.5),
    Noise::Additive,
    Noise::Counts(0.3),
    Noise::Counts(2.0),
    Noise::Counts(20.0),
    Noise::HeavyTails,
];

/// How many of `runs` simulated metrics have any shape.
fn flagged(runs: usize, seed: u64, noise: Noise, rho: f64, level: impl Fn(f64) -> f64) -> usize {
    let mut random = Random::new(seed);
    let mut workspace = ShapeWorkspace::default();
    let mut one = || {
        let baseline = noise.side(&mut random, rho, |_| 1.0);
        let canary = noise.side(&mut random, rho, &level);
        !find(&ShapeInput { baseline: &baseline, canary: &canary }, &mut workspace).is_empty()
    };
    (0..runs).filter(|_| one()).count()
}

/// Twice the 2 % that all detectors together are allowed, for 200 runs: beyond what chance explains at 2 %
/// (`scipy.stats.binom.sf(8, 200, 0.02)` = 0.02; the seeds are fixed).
const MOST_OF_200: usize = 8;

#[test]
fn sides_without_a_change_are_rarely_flagged_at_any_autocorrelation() {
    let mut total = 0;
    for (index, noise) in NOISES.into_iter().enumerate() {
        for (seed, rho) in [(100, 0.0), (200, 0.5), (300, 0.9)] {
            let flags = flagged(200, seed + index as u64, noise, rho, |_| 1.0);
            assert!(flags <= MOST_OF_200, "{noise:?} {rho}: {flags} of 200");
            total += flags;
        }
    }
    assert!(total <= 84, "{total} of 4200: more than 2 %");
}

#[test]
fn a_change_of_level_is_no_shape_whatever_the_noise_does_with_it() {
    type Level = fn(f64) -> f64;
    let levels: [(&str, Level); 5] = [
        ("doubled", |_| 2.0),
        ("halved", |_| 0.5),
        ("drift", |time| 1.0 + 0.5 * time),
        ("late", |time| if time < 0.7 { 1.0 } else { 1.5 }),
        ("warm-up", |time| 1.0 + (1.0 - time / 0.08).max(0.0)),
    ];
    for (index, noise) in NOISES.into_iter().enumerate() {
        for (name, level) in levels {
            let flags = flagged(200, 400 + index as u64, noise, 0.3, level);
            assert!(flags <= MOST_OF_200, "{noise:?} {name}: {flags} of 200");
        }
    }
}

#[test]
fn missing_values_are_no_shape() {
    let mut random = Random::new(7);
    let mut flags = 0;
    for share in [0.1, 0.6] {
        for _ in 0..200 {
            let (baseline, mut canary) = (noise(&mut random, 0.2), noise(&mut random, 0.2));
            canary.iter_mut().filter(|_| random.uniform() < share).for_each(|value| *value = f64::NAN);
            canary[400..].fill(f64::NAN);
            flags += usize::from(!found(&baseline, &canary).is_empty());
        }
    }
    assert!(flags <= 8, "{flags} of 400: more than 2 %");
}

/// Pairs with each of the shapes, and one without.
fn every_shape() -> Vec<(Vec<f64>, Vec<f64>)> {
    let mut random = Random::new(8);
    let mut pair = |change: fn(usize, f64) -> f64| {
        let (baseline, canary) = (noise(&mut random, 0.1), noise(&mut random, 0.1));
        (baseline, changed(&canary, change))
    };
    let mut pairs = vec![
        pair(|_, value| value),
        pair(|_, value| 100.0 * (value / 100.0).powi(2)),
        pair(|tick, value| if tick % 20 == 7 { value * 1.7 } else { value }),
        pair(|tick, value| if tick % 120 > 117 { value * 10.0 } else { value }),
        pair(|tick, value| if tick > 200 { 100.0 } else { value }),
        pair(|tick, value| if tick > 200 { 0.0 } else { value }),
        pair(|tick, value| if tick % 3 > 0 { 0.0 } else { value }),
    ];
    // Few distinct values: ties must break alike in every unit.
    let rounded = |values: &[f64]| values.iter().map(|value| (value / 10.0).round()).collect::<Vec<f64>>();
    let coarse: Vec<_> = pairs.iter().map(|(baseline, canary)| (rounded(baseline), rounded(canary))).collect();
    pairs.extend(coarse);
    pairs
}

fn scaled(values: &[f64], unit: f64) -> Vec<f64> {
    values.iter().map(|value| value * unit).collect()
}

#[test]
fn a_unit_that_is_a_power_of_two_changes_no_bit() {
    for (baseline, canary) in every_shape() {
        let here = found(&baseline, &canary);
        for exponent in [-996, -40, -1, 1, 7, 990] {
            let unit = 2.0_f64.powi(exponent);
            assert_eq!(found(&scaled(&baseline, unit), &scaled(&canary, unit)), here, "2^{exponent}");
        }
    }
}

#[test]
fn any_unit_gives_the_same_findings() {
    let mut shapes = Vec::new();
    for (baseline, canary) in every_shape() {
        let here = found(&baseline, &canary);
        for unit in [1e-300, 1e-9, 1e-3, 0.3, 7.0, 1e9, 1e300] {
            let there = found(&scaled(&baseline, unit), &scaled(&canary, unit));
            assert_eq!(there.len(), here.len(), "{unit}: {here:?} {there:?}");
            for (here, there) in here.iter().zip(&there) {
                let kind = |finding: &ShapeFinding| (finding.shape, finding.direction, finding.onset_tick);
                assert_eq!(kind(here), kind(there), "{unit}");
                let (here, there) = (here.p_value.unwrap_or(1.0), there.p_value.unwrap_or(1.0));
                // Rounding of the values, 1e-16, through logarithms and a t distribution far out.
                assert!((here / there - 1.0).abs() < 1e-6, "{unit}: {here} {there}");
            }
        }
        shapes.extend(here.iter().map(|finding| finding.shape));
    }
    for shape in [Shape::Spread, Shape::Tail, Shape::Spikes, Shape::Stuck, Shape::Zeroed] {
        assert!(shapes.contains(&shape), "{shape:?} is among the cases");
    }
}

#[test]
fn negative_values_are_judged_by_their_magnitude() {
    for (baseline, canary) in every_shape() {
        let negated = found(&scaled(&baseline, -1.0), &scaled(&canary, -1.0));
        assert_eq!(negated, found(&baseline, &canary));
    }
}

#[test]
fn hostile_series_give_numbers_that_can_be_shown() {
    const EDGES: [f64; 14] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        5e-324,
        -5e-324,
        0.0,
        -0.0,
        1.0,
        1.0 + f64::EPSILON,
        -1.0,
        1e300,
    ];
    let mut random = Random::new(9);
    let mut workspace = ShapeWorkspace::default();
    for _ in 0..4000 {
        let chosen: Vec<f64> = (0..=random.index(4)).map(|_| EDGES[random.index(EDGES.len())]).collect();
        let ticks = random.index(300);
        let mut side = || (0..ticks).map(|_| chosen[random.index(chosen.len())]).collect::<Vec<f64>>();
        let (baseline, canary) = (side(), side());
        for finding in find(&ShapeInput { baseline: &baseline, canary: &canary }, &mut workspace) {
            assert!(finding.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)), "{finding:?}");
            assert!(finding.size.is_none_or(f64::is_finite), "{finding:?}");
            assert!(finding.onset_tick.is_none_or(|tick| tick < ticks), "{finding:?}");
        }
    }
}

#[test]
fn too_little_data_is_no_shape() {
    for ticks in 0..20 {
        let values: Vec<f64> = (0..ticks).map(f64::from).collect();
        assert_eq!(found(&values, &vec![0.0; values.len()]), []);
    }
    assert_eq!(found(&[f64::NAN; TICKS], &[1.0; TICKS]), []);
    assert_eq!(found(&[1.0; TICKS], &[f64::NAN; TICKS]), []);
    assert_eq!(found(&[], &[1.0; TICKS]), [], "series of unequal length");
}

#[test]
fn words_on_the_wire() {
    let finding = ShapeFinding {
        shape: Shape::Spread,
        direction: Some(ShapeDirection::Up),
        p_value: Some(0.5),
        size: Some(2.0),
        onset_tick: None,
    };
    let text = serde_json::to_string(&finding).unwrap();
    let expected = r#"{"shape":"spread","direction":"up","p_value":0.5,"size":2.0,"onset_tick":null}"#;
    assert_eq!(text, expected);
    assert_eq!(serde_json::from_str::<ShapeFinding>(&text).unwrap(), finding);
}
