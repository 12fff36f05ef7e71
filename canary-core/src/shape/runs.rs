//! Runs of equal values.

/// A stretch in which a series repeats one value; missing values neither count nor interrupt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    /// The value.
    pub(super) value: f64,
    /// How many times.
    pub(super) length: usize,
    /// The ticks of the first and of the last.
    pub(super) ticks: (usize, usize),
}

/// The longest run; the first of several. Cost: one pass.
pub(super) fn longest(series: &[f64]) -> Option<Run> {
    longest_where(series, |_| true)
}

/// The longest run of zeros; the first of several. Cost: one pass.
pub(super) fn longest_of_zeros(series: &[f64]) -> Option<Run> {
    longest_where(series, |value| value == 0.0)
}

#[allow(clippy::float_cmp, reason = "a repeated value is the same to the last bit")]
fn longest_where(series: &[f64], counts: impl Fn(f64) -> bool) -> Option<Run> {
    let mut best: Option<Run> = None;
    let mut keep = |run: Run| {
        if run.length > best.map_or(0, |best| best.length) && counts(run.value) {
            best = Some(run);
        }
    };
    let mut now = Run { value: f64::NAN, length: 0, ticks: (0, 0) };
    for (tick, &value) in series.iter().enumerate() {
        if value == now.value {
            now.length += 1;
            now.ticks.1 = tick;
        } else if value.is_finite() {
            keep(now);
            now = Run { value, length: 1, ticks: (tick, tick) };
        }
    }
    keep(now);
    best
}

/// The part of another series at the ticks of a run.
pub(super) fn during<'a>(series: &'a [f64], run: &Run) -> &'a [f64] {
    series.get(run.ticks.0..=run.ticks.1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_neither_count_nor_interrupt() {
        let series = [1.0, f64::NAN, 2.0, 2.0, f64::NAN, f64::INFINITY, 2.0, 3.0, 0.0, -0.0];
        assert_eq!(longest(&series), Some(Run { value: 2.0, length: 3, ticks: (2, 6) }));
        assert_eq!(longest_of_zeros(&series), Some(Run { value: 0.0, length: 2, ticks: (8, 9) }));
        assert_eq!(longest_of_zeros(&[1.0]), None);
        assert_eq!(longest(&[f64::NAN]), None);
        assert_eq!(longest(&[]), None);
    }
}
