//! The distribution of Mann & Whitney's U where both sides are alike.

use crate::stats::tails::{normal_density, normal_sf};

/// Counts of arrangements are exact in doubles up to here.
const EXACT_ARRANGEMENTS: f64 = 9_007_199_254_740_992.0;
/// A level such as (1 - 0.9) / 2 is not quite what it says.
const ROUNDING: f64 = 1e-12;
/// Newton's method takes under 10 steps; this bounds the worst case.
const MAX_STEPS: usize = 100;
const TOLERANCE: f64 = 1e-10;
/// Nearer to the centre than this the normal tail needs no correction.
const CENTRE: f64 = 1e-4;
/// Below this the closed forms cancel.
const SERIES_LIMIT: f64 = 0.05;
/// Values of U tabulated at most.
const MAX_VALUES: f64 = 1e5;

/// P(U >= u) for U, the number of pairs (canary, baseline) in which the canary's value is the larger.
///
/// Exact up to 2^53 arrangements (25 against 25, 10 against 80), by the coefficients of the Gaussian
/// binomial; beyond that by a saddlepoint approximation, within 1 % down to 1e-14.
#[derive(Clone, Debug)]
pub(super) struct RankNull {
    small: usize,
    large: usize,
    /// P(U >= u) at index u; empty where it is approximated.
    tails: Vec<f64>,
}

impl RankNull {
    /// For `first` values against `second`, one at least on each side. Cost of the table: O(first² second).
    pub(super) fn new(first: usize, second: usize) -> Self {
        let (small, large) = (first.min(second), first.max(second));
        let arrangements = (1..=small).map(|i| (large + i) as f64 / i as f64).product::<f64>();
        let exact = arrangements <= EXACT_ARRANGEMENTS && small as f64 * large as f64 <= MAX_VALUES;
        Self { small, large, tails: if exact { upper_tails(small, large) } else { Vec::new() } }
    }

    /// P(U >= `count`).
    pub(super) fn at_least(&self, count: usize) -> f64 {
        let pairs = self.small * self.large;
        if count > pairs {
            0.0
        } else if count == 0 {
            1.0
        } else if self.tails.is_empty() {
            self.saddlepoint(count as f64 - 0.5 - pairs as f64 / 2.0)
        } else {
            self.tails.get(count).copied().unwrap_or(0.0)
        }
    }

    /// P(U - E(U) > `point`) by Lugannani & Rice (1980) with Daniels' second continuity correction: `point` lies
    /// between two values. Cost: O(`small`) a step, under 10 steps.
    fn saddlepoint(&self, point: f64) -> f64 {
        if point < 0.0 {
            return 1.0 - self.saddlepoint(-point);
        }
        let mut t = point / self.cumulants(0.0).second;
        for _ in 0..MAX_STEPS {
            // The first derivative is concave above zero: Newton's method climbs to the root from below.
            let at = self.cumulants(t);
            let step = (point - at.first) / at.second;
            t += step;
            if step <= TOLERANCE * t {
                break;
            }
        }
        let at = self.cumulants(t);
        let w = (2.0 * (t * point - at.value)).max(0.0).sqrt();
        if w < CENTRE {
            return normal_sf(w);
        }
        let u = 2.0 * (t / 2.0).sinh() * at.second.sqrt();
        (normal_sf(w) + normal_density(w) * (1.0 / u - 1.0 / w)).max(0.0)
    }

    /// The cumulant generating function of U - E(U): uniform variables in a quotient, one for each i.
    fn cumulants(&self, t: f64) -> Cumulants {
        let mut sum = Cumulants::default();
        for i in 1..=self.small {
            for (sign, width) in [(1.0, (self.large + i) as f64 / 2.0), (-1.0, i as f64 / 2.0)] {
                let part = ln_sinh_ratio(t * width);
                sum.value += sign * part.value;
                sum.first += sign * width * part.first;
                sum.second += sign * width * width * part.second;
            }
        }
        sum
    }

    /// The largest count that is not rejected at `tail`: P(U >= count) > `tail`, but for rounding.
    pub(super) fn largest_kept(&self, tail: f64) -> usize {
        let tail = tail * (1.0 + ROUNDING);
        // The tail falls in the count: bisection.
        let (mut kept, mut rejected) = (0, self.small * self.large + 1);
        while rejected - kept > 1 {
            let middle = usize::midpoint(kept, rejected);
            if self.at_least(middle) > tail {
                kept = middle;
            } else {
                rejected = middle;
            }
        }
        kept
    }
}

/// A function with its first two derivatives.
#[derive(Clone, Copy, Debug, Default)]
struct Cumulants {
    value: f64,
    first: f64,
    second: f64,
}

/// ln(sinh(x) / x) for x >= 0.
fn ln_sinh_ratio(x: f64) -> Cumulants {
    let square = x * x;
    if x < SERIES_LIMIT {
        // x²/6 - x⁴/180 + x⁶/2835 - x⁸/37800: the next term is 1e-14 at the limit.
        let value = square * (1.0 / 6.0 - square * (1.0 / 180.0 - square * (1.0 / 2835.0 - square / 37_800.0)));
        let first = x * (1.0 / 3.0 - square * (1.0 / 45.0 - square * (2.0 / 945.0 - square / 4725.0)));
        let second = 1.0 / 3.0 - square * (1.0 / 15.0 - square * (2.0 / 189.0 - square / 675.0));
        return Cumulants { value, first, second };
    }
    // With e = exp(-2x), which cannot overflow.
    let e = (-2.0 * x).exp();
    let value = x + (-e).ln_1p() - (2.0 * x).ln();
    let first = (1.0 + e) / (1.0 - e) - 1.0 / x;
    let second = 1.0 / square - 4.0 * e / ((1.0 - e) * (1.0 - e));
    Cumulants { value, first, second }
}

/// The counts are the coefficients of the product over i of (1 - q^(large+i)) / (1 - q^i); every partial
/// product is a polynomial in whole numbers, so that no step rounds.
fn upper_tails(small: usize, large: usize) -> Vec<f64> {
    let length = small * large + 1;
    let mut counts = vec![0.0; length];
    if let Some(first) = counts.first_mut() {
        *first = 1.0;
    }
    for i in 1..=small {
        for index in (large + i..length).rev() {
            let moved = counts.get(index - large - i).copied().unwrap_or(0.0);
            if let Some(count) = counts.get_mut(index) {
                *count -= moved;
            }
        }
        for index in i..length {
            let moved = counts.get(index - i).copied().unwrap_or(0.0);
            if let Some(count) = counts.get_mut(index) {
                *count += moved;
            }
        }
    }
    let total: f64 = counts.iter().sum();
    let mut sum = 0.0;
    for count in counts.iter_mut().rev() {
        sum += *count;
        *count = sum / total;
    }
    counts
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "small cases are exact")]
mod tests {
    use super::*;

    #[test]
    fn small_tables() {
        // Of the 20 arrangements of 3 against 3, 1 has U = 9, 1 has 8, 2 have 7.
        let null = RankNull::new(3, 3);
        assert_eq!([9, 8, 7, 0, 10].map(|count| null.at_least(count)), [0.05, 0.1, 0.2, 1.0, 0.0]);
        assert_eq!((null.largest_kept(0.05), null.largest_kept(0.01), null.largest_kept(0.5)), (8, 9, 4));
        assert_eq!(RankNull::new(1, 4).at_least(4), 0.2);
    }

    #[test]
    fn scipy_agrees() {
        // scipy.stats.mannwhitneyu(x, y, alternative="greater", method="exact") for untied samples of these U.
        for (first, second, count, expected) in [
            (5, 5, 11, 0.654_761_904_761_904_7),
            (5, 5, 25, 0.003_968_253_968_253_968),
            (10, 10, 76, 0.026_212_951_135_551_75),
            (10, 10, 68, 0.095_157_938_037_195_02),
            (4, 20, 62, 0.048_466_026_726_896_29),
            (4, 20, 63, 0.040_560_888_386_975_34),
            (10, 50, 299, 0.170_697_471_729_229_08),
            (10, 50, 350, 0.023_655_286_454_072_923),
            (25, 25, 284, 0.711_610_054_278_826),
            (25, 25, 477, 0.000_557_137_349_243_559_5),
            (2, 7, 9, 0.333_333_333_333_333_3),
            (2, 7, 13, 0.055_555_555_555_555_55),
        ] {
            let found = RankNull::new(first, second).at_least(count);
            assert!((found / expected - 1.0).abs() < 1e-12, "{first} {second} {count}: {found:e}");
        }
        // Beyond the table, against exact counts in Python's integers: the approximation's error.
        for (first, second, count, expected) in [
            (40, 40, 903, 0.162_924_790_495_437_37),
            (40, 40, 1059, 0.006_156_329_774_241_873),
            (40, 40, 1215, 2.080_260_004_198_521e-05),
            (40, 40, 1500, 1.459_450_144_307_834_8e-14),
            (30, 100, 1680, 0.161_508_648_335_453_86),
            (30, 100, 1952, 0.006_038_279_763_999_352),
            (30, 100, 2223, 2.100_612_831_965_556e-05),
        ] {
            let found = RankNull::new(first, second).at_least(count);
            assert!((found / expected - 1.0).abs() < 0.01, "{first} {second} {count}: {found:e}");
        }
    }
}
