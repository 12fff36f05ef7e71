//! Which weakness is named where the peer's rule and our judge differ.

use canary_core::config::Bounds;
use canary_core::kayenta::{Difference, EffectSize, Measure, NanStrategy, Rule, Weakness, classify, weaknesses};
use canary_core::report::State;

use crate::file::edge_cases;
use crate::support::Random;

fn named(baseline: &[f64], canary: &[f64], rule: &Rule, state: State) -> Vec<Weakness> {
    let label = classify(baseline, canary, rule, 0).label;
    weaknesses(&Difference { baseline, canary, rule, label, state, bounds: Bounds::default(), seed: 0 })
}

/// The weaknesses of an edge case where our judge says `state`.
fn of_case(case: &str, state: State) -> Vec<Weakness> {
    let file = edge_cases();
    let vector = file.edge_case(case);
    named(&file.baseline(vector), &file.canary(vector), &vector.rule(), state)
}

#[test]
fn the_published_cases() {
    for (case, state, weakness) in [
        ("issue 6278: 7 of 10 intervals at 100", State::Hot, Weakness::ZeroInflated),
        ("zero-inflated: control all 0, canary 20 of 60 points = 1", State::Hot, Weakness::ZeroInflated),
        ("zero-inflated: control all 0, canary 30 of 60 points = 1", State::Hot, Weakness::ZeroInflated),
        ("zero-inflated: control all 0, canary 27 of 60 points = 1", State::Ok, Weakness::ZeroInflated),
        ("issue 780 case 1: shape change", State::Cold, Weakness::OnlyLocation),
        ("units: same pair scaled by 1e-05", State::Hot, Weakness::UnitDependent),
        ("negative means -10 -> -5, meanRatio", State::Hot, Weakness::NegativeMean),
        ("negative means -10 -> -20, meanRatio", State::Cold, Weakness::NegativeMean),
        ("two vs two", State::NoData, Weakness::TinySamples),
        ("late step: +50% in the last quarter", State::Hot, Weakness::LateOnset),
        ("variance x10, same centre", State::Hot, Weakness::OnlyLocation),
        ("issue 799: all canary intervals have errors", State::Ok, Weakness::ZeroMean),
    ] {
        let found = of_case(case, state);
        assert!(found.contains(&weakness), "{case}: {found:?}");
    }
}

#[test]
fn none_where_the_two_agree() {
    assert_eq!(of_case("units: same pair scaled by 1", State::Hot), []);
    assert_eq!(of_case("issue 6278: 8 of 10 intervals at 100", State::Hot), []);
    let decrease_only = Rule { direction: canary_core::config::Direction::Decrease, ..Rule::default() };
    let (low, high): (Vec<f64>, Vec<f64>) = (0..60).map(|i| (f64::from(i % 7), f64::from(i % 7) + 10.0)).unzip();
    assert_eq!(named(&low, &high, &decrease_only, State::Hot), [], "told to look the other way");
}

#[test]
fn unit_dependence_is_named_in_no_other_unit() {
    assert!(!of_case("units: same pair scaled by 1", State::Ok).contains(&Weakness::UnitDependent));
    assert!(!of_case("units: same pair scaled by 0.001", State::Ok).contains(&Weakness::UnitDependent));
}

#[test]
fn values_that_follow_each_other() {
    let mut random = Random::new(4);
    let series = |random: &mut Random, rho| random.ar1(240, rho).iter().map(|z| 100.0 + z).collect::<Vec<_>>();
    let (mut flagged, mut explained) = (0, 0);
    for _ in 0..60 {
        let (baseline, canary) = (series(&mut random, 0.8), series(&mut random, 0.8));
        if classify(&baseline, &canary, &Rule::default(), 0).label.is_flagged() {
            flagged += 1;
            let found = named(&baseline, &canary, &Rule::default(), State::Ok);
            explained += u32::from(found.contains(&Weakness::IndependentMinutes));
        }
    }
    // False alarms of the rule at a lag-1 autocorrelation of 0.8; a mended level of 2 % leaves next to none.
    assert!(flagged >= 8 && explained * 10 >= flagged * 8, "{explained} of {flagged}");
    let (baseline, canary) = (series(&mut random, 0.0), series(&mut random, 0.0));
    let shifted: Vec<f64> = canary.iter().map(|value| value + 1.0).collect();
    let found = named(&baseline, &shifted, &Rule::default(), State::Ok);
    assert_eq!(found, [Weakness::NoPracticalMargin], "one per cent, for certain");
}

#[test]
fn a_load_that_both_sides_share() {
    let mut random = Random::new(1);
    let load: Vec<f64> = (0..240).map(|i| 100.0 + 50.0 * (f64::from(i) / 40.0).sin()).collect();
    let side = |random: &mut Random, factor: f64| -> Vec<f64> {
        load.iter().map(|load| factor * load + random.normal()).collect()
    };
    let (baseline, canary) = (side(&mut random, 1.0), side(&mut random, 1.05));
    assert_eq!(named(&baseline, &canary, &Rule::default(), State::Hot), [Weakness::NoPairing]);
    let unrelated = random.noisy(240, 100.0, 0.3);
    let found = named(&random.noisy(240, 101.0, 0.3), &unrelated, &Rule::default(), State::Hot);
    assert!(!found.contains(&Weakness::NoPairing), "{found:?}");
}

#[test]
fn what_was_told_to_it() {
    let mut random = Random::new(1);
    let (baseline, mut canary) = (random.noisy(60, 100.0, 0.05), random.noisy(60, 130.0, 0.05));
    let silent = vec![f64::NAN; 60];
    let replaced = Rule {
        nan_strategy: NanStrategy::Replace,
        direction: canary_core::config::Direction::Increase,
        ..Rule::default()
    };
    assert_eq!(named(&baseline, &silent, &replaced, State::NoData), [Weakness::MissingAsZero]);
    canary[7] = f64::INFINITY;
    for measure in [Measure::MeanRatio, Measure::Cles] {
        let rule = Rule { effect_size: EffectSize::neutral(measure), ..Rule::default() };
        // The last quarter has none of them: it is named as well.
        let expected = [Weakness::InfiniteValues, Weakness::LateOnset];
        assert_eq!(named(&baseline, &canary, &rule, State::Hot), expected, "{measure:?}");
    }
}
