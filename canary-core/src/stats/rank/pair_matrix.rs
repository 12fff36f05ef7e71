//! Selection among all pairs of values, without listing them.

use std::ops::Range;

/// A round leaves at most three quarters of the candidates, so 200 rounds are enough for 1e24 of them.
const MAX_ROUNDS: usize = 200;

/// The matrix of `combine(rows[i], columns[j])`, which rises along every row and every column.
pub(super) struct PairMatrix<'a, F> {
    pub(super) rows: &'a [f64],
    pub(super) columns: &'a [f64],
    /// Only the pairs with j >= i: each pair of one sample with itself, once.
    pub(super) triangle: bool,
    /// Must not fall in either argument.
    pub(super) combine: F,
}

impl<F: Fn(f64, f64) -> f64> PairMatrix<'_, F> {
    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        let count = self.rows.len();
        if self.triangle { count * (count + 1) / 2 } else { count * self.columns.len() }
    }

    /// The value at 0-based rank `rank` of all pairs. `None` where there are fewer.
    ///
    /// The median of the rows' medians, weighted by their candidates, parts the candidates; a walk down
    /// the staircase between smaller and larger values counts both parts (Johnson & Mizoguchi 1978; for
    /// one sample Monahan 1984). Cost: O(n log n) a round, O(log n) rounds, O(n) memory.
    pub(super) fn ranked(&self, rank: usize) -> Option<f64> {
        let mut candidates: Vec<Range<usize>> = self.full();
        for _ in 0..MAX_ROUNDS {
            if size(&candidates) <= self.rows.len() + self.columns.len() {
                break;
            }
            let pivot = self.weighted_median(&candidates)?;
            let smaller = self.staircase(|value| value < pivot);
            let not_larger = self.staircase(|value| value <= pivot);
            if rank < self.before(&smaller) {
                candidates.iter_mut().zip(smaller).for_each(|(span, end)| span.end = end.clamp(span.start, span.end));
            } else if rank >= self.before(&not_larger) {
                candidates
                    .iter_mut()
                    .zip(not_larger)
                    .for_each(|(span, start)| span.start = start.clamp(span.start, span.end));
            } else {
                return Some(pivot);
            }
        }
        self.ranked_among(&candidates, rank)
    }

    fn at(&self, row: usize, column: usize) -> Option<f64> {
        Some((self.combine)(*self.rows.get(row)?, *self.columns.get(column)?))
    }

    fn start(&self, row: usize) -> usize {
        if self.triangle { row } else { 0 }
    }

    fn full(&self) -> Vec<Range<usize>> {
        (0..self.rows.len()).map(|row| self.start(row)..self.columns.len()).collect()
    }

    fn weighted_median(&self, candidates: &[Range<usize>]) -> Option<f64> {
        let mut medians: Vec<(f64, usize)> = candidates
            .iter()
            .enumerate()
            .filter(|(_, span)| !span.is_empty())
            .filter_map(|(row, span)| Some((self.at(row, span.start.midpoint(span.end))?, span.len())))
            .collect();
        medians.sort_unstable_by(|one, other| one.0.total_cmp(&other.0));
        let half = size(candidates) / 2;
        let mut before = 0;
        let reached = |&(_, weight): &(f64, usize)| {
            before += weight;
            before > half
        };
        medians.into_iter().find(reached).map(|(median, _)| median)
    }

    /// For each row the first column whose value is not `inside`: it moves left as the values rise.
    fn staircase(&self, inside: impl Fn(f64) -> bool) -> Vec<usize> {
        let mut end = self.columns.len();
        let mut step = |row: usize| {
            while end > self.start(row) && !self.at(row, end - 1).is_some_and(&inside) {
                end -= 1;
            }
            end.max(self.start(row))
        };
        (0..self.rows.len()).map(&mut step).collect()
    }

    /// How many pairs lie left of a staircase.
    fn before(&self, ends: &[usize]) -> usize {
        ends.iter().enumerate().map(|(row, end)| end - self.start(row)).sum()
    }

    fn ranked_among(&self, candidates: &[Range<usize>], rank: usize) -> Option<f64> {
        let left: usize = candidates.iter().enumerate().map(|(row, span)| span.start - self.start(row)).sum();
        let mut values: Vec<f64> = candidates
            .iter()
            .enumerate()
            .flat_map(|(row, span)| span.clone().filter_map(move |column| self.at(row, column)))
            .collect();
        let rank = rank.checked_sub(left).filter(|&rank| rank < values.len())?;
        Some(*values.select_nth_unstable_by(rank, f64::total_cmp).1)
    }
}

fn size(candidates: &[Range<usize>]) -> usize {
    candidates.iter().map(Range::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair, sorted: the oracle.
    fn slow(rows: &[f64], columns: &[f64], triangle: bool) -> Vec<f64> {
        let keep = |row: usize, column: usize| !triangle || column >= row;
        let row_of =
            |row: usize| (0..columns.len()).filter(move |&c| keep(row, c)).map(move |c| rows[row] + columns[c]);
        let mut all: Vec<f64> = (0..rows.len()).flat_map(row_of).collect();
        all.sort_unstable_by(f64::total_cmp);
        all
    }

    /// Pseudo-random values with `distinct` different ones, sorted.
    fn series(count: usize, distinct: usize) -> Vec<f64> {
        let mut values: Vec<f64> =
            (0..count).map(|i| (i * i * 7919 + i * 104_729) % distinct).map(|v| v as f64).collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    }

    #[test]
    fn every_rank_agrees_with_sorting() {
        for (rows, columns, distinct) in
            [(1, 1, 9), (1, 60, 1009), (60, 1, 3), (37, 41, 100_003), (50, 50, 4), (9, 200, 50)]
        {
            let (rows, columns) = (series(rows, distinct), series(columns, distinct + 1));
            for (columns, triangle) in [(&columns, false), (&rows, true)] {
                let matrix = PairMatrix { rows: &rows, columns, triangle, combine: |one, other| one + other };
                let expected = slow(&rows, columns, triangle);
                assert_eq!(matrix.len(), expected.len());
                for (rank, value) in expected.iter().enumerate() {
                    assert_eq!(matrix.ranked(rank), Some(*value), "rank {rank} of {}", expected.len());
                }
                assert_eq!(matrix.ranked(expected.len()), None);
            }
        }
    }
}
