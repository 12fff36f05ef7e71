use super::*;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Bounds of ±0.1 and weight 1, alone in its group.
fn estimate(log_ratio: f64, error: f64, group: u32) -> Estimate {
    Estimate { log_ratio, error, lower: -0.1, upper: 0.1, weight: 1.0, group }
}

/// A dozen metrics: nine of noise, three that moved.
const LOG_RATIOS: [f64; 12] = [0.01, -0.02, 0.03, 0.005, -0.015, 0.25, 0.3, -0.01, 0.02, 0.0, 0.12, -0.2];
const ERRORS: [f64; 12] = [0.02, 0.02, 0.03, 0.01, 0.02, 0.05, 0.04, 0.02, 0.02, 0.01, 0.03, 0.1];

fn dozen() -> Vec<Estimate> {
    LOG_RATIOS.iter().zip(ERRORS).zip(0..).map(|((&ratio, error), group)| estimate(ratio, error, group)).collect()
}

fn beyond(prior: &Prior, estimates: &[Estimate]) -> Vec<Beyond> {
    estimates.iter().map(|one| prior.beyond(one)).collect()
}

#[test]
fn the_fit_is_the_optimum_that_scipy_finds() {
    // scipy.optimize.minimize(method="SLSQP", ftol=1e-15) of the mean negative log-likelihood over the
    // simplex, same 25 components: 1.3719476175447187 at shares 0.6656 (null) and 0.3344 (the 20th scale).
    // The fit stops within 1e-7 of the optimum; SLSQP's own shares are good to four digits.
    let prior = Prior::fit(&dozen());
    let density = |one: &Estimate, scale: f64| {
        let deviation = one.error.hypot(scale);
        (-0.5 * (one.log_ratio / deviation).powi(2)).exp() / (deviation * (2.0 * std::f64::consts::PI).sqrt())
    };
    let mixture = |one: &Estimate| {
        let parts = prior.components.iter().map(|part| part.share * density(one, part.scale));
        (prior.null * density(one, 0.0) + parts.sum::<f64>()).ln()
    };
    let found = dozen().iter().map(mixture).sum::<f64>() / 12.0;
    assert!((found - 1.371_947_617_544_718_7).abs() < 1.1e-7, "{found}");
    assert!((prior.null - 0.6656).abs() < 1e-3 && (prior.components[19].share - 0.3344).abs() < 1e-3, "{prior:?}");
    // Posteriors at SciPy's shares with scipy.stats.norm; the shares move them by 1e-5.
    let beyond = beyond(&prior, &dozen());
    assert!((beyond[10].above - 0.715_794_943_623_259_8).abs() < 1e-4, "{:?}", beyond[10]);
    assert!((beyond[11].below - 0.392_868_996_524_333_94).abs() < 1e-4, "{:?}", beyond[11]);
    assert!((beyond[5].above - 0.997_220_487_879_049_8).abs() < 1e-4, "{:?}", beyond[5]);
}

#[test]
fn no_metric_and_only_certain_ones() {
    let nothing = Prior::fit(&[]);
    assert_eq!(nothing, Prior { null: 1.0, components: vec![] });
    assert_eq!(ScoreDraws::default().score(&[], &[]), None);
    let certain =
        [estimate(0.0, 0.0, 0), estimate(f64::INFINITY, 0.0, 0), estimate(-0.1, 0.0, 1), estimate(-0.2, 0.0, 2)];
    let prior = Prior::fit(&certain);
    let found = beyond(&prior, &certain);
    assert_eq!(found.iter().map(Beyond::either).collect::<Vec<_>>(), [0.0, 1.0, 0.0, 1.0]);
    let score = ScoreDraws::default().score(&certain, &found).unwrap();
    assert_eq!(score, ScoreInterval { score: 50.0, lower: 50.0, upper: 50.0, none_beyond: 0.0 });
    let unweighted = certain.map(|one| Estimate { weight: 0.0, ..one });
    assert_eq!(ScoreDraws::default().score(&unweighted, &found), None);
}

#[test]
fn odd_estimates_give_probabilities() {
    let odd = [
        estimate(1e300, 1e-300, 0),
        estimate(0.05, f64::INFINITY, 0),
        estimate(0.05, f64::NAN, 0),
        estimate(f64::NAN, 0.1, 0),
        Estimate { lower: f64::NEG_INFINITY, upper: f64::INFINITY, ..estimate(3.0, 0.1, 1) },
        Estimate { lower: 0.1, upper: 0.2, ..estimate(0.0, 1e-9, 1) },
    ];
    for set in [&odd[..], &odd[1..], &odd[3..]] {
        let found = beyond(&Prior::fit(set), set);
        assert!(found.iter().all(|one| (0.0..=1.0).contains(&one.either())), "{found:?}");
        let score = ScoreDraws::default().score(set, &found).unwrap();
        assert!(0.0 <= score.lower && score.lower <= score.upper && score.upper <= 100.0, "{score:?}");
    }
    assert_eq!(beyond(&Prior::fit(&odd[4..]), &odd[4..])[0].either(), 0.0, "no bound, nothing beyond");
}

#[test]
fn a_common_factor_widens_the_interval_and_moves_nothing_else() {
    // 100 metrics at even odds in 25 groups. Binomial theory: ±1.96 · 5 % independent. With correlation ρ
    // the two orthant probabilities give a covariance of asin(ρ) / 2π for each pair (Sheppard 1899).
    let estimates: Vec<Estimate> = (0..100).map(|index| estimate(0.0, 1.0, index / 4)).collect();
    let even = vec![Beyond { below: 0.0, above: 0.5 }; 100];
    let at = |correlation| {
        ScoreDraws { correlation, draws: 4000, ..ScoreDraws::default() }.score(&estimates, &even).unwrap()
    };
    for (correlation, tolerance) in [(0.0, 1.5), (0.5, 2.0), (0.9, 2.5)] {
        let found = at(correlation);
        let pair = f64::asin(correlation) / std::f64::consts::TAU;
        let expected = 2.0 * 1.96 * (100.0_f64 * 0.25 + 300.0 * pair).sqrt();
        // Whole percents, and 4000 draws; the factor's 32 values lack 3 % of its variance.
        assert!((found.upper - found.lower - expected).abs() < tolerance, "{correlation}: {found:?} {expected}");
        assert_eq!(found.score, 50.0);
    }
    assert_eq!(at(0.5), at(0.5), "same seed, same result");
}

/// Uniform noise made normal (Box & Muller 1958).
struct Noise(Pcg64Mcg);

impl Noise {
    fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * (1.0 - self.uniform()).ln()).sqrt() * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// Nine of ten metrics hardly moved, one of ten did.
    fn run(&mut self, metrics: u32) -> (Vec<Estimate>, f64) {
        let mut within = 0.0;
        let estimates = (0..metrics).map(|index| {
            let error = 0.03 * (0.5 * self.normal()).exp();
            let truth = self.normal() * if self.uniform() < 0.1 { 0.3 } else { 0.02 };
            within += if truth.abs() <= 0.1 { 1.0 } else { 0.0 };
            estimate(truth + error * self.normal(), error, index)
        });
        (estimates.collect(), 100.0 * within / f64::from(metrics))
    }
}

#[test]
fn the_interval_holds_a_known_score() {
    // 60 seeded runs of 300 metrics. A 95 % interval may miss 3 of 60; 8 or more have a chance of 0.7 %.
    let mut noise = Noise(Pcg64Mcg::seed_from_u64(11));
    let (mut missed, mut bias) = (0, 0.0);
    for _ in 0..60 {
        let (estimates, truth) = noise.run(300);
        let found = beyond(&Prior::fit(&estimates), &estimates);
        let score = ScoreDraws::default().score(&estimates, &found).unwrap();
        missed += i32::from(truth < score.lower || truth > score.upper);
        bias += (score.score - truth) / 60.0;
    }
    // A score's own spread is about one, so that of the mean is 0.15.
    assert!(missed < 8 && bias.abs() < 0.5, "{missed} of 60 missed, bias {bias}");
}

#[test]
fn many_estimates_are_thinned_evenly() {
    // Every estimate twice: the thinned set is the original.
    let (estimates, _) = Noise(Pcg64Mcg::seed_from_u64(5)).run(2000);
    let doubled: Vec<Estimate> = estimates.iter().chain(&estimates).copied().collect();
    let (once, twice) = (Prior::fit(&estimates), Prior::fit(&doubled));
    // Sums in another order: rounding, which ten Newton steps magnify.
    for (a, b) in once.components.iter().zip(&twice.components) {
        assert!((a.share - b.share).abs() < 1e-9 && a.scale == b.scale, "{a:?} {b:?}");
    }
}

#[test]
fn students_error_is_widened_to_the_normal_scale() {
    // scipy.stats: t.ppf(0.975, 10) / norm.ppf(0.975) = 2.2281388519649385 / 1.959963984540054.
    assert!((normal_equivalent_error(2.0, 10.0) - 2.0 * 2.228_138_851_964_938_5 / 1.959_963_984_540_054).abs() < 1e-9);
}
