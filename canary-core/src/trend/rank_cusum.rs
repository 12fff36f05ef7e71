//! Where a series changes its level: cumulative sums of ranks, guarded against persistence.

use super::censored::{Known, scores};
use crate::stats::{MAD_TO_SD, median, student_quantile};

/// A segment with fewer values is not searched.
pub(super) const SHORTEST: usize = 8;

/// Fewest values on either side of a change.
const LEAST_SIDE: usize = 2;

/// Sizes of samples of [`CRITICAL`].
const SIZES: [f64; 14] = [8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0, 200.0];

/// Upper 1 % points of [`RankCusum::statistic`] for independent values: 20,000 random permutations each
/// (fixtures/vectors/squeeze.json).
const CRITICAL: [f64; 14] =
    [2.3094, 2.5584, 2.7175, 2.8723, 2.9292, 3.0509, 3.1422, 3.2148, 3.2873, 3.3292, 3.3433, 3.414, 3.4533, 3.5007];

/// The critical value for `count` independent values at 1 %: straight lines in ln(count), carried on beyond 200.
pub(super) fn critical_value(count: usize) -> f64 {
    let count = (count as f64).max(SIZES[0]);
    let after = SIZES.iter().position(|size| *size >= count).unwrap_or(SIZES.len() - 1).max(1);
    let at =
        |place: usize| (SIZES.get(place).copied().unwrap_or(1.0).ln(), CRITICAL.get(place).copied().unwrap_or(0.0));
    let ((low, below), (high, above)) = (at(after - 1), at(after));
    below + (above - below) * (count.ln() - low) / (high - low)
}

/// The most likely change of one segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RankCusum {
    /// The first value of the new level.
    pub(super) index: usize,
    /// The largest standardised sum of ranks.
    pub(super) statistic: f64,
    /// Values in the segment.
    pub(super) count: usize,
    /// How much more the mean of persistent values varies than that of independent ones; 1 or more, of variances.
    pub(super) inflation: f64,
    /// Changes as likely as the best one lie from here …
    pub(super) first: usize,
    /// … to here.
    pub(super) last: usize,
}

/// The 95 % point of chi-squared with one degree of freedom.
const AS_LIKELY: f64 = 3.84;

/// How rarely chance may show a distance, two-sided, over all places: 0.05 %. The MAD of a few builds has heavier tails
/// than the standard deviation that t is made for; at this level one in a hundred histories shows a change that is not
/// there (`squeeze_accuracy --trend`).
const DISTANT: f64 = 0.0005;

/// Fewest values on either side of a change that is judged by its size.
const LEAST_DISTANT: usize = 3;

/// Builds differ by this share at least, however alike a few of them are.
pub(super) const LEAST_SPREAD: f64 = 0.002;

/// No series of builds is more persistent than this, or nothing could ever be said of it.
const MOST_PERSISTENT: f64 = 0.9;

impl RankCusum {
    /// The change at which |Σ ranks so far - their mean| / (sd √(t(n-t)/n)) is largest (Pettitt 1979, standardised).
    ///
    /// Distribution-free and unmoved by single wild values. `None` for fewer than [`SHORTEST`] values or where all are
    /// equal. Cost: O(n log n), with bounds O(n²).
    pub(super) fn of(values: &[Known]) -> Option<Self> {
        let count = values.len();
        if count < SHORTEST {
            return None;
        }
        let scores = scores(values);
        let deviation = (scores.iter().map(|score| score * score).sum::<f64>() / (count as f64 - 1.0)).sqrt();
        let varies = deviation > 0.0;
        if !varies {
            return None;
        }
        let mut sum = 0.0;
        let sums: Vec<f64> = scores
            .iter()
            .enumerate()
            .map(|(place, score)| {
                sum += score;
                let before = (place + 1) as f64;
                let spread = (before * (count as f64 - before) / count as f64).sqrt();
                if place + 1 < LEAST_SIDE || place + 1 + LEAST_SIDE > count {
                    0.0
                } else {
                    (sum / (deviation * spread)).abs()
                }
            })
            .collect();
        let statistic = sums.iter().copied().fold(0.0, f64::max);
        let place = sums.iter().position(|sum| *sum >= statistic)?;
        let index = place + 1;
        let inflation = inflation(&scores, index);
        let likely = |at: &usize| {
            sums.get(*at).is_some_and(|other| statistic * statistic - other * other <= AS_LIKELY * inflation)
        };
        let first = (0..=place).rev().take_while(likely).last().unwrap_or(place) + 1;
        let last = (place..count).take_while(likely).last().unwrap_or(place) + 1;
        Some(Self { index, statistic, count, inflation, first, last })
    }

    /// How clear the change is: above 1 it is confirmed.
    ///
    /// Ranks know no distance: a fall by ten standard deviations looks like one by three, and with persistent values
    /// both need many builds. So the distance of the medians counts too, in standard errors by the MAD, held against
    /// Student's t at [`DISTANT`] over all places where the change might be.
    pub(super) fn clearness(&self, values: &[Known]) -> f64 {
        let by_ranks = self.statistic / self.inflation.sqrt() / critical_value(self.count);
        by_ranks.max(self.by_distance(values).unwrap_or(0.0))
    }

    fn by_distance(&self, values: &[Known]) -> Option<f64> {
        let (before, after) = values.split_at_checked(self.index)?;
        // The median of two is no defence against one of them.
        if before.len() < LEAST_DISTANT || after.len() < LEAST_DISTANT {
            return None;
        }
        let places = |side: &[Known]| -> Option<Vec<f64>> {
            side.iter().map(|value| matches!(value, Known::Exactly(_)).then_some(value.place())).collect()
        };
        let (mut before, mut after) = (places(before)?, places(after)?);
        let medians = (median(&mut before)?, median(&mut after)?);
        let residuals = before.iter().map(|place| place - medians.0).chain(after.iter().map(|place| place - medians.1));
        let mut sizes: Vec<f64> = residuals.map(f64::abs).collect();
        let spread = (MAD_TO_SD * median(&mut sizes)?).max(LEAST_SPREAD);
        let error = spread * (self.inflation * (1.0 / before.len() as f64 + 1.0 / after.len() as f64)).sqrt();
        let count = self.count as f64;
        Some((medians.1 - medians.0).abs() / error / student_quantile(DISTANT / (2.0 * count), count - 3.0))
    }
}

/// (1 + ρ)/(1 - ρ) for the lag-1 autocorrelation ρ of the ranks about their means on both sides of the change.
///
/// Taking out two means hides persistence, the more the shorter the series: the bias of Kendall (1954) is added for each
/// of them.
fn inflation(scores: &[f64], index: usize) -> f64 {
    let (before, after) = scores.split_at(index.min(scores.len()));
    let mean = |side: &[f64]| side.iter().sum::<f64>() / side.len().max(1) as f64;
    let means = (mean(before), mean(after));
    let centred: Vec<f64> =
        before.iter().map(|score| score - means.0).chain(after.iter().map(|score| score - means.1)).collect();
    let squares: f64 = centred.iter().map(|score| score * score).sum();
    let products: f64 = centred.iter().zip(centred.iter().skip(1)).map(|(one, next)| one * next).sum();
    let varies = squares > 0.0;
    if !varies {
        return 1.0;
    }
    let (raw, count) = (products / squares, scores.len() as f64);
    let persistence = (raw + 2.0 * (1.0 + 3.0 * raw.max(0.0)) / count).clamp(0.0, MOST_PERSISTENT);
    (1.0 + persistence) / (1.0 - persistence)
}
