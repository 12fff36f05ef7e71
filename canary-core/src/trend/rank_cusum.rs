//! Where a series changes its level: cumulative sums of ranks, guarded against persistence.

use super::censored::{Known, scores};
use crate::stats::{MAD_TO_SD, median, student_quantile};

/// A segment with fewer values is not searched.
pub(super) const SHORTEST: usize = 8;

/// Fewest values on either side of a change: one wild value is no level, and neither is one beside a quiet one.
const LEAST_SIDE: usize = 3;

/// Sizes of samples of [`CRITICAL`].
const SIZES: [f64; 14] = [8.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 80.0, 100.0, 150.0, 200.0];

/// Upper 1 % points of [`RankCusum::statistic`] for independent values: 20,000 random permutations each
/// (fixtures/vectors/squeeze.json). They leave two values on a side where we leave [`LEAST_SIDE`], so that chance
/// exceeds them a trifle less often.
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

/// Builds differ by this share at least, however alike a few of them are.
pub(super) const LEAST_SPREAD: f64 = 0.002;

/// Added to the rough estimate of persistence, over the root of the number of builds.
const SAFETY: f64 = 1.0;

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
        let index = nearest(values, index, first, last);
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

/// The place from `first` to `last` at which two medians miss the values by the least: ranks know that a value is the
/// lowest so far, not that it lies far nearer to the old level. `index` where bounds leave distances unknown.
fn nearest(values: &[Known], index: usize, first: usize, last: usize) -> usize {
    if values.iter().any(|value| !matches!(value, Known::Exactly(_))) {
        return index;
    }
    let places: Vec<f64> = values.iter().map(|value| value.place()).collect();
    let missed = |side: &[f64]| {
        let centre = median(&mut side.to_vec()).unwrap_or(0.0);
        side.iter().map(|place| (place - centre).abs()).sum::<f64>()
    };
    let sum =
        |at: usize| places.split_at_checked(at).map_or(f64::INFINITY, |(before, after)| missed(before) + missed(after));
    let allowed = first.max(LEAST_SIDE)..=last.min(values.len() - LEAST_SIDE);
    // The place by ranks wins a tie.
    allowed
        .map(|at| (sum(at), at != index, at))
        .min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
        .map_or(index, |best| best.2)
}

/// (1 + ρ)/(1 - ρ) for the lag-1 autocorrelation ρ of the ranks, by two estimates of which the lower counts.
///
/// The first is that about the means on both sides of the change; taking out two means hides persistence, the more the
/// shorter the series: the bias of Kendall (1954) is added for each of them. A further change of level looks like
/// persistence to it. The second does not see levels, only neighbours: builds two apart differ more than builds one
/// apart by the factor 1 + ρ, in squares; the largest tenth, where levels change, is left out. It is the rougher one: a
/// standard error is added.
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
    let about_means = raw + 2.0 * (1.0 + 3.0 * raw.max(0.0)) / count;
    let (next, second) = (quiet_square(scores, 1), quiet_square(scores, 2));
    // Nine in ten builds like the one before: what else differs are levels.
    let ratio = if next > 0.0 { second / next } else { 1.0 };
    let of_neighbours = ratio - 1.0 + SAFETY / count.sqrt();
    let least = about_means.min(of_neighbours);
    let persistence = least.clamp(0.0, MOST_PERSISTENT);
    (1.0 + persistence) / (1.0 - persistence)
}

/// The mean square of differences of scores `apart` places, without the largest tenth.
fn quiet_square(scores: &[f64], apart: usize) -> f64 {
    let mut squares: Vec<f64> =
        scores.iter().zip(scores.iter().skip(apart)).map(|(one, next)| (next - one).powi(2)).collect();
    squares.sort_by(f64::total_cmp);
    squares.truncate(squares.len() - squares.len() / 10);
    squares.iter().sum::<f64>() / squares.len().max(1) as f64
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;
    use rand_pcg::Pcg64Mcg;
    use rand_pcg::rand_core::{Rng, SeedableRng};

    #[test]
    fn the_table_is_that_of_the_reference() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../../fixtures/vectors/squeeze.json")).unwrap();
        let table = vectors["rank_cusum_critical_values"]["table"].as_object().unwrap();
        assert_eq!(table.len(), SIZES.len());
        for (count, points) in table {
            let found = critical_value(count.parse().unwrap());
            // Interpolation at a point of the table: rounding only.
            assert!((found - points["0.01"].as_f64().unwrap()).abs() < 1e-12, "{count}: {found}");
        }
        assert!(critical_value(3) == critical_value(8) && critical_value(400) > critical_value(200));
    }

    #[test]
    fn permutations_exceed_the_critical_value_as_often_as_it_says() {
        let mut random = Pcg64Mcg::seed_from_u64(9);
        for count in [20_u64, 50] {
            let mut values: Vec<Known> = (0..count).map(|value| Known::Exactly(value as f64)).collect();
            let size = |count: u64| usize::try_from(count).unwrap();
            let draws = 4000;
            let mut beyond = 0;
            for _ in 0..draws {
                for place in (1..count).rev() {
                    values.swap(size(place), size(random.next_u64() % (place + 1)));
                }
                let found = RankCusum::of(&values).unwrap();
                beyond += u32::from(found.statistic > critical_value(values.len()));
            }
            let share = f64::from(beyond) / f64::from(draws);
            // Three standard errors of a share of 1 % in 4000 draws, and of the table's own 20,000. The places
            // with two on a side are missing, which the others resemble.
            let error = (0.0099_f64 * (1.0 / 4000.0 + 1.0 / 20_000.0)).sqrt();
            assert!((share - 0.01).abs() < 3.0 * error, "{count}: {share}");
        }
    }

    #[test]
    fn a_step_is_found_at_its_first_value_and_its_range_holds_it() {
        let values: Vec<Known> =
            (0..30).map(|place| Known::Exactly(f64::from(place % 5 + if place < 18 { 20 } else { 0 }))).collect();
        let found = RankCusum::of(&values).unwrap();
        assert_eq!(found.index, 18);
        assert!(found.first <= 18 && found.last >= 18 && found.clearness(&values) > 1.0);
        assert_eq!(RankCusum::of(&[Known::Exactly(1.0); 20]), None);
        assert_eq!(RankCusum::of(&values[..7]), None);
    }
}
