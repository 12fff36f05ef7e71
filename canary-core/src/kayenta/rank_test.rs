//! The rank test that the rule stands on: interval and estimate of the shift from baseline to canary.

use statrs::distribution::{ContinuousCDF, Normal};

use super::pool::{Pooled, Run, equal_neighbours, pool, runs, wins_without_ties};
use super::root::{self, Point};

/// Every observation of the pool is the same: ranks have no spread, so no statistic exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("all observations are tied")]
pub struct AllTied;

/// How far the canary's values lie above the baseline's, in the metric's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The lower end of the confidence interval. It can exceed the upper one by the root finder's tolerance.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// The estimate: near the median of all differences canary - baseline (Hodges & Lehmann 1963).
    pub estimate: f64,
}

/// Two samples, sorted once, whose rank statistic can be evaluated at any shift.
///
/// Mann & Whitney's (1947) statistic with the normal approximation at every size, corrected for ties and for
/// continuity. R's `wilcox.test(conf.int = TRUE, exact = FALSE)` does the same but for the estimate, which it
/// finds without the continuity correction.
///
/// Ties are exact equality after the subtraction of the shift. NaN ranks as infinity; where an infinity occurs the
/// interval usually is not a number. Cost: a sort, then O(n + m) an evaluation, less where values repeat.
#[derive(Clone, Debug)]
pub struct RankTest {
    baseline: Vec<f64>,
    canary: Vec<f64>,
    baseline_runs: Vec<Run>,
    canary_runs: Vec<Run>,
    shifted: Vec<f64>,
    shifted_runs: Vec<Run>,
    way: Way,
    canary_neighbours: usize,
    /// The standard deviation of the statistic while no value occurs on both sides.
    spread_apart: f64,
}

/// How the statistic is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Value by value, and by runs only where a value occurs on both sides.
    ByValue,
    /// By runs of equal values, which are few.
    ByRuns,
    /// By runs, whose order the shift of an infinity may change.
    NotFinite,
}

/// Values that repeat this often on average are taken in runs.
const WORTHWHILE_RUN: usize = 3;

impl Way {
    fn of(baseline: &[f64], canary: &[f64], runs: usize) -> Self {
        let values = || baseline.iter().chain(canary);
        if !values().all(|value| value.is_finite()) {
            Self::NotFinite
        } else if runs * WORTHWHILE_RUN <= baseline.len() + canary.len() {
            Self::ByRuns
        } else {
            Self::ByValue
        }
    }
}

impl RankTest {
    /// Sorts both samples. `None` where one is empty.
    #[must_use]
    pub fn new(baseline: &[f64], canary: &[f64]) -> Option<Self> {
        if baseline.is_empty() || canary.is_empty() {
            return None;
        }
        let (baseline, canary) = (sorted(baseline), sorted(canary));
        let (baseline_runs, canary_runs) = (runs(&baseline), runs(&canary));
        let ties = pool(&baseline_runs, &[]).ties + pool(&[], &canary_runs).ties;
        Some(Self {
            way: Way::of(&baseline, &canary, baseline_runs.len() + canary_runs.len()),
            canary_neighbours: equal_neighbours(&canary),
            spread_apart: spread(baseline.len(), canary.len(), ties),
            shifted: Vec::new(),
            shifted_runs: Vec::new(),
            baseline_runs,
            canary_runs,
            baseline,
            canary,
        })
    }

    /// Whether both sides hold the same values equally often.
    #[must_use]
    pub fn is_identical(&self) -> bool {
        self.baseline == self.canary
    }

    /// The one value of each side, where each has but one.
    #[must_use]
    pub fn constants(&self) -> Option<Constants> {
        let only = |values: &[f64]| {
            let (&first, &last) = (values.first()?, values.last()?);
            #[allow(clippy::float_cmp, reason = "one distinct value")]
            (first == last).then_some(first)
        };
        Some(Constants { baseline: only(&self.baseline)?, canary: only(&self.canary)? })
    }

    /// The standardised rank statistic after `shift` is taken from the canary: falls as the shift grows.
    pub fn statistic(&mut self, shift: f64) -> Result<f64, AllTied> {
        match self.way {
            Way::ByValue if shift.is_finite() => match self.wins_apart(shift) {
                Some(wins) => self.standardised(wins, self.spread_apart),
                None => self.statistic_by_runs(shift, false),
            },
            Way::ByRuns if shift.is_finite() => self.statistic_by_runs(shift, false),
            _ => self.statistic_by_runs(shift, true),
        }
    }

    /// How often the shifted canary exceeds the baseline; `None` where the shift ties values that were apart.
    fn wins_apart(&mut self, shift: f64) -> Option<f64> {
        self.shifted.clear();
        self.shifted.extend(self.canary.iter().map(|value| value - shift));
        // Rounding can tie values that were apart, never part values that were tied.
        let same_ties = equal_neighbours(&self.shifted) == self.canary_neighbours;
        wins_without_ties(&self.baseline, &self.shifted).filter(|_| same_ties).map(|wins| wins as f64)
    }

    fn statistic_by_runs(&mut self, shift: f64, not_finite: bool) -> Result<f64, AllTied> {
        let shifted = |run: &Run| Run { value: run.value - shift, ..*run };
        self.shifted_runs.clear();
        self.shifted_runs.extend(self.canary_runs.iter().map(shifted));
        if not_finite {
            // Infinity minus infinity ranks with the highest.
            for run in self.shifted_runs.iter_mut().filter(|run| run.value.is_nan()) {
                run.value = f64::INFINITY;
            }
            self.shifted_runs.sort_unstable_by(|one, other| one.value.total_cmp(&other.value));
        }
        let Pooled { wins, ties } = pool(&self.baseline_runs, &self.shifted_runs);
        self.standardised(wins, spread(self.baseline.len(), self.canary.len(), ties))
    }

    fn standardised(&self, wins: f64, spread: f64) -> Result<f64, AllTied> {
        if spread == 0.0 {
            return Err(AllTied);
        }
        let excess = wins - self.baseline.len() as f64 * self.canary.len() as f64 / 2.0;
        let continuity = if excess == 0.0 { 0.0 } else { 0.5 * excess.signum() };
        Ok((excess - continuity) / spread)
    }

    /// The probability that a canary value exceeds a baseline value, ties counted half (Wolfe & Hogg 1971):
    /// the common-language effect size.
    #[must_use]
    pub fn superiority(&self) -> f64 {
        pool(&self.baseline_runs, &self.canary_runs).wins / (self.baseline.len() as f64 * self.canary.len() as f64)
    }

    /// Interval and estimate of the shift at a two-sided `confidence` level between 0 and 1.
    pub fn shift(&mut self, confidence: f64) -> Result<Shift, AllTied> {
        self.shift_at(critical_value(confidence))
    }

    /// The same where a statistic beyond `critical` excludes a shift.
    pub(super) fn shift_at(&mut self, critical: f64) -> Result<Shift, AllTied> {
        let range = self.range()?;
        Ok(Shift {
            lower: self.end(range, critical)?,
            upper: self.end(range, -critical)?,
            // Unlike the ends, searched for even where the range does not bracket it.
            estimate: root::find(range.least, range.greatest, |shift| self.statistic(shift))?,
        })
    }

    /// Whether the samples are large enough for any shift at all to be excluded.
    pub(super) fn can_exclude(&mut self, critical: f64) -> Result<bool, AllTied> {
        let range = self.range()?;
        Ok(range.least.y > critical && range.greatest.y < -critical)
    }

    /// The shifts at which the samples just touch, and the statistic there.
    fn range(&mut self) -> Result<Range, AllTied> {
        let end = |values: &[f64], greatest: bool| {
            let end = if greatest { values.last() } else { values.first() };
            end.copied().unwrap_or(f64::NAN)
        };
        let least = end(&self.canary, false) - end(&self.baseline, true);
        let greatest = end(&self.canary, true) - end(&self.baseline, false);
        Ok(Range {
            least: Point { x: least, y: self.statistic(least)? },
            greatest: Point { x: greatest, y: self.statistic(greatest)? },
        })
    }

    /// Where the statistic passes `level`; the end of the range where it does not.
    fn end(&mut self, range: Range, level: f64) -> Result<f64, AllTied> {
        let less_level = |point: Point| Point { x: point.x, y: point.y - level };
        let (least, greatest) = (less_level(range.least), less_level(range.greatest));
        if least.y <= 0.0 {
            return Ok(least.x);
        }
        if greatest.y >= 0.0 {
            return Ok(greatest.x);
        }
        root::find(least, greatest, |shift| Ok(self.statistic(shift)? - level))
    }
}

/// The one value of each side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constants {
    /// The baseline's.
    pub baseline: f64,
    /// The canary's.
    pub canary: f64,
}

#[derive(Clone, Copy, Debug)]
struct Range {
    least: Point,
    greatest: Point,
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let no_nan = |&value: &f64| if value.is_nan() { f64::INFINITY } else { value };
    let mut values: Vec<f64> = values.iter().map(no_nan).collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

/// The standard deviation of U among samples of these sizes with Σ t³ - t = `ties`.
fn spread(baseline: usize, canary: usize, ties: f64) -> f64 {
    let (n, m) = (baseline as f64, canary as f64);
    let total = n + m;
    (m * n / 12.0 * ((total + 1.0) - ties / (total * (total - 1.0)))).sqrt()
}

/// The quantile of the standard normal that a two-sided test at `confidence` (0 to 1) compares with, as R's
/// `qnorm((1 + confidence) / 2)`.
#[must_use]
pub fn critical_value(confidence: f64) -> f64 {
    -Normal::standard().inverse_cdf((1.0 - confidence) / 2.0)
}
