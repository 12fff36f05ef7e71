//! Counts of replies by time, in memory that does not grow with it.

/// Replies are counted by these lengths until the step's end is known: fine enough that a reply on the wrong side
/// of the end changes a goodput by less than 0.2 % in a step of six seconds.
const BIN_MS: f64 = 10.0;
/// Of more bins than this, two become one: a bin is always less than a thousandth of the step.
const MOST_BINS: usize = 4096;

/// Counts by time, in as many bins at most whatever the time.
#[derive(Clone, Debug)]
pub(crate) struct Bins {
    width_ms: f64,
    counts: Vec<u64>,
}

impl Default for Bins {
    fn default() -> Self {
        Self { width_ms: BIN_MS, counts: Vec::new() }
    }
}

impl Bins {
    /// Counts one.
    pub(crate) fn add(&mut self, ms: f64) {
        while index(ms, self.width_ms) >= MOST_BINS {
            self.counts = self.counts.chunks(2).map(|pair| pair.iter().sum()).collect();
            self.width_ms *= 2.0;
        }
        at(&mut self.counts, index(ms, self.width_ms), |count| *count += 1);
    }

    /// Up to a time, or the edge of a bin that is nearest to it.
    pub(crate) fn before(&self, ms: f64) -> u64 {
        self.counts.iter().take(index(ms + self.width_ms / 2.0, self.width_ms)).sum()
    }
}

/// Changes the element at `index`, after empty ones up to it. Times are checked to lie within two days.
pub(crate) fn at<T: Clone + Default>(values: &mut Vec<T>, index: usize, change: impl FnOnce(&mut T)) {
    if index >= values.len() {
        values.resize(index + 1, T::default());
    }
    if let Some(value) = values.get_mut(index) {
        change(value);
    }
}

/// Which of the equal lengths holds a time; the first one for what is before.
pub(crate) fn index(ms: f64, length_ms: f64) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a cast of floats saturates at 0")]
    let index = (ms / length_ms) as usize;
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_step_takes_no_more_bins_and_ends_where_it_ends() {
        let mut bins = Bins::default();
        // A reply every 5 ms for five minutes.
        (0..60_000).for_each(|reply| bins.add(f64::from(reply) * 5.0));
        assert!(bins.counts.len() <= MOST_BINS && bins.width_ms > BIN_MS, "{} bins", bins.counts.len());
        assert_eq!(bins.before(f64::INFINITY), 60_000);
        for ms in [0.0, 80.0, 150_000.0, 299_990.0] {
            let off = bins.before(ms) as f64 - ms / 5.0;
            assert!(off.abs() * 5.0 <= bins.width_ms / 2.0, "{off} replies off at {ms} ms");
        }
    }
}
