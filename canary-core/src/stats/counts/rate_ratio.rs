//! The ratio of two rates from counts of events and their exposures: exact, however few events.

use crate::stats::tails::{Beta, BetaTails, Share, ln_complement};
use crate::stats::tails::{normal_isf_ln, normal_ln_sf};

/// Newton's method in logarithms takes 4 to 8 steps.
const MAX_STEPS: usize = 100;
/// Relative, of an end of an interval.
const TOLERANCE: f64 = 1e-12;
/// The mixture of the anytime test is worth this many events (Lindon, Sanden & Shirikian 2022).
const PRIOR_EVENTS: f64 = 10.0;

/// The events of one side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Events {
    /// How many; fractions (averages over instances) are accepted.
    pub count: f64,
    /// What they are counted over, in any unit: requests, seconds.
    pub exposure: f64,
}

impl Events {
    /// `None` unless both are finite and not negative.
    #[must_use]
    pub fn new(count: f64, exposure: f64) -> Option<Self> {
        let valid = |value: f64| value >= 0.0 && value.is_finite();
        (valid(count) && valid(exposure)).then_some(Self { count, exposure })
    }
}

/// How the probability of the observed split itself is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Atom {
    /// Half of it: the mid-p-value (Lancaster 1961), whose false alarms are near the level.
    #[default]
    Half,
    /// All of it: never above the level, and below it where events are few. R's `poisson.test`.
    Whole,
}

/// The ratio of the canary's rate of events to the baseline's, given the number of events of both.
///
/// Given their sum the canary's events are binomial with share π(ρ) = ρ n₂/(n₁ + ρ n₂) (Przyborowski &
/// Wilenski 1940), so that p-values are tails of a beta distribution and the interval is Clopper &
/// Pearson's (1934) for π, or its mid-p form. Intensities that change over time cancel where both sides
/// share them.
///
/// A dispersion φ >= 1, the variance of the split over the binomial one, divides the normal quantile of
/// every p-value by √φ. The interval is the set of bounds at which both of these p-values exceed half of
/// alpha, so that p-values and interval decide alike.
///
/// No events, or an exposure of zero, say nothing: p is 1 and the interval is 0 to infinity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RateRatio {
    /// The canary's rate over the baseline's: 0 to infinite; NaN where nothing is known.
    pub ratio: f64,
    baseline: Events,
    canary: Events,
    atom: Atom,
    dispersion: f64,
}

/// Which conclusion is tested.
#[derive(Clone, Copy, Debug)]
enum Side {
    Above,
    Below,
}

impl RateRatio {
    /// Compares the two by mid-p-values, without over-dispersion.
    #[must_use]
    pub fn new(baseline: Events, canary: Events) -> Self {
        let known = baseline.count + canary.count > 0.0 && baseline.exposure > 0.0 && canary.exposure > 0.0;
        let ratio = (canary.count / canary.exposure) / (baseline.count / baseline.exposure);
        Self { ratio: if known { ratio } else { f64::NAN }, baseline, canary, atom: Atom::Half, dispersion: 1.0 }
    }

    /// Counts the observed split as `atom` says.
    #[must_use]
    pub fn with_atom(self, atom: Atom) -> Self {
        Self { atom, ..self }
    }

    /// Allows for a variance of `dispersion` times the binomial one; below 1, or NaN, counts as 1.
    #[must_use]
    pub fn with_dispersion(self, dispersion: f64) -> Self {
        Self { dispersion: dispersion.max(1.0), ..self }
    }

    /// One-sided p-value of "the true ratio is at most `bound`", for a bound from 0 to infinite.
    #[must_use]
    pub fn p_above(&self, bound: f64) -> f64 {
        self.p(Side::Above, bound)
    }

    /// One-sided p-value of "the true ratio is at least `bound`".
    #[must_use]
    pub fn p_below(&self, bound: f64) -> f64 {
        self.p(Side::Below, 1.0 / bound)
    }

    /// The interval of the two-sided `alpha`, 0 to 1: all ratios whose one-sided p-values exceed half of it.
    /// 0 and infinite where nothing is excluded. Cost: 6 incomplete betas an end.
    #[must_use]
    pub fn interval(&self, alpha: f64) -> (f64, f64) {
        let tail = (alpha / 2.0).clamp(0.0, 0.5);
        // The tail that dispersion widens to this one.
        let ln_tail = normal_ln_sf(normal_isf_ln(tail.ln()) * self.dispersion.sqrt());
        (self.end(Side::Above, ln_tail), 1.0 / self.end(Side::Below, ln_tail))
    }

    /// Natural logarithm of an e-value against "the true ratio is at most `bound`": evidence that stays
    /// valid at any time of stopping, reject at ln(1/α). Its mean is at most 1 at every ratio up to the bound.
    ///
    /// The mixture likelihood ratio of the canary's share over a beta prior centred at the bound, worth
    /// 10 events, cut to the shares above the bound (Lindon, Sanden & Shirikian 2022; Robbins 1970).
    /// `dispersion` has no say: counts must be Poisson. Minus infinity to infinity; 0 where nothing is known.
    #[must_use]
    pub fn ln_e_above(&self, bound: f64) -> f64 {
        self.ln_e(Side::Above, bound)
    }

    /// As [`RateRatio::ln_e_above`], against "the true ratio is at least `bound`".
    #[must_use]
    pub fn ln_e_below(&self, bound: f64) -> f64 {
        self.ln_e(Side::Below, 1.0 / bound)
    }

    fn is_known(&self) -> bool {
        !self.ratio.is_nan()
    }

    /// The sides (against, for) the conclusion.
    fn turned(&self, side: Side) -> (Events, Events) {
        match side {
            Side::Above => (self.baseline, self.canary),
            Side::Below => (self.canary, self.baseline),
        }
    }

    fn p(&self, side: Side, bound: f64) -> f64 {
        if !self.is_known() {
            return 1.0;
        }
        let (baseline, canary) = self.turned(side);
        let ln_p = self.tail(side, bound * canary.exposure / baseline.exposure).ln_p;
        if self.dispersion <= 1.0 {
            return ln_p.exp();
        }
        normal_ln_sf(normal_isf_ln(ln_p) / self.dispersion.sqrt()).exp()
    }

    /// The tail of the split at odds π/(1-π).
    fn tail(&self, side: Side, odds: f64) -> Tail {
        let (baseline, canary) = self.turned(side);
        let (against, with) = (baseline.count, canary.count);
        let share = Share::from_odds(odds);
        // P(X >= x) is the lower tail of Beta(x, N-x+1): 1 where x is 0.
        let whole = if with > 0.0 {
            Beta::new(with, against + 1.0).tails(share)
        } else {
            BetaTails { ln_lower: 0.0, ln_upper: f64::NEG_INFINITY }
        };
        // P(X = x) = x^-1 times the kernel of that beta.
        let ln_atom = ln_atom(against, with, share);
        let slope = with * share.y;
        match self.atom {
            Atom::Whole => Tail { ln_p: whole.ln_lower, ln_slope: ln_atom + slope.ln() },
            Atom::Half => {
                let slope = 0.5 * (slope + against * share.x);
                // 1 - p is as small as p may be: take the smaller of the two in logarithms.
                let ln_p = if whole.ln_lower < whole.ln_upper {
                    whole.ln_lower + (-0.5 * (ln_atom - whole.ln_lower).min(0.0).exp()).ln_1p()
                } else {
                    ln_complement((whole.ln_upper.exp() + 0.5 * ln_atom.exp()).ln())
                };
                Tail { ln_p, ln_slope: ln_atom + slope.ln() }
            }
        }
    }

    /// The smallest bound not rejected at a tail of e^`ln_tail`: Newton's method on the logarithm of the
    /// tail in ln odds, which is concave (the beta distribution's is log-concave there), in a bracket.
    fn end(&self, side: Side, ln_tail: f64) -> f64 {
        let (baseline, canary) = self.turned(side);
        if !self.is_known() || canary.count == 0.0 || ln_tail == f64::NEG_INFINITY {
            return 0.0;
        }
        let from_odds = |log_odds: f64| (log_odds + (baseline.exposure / canary.exposure).ln()).exp();
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut log_odds = (canary.count / (baseline.count + 0.5)).ln();
        for _ in 0..MAX_STEPS {
            let at = self.tail(side, log_odds.exp());
            let excess = at.ln_p - ln_tail;
            if excess > 0.0 {
                high = log_odds;
            } else {
                low = log_odds;
            }
            let newton = log_odds - excess * (at.ln_p - at.ln_slope).exp();
            let next = if newton > low && newton < high { newton } else { between(low, high, log_odds) };
            let moved = (next - log_odds).abs();
            log_odds = next;
            if moved <= TOLERANCE * log_odds.abs().max(1.0) {
                return from_odds(log_odds);
            }
            if log_odds > f64::MAX.ln() {
                return f64::INFINITY;
            }
        }
        from_odds(log_odds)
    }

    fn ln_e(&self, side: Side, bound: f64) -> f64 {
        if !self.is_known() {
            return 0.0;
        }
        let (baseline, canary) = self.turned(side);
        let share = Share::from_odds(bound * canary.exposure / baseline.exposure);
        if share.x <= 0.0 || share.y <= 0.0 {
            // At a bound of 0 a single event of the canary contradicts; at an infinite one nothing does.
            return if share.x <= 0.0 && canary.count > 0.0 { f64::INFINITY } else { 0.0 };
        }
        let (a, b) = (PRIOR_EVENTS * share.x, PRIOR_EVENTS * share.y);
        let (with, against) = (a + canary.count, b + baseline.count);
        let ln_upper = |a: f64, b: f64| {
            let beta = Beta::new(a, b);
            beta.ln_function() + beta.tails(share).ln_upper
        };
        let (mixture, prior) = (ln_upper(with, against), ln_upper(a, b));
        mixture - prior - canary.count * share.x.ln() - baseline.count * share.y.ln()
    }
}

/// A tail with its slope in ln odds, in logarithms.
struct Tail {
    ln_p: f64,
    ln_slope: f64,
}

/// ln P(X = `with`) for a binomial of `against` + `with` trials.
pub(super) fn ln_atom(against: f64, with: f64, share: Share) -> f64 {
    if with == 0.0 {
        return against * share.y.ln();
    }
    // Γ(N+1)/(Γ(x+1) Γ(N-x+1)) π^x (1-π)^(N-x).
    Beta::new(with, against + 1.0).ln_kernel(share) - share.y.ln() - with.ln()
}

/// Halfway, or a growing step where an end is open.
fn between(low: f64, high: f64, now: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => f64::midpoint(low, high),
        (false, _) => now - (1.0 + now.abs()),
        (true, false) => now + (1.0 + now.abs()),
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    fn of(baseline: (f64, f64), canary: (f64, f64)) -> RateRatio {
        RateRatio::new(Events::new(baseline.0, baseline.1).unwrap(), Events::new(canary.0, canary.1).unwrap())
    }

    #[test]
    fn no_events_or_no_exposure_say_nothing() {
        for nothing in [of((0.0, 5.0), (0.0, 7.0)), of((3.0, 0.0), (4.0, 1.0)), of((3.0, 1.0), (4.0, 0.0))] {
            assert!(nothing.ratio.is_nan());
            assert_eq!((nothing.p_above(1.0), nothing.p_below(1.0), nothing.ln_e_above(1.0)), (1.0, 1.0, 0.0));
            assert_eq!(nothing.interval(0.02), (0.0, f64::INFINITY));
        }
        assert_eq!(Events::new(-1.0, 1.0), None);
        assert_eq!(Events::new(1.0, f64::NAN), None);
        assert_eq!(Events::new(f64::INFINITY, 1.0), None);
    }

    #[test]
    fn one_side_without_events() {
        // 0 against 10 events at equal exposure: the only split as extreme is the observed one, 2^-10.
        let all = of((0.0, 5.0), (10.0, 5.0));
        assert_eq!((all.ratio, all.interval(0.02).1), (f64::INFINITY, f64::INFINITY));
        assert!((all.p_above(1.0) * 2048.0 - 1.0).abs() < 1e-12);
        assert!((all.with_atom(Atom::Whole).p_above(1.0) * 1024.0 - 1.0).abs() < 1e-12);
        let none = of((10.0, 5.0), (0.0, 5.0));
        assert_eq!((none.ratio, none.interval(0.02).0), (0.0, 0.0));
        assert_eq!(none.interval(0.02).1, 1.0 / all.interval(0.02).0);
        // At the ends of the bounds: certain or impossible.
        assert_eq!((all.p_above(0.0), none.with_atom(Atom::Whole).p_above(0.0)), (0.0, 1.0));
        assert_eq!(all.with_atom(Atom::Whole).p_above(f64::INFINITY), 1.0);
    }

    #[test]
    fn p_values_and_interval_decide_alike() {
        for counts in [(0.0, 6.0), (3.0, 11.0), (40.5, 61.25), (2e4, 2.1e4), (3e6, 2.99e6)] {
            for (dispersion, atom) in [(1.0, Atom::Half), (2.5, Atom::Half), (7.0, Atom::Whole)] {
                let ratio = of((counts.0, 90.0), (counts.1, 80.0)).with_dispersion(dispersion).with_atom(atom);
                for alpha in [0.1, 0.02, 1e-6, 1e-30] {
                    let (lower, upper) = ratio.interval(alpha);
                    // The ends are good to 1e-12; p to 1e-9 at the least.
                    let tail = alpha / 2.0;
                    for (bound, p) in [(lower, ratio.p_above(lower)), (upper, ratio.p_below(upper))] {
                        let open = bound == 0.0 || bound.is_infinite();
                        assert!(open || (p / tail - 1.0).abs() < 1e-7, "{counts:?} {dispersion} {alpha} {bound}: {p}");
                    }
                }
            }
        }
    }

    #[test]
    fn dispersion_divides_the_normal_quantile() {
        let plain = of((400.0, 1.0), (500.0, 1.0));
        let z = normal_isf_ln(plain.p_above(1.0).ln());
        let inflated = normal_isf_ln(plain.with_dispersion(4.0).p_above(1.0).ln());
        // Half of the quantile; two conversions there and back.
        assert!((inflated / z - 0.5).abs() < 1e-10);
        assert_eq!(plain.with_dispersion(0.5), plain);
        assert_eq!(plain.with_dispersion(f64::NAN), plain);
    }

    #[test]
    fn tiny_tails_keep_their_digits() {
        // mpmath, 50 digits: sums of binomial probabilities at a half. The 1e4 shapes are where the methods meet.
        let cases = [
            ((9000.0, 12000.0), 9.209_626_552_807_675e-96),
            ((12000.0, 17000.0), 1.185_228_632_061_827e-190),
            ((50000.0, 50000.0), 0.501_261_563_107_098_4),
        ];
        for ((baseline, canary), expected) in cases {
            let found = of((baseline, 1.0), (canary, 1.0)).with_atom(Atom::Whole).p_above(1.0);
            assert!((found / expected - 1.0).abs() < 1e-11, "{baseline} {canary}: {found:e}");
        }
    }

    #[test]
    fn few_events_beside_very_many_keep_their_digits() {
        // mpmath, 60 digits: sums of binomial probabilities from the canary's count on.
        let cases = [
            ((1e9, 1.0), (12.0, 1e-9), 8.316_107_979_851_693e-10),
            ((1e12, 1.0), (3.0, 1e-14), 1.654_216_528_084_752_5e-7),
        ];
        for (baseline, canary, expected) in cases {
            let found = of(baseline, canary).with_atom(Atom::Whole).p_above(1.0);
            assert!((found / expected - 1.0).abs() < 1e-10, "{baseline:?} {canary:?}: {found:e}");
        }
    }

    #[test]
    fn e_values_have_mean_one_at_most_under_the_null() {
        // All splits of 30 events, weighted by their binomial probability at a true ratio; exact sums.
        const EVENTS: u32 = 30;
        let mean = |truth: f64, bound: f64, exposure: f64| -> f64 {
            let pi = truth * exposure / (1.0 + truth * exposure);
            let split = |canary: u32| {
                let found = of((f64::from(EVENTS - canary), 1.0), (f64::from(canary), exposure));
                let choose: f64 = (1..=canary).map(|k| f64::from(EVENTS + 1 - k) / f64::from(k)).product();
                let weight = choose * pi.powf(f64::from(canary)) * (1.0 - pi).powf(f64::from(EVENTS - canary));
                weight * found.ln_e_above(bound).exp()
            };
            (0..=EVENTS).map(split).sum()
        };
        for exposure in [1.0, 0.1, 7.0] {
            for bound in [0.8, 1.25] {
                // A likelihood ratio: mean one where the bound is the truth. 31 terms to 1e-12 each.
                assert!((mean(bound, bound, exposure) - 1.0).abs() < 1e-10, "{exposure} {bound}");
                assert!(mean(0.7 * bound, bound, exposure) < 1.0 && mean(1.5 * bound, bound, exposure) > 1.0);
            }
        }
        // Swapped sides and an inverted bound are the same question.
        let (there, back) = (of((4.0, 3.0), (19.0, 2.0)), of((19.0, 2.0), (4.0, 3.0)));
        assert!((there.ln_e_above(1.25) - back.ln_e_below(0.8)).abs() < 1e-12);
    }
}
