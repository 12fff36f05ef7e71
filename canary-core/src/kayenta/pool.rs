//! Two sorted samples pooled: how often a value of one exceeds one of the other, and which values are tied.

use std::iter::Peekable;

/// What a rank test needs of a pooled sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pooled {
    /// Pairs in which the canary's value exceeds the baseline's, ties counted half: Mann & Whitney's U.
    pub(super) wins: f64,
    /// Σ t³ - t over the groups of t tied values.
    pub(super) ties: f64,
}

/// Values that are equal, as one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    pub(super) value: f64,
    pub(super) count: f64,
}

/// The runs of a sorted sample.
pub(super) fn runs(sorted: &[f64]) -> Vec<Run> {
    #[allow(clippy::float_cmp, reason = "tied is equal")]
    let equal = sorted.chunk_by(|one, next| one == next);
    equal.filter_map(|run| Some(Run { value: *run.first()?, count: run.len() as f64 })).collect()
}

/// Pools two sorted samples, given as runs, without NaN. Runs of one sample may be equal: they are one. Cost:
/// linear in the runs.
pub(super) fn pool(baseline: &[Run], canary: &[Run]) -> Pooled {
    let (mut pooled, mut below) = (Pooled { wins: 0.0, ties: 0.0 }, 0.0);
    let (mut baseline, mut canary) = (baseline.iter().peekable(), canary.iter().peekable());
    while let Some(value) = least(baseline.peek(), canary.peek()) {
        let (tied_baseline, tied_canary) = (taken(&mut baseline, value), taken(&mut canary, value));
        pooled.wins += tied_canary * (below + 0.5 * tied_baseline);
        pooled.ties += tie_term(tied_baseline + tied_canary);
        below += tied_baseline;
    }
    pooled
}

/// t³ - t of a group of t tied values: 0 for one alone.
fn tie_term(count: f64) -> f64 {
    count * count * count - count
}

fn least(one: Option<&&Run>, other: Option<&&Run>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(if one.value < other.value { one.value } else { other.value }),
        (one, other) => one.or(other).map(|run| run.value),
    }
}

/// How many values at the start equal `value`; they are taken away.
fn taken<'a>(runs: &mut Peekable<impl Iterator<Item = &'a Run>>, value: f64) -> f64 {
    let mut count = 0.0;
    #[allow(clippy::float_cmp, reason = "tied is equal")]
    while let Some(run) = runs.next_if(|run| run.value == value) {
        count += run.count;
    }
    count
}

/// How many neighbours in a sorted sample are equal.
#[allow(clippy::float_cmp, reason = "tied is equal")]
pub(super) fn equal_neighbours(sorted: &[f64]) -> usize {
    sorted.iter().zip(sorted.iter().skip(1)).map(|(one, next)| usize::from(one == next)).sum()
}

/// As many stretches of the merge run together: one alone waits for its own comparison at every step.
const LANES: usize = 4;

/// The pairs in which the canary's value exceeds the baseline's, where no value occurs on both sides;
/// `None` where one does. Both samples sorted and finite.
///
/// A merge without a branch on the data, in four stretches of equal length whose starts are found by bisection
/// (merge path: Odeh, Green, Mwassi, Shmueli & Birk 2012). Cost: O(n + m), about 1 ns a value.
pub(super) fn wins_without_ties(baseline: &[f64], canary: &[f64]) -> Option<u64> {
    let total = baseline.len() + canary.len();
    let starts: [usize; LANES] = std::array::from_fn(|lane| total * lane / LANES);
    let mut lanes = starts.map(|taken| taken_of_canary(taken, baseline, canary));
    let mut count = Count::default();
    let steps = total / LANES;
    for step in 0..steps {
        for (taken, start) in lanes.iter_mut().zip(starts) {
            *taken += count.step(start + step - *taken, *taken, baseline, canary);
        }
    }
    let ends = starts.iter().skip(1).chain([&total]);
    for ((mut taken, start), end) in lanes.into_iter().zip(starts).zip(ends) {
        for place in start + steps..*end {
            taken += count.step(place - taken, taken, baseline, canary);
        }
    }
    (!count.tied).then_some(count.wins as u64)
}

/// How many of the first `taken` values of the merge are the canary's. Of equal values the canary's go first.
fn taken_of_canary(taken: usize, baseline: &[f64], canary: &[f64]) -> usize {
    let (mut low, mut high) = (taken.saturating_sub(baseline.len()), taken.min(canary.len()));
    while low < high {
        let middle = usize::midpoint(low, high);
        let goes_first = match (canary.get(middle), baseline.get(taken - 1 - middle)) {
            (Some(canary), Some(baseline)) => canary <= baseline,
            _ => false,
        };
        if goes_first {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

#[derive(Clone, Copy, Debug, Default)]
struct Count {
    wins: usize,
    tied: bool,
}

impl Count {
    /// Takes the next value; answers how many of the canary's that is. One that is taken exceeds every baseline
    /// value taken before it.
    #[inline]
    #[allow(clippy::float_cmp, reason = "tied is equal")]
    fn step(&mut self, from_baseline: usize, from_canary: usize, baseline: &[f64], canary: &[f64]) -> usize {
        let next_baseline = baseline.get(from_baseline).copied().unwrap_or(f64::INFINITY);
        let next_canary = canary.get(from_canary).copied().unwrap_or(f64::INFINITY);
        let takes_canary = next_canary <= next_baseline;
        self.tied |= next_canary == next_baseline;
        self.wins += if takes_canary { from_baseline } else { 0 };
        usize::from(takes_canary)
    }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "counts and halves are exact")]
mod tests {
    use super::*;

    /// The definition: every pair compared, every value looked for in the pool.
    fn slow(baseline: &[f64], canary: &[f64]) -> Pooled {
        let half_or_one = |canary: f64, baseline: f64| match () {
            () if canary > baseline => 1.0,
            () if canary == baseline => 0.5,
            () => 0.0,
        };
        let wins = canary.iter().flat_map(|&c| baseline.iter().map(move |&b| half_or_one(c, b))).sum();
        let pool: Vec<f64> = baseline.iter().chain(canary).copied().collect();
        // Each of t tied values counts t² - 1: together t³ - t.
        let of_one = |value: &f64| (pool.iter().filter(|other| *other == value).count() as f64).powi(2) - 1.0;
        Pooled { wins, ties: pool.iter().map(of_one).sum() }
    }

    fn sample(count: usize, seed: usize, modulus: usize) -> Vec<f64> {
        let mut values: Vec<f64> = (0..count).map(|i| ((i * 7919 + seed * 104_729) % modulus) as f64).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    #[test]
    fn pooling_runs_agrees_with_the_definition() {
        for (n, m) in [(0, 0), (0, 3), (1, 1), (2, 3), (7, 4), (30, 31), (100, 57)] {
            for modulus in [1, 2, 5, 1009] {
                let (baseline, canary) = (sample(n, 1, modulus), sample(m, 2, modulus));
                assert_eq!(pool(&runs(&baseline), &runs(&canary)), slow(&baseline, &canary), "{n} {m} {modulus}");
            }
        }
    }

    #[test]
    fn the_merge_in_stretches_agrees_or_says_that_it_cannot() {
        for (n, m) in [(0, 0), (0, 3), (1, 1), (3, 1), (2, 9), (30, 31), (100, 57), (481, 480)] {
            for modulus in [2, 5, 1009, 100_003] {
                let (baseline, mut canary) = (sample(n, 1, modulus), sample(m, 2, modulus));
                let shared = canary.iter().any(|value| baseline.contains(value));
                let wins = slow(&baseline, &canary).wins;
                assert_eq!(wins_without_ties(&baseline, &canary).map(|wins| wins as f64), (!shared).then_some(wins));
                for value in &mut canary {
                    *value += 0.5;
                }
                let wins = slow(&baseline, &canary).wins;
                assert_eq!(wins_without_ties(&baseline, &canary).map(|wins| wins as f64), Some(wins), "{n} {m}");
            }
        }
    }
}
