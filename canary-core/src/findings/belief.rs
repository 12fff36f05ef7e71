//! What is known of the tick at which a change began.

/// How likely each tick is to be the first changed one: a probability over neighbouring ticks.
#[derive(Clone, Debug)]
pub(crate) struct Belief {
    /// The tick of the first weight.
    start: usize,
    /// Sum to 1.
    weights: Vec<f64>,
    best: usize,
}

/// Twice the log likelihood that the true onset loses against the best one: below this in 95 of 100 cases. The
/// maximum of a Brownian motion with drift on either side of the onset is exponential, so that the ratio is at most
/// κ with chance (1 − exp(−κ/2))² (Siegmund 1988; Eo & Morley 2015): κ = −2 ln(1 − √0.95).
const SET_95: f64 = 7.352;
/// Ticks less likely than this against the best are left out.
const LEAST: f64 = 1e-5;

impl Belief {
    /// From the log likelihood of each tick from `start` on; `None` for no tick. Of equally likely ticks the last
    /// is the best: in a gap of the series it is the one with a value.
    pub(crate) fn new(start: usize, log_likelihoods: &[f64]) -> Option<Self> {
        let highest = log_likelihoods.iter().copied().reduce(f64::max).filter(|highest| highest.is_finite())?;
        let likelihood = |log: &f64| (log - highest).exp();
        let kept = |log: &f64| likelihood(log) > LEAST;
        let (first, last) = (log_likelihoods.iter().position(kept)?, log_likelihoods.iter().rposition(kept)?);
        let mut weights: Vec<f64> = log_likelihoods.get(first..=last)?.iter().map(likelihood).collect();
        let best = weights.iter().rposition(|weight| *weight >= 1.0)?;
        let total: f64 = weights.iter().sum();
        for weight in &mut weights {
            *weight /= total;
        }
        Some(Self { start: start + first, weights, best })
    }

    /// Known to the tick.
    pub(crate) fn certain(tick: usize) -> Self {
        Self { start: tick, weights: vec![1.0], best: 0 }
    }

    /// The likeliest tick.
    pub(crate) fn best(&self) -> usize {
        self.start + self.best
    }

    /// Every tick with its probability.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = (usize, f64)> {
        (self.start..).zip(self.weights.iter().copied())
    }

    /// The probability of one tick.
    pub(crate) fn at(&self, tick: usize) -> f64 {
        tick.checked_sub(self.start).and_then(|place| self.weights.get(place)).copied().unwrap_or(0.0)
    }

    /// Whether the 95 % confidence set holds `tick`.
    pub(crate) fn allows(&self, tick: usize) -> bool {
        let best = self.weights.get(self.best).copied().unwrap_or(1.0);
        self.at(tick) >= best * least_allowed()
    }

    /// The standard deviation about the likeliest tick.
    pub(crate) fn spread(&self) -> f64 {
        let best = self.best as f64;
        let squares = self.weights.iter().enumerate().map(|(place, weight)| weight * (place as f64 - best).powi(2));
        squares.sum::<f64>().sqrt()
    }
}

/// How likely a tick of the 95 % confidence set is at least, against the best.
pub(crate) fn least_allowed() -> f64 {
    (-SET_95 / 2.0).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_critical_value_is_that_of_the_two_sided_maximum() {
        // Four digits.
        assert!((SET_95 - -2.0 * (1.0 - 0.95_f64.sqrt()).ln()).abs() < 5e-4);
    }

    #[test]
    fn a_belief_is_a_probability() {
        let belief = Belief::new(10, &[-50.0, -1.0, 0.0, 0.0, -3.0, f64::NEG_INFINITY]).unwrap();
        assert!((belief.ticks().map(|(_, chance)| chance).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!((belief.best(), belief.at(10), belief.at(15)), (13, 0.0, 0.0));
        assert!(belief.allows(11) && belief.allows(14) && !belief.allows(10) && !belief.allows(99));
        assert!((belief.at(11) / belief.at(12) - (-1.0_f64).exp()).abs() < 1e-12);
        assert_eq!(Belief::certain(7).spread().to_bits(), 0);
        assert!(Belief::new(0, &[]).is_none() && Belief::new(0, &[f64::NEG_INFINITY]).is_none());
    }
}
