//! Several instances a side: the instance is the unit, whatever the number of minutes.

use super::rank_null::RankNull;
use crate::stats::describe::{mean, median};
use crate::stats::tails::{student_quantile, student_sf};

/// With fewer instances than this on either side ranks say little.
const MIN_RANKED: usize = 3;
/// Up to so many canary instances are held against the spread of the baseline's alone.
const MAX_PREDICTED: usize = 2;

/// How instances were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstanceMethod {
    /// Exact rank test with Hodges & Lehmann's estimate and interval: three instances a side at least.
    Rank,
    /// One or two canary instances against the baseline's, on Student's t.
    Prediction,
    /// Few on both sides: the spread of both pooled, and never less than the error over time.
    Components,
}

/// A variance between instances of the same software, learnt elsewhere: from past runs without a change,
/// or from the other metrics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// Of one instance's location.
    pub variance: f64,
    /// What it is worth in degrees of freedom.
    pub degrees: f64,
}

/// The shift of the canary's instances against the baseline's, in the unit of the values: with log means
/// the log of the ratio.
///
/// * Ranks (Mann & Whitney 1947) need no distribution, but no p-value is below `1 / C(k, k_c)`: beyond that
///   the interval is infinite. R's `wilcox.test(exact = TRUE, conf.int = TRUE)`.
/// * The prediction interval of normal values: t with `k_b - 1` degrees and the error
///   `sd_b √(1/k_c + 1/k_b)`; the canary's own spread has no say.
/// * Few on both sides: the error is the larger of the one over time and `s √(1/k_c + 1/k_b)`, s² being
///   pooled: that is the variance over time plus what is estimated between instances, where positive. Its
///   degrees are those of s², `k_b + k_c - 2`. Satterthwaite's would rise to those of time wherever the
///   estimate between instances happens to be zero: simulated with machines that differ five times as
///   much as the minutes do, 1 against 2 then raises 13 % false alarms at 2 %. A learnt spread adds to s²
///   and to its degrees (Smyth 2004).
///
/// Ties count against any conclusion. With no degrees at all, one instance a side, nothing is concluded.
#[derive(Clone, Debug)]
pub struct InstanceShift {
    /// Median of the differences for ranks, else the difference of the means.
    pub estimate: f64,
    /// How the instances are compared.
    pub method: InstanceMethod,
    /// Degrees of freedom of Student's t; `None` for ranks.
    pub degrees: Option<f64>,
    /// Standard error on Student's t.
    error: f64,
    /// Canary less baseline for every pair of instances, ascending.
    differences: Vec<f64>,
    null: RankNull,
}

impl InstanceShift {
    /// Compares one value per instance. `time_error` is the standard error over time of the difference of
    /// the sides' means, 0 where unknown. Ranks are taken where they reach p-values down to `tail`, the
    /// smallest one-sided level that will be asked for.
    ///
    /// `None` where a side is empty or a value is not finite. Cost: O(`k_c` `k_b` log), and the table of ranks.
    #[must_use]
    pub fn new(baseline: &[f64], canary: &[f64], time_error: f64, learnt: Option<Spread>, tail: f64) -> Option<Self> {
        if baseline.iter().chain(canary).any(|value| !value.is_finite()) {
            return None;
        }
        let (of_baseline, of_canary) = (Side::of(baseline)?, Side::of(canary)?);
        let null = RankNull::new(canary.len(), baseline.len());
        let mut differences: Vec<f64> =
            canary.iter().flat_map(|canary| baseline.iter().map(move |baseline| canary - baseline)).collect();
        differences.sort_unstable_by(f64::total_cmp);
        let reached = null.at_least(differences.len()) <= tail;
        if canary.len().min(baseline.len()) >= MIN_RANKED && reached {
            let estimate = median(&mut differences.clone())?;
            return Some(Self { estimate, method: InstanceMethod::Rank, degrees: None, error: 0.0, differences, null });
        }
        let predicted = canary.len() <= MAX_PREDICTED && baseline.len() >= MIN_RANKED;
        let (method, mut spread) = if predicted {
            (InstanceMethod::Prediction, of_baseline.spread())
        } else {
            (InstanceMethod::Components, pooled(of_baseline.spread(), of_canary.spread()))
        };
        if let Some(learnt) = learnt {
            spread = pooled(spread, learnt);
        }
        let between = spread.variance * (1.0 / of_canary.count + 1.0 / of_baseline.count);
        let error = between.sqrt().max(time_error);
        let estimate = of_canary.mean - of_baseline.mean;
        Some(Self { estimate, method, degrees: Some(spread.degrees), error, differences, null })
    }

    /// One-sided p-value of "the true shift is at most `bound`".
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        match self.degrees {
            None => self.rank_p_above(bound),
            Some(degrees) => student_p(self.estimate - bound, self.error, degrees),
        }
    }

    /// One-sided p-value of "the true shift is at least `bound`".
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        match self.degrees {
            None => self.rank_p_below(bound),
            Some(degrees) => student_p(bound - self.estimate, self.error, degrees),
        }
    }

    /// [`InstanceShift::p_above`] by ranks, whatever the method: exact if instances are exchangeable. For
    /// one canary instance the conformal p-value, (1 + instances at least as extreme) / (`k_b` + 1).
    #[must_use]
    pub fn rank_p_above(&self, bound: f64) -> f64 {
        self.null.at_least(self.differences.len() - self.differences.partition_point(|difference| *difference <= bound))
    }

    /// [`InstanceShift::p_below`] by ranks, whatever the method.
    #[must_use]
    pub fn rank_p_below(&self, bound: f64) -> f64 {
        self.null.at_least(self.differences.partition_point(|difference| *difference < bound))
    }

    /// The interval of the two-sided `alpha`, 0 to 1: all shifts whose one-sided p-values exceed half of it.
    /// Infinite where the instances are too few for it.
    #[must_use]
    pub fn interval(&self, alpha: f64) -> (f64, f64) {
        let tail = (alpha / 2.0).clamp(0.0, 0.5);
        match self.degrees {
            None => self.rank_interval(tail),
            Some(degrees) if degrees > 0.0 && tail > 0.0 => {
                let margin = student_quantile(tail, degrees) * self.error;
                (self.estimate - margin, self.estimate + margin)
            }
            Some(_) => (f64::NEG_INFINITY, f64::INFINITY),
        }
    }

    fn rank_interval(&self, tail: f64) -> (f64, f64) {
        let kept = self.null.largest_kept(tail);
        let lower = self.differences.len().checked_sub(kept + 1).and_then(|rank| self.differences.get(rank));
        let upper = self.differences.get(kept);
        (lower.copied().unwrap_or(f64::NEG_INFINITY), upper.copied().unwrap_or(f64::INFINITY))
    }
}

/// Without spread the shift is certain; without degrees nothing is.
fn student_p(excess: f64, error: f64, degrees: f64) -> f64 {
    if degrees <= 0.0 {
        return 1.0;
    }
    if error == 0.0 {
        return if excess > 0.0 { 0.0 } else { 1.0 };
    }
    student_sf(excess / error, degrees)
}

/// The instances of one side.
struct Side {
    count: f64,
    mean: f64,
    squares: f64,
}

impl Side {
    fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = mean(values)?;
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum();
        Some(Self { count, mean, squares })
    }

    fn spread(&self) -> Spread {
        let degrees = self.count - 1.0;
        Spread { variance: if degrees > 0.0 { self.squares / degrees } else { 0.0 }, degrees }
    }
}

fn pooled(one: Spread, other: Spread) -> Spread {
    let degrees = one.degrees + other.degrees;
    let squares = one.variance * one.degrees + other.variance * other.degrees;
    Spread { variance: if degrees > 0.0 { squares / degrees } else { 0.0 }, degrees }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;
    use crate::stats::normal_quantile;

    const INFINITE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    fn of(baseline: &[f64], canary: &[f64]) -> InstanceShift {
        InstanceShift::new(baseline, canary, 0.0, None, 0.05).unwrap()
    }

    #[test]
    fn edges() {
        assert!(InstanceShift::new(&[], &[1.0], 0.0, None, 0.01).is_none());
        assert!(InstanceShift::new(&[1.0], &[f64::NAN], 0.0, None, 0.01).is_none());
        let single = of(&[2.0], &[1.0]);
        assert_eq!((single.estimate, single.interval(0.02), single.p_below(0.0)), (-1.0, INFINITE, 1.0));
        // Every difference is 2.
        let constant = of(&[5.0; 5], &[7.0; 5]);
        assert_eq!((constant.estimate, constant.interval(0.02)), (2.0, (2.0, 2.0)));
        let tied = of(&[5.0; 3], &[5.0; 3]);
        assert_eq!((tied.p_above(0.0), tied.p_below(0.0), tied.estimate), (1.0, 1.0, 0.0));
        // No spread between instances: the shift is certain.
        let certain = of(&[5.0; 4], &[5.5]);
        assert_eq!((certain.p_above(0.2), certain.p_above(0.5), certain.interval(0.02)), (0.0, 1.0, (0.5, 0.5)));
    }

    #[test]
    fn ranks_end_where_their_arrangements_end() {
        let (baseline, canary) = ([1.0, 2.0, 3.0], [11.0, 12.0, 13.0]);
        let shift = of(&baseline, &canary);
        // 1 of 20 arrangements: differences 8 to 12.
        assert_eq!((shift.method, shift.p_above(0.0), shift.estimate), (InstanceMethod::Rank, 0.05, 10.0));
        assert_eq!((shift.interval(0.1), shift.interval(0.02)), ((8.0, 12.0), INFINITE));
        // At a smaller level the same instances go to the pooled t of 4 degrees: variance 1, error √(2/3).
        let pooled = InstanceShift::new(&baseline, &canary, 0.0, None, 0.001).unwrap();
        assert_eq!((pooled.method, pooled.degrees), (InstanceMethod::Components, Some(4.0)));
        // scipy.stats.ttest_ind(canary, baseline, alternative="greater"): p to the digits of statrs' beta.
        assert!((pooled.p_above(0.0) / 0.000_127_608_374_720_963_4 - 1.0).abs() < 1e-9, "{:e}", pooled.p_above(0.0));
    }

    #[test]
    fn one_canary_against_six() {
        let shift = of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[9.0]);
        // Mean 3.5, variance 3.5, error √(3.5 · 7/6); t of 5 degrees at 1 %: 3.364_930 (scipy.stats.t.isf(0.01, 5)).
        let margin = 3.364_929_998_907_218 * (3.5_f64 * 7.0 / 6.0).sqrt();
        let (lower, upper) = shift.interval(0.02);
        assert!((lower - (5.5 - margin)).abs() < 1e-9 && (upper - (5.5 + margin)).abs() < 1e-9);
        assert_eq!((shift.method, shift.degrees), (InstanceMethod::Prediction, Some(5.0)));
        assert_eq!((shift.rank_p_above(0.0), shift.rank_p_below(0.0)), (1.0 / 7.0, 1.0));
    }

    #[test]
    fn the_error_over_time_is_a_floor_and_a_learnt_spread_adds_degrees() {
        let of = |time: f64, learnt| InstanceShift::new(&[1.0, 3.0], &[2.5], time, learnt, 0.01).unwrap();
        // Between: variance 2, error √(2 · 3/2) = √3, one degree.
        let plain = of(0.1, None);
        assert_eq!((plain.error, plain.degrees), (3.0_f64.sqrt(), Some(1.0)));
        assert_eq!(of(10.0, None).error, 10.0);
        // (2 · 1 + 0.5 · 3) / 4.
        let learnt = of(0.0, Some(Spread { variance: 0.5, degrees: 3.0 }));
        assert_eq!((learnt.error, learnt.degrees), ((0.875_f64 * 1.5).sqrt(), Some(4.0)));
    }

    /// Machines differ by 1, minutes by 0.2: the share of runs without a change that are rejected.
    #[test]
    fn false_alarms_stay_at_the_level_where_machines_differ() {
        const RUNS: u32 = 5_000;
        let mut state = 1_u64;
        let mut normal = move || {
            // The high bits of a linear congruence (Knuth's MMIX), through the quantile.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            normal_quantile(((state >> 12) as f64 + 0.5) / (1_u64 << 52) as f64)
        };
        for (canaries, baselines) in [(1, 5), (1, 2), (2, 1), (3, 3), (5, 5), (10, 10)] {
            let mut alarms = 0;
            for _ in 0..RUNS {
                let mut side = |count: usize| (0..count).map(|_| normal() + 0.2 * normal()).collect::<Vec<f64>>();
                let (baseline, canary) = (side(baselines), side(canaries));
                let time_error = 0.2 * (1.0 / canaries as f64 + 1.0 / baselines as f64).sqrt();
                let shift = InstanceShift::new(&baseline, &canary, time_error, None, 0.01).unwrap();
                let (lower, upper) = shift.interval(0.02);
                alarms += u32::from(lower > 0.0 || upper < 0.0);
            }
            let share = f64::from(alarms) / f64::from(RUNS);
            // 2 % and three standard errors of 5,000 runs. Ranks come in steps: 5 against 5 has 1.6 %. At one
            // degree of freedom the floor over time leaves nothing: t at 1 % is 32.
            assert!(share < 0.026, "{canaries} v {baselines}: {share}");
            assert!(share > 0.01 || canaries + baselines == 3, "{canaries} v {baselines}: {share}");
        }
    }
}
