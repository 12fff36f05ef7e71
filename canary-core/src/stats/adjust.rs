//! Many tests at once: adjusted p-values, and the threshold at which each hypothesis is rejected.

/// How p-values are adjusted for their number; named as in R's `p.adjust`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Adjustment {
    /// The share of false rejections under independence or positive dependence: Benjamini & Hochberg 1995.
    BenjaminiHochberg,
    /// The share of false rejections under any dependence: Benjamini & Yekutieli 2001.
    BenjaminiYekutieli,
    /// The chance of any false rejection under any dependence, step down: Holm 1979.
    Holm,
    /// The chance of any false rejection under positive dependence, step up: Hochberg 1988.
    Hochberg,
    /// The chance of any false rejection under any dependence, in one step.
    Bonferroni,
}

/// The adjusted p-values in the order given: a hypothesis is rejected at a level q where its adjusted
/// p-value is at most q.
///
/// As R's `p.adjust(p, method)`, except that NaN counts as 1 (R leaves it out and lowers the number of
/// tests). Tied p-values get tied results. Empty for no p-values. Cost: a sort.
#[must_use]
pub fn adjusted_p_values(p_values: &[f64], method: Adjustment) -> Vec<f64> {
    let count = p_values.len() as f64;
    let step_up = |factor: &dyn Fn(f64) -> f64| from_largest(p_values, |rank, p| factor(rank) * p);
    match method {
        Adjustment::BenjaminiHochberg => step_up(&|rank| count / rank),
        Adjustment::BenjaminiYekutieli => {
            let harmonic = harmonic(p_values.len());
            step_up(&|rank| harmonic * count / rank)
        }
        Adjustment::Hochberg => step_up(&|rank| count - rank + 1.0),
        Adjustment::Holm => from_smallest(p_values, |rank, p| (count - rank + 1.0) * p),
        Adjustment::Bonferroni => p_values.iter().map(|p| (count * p).min(1.0)).collect(),
    }
}

/// A p-value, and how much it counts against the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hypothesis {
    /// 0 to 1; NaN is never rejected.
    pub p_value: f64,
    /// Finite, zero or more. Weights are relative: their mean is made 1. All equal where none is positive.
    pub weight: f64,
}

/// The adjusted p-values of weighted Benjamini–Hochberg: the plain ones of p/w, weights of mean 1.
///
/// Weights must not depend on the p-values. A p-value of zero stays zero whatever its weight; a weight
/// of zero makes any other 1. Source: Genovese, Roeder & Wasserman 2006. Cost: a sort.
#[must_use]
pub fn weighted_adjusted_p_values(hypotheses: &[Hypothesis]) -> Vec<f64> {
    let weights = Weights::new(hypotheses);
    let weighted: Vec<f64> = hypotheses.iter().map(|one| weights.quotient(one)).collect();
    adjusted_p_values(&weighted, Adjustment::BenjaminiHochberg)
}

/// For each hypothesis the p-value at which it is rejected: rejected exactly where p <= threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Thresholds {
    /// In the order of the hypotheses; 0 to 1.
    pub thresholds: Vec<f64>,
    /// How many are rejected.
    pub rejected: usize,
}

/// The thresholds of weighted Benjamini–Hochberg at `level`: with R rejections, max(R, 1) w q / m.
///
/// A confidence interval at level 1 - threshold excludes the null value exactly where the hypothesis is
/// rejected, and the intervals of the rejected ones keep a false coverage rate of q (Benjamini &
/// Yekutieli 2005). Holds under independence or positive dependence; under any dependence at
/// [`yekutieli_level`]. Rejections are those of [`weighted_adjusted_p_values`], but for rounding where
/// the two are equal. The order does not matter, and ties
/// need no rule: R is the largest count that its own thresholds find. Cost: a sort of the weights.
#[must_use]
pub fn false_discovery_thresholds(hypotheses: &[Hypothesis], level: f64) -> Thresholds {
    let weights = Weights::new(hypotheses);
    let count = hypotheses.len();
    let threshold = |one: &Hypothesis, rejections: usize| {
        (rejections as f64 * weights.relative(one) * level / count as f64).clamp(0.0, 1.0)
    };
    // How many hypotheses need exactly r rejections for their own: R is the largest r that finds r of them.
    let mut needing = vec![0_usize; count + 1];
    for one in hypotheses {
        let needed = least_count(count, |rejections| one.p_value <= threshold(one, rejections));
        if let Some(slot) = needed.and_then(|needed| needing.get_mut(needed)) {
            *slot += 1;
        }
    }
    let mut found = 0;
    let mut rejected = 0;
    for (rejections, more) in needing.iter().enumerate() {
        found += more;
        if found >= rejections {
            rejected = rejections;
        }
    }
    let thresholds = hypotheses.iter().map(|one| threshold(one, rejected.max(1))).collect();
    Thresholds { thresholds, rejected }
}

/// The level at which Benjamini–Hochberg holds `level` under any dependence of `count` tests: level over
/// the sum of 1/i (Benjamini & Yekutieli 2001).
#[must_use]
pub fn yekutieli_level(level: f64, count: usize) -> f64 {
    level / harmonic(count).max(1.0)
}

/// The thresholds of Holm's procedure at `level`: alpha / (m - k + 1) for the k-th smallest p-value while
/// each is at most its own; for all others the first that failed.
///
/// Tied p-values get the smallest threshold among them; a tie is rejected whole or not at all, because
/// the thresholds increase. Source: Holm 1979. Cost: a sort.
#[must_use]
pub fn holm_thresholds(p_values: &[f64], level: f64) -> Thresholds {
    let count = p_values.len();
    let at_step = |step: usize| (level / count.saturating_sub(step).max(1) as f64).clamp(0.0, 1.0);
    let order = ascending(p_values);
    let passes = |&(step, &index): &(usize, &usize)| value_at(p_values, index) <= at_step(step);
    let rejected = order.iter().enumerate().take_while(passes).count();
    let mut thresholds = vec![at_step(rejected); count];
    let mut tie = (f64::NAN, 0.0);
    for (step, &index) in order.iter().enumerate().take(rejected) {
        let p = value_at(p_values, index);
        #[allow(clippy::float_cmp, reason = "a tie is equality")]
        if p != tie.0 {
            tie = (p, at_step(step));
        }
        if let Some(threshold) = thresholds.get_mut(index) {
            *threshold = tie.1;
        }
    }
    Thresholds { thresholds, rejected }
}

/// Weights with their mean.
struct Weights {
    mean: f64,
}

impl Weights {
    fn new(hypotheses: &[Hypothesis]) -> Self {
        let mut weights: Vec<f64> = hypotheses.iter().map(usable_weight).collect();
        // A sum in sorted order does not depend on the order given, not even in its last bit.
        weights.sort_unstable_by(f64::total_cmp);
        Self { mean: weights.iter().sum::<f64>() / hypotheses.len() as f64 }
    }

    /// The weight where the mean is 1.
    fn relative(&self, one: &Hypothesis) -> f64 {
        if self.mean > 0.0 { usable_weight(one) / self.mean } else { 1.0 }
    }

    /// p/w; zero stays zero.
    fn quotient(&self, one: &Hypothesis) -> f64 {
        if one.p_value == 0.0 { 0.0 } else { (one.p_value / self.relative(one)).min(1.0) }
    }
}

/// Anything that is no weight counts as none.
fn usable_weight(one: &Hypothesis) -> f64 {
    if one.weight.is_finite() { one.weight.max(0.0) } else { 0.0 }
}

/// The smallest 1 <= r <= `count` that is enough, where more is always enough; by halving, so that the
/// answer agrees to the last bit with the comparison that made it.
fn least_count(count: usize, enough: impl Fn(usize) -> bool) -> Option<usize> {
    if count == 0 || !enough(count) {
        return None;
    }
    let (mut low, mut high) = (0, count);
    while high - low > 1 {
        let middle = usize::midpoint(low, high);
        if enough(middle) { high = middle } else { low = middle }
    }
    Some(high)
}

/// 1 + 1/2 + ... + 1/count.
fn harmonic(count: usize) -> f64 {
    (1..=count).map(|i| 1.0 / i as f64).sum()
}

/// Places of the p-values from the smallest up; NaN last.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_unstable_by(|&a, &b| value_at(p_values, a).total_cmp(&value_at(p_values, b)));
    order
}

/// NaN counts as 1.
fn value_at(p_values: &[f64], index: usize) -> f64 {
    p_values.get(index).copied().filter(|p| !p.is_nan()).unwrap_or(1.0)
}

/// Step up: from the largest p-value down, the least of the scaled ones so far.
fn from_largest(p_values: &[f64], scaled: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let order = ascending(p_values);
    let mut adjusted = vec![1.0; p_values.len()];
    let mut least = 1.0_f64;
    for (rank, &index) in order.iter().enumerate().rev() {
        least = least.min(scaled((rank + 1) as f64, value_at(p_values, index)));
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = least;
        }
    }
    adjusted
}

/// Step down: from the smallest p-value up, the greatest of the scaled ones so far.
fn from_smallest(p_values: &[f64], scaled: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let order = ascending(p_values);
    let mut adjusted = vec![1.0; p_values.len()];
    let mut greatest = 0.0_f64;
    for (rank, &index) in order.iter().enumerate() {
        greatest = greatest.max(scaled((rank + 1) as f64, value_at(p_values, index))).min(1.0);
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = greatest;
        }
    }
    adjusted
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    fn plain(p_values: &[f64]) -> Vec<Hypothesis> {
        p_values.iter().map(|&p_value| Hypothesis { p_value, weight: 1.0 }).collect()
    }

    #[test]
    fn no_test_and_one_test() {
        assert!(adjusted_p_values(&[], Adjustment::Holm).is_empty());
        assert_eq!(false_discovery_thresholds(&[], 0.05), Thresholds { thresholds: vec![], rejected: 0 });
        assert_eq!(holm_thresholds(&[], 0.05), Thresholds { thresholds: vec![], rejected: 0 });
        let one = Thresholds { thresholds: vec![0.05], rejected: 1 };
        assert_eq!(false_discovery_thresholds(&plain(&[0.05]), 0.05), one, "at most, not less");
        assert_eq!(holm_thresholds(&[0.05], 0.05), one);
        assert_eq!(yekutieli_level(0.05, 0), 0.05);
        // 1 + 1/2 + 1/3 = 11/6; a few roundings.
        assert!((yekutieli_level(0.11, 3) - 0.06).abs() < 1e-15);
    }

    #[test]
    fn a_later_success_takes_earlier_failures_along() {
        // Benjamini & Hochberg's rule by hand, q = 0.04, steps 0.01 0.02 0.03 0.04: the third passes, so
        // the first two are rejected although both miss their own steps.
        let found = false_discovery_thresholds(&plain(&[0.9, 0.025, 0.021, 0.03]), 0.04);
        assert_eq!(found.rejected, 3);
        assert_eq!(found.thresholds, [0.03; 4]);
        // Holm stops at the first: 0.021 > 0.04 / 4.
        assert_eq!(
            holm_thresholds(&[0.9, 0.025, 0.021, 0.03], 0.04),
            Thresholds { thresholds: vec![0.01; 4], rejected: 0 }
        );
    }

    #[test]
    fn holm_gives_each_its_own_step() {
        // By hand: 0.06/3 passes 0.01 twice (a tie), then 0.06/1 fails 0.5.
        let found = holm_thresholds(&[0.5, 0.01, 0.01], 0.06);
        assert_eq!(found, Thresholds { thresholds: vec![0.06, 0.02, 0.02], rejected: 2 });
        let all = holm_thresholds(&[0.0, 0.001], 0.06);
        assert_eq!(all, Thresholds { thresholds: vec![0.03, 0.06], rejected: 2 });
    }

    #[test]
    fn weights_move_the_threshold() {
        // Weights 3 and 1 are 1.5 and 0.5 at mean 1: thresholds at one rejection 3/64 and 1/64, at q = 1/16.
        let pair =
            |first, second| [Hypothesis { p_value: first, weight: 3.0 }, Hypothesis { p_value: second, weight: 1.0 }];
        let found = false_discovery_thresholds(&pair(0.046_875, 0.046_875), 0.0625);
        assert_eq!((found.rejected, found.thresholds), (1, vec![0.046_875, 0.015_625]));
        assert_eq!(weighted_adjusted_p_values(&pair(0.046_875, 0.046_875)), [0.0625, 0.093_75]);
        assert_eq!(false_discovery_thresholds(&pair(0.01, 0.03), 0.0625).rejected, 2);
    }

    #[test]
    fn odd_weights_and_nan() {
        let hypotheses = [
            Hypothesis { p_value: 0.01, weight: 0.0 },
            Hypothesis { p_value: f64::NAN, weight: f64::NAN },
            Hypothesis { p_value: 0.0, weight: -1.0 },
        ];
        let equal = false_discovery_thresholds(&hypotheses, 0.03);
        assert_eq!((equal.rejected, equal.thresholds), (2, vec![0.02; 3]), "no weight is positive");
        let first = Hypothesis { weight: 2.0, ..hypotheses[0] };
        let found = weighted_adjusted_p_values(&[first, hypotheses[1], hypotheses[2]]);
        assert_eq!(found, [0.005, 1.0, 0.0]);
        assert_eq!(adjusted_p_values(&[f64::NAN, 0.01], Adjustment::Bonferroni), [1.0, 0.02]);
        assert_eq!(adjusted_p_values(&[f64::NAN, 0.01], Adjustment::Holm), [1.0, 0.02]);
        assert_eq!(adjusted_p_values(&[f64::NAN, 0.01], Adjustment::BenjaminiHochberg), [1.0, 0.02]);
    }
}
