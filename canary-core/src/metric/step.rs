//! How far apart the observations are: inferred from the differences between times of one series.

/// What the times of one side look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rhythm {
    /// The time between observations.
    pub(super) step_ms: i64,
    /// Where in the step the observations fall, modulo the step; where they jitter, their centre.
    pub(super) centre_ms: i64,
    /// Whether all observations lie exactly there.
    pub(super) regular: bool,
}

/// The commonest difference is the step where at least this share of the differences equal it,
const COMMON_SHARE: f64 = 0.5;
/// or where at least this share are multiples of it (gaps). The rest is jitter.
const MULTIPLES_SHARE: f64 = 0.95;
/// The step of a side that has no two observations in one series.
const FALLBACK_STEP_MS: i64 = 60_000;

/// Finds step and phase from (series, time in ms) samples; the order of the samples does not matter.
/// The step is the commonest difference between neighbours of one series; where there is none (jitter),
/// the median difference, rounded to whole seconds. Cost: O(n log n) in the samples.
pub(super) fn rhythm(samples: &mut Vec<(u64, i64)>) -> Option<Rhythm> {
    rhythm_or(samples, FALLBACK_STEP_MS)
}

/// The same, with the step of a side that has no two observations in one series.
pub(super) fn rhythm_or(samples: &mut Vec<(u64, i64)>, fallback_step_ms: i64) -> Option<Rhythm> {
    samples.sort_unstable();
    samples.dedup();
    let first = samples.first()?.1;
    let mut differences: Vec<i64> = samples
        .windows(2)
        .filter_map(|pair| match pair {
            [(a, earlier), (b, later)] if a == b => later.checked_sub(*earlier),
            _ => None,
        })
        .collect();
    differences.sort_unstable();
    let step_ms = step(&differences).unwrap_or(fallback_step_ms);
    let on_grid = samples.iter().filter(|(_, time)| time.wrapping_sub(first).rem_euclid(step_ms) == 0).count();
    let regular = on_grid == samples.len();
    let centre_ms = if regular || step_ms == 1 { first.rem_euclid(step_ms) } else { centre(samples, step_ms) };
    Some(Rhythm { step_ms, centre_ms, regular })
}

impl Rhythm {
    /// What to take off the times of this side so that flooring them to a grid whose ticks start at
    /// `anchor_ms` puts each on the nearest tick. Sides that differ in phase are brought together; jitter
    /// does not carry an observation over a tick's edge. None for a side with another step: it is averaged.
    pub(super) fn offset_ms(self, anchor_ms: i64, step_ms: i64) -> i64 {
        if self.step_ms != step_ms {
            return 0;
        }
        let shift = (self.centre_ms - anchor_ms + step_ms / 2).rem_euclid(step_ms) - step_ms / 2;
        if self.regular { shift } else { shift - step_ms / 2 }
    }
}

fn step(sorted_differences: &[i64]) -> Option<i64> {
    let median = *sorted_differences.get(sorted_differences.len() / 2)?;
    let longest_run = sorted_differences.chunk_by(|a, b| a == b).max_by_key(|run| (run.len(), -first_of(run)))?;
    let common = first_of(longest_run);
    let count = sorted_differences.len() as f64;
    let multiples = sorted_differences.iter().filter(|&&difference| difference % common.max(1) == 0).count() as f64;
    let is_step = longest_run.len() as f64 >= COMMON_SHARE * count || multiples >= MULTIPLES_SHARE * count;
    let step = if is_step { common } else { whole_seconds(median) };
    Some(step.max(1))
}

fn first_of(run: &[i64]) -> i64 {
    run.first().copied().unwrap_or_default()
}

fn whole_seconds(ms: i64) -> i64 {
    if ms >= 1000 { (ms + 500) / 1000 * 1000 } else { ms }
}

/// The point of the step that observations jitter around: their circular mean. The times are summed in
/// their order, so that the numbering of the series changes no bit.
fn centre(samples: &mut [(u64, i64)], step_ms: i64) -> i64 {
    samples.sort_unstable_by_key(|&(_, time)| time);
    let turn = std::f64::consts::TAU / step_ms as f64;
    let angle = |time: i64| time.rem_euclid(step_ms) as f64 * turn;
    let sine: f64 = samples.iter().map(|(_, time)| angle(*time).sin()).sum();
    let cosine: f64 = samples.iter().map(|(_, time)| angle(*time).cos()).sum();
    #[allow(clippy::cast_possible_truncation, reason = "a phase lies within one step")]
    let centre = (sine.atan2(cosine) / turn).round() as i64;
    centre.rem_euclid(step_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[i64]) -> Rhythm {
        rhythm(&mut times.iter().map(|&time| (0, time)).collect()).unwrap()
    }

    #[test]
    fn regular_minutes_with_gaps() {
        let found = of(&[30_000, 90_000, 150_000, 330_000, 390_000]);
        assert_eq!(found, Rhythm { step_ms: 60_000, centre_ms: 30_000, regular: true });
    }

    #[test]
    fn order_does_not_matter_and_series_are_apart() {
        let mut samples = vec![(1, 120_000), (0, 60_000), (1, 60_000), (0, 0), (1, 0)];
        assert_eq!(rhythm(&mut samples).unwrap().step_ms, 60_000);
    }

    #[test]
    fn jitter_is_put_on_the_nearest_tick() {
        let times: Vec<i64> = (0..50).map(|i: i64| i * 60_000 + (i * i * 7919 % 801) - 400).collect();
        let found = of(&times);
        assert_eq!(found.step_ms, 60_000);
        assert!(!found.regular);
        // Against a side that is exactly on the minute: minute i is tick i.
        let offset = found.offset_ms(0, 60_000);
        let ticks: Vec<i64> = times.iter().map(|time| (time - offset).div_euclid(60_000)).collect();
        assert_eq!(ticks, (0..50).collect::<Vec<i64>>());
    }

    #[test]
    fn sides_that_differ_in_phase_are_brought_together() {
        let late = of(&[20_000, 80_000, 140_000]);
        assert_eq!(late.offset_ms(0, 60_000), 20_000);
        let early = of(&[55_000, 115_000, 175_000]);
        assert_eq!(early.offset_ms(0, 60_000), -5_000);
        assert_eq!(early.offset_ms(0, 300_000), 0, "another step: averaged, not shifted");
    }

    #[test]
    fn single_observations_fall_back_to_a_minute() {
        assert_eq!(of(&[5_000]).step_ms, FALLBACK_STEP_MS);
        assert_eq!(rhythm(&mut Vec::new()), None);
    }
}
