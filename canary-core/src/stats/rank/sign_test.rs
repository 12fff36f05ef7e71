//! The sign test: are positive differences as frequent as negative ones?

use statrs::function::gamma::ln_gamma;

use crate::stats::inference::{Alternative, Tails};
use crate::stats::sample::Sample;

/// How many differences lie above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignTest {
    /// Differences above zero.
    pub positive: usize,
    /// Differences that are not zero.
    pub used: usize,
}

/// Counts the signs of differences (canary less baseline): R's `binom.test(positive, used)` is its test
/// (Arbuthnott 1710). Assumes independent differences and nothing else; zeros are dropped. Cost: O(n).
#[must_use]
pub fn sign_test(differences: &Sample) -> SignTest {
    let count = |kept: fn(&&f64) -> bool| differences.values().iter().filter(kept).count();
    SignTest { positive: count(|&&value| value > 0.0), used: count(|&&value| value != 0.0) }
}

impl SignTest {
    /// The exact p-value, from the binomial distribution at 1/2. 1 where there is no difference.
    /// Cost: O(√n) terms.
    #[must_use]
    pub fn p_value(&self, alternative: Alternative) -> f64 {
        let tails = Tails {
            at_most: fair_coin_tail(self.used, self.used - self.positive.min(self.used)),
            at_least: fair_coin_tail(self.used, self.positive),
        };
        tails.p_value(alternative)
    }
}

/// P(X >= k) for n throws of a fair coin: the terms from the nearest the middle outwards, until they no
/// longer count.
fn fair_coin_tail(throws: usize, at_least: usize) -> f64 {
    if 2 * at_least <= throws {
        return match at_least.checked_sub(1) {
            // By symmetry: 1 - P(X <= k - 1) = 1 - P(X >= n - k + 1).
            Some(below) => 1.0 - fair_coin_tail(throws, throws - below),
            None => 1.0,
        };
    }
    let (n, first) = (throws as f64, at_least as f64);
    let ln_choose = ln_gamma(n + 1.0) - ln_gamma(first + 1.0) - ln_gamma(n - first + 1.0);
    let mut term = (ln_choose - n * std::f64::consts::LN_2).exp();
    let mut sum = 0.0;
    for count in at_least..=throws {
        sum += term;
        term *= (throws - count) as f64 / (count as f64 + 1.0);
        if term <= sum * f64::EPSILON / 4.0 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_by_hand() {
        // 1e-14: the logarithm of the gamma function carries a few units of rounding.
        let close = |found: f64, expected: f64| assert!((found - expected).abs() <= 1e-14, "{found} {expected}");
        close(fair_coin_tail(4, 4), 1.0 / 16.0);
        close(fair_coin_tail(4, 3), 5.0 / 16.0);
        close(fair_coin_tail(4, 2), 11.0 / 16.0);
        close(fair_coin_tail(4, 0), 1.0);
        close(fair_coin_tail(0, 0), 1.0);
        close(SignTest { positive: 0, used: 0 }.p_value(Alternative::TwoSided), 1.0);
        close(SignTest { positive: 0, used: 3 }.p_value(Alternative::Greater), 1.0);
        close(SignTest { positive: 0, used: 3 }.p_value(Alternative::Less), 0.125);
    }
}
