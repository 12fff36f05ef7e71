//! What must hold for any data. Seeds are fixed: the same cases on every machine and day.

use canary_core::config::{Bounds, Direction};
use canary_core::kayenta::{
    AllTied, Difference, Label, OutlierStrategy, RankTest, Rule, Weakness, classify, weaknesses,
};
use canary_core::report::State;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

fn cases(cases: u32) -> ProptestConfig {
    // Failures need no file: the seed is fixed, so that the same cases run again.
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_240_229), failure_persistence: None, ..Default::default() }
}

/// Any double at all, and often small whole numbers, so that there are ties.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => (-3..4_i8).prop_map(f64::from), 4 => -1e3..1e3, 1 => prop::num::f64::ANY]
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![(-3..4_i8).prop_map(f64::from), -5.0..5.0]
}

/// The statistic by its definition: every value ranked in the pool.
fn slow(baseline: &[f64], canary: &[f64], shift: f64) -> Result<f64, AllTied> {
    let shifted: Vec<f64> = canary.iter().map(|value| value - shift).collect();
    let pool: Vec<f64> = shifted.iter().chain(baseline).copied().collect();
    let below = |value: f64| pool.iter().filter(|other| **other < value).count() as f64;
    let equal = |value: f64| pool.iter().filter(|other| **other == value).count() as f64;
    let rank_sum: f64 = shifted.iter().map(|&value| below(value) + f64::midpoint(equal(value), 1.0)).sum();
    let (m, n) = (canary.len() as f64, baseline.len() as f64);
    let ties: f64 = pool.iter().map(|&value| equal(value).powi(2) - 1.0).sum();
    let spread = (m * n / 12.0 * (m + n + 1.0 - ties / ((m + n) * (m + n - 1.0)))).sqrt();
    let excess = rank_sum - m * (m + 1.0) / 2.0 - m * n / 2.0;
    let continuity = if excess == 0.0 { 0.0 } else { 0.5 * excess.signum() };
    if spread == 0.0 { Err(AllTied) } else { Ok((excess - continuity) / spread) }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_merged_statistic_is_the_ranked_one(
        baseline in prop::collection::vec(finite(), 1..40),
        canary in prop::collection::vec(finite(), 1..40),
        shift in finite(),
    ) {
        let found = RankTest::new(&baseline, &canary).unwrap().statistic(shift);
        // Counts and halves are exact; the same few operations follow.
        prop_assert_eq!(found, slow(&baseline, &canary, shift));
    }
}

proptest! {
    // Each case is some 60 classifications.
    #![proptest_config(cases(100))]

    #[test]
    fn any_values_have_a_classification(
        baseline in prop::collection::vec(value(), 0..20),
        canary in prop::collection::vec(value(), 0..20),
        remove in any::<bool>(),
    ) {
        let outliers = if remove { OutlierStrategy::Remove { factor: 3.0 } } else { OutlierStrategy::Keep };
        let rule = Rule { outliers, ..Rule::default() };
        let found = classify(&baseline, &canary, &rule, 0);
        // As text: an interval at infinity is no number, which does not equal itself.
        let again = classify(&baseline, &canary, &rule, 0);
        prop_assert_eq!(format!("{found:?}"), format!("{again:?}"), "same seed, same result");
        if found.label.is_flagged() {
            let away = |direction| classify(&baseline, &canary, &Rule { direction, ..rule }, 0).label;
            let other = if found.label == Label::High { Direction::Decrease } else { Direction::Increase };
            prop_assert_eq!(away(other), Label::Pass);
        }
        for state in State::ALL {
            let (label, bounds) = (found.label, Bounds::default());
            let difference =
                Difference { baseline: &baseline, canary: &canary, rule: &rule, label, state, bounds, seed: 0 };
            prop_assert!(weaknesses(&difference).len() <= Weakness::ALL.len());
        }
    }
}
