//! p-values that hold at any planned look.

use serde::{Deserialize, Serialize};

use super::function::Spending;
use super::looks::{self, LooksError};
use super::recursion::boundaries;

/// When an analysis is looked at, and how its error rate is spread over the looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LookPlan {
    /// The share of the planned horizon that is in at each look: increasing, the last usually 1. Above 1
    /// nothing is left to spend.
    pub fractions: Vec<f64>,
    /// Of Hwang, Shih & De Cani's spending function; -2 spends late, but not as late as O'Brien & Fleming.
    #[serde(default = "usual_gamma")]
    pub gamma: f64,
}

/// Close to the power of a single look, and fast to stop at large effects.
const USUAL_GAMMA: f64 = -2.0;

fn usual_gamma() -> f64 {
    USUAL_GAMMA
}

impl LookPlan {
    /// Looks at these shares of the horizon with the usual spending.
    #[must_use]
    pub fn at(fractions: Vec<f64>) -> Self {
        Self { fractions, gamma: USUAL_GAMMA }
    }

    /// `looks` equal steps to the horizon with the usual spending.
    #[must_use]
    pub fn even(looks: usize) -> Self {
        Self::at((1..=looks).map(|look| look as f64 / looks as f64).collect())
    }
}

/// Alphas of the table from the smallest to a half: 40, each about twice the one before.
const SMALLEST_ALPHA: f64 = 1e-12;
const HALVINGS: u8 = 39;
/// Up to certainty, where p-values decide nothing; 1 is the end of the scale.
const LARGE_ALPHAS: [f64; 4] = [0.7, 0.9, 0.99, 1.0];

/// Maps between the one-sided p-value of a look by itself and the one that holds over all planned looks.
///
/// The *sequential* p-value is the smallest total alpha whose boundary is crossed at this look; its
/// minimum over the looks so far is valid at any time, however the decision to stop is made. The
/// *nominal* p-value is what the look's own test must reach for a total alpha. The two maps are inverses
/// of one another, but for rounding, and increase; with one look at fraction 1 they are the identity.
///
/// Boundaries are those of [`spending_bounds`](super::spending_bounds), which needs independent
/// increments; the `union` maps need nothing: their boundary is the share of alpha that the look may
/// spend. Between 44 tabulated alphas from 1e-12 to 1 both are interpolated in logarithms, 0.3 % too
/// high at most. Below, the last slope is followed down to the union's boundary, and then that: always on the safe side, as a
/// boundary is nowhere stricter than the union's.
///
/// Looks are counted from 0. Where a look may spend nothing (after a fraction of 1, or not in the plan)
/// the nominal p-value is 0 and every p-value but 0 becomes 1. A two-sided p-value is
/// min(1, 2 min(hot, cold)), as usual.
///
/// Cost: some 25 ms for 16 looks when made (1.5 s for 256), then a binary search per value.
#[derive(Clone, Debug)]
pub struct LookSchedule {
    looks: Vec<Look>,
}

#[derive(Clone, Debug)]
struct Look {
    /// Of alpha.
    share: f64,
    /// From the smallest; empty where nothing may be spent.
    knots: Vec<Knot>,
}

/// A total alpha and its nominal p-value at the look, in logarithms.
#[derive(Clone, Copy, Debug)]
struct Knot {
    alpha: f64,
    nominal: f64,
}

impl LookSchedule {
    /// Computes the tables. Errors: fractions or a gamma that [`LooksError`] names. No look is a plan, too.
    pub fn new(plan: &LookPlan) -> Result<Self, LooksError> {
        let spending = Spending::HwangShihDeCani { gamma: plan.gamma };
        looks::check(spending, &plan.fractions)?;
        let alphas = alphas();
        let table = boundaries(spending, &alphas, &plan.fractions);
        let mut spent = 0.0;
        let look = |(fraction, boundaries): (&f64, Vec<_>)| {
            let before = std::mem::replace(&mut spent, spending.spent(1.0, *fraction));
            let nominal: Vec<f64> = boundaries.iter().map(|boundary: &super::Boundary| boundary.nominal_p).collect();
            Look::new(spent - before, &alphas, &nominal)
        };
        Ok(Self { looks: plan.fractions.iter().zip(table).map(look).collect() })
    }

    /// How many looks are planned.
    #[must_use]
    pub fn len(&self) -> usize {
        self.looks.len()
    }

    /// No look is planned.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.looks.is_empty()
    }

    /// The smallest total alpha whose boundary `nominal` crosses at this look.
    #[must_use]
    pub fn sequential_p(&self, look: usize, nominal: f64) -> f64 {
        let knots = self.looks.get(look).map_or(&[][..], |look| &look.knots);
        interpolated(knots, nominal, |knot| knot.nominal, |knot| knot.alpha).unwrap_or(1.0)
    }

    /// The p-value that this look's own test must reach for a total of `alpha`.
    #[must_use]
    pub fn nominal_p(&self, look: usize, alpha: f64) -> f64 {
        let knots = self.looks.get(look).map_or(&[][..], |look| &look.knots);
        interpolated(knots, alpha, |knot| knot.alpha, |knot| knot.nominal).unwrap_or(0.0)
    }

    /// As [`LookSchedule::sequential_p`] for statistics without independent increments.
    #[must_use]
    pub fn union_sequential_p(&self, look: usize, nominal: f64) -> f64 {
        if nominal <= 0.0 {
            return 0.0;
        }
        (nominal / self.share(look)).min(1.0)
    }

    /// As [`LookSchedule::nominal_p`] for statistics without independent increments: the share of `alpha`
    /// that this look may spend.
    #[must_use]
    pub fn union_nominal_p(&self, look: usize, alpha: f64) -> f64 {
        alpha.clamp(0.0, 1.0) * self.share(look)
    }

    /// The share of alpha that a look may spend; 0 for a look that is not planned.
    #[must_use]
    pub fn share(&self, look: usize) -> f64 {
        self.looks.get(look).map_or(0.0, |look| look.share)
    }
}

impl Look {
    fn new(share: f64, alphas: &[f64], nominal: &[f64]) -> Self {
        if share <= 0.0 {
            return Self { share: 0.0, knots: Vec::new() };
        }
        let mut knots: Vec<Knot> = Vec::with_capacity(alphas.len() + 1);
        for (alpha, nominal) in alphas.iter().zip(nominal) {
            // No boundary is stricter than the union's; and equal neighbours would have no inverse.
            let knot = Knot { alpha: alpha.ln(), nominal: nominal.max(alpha * share).ln() };
            if knots.last().is_none_or(|last| last.nominal < knot.nominal) {
                knots.push(knot);
            }
        }
        if let Some(meeting) = meeting_with_union(&knots, share.ln()) {
            knots.insert(0, meeting);
        }
        Self { share, knots }
    }
}

/// Where the table's lowest slope, continued, meets the union's boundary `alpha + share` (of logarithms).
fn meeting_with_union(knots: &[Knot], share: f64) -> Option<Knot> {
    let [first, second, ..] = knots else { return None };
    let steeper = (second.nominal - first.nominal) / (second.alpha - first.alpha) - 1.0;
    let above = first.nominal - (first.alpha + share);
    // Rounding of either is no slope: the boundary is the union's already.
    if above <= 1e-12 || steeper <= 1e-9 {
        return None;
    }
    let alpha = first.alpha - above / steeper;
    Some(Knot { alpha, nominal: alpha + share })
}

/// 44 alphas, ascending.
fn alphas() -> Vec<f64> {
    let span = (0.5 / SMALLEST_ALPHA).ln();
    let ratio = |index: u8| SMALLEST_ALPHA * (span * f64::from(index) / f64::from(HALVINGS)).exp();
    (0..=HALVINGS).map(ratio).chain(LARGE_ALPHAS).collect()
}

/// The line between the knots beside `value`, and lines of slope 1 outside them; 0 to 1. `None` without
/// knots, but 0 is 0 everywhere.
fn interpolated(knots: &[Knot], value: f64, from: fn(&Knot) -> f64, to: fn(&Knot) -> f64) -> Option<f64> {
    if value <= 0.0 {
        return Some(0.0);
    }
    let value = value.ln();
    let above = knots.partition_point(|knot| from(knot) <= value);
    let before = above.checked_sub(1).and_then(|index| knots.get(index));
    let found = match (before, knots.get(above)) {
        (Some(low), Some(high)) => {
            let part = (value - from(low)) / (from(high) - from(low));
            to(low) + part * (to(high) - to(low))
        }
        (Some(last), None) => to(last),
        (None, Some(first)) => to(first) + (value - from(first)),
        (None, None) => return None,
    };
    Some(found.exp().min(1.0))
}

#[cfg(test)]
#[allow(clippy::float_cmp, clippy::unwrap_used, reason = "a test; edges and small cases are exact")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::stats::spending_bounds;

    fn schedule(fractions: &[f64]) -> LookSchedule {
        LookSchedule::new(&LookPlan { fractions: fractions.to_vec(), gamma: -2.0 }).unwrap()
    }

    /// Equal but for rounding: a few logarithms of numbers up to 700 and their exponential.
    fn close(found: f64, expected: f64) -> bool {
        (found - expected).abs() <= 1e-12 * expected
    }

    #[test]
    fn one_look_at_the_end_changes_nothing() {
        let single = schedule(&[1.0]);
        for p in [1e-300, 1e-13, 1e-12, 1e-9, 0.01, 0.5, 0.6, 0.95, 1.0] {
            for mapped in [
                single.sequential_p(0, p),
                single.nominal_p(0, p),
                single.union_sequential_p(0, p),
                single.union_nominal_p(0, p),
            ] {
                assert!(close(mapped, p), "{p} {mapped}");
            }
        }
    }

    #[test]
    fn nothing_is_left_after_the_horizon_or_outside_the_plan() {
        let beyond = schedule(&[0.5, 1.0, 1.5]);
        for look in [2, 3, 99] {
            assert_eq!((beyond.nominal_p(look, 0.05), beyond.union_nominal_p(look, 0.05)), (0.0, 0.0));
            assert_eq!((beyond.sequential_p(look, 1e-9), beyond.union_sequential_p(look, 1e-9)), (1.0, 1.0));
            assert_eq!((beyond.sequential_p(look, 0.0), beyond.union_sequential_p(look, 0.0)), (0.0, 0.0), "certainty");
        }
        assert!(schedule(&[]).is_empty());
        let late = schedule(&[2.0]);
        assert!(close(late.nominal_p(0, 0.05), 0.05), "a first look after the horizon spends all");
    }

    #[test]
    fn tables_follow_the_boundaries() {
        // A chord in logarithms between alphas a factor of two apart lies above by 0.3 % at most.
        let plan = LookPlan::even(16);
        let schedule = LookSchedule::new(&plan).unwrap();
        for alpha in [3e-11, 1.7e-7, 0.0013, 0.01, 0.05, 0.3] {
            let exact = spending_bounds(Spending::HwangShihDeCani { gamma: -2.0 }, alpha, &plan.fractions).unwrap();
            for (look, boundary) in exact.iter().enumerate() {
                let ratio = schedule.nominal_p(look, alpha) / boundary.nominal_p;
                assert!((1.0 - 1e-9..1.003).contains(&ratio), "look {look}, alpha {alpha}: {ratio}");
                assert!(boundary.nominal_p >= (1.0 - 1e-6) * schedule.union_nominal_p(look, alpha));
            }
        }
    }

    #[test]
    fn paths_without_effect_cross_as_often_as_alpha_says() {
        // 20,000 seeded Brownian paths at 8 looks: the standard error of a share of 0.1 is 0.0021.
        use rand_pcg::rand_core::{Rng, SeedableRng};
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(8);
        let mut uniform = move || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut normal = move || (-2.0 * (1.0 - uniform()).ln()).sqrt() * (std::f64::consts::TAU * uniform()).cos();
        let schedule = LookSchedule::new(&LookPlan::even(8)).unwrap();
        let nominal: Vec<f64> = (0..8).map(|look| schedule.nominal_p(look, 0.1)).collect();
        let mut crosses = || {
            let mut sum = 0.0;
            let mut crossed = false;
            for (look, nominal) in nominal.iter().enumerate() {
                sum += normal();
                let z = sum / (look as f64 + 1.0).sqrt();
                crossed |= crate::stats::normal_sf(z) <= *nominal;
            }
            crossed
        };
        let share = f64::from((0..20_000).map(|_| u32::from(crosses())).sum::<u32>()) / 20_000.0;
        assert!((share - 0.1).abs() < 4.0 * 0.0021, "{share}");
    }

    #[test]
    fn plans_are_read_and_checked() {
        let plan: LookPlan = serde_json::from_str(r#"{"fractions": [0.5, 1.0]}"#).unwrap();
        assert_eq!(plan, LookPlan::even(2));
        let refused = |fractions: &[f64], gamma| {
            let plan = LookPlan { fractions: fractions.to_vec(), gamma };
            LookSchedule::new(&plan).unwrap_err().to_string()
        };
        assert!(refused(&[0.5, 0.4], -2.0).contains("found 0.4 after 0.5 at look 2"));
        assert!(refused(&[0.0], -2.0).contains("must increase") && refused(&[f64::NAN], -2.0).contains("NaN"));
        assert!(refused(&[0.5, 0.500_01], -2.0).contains("must increase"), "too close to integrate");
        assert!(refused(&[1.0], f64::NAN).contains("gamma"));
        assert!(refused(&LookPlan::even(257).fractions, -2.0).contains("256"));
        assert_eq!(spending_bounds(Spending::Pocock, 1.0, &[1.0]), Err(LooksError::Alpha { found: 1.0 }));
    }

    /// Increasing fractions, the last beyond, at or before the horizon.
    fn fractions() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(0.02..1.0_f64, 1..8).prop_map(|steps| {
            let mut at = 0.0;
            steps
                .iter()
                .map(|step| {
                    at += step / 3.0;
                    at
                })
                .collect()
        })
    }

    proptest! {
        // Failures need no file: the seed is fixed.
        #![proptest_config(ProptestConfig {
            cases: 30, failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(7), ..Default::default()
        })]

        #[test]
        fn the_maps_are_inverse_and_increase(
            fractions in fractions(), gamma in -8.0..4.0_f64, ps in prop::collection::vec(-60.0..0.0_f64, 50),
        ) {
            let schedule = LookSchedule::new(&LookPlan { fractions, gamma }).unwrap();
            for look in 0..schedule.len() {
                let mut before = (f64::NEG_INFINITY, 0.0);
                let mut sorted: Vec<f64> = ps.iter().map(|p| p.exp()).collect();
                sorted.sort_unstable_by(f64::total_cmp);
                for alpha in sorted {
                    let nominal = schedule.nominal_p(look, alpha);
                    let union = schedule.union_nominal_p(look, alpha);
                    prop_assert!(union <= nominal * (1.0 + 1e-12) && nominal <= 1.0, "{} {}", union, nominal);
                    prop_assert!(nominal > before.1 || nominal == 0.0, "{} after {:?}", nominal, before);
                    before = (alpha, nominal);
                    if nominal > 0.0 {
                        let (back, by_union) = (schedule.sequential_p(look, nominal), schedule.union_sequential_p(look, union));
                        // Flat parts magnify the rounding of the logarithm: a slope is above 0.01.
                        prop_assert!((back - alpha).abs() <= 1e-10 * alpha, "{} came back as {}", alpha, back);
                        prop_assert!(close(by_union, alpha));
                    }
                }
            }
        }
    }
}
