//! The median of a window that slides along a series.

/// Ticks to either side that a running median looks at.
const HALF_WINDOW: usize = 15;
/// At the ends the window shrinks with the distance from the end, so that a trend still passes through
/// unchanged, but not below this: a single value would be its own level.
const MIN_HALF_WINDOW: usize = 3;

/// The median of a window about every value (Tukey 1977). Always of an odd number of values, so that it is one of them
/// and a series of few distinct values keeps its ties in any unit. NaN must not occur.
///
/// The median and the numbers of values below and at it are carried along. One value leaves and one enters
/// a step, so the median moves by one value or not at all, and a scan of the window finds where to: cheaper
/// for 31 values than to keep them in order.
pub(super) fn running_median(values: &[f64], out: &mut Vec<f64>) {
    out.clear();
    let count = values.len();
    let Some(last) = count.checked_sub(1) else { return };
    let widest = (last / 2).min(HALF_WINDOW);
    let narrowest = widest.min(MIN_HALF_WINDOW);
    let mut median = Median::default();
    for index in 0..count {
        let half = index.min(last - index).clamp(narrowest, widest);
        let start = index.saturating_sub(half).min(last - 2 * half);
        median.slide(values, start, start + 2 * half + 1);
        out.push(median.value);
    }
}

/// The median of a window, with how many of its values lie below it and at it.
#[derive(Default)]
struct Median {
    start: usize,
    end: usize,
    value: f64,
    below: usize,
    equal: usize,
}

impl Median {
    /// Moves the window to `start..end`; neither end ever moves back.
    #[allow(clippy::float_cmp, reason = "the median is one of the values")]
    fn slide(&mut self, values: &[f64], start: usize, end: usize) {
        for &entering in values.get(self.end..end).unwrap_or_default() {
            self.below += usize::from(entering < self.value);
            self.equal += usize::from(entering == self.value);
        }
        for &leaving in values.get(self.start..start).unwrap_or_default() {
            self.below -= usize::from(leaving < self.value);
            self.equal -= usize::from(leaving == self.value);
        }
        (self.start, self.end) = (start, end);
        self.settle(values.get(start..end).unwrap_or_default());
    }

    /// Moves the median from value to value until at most half of the window lies to either side of it.
    fn settle(&mut self, window: &[f64]) {
        let middle = window.len() / 2;
        // As many moves as there are values always do; nearly always it is one or none.
        for _ in 0..window.len() {
            if self.below > middle {
                self.value = next_below(window, self.value);
                self.equal = ties(window, self.value);
                self.below -= self.equal;
            } else if self.below + self.equal <= middle {
                self.below += self.equal;
                self.value = next_above(window, self.value);
                self.equal = ties(window, self.value);
            } else {
                break;
            }
        }
    }
}

/// As many values are looked at together: two registers of any x86-64.
const LANES: usize = 4;

/// Folds the window in lanes, so that the compiler can keep them in registers, and then the lanes.
#[inline]
fn fold_lanes(window: &[f64], first: f64, step: impl Fn(f64, f64) -> f64, join: impl Fn(f64, f64) -> f64) -> f64 {
    let mut lanes = [first; LANES];
    let (chunks, rest) = window.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = step(*lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = step(*lane, value);
    }
    let [a, b, c, d] = lanes;
    join(join(a, b), join(c, d))
}

fn lower(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
}

/// The smallest value above `limit`.
fn next_above(window: &[f64], limit: f64) -> f64 {
    let step = |least, value| lower(least, if value > limit { value } else { f64::INFINITY });
    fold_lanes(window, f64::INFINITY, step, lower)
}

/// The largest value below `limit`.
fn next_below(window: &[f64], limit: f64) -> f64 {
    let step = |most, value| higher(most, if value < limit { value } else { f64::NEG_INFINITY });
    fold_lanes(window, f64::NEG_INFINITY, step, higher)
}

#[allow(clippy::float_cmp, reason = "the median is one of the values")]
fn ties(window: &[f64], value: f64) -> usize {
    // Counted in doubles, which share the lanes' registers.
    let count = fold_lanes(window, 0.0, |count, other| count + if other == value { 1.0 } else { 0.0 }, |a, b| a + b);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to the window's")]
    let count = count as usize;
    count
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "a median of an odd number of values is one of them")]
mod tests {
    use super::*;
    use crate::stats::median;

    fn of(values: &[f64]) -> Vec<f64> {
        let mut out = Vec::new();
        running_median(values, &mut out);
        out
    }

    /// The definition: a selection in every window.
    fn slow(values: &[f64]) -> Vec<f64> {
        let last = values.len() - 1;
        let widest = (last / 2).min(HALF_WINDOW);
        let at = |index: usize| {
            let half = index.min(last - index).clamp(widest.min(MIN_HALF_WINDOW), widest);
            let start = index.saturating_sub(half).min(last - 2 * half);
            median(&mut values[start..=start + 2 * half].to_vec()).unwrap()
        };
        (0..values.len()).map(at).collect()
    }

    #[test]
    fn agrees_with_the_definition_with_and_without_ties() {
        for distinct in [1_u32, 2, 5, 1009] {
            for count in [1_u32, 2, 3, 7, 8, 30, 31, 32, 33, 100] {
                let value = |i: u32| f64::from(i * i * 7919 % 1009 % distinct) - f64::from(distinct) / 3.0;
                let values: Vec<f64> = (0..count).map(value).collect();
                assert_eq!(of(&values), slow(&values), "{count} values, {distinct} distinct");
            }
        }
        assert_eq!(of(&[]), Vec::<f64>::new());
    }

    #[test]
    fn trends_and_steps_pass_unchanged() {
        let trend: Vec<f64> = (0..100).map(f64::from).collect();
        assert_eq!(of(&trend)[3..97], trend[3..97]);
        let step: Vec<f64> = (0..100).map(|i| if i < 60 { 1.0 } else { 2.0 }).collect();
        assert_eq!(of(&step), step);
    }
}
