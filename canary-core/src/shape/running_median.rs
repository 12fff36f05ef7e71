//! The median of a window that slides along a series.

/// Ticks to either side that a running median looks at.
const HALF_WINDOW: usize = 15;
/// At the ends the window shrinks with the distance from the end, so that a trend still passes through
/// unchanged, but not below this: a single value would be its own level.
const MIN_HALF_WINDOW: usize = 3;

/// The median of a window about every value (Tukey 1977). Always of an odd number of values, so that it is one of them
/// and a series of few distinct values keeps its ties in any unit. NaN and infinities must not occur.
///
/// The window is kept in order. One value leaves and one enters a step, and every place of the window finds its new
/// value from its neighbours alone: no branch to guess wrong, and as many places at once as the processor has lanes.
/// For 31 values that is cheaper than any search. Cost: O(n × window).
#[multiversion::multiversion(targets("x86_64+avx2"))]
pub(super) fn running_median(values: &[f64], out: &mut Vec<f64>) {
    out.clear();
    let Some(last) = values.len().checked_sub(1) else { return };
    let widest = (last / 2).min(HALF_WINDOW);
    near_start(values.iter(), widest, out);
    if widest == HALF_WINDOW {
        slide(values, out);
    } else {
        // One or two: a series so short has no room to slide in.
        out.extend(values.windows(2 * widest + 1).map(|window| Window::of(window).at(widest)));
    }
    // The end mirrors the start.
    let end = out.len();
    near_start(values.iter().rev(), widest, out);
    out.get_mut(end..).unwrap_or_default().reverse();
}

/// Appends the medians about the values that are nearer to the start than half of the widest window.
#[inline(always)]
fn near_start<'a>(values: impl Iterator<Item = &'a f64>, widest: usize, out: &mut Vec<f64>) {
    let narrowest = widest.min(MIN_HALF_WINDOW);
    let (mut window, mut count) = (Window::EMPTY, 0);
    let mut values = values.copied();
    for index in 0..widest {
        let half = index.max(narrowest);
        for value in values.by_ref().take(2 * half + 1 - count) {
            window = window.with(value);
        }
        count = 2 * half + 1;
        out.push(window.at(half));
    }
}

/// Appends the medians of all windows of 31 values: one value leaves and one enters a step.
///
/// The window is made here and no reference to it is taken: so it stays in registers, which is half of the time.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn slide(values: &[f64], out: &mut Vec<f64>) {
    let (first, entering) = values.split_at(values.len().min(2 * HALF_WINDOW + 1));
    let mut window = Window::EMPTY;
    for &value in first {
        window = window.with(value);
    }
    out.push(window.middle());
    for (&old, &new) in values.iter().zip(entering) {
        window = window.replaced(old, new);
        out.push(window.middle());
    }
}

/// Places in a register and registers in the window: 32 places, one more than values.
const LANES: usize = 4;
const REGISTERS: usize = 8;

/// Up to 31 values in rising order, then infinities. Place p is lane p / 8 of register p % 8, so that the places before
/// and after those of one register are whole registers too, and the window never leaves the processor.
#[derive(Clone, Copy)]
struct Window([[f64; LANES]; REGISTERS]);

impl Window {
    const EMPTY: Self = Self([[f64::INFINITY; LANES]; REGISTERS]);

    fn of(values: &[f64]) -> Self {
        values.iter().fold(Self::EMPTY, |window, &value| window.with(value))
    }

    /// Every place from the one before it, itself and the one after it.
    #[inline(always)]
    fn each(self, rule: impl Fn(f64, f64, f64) -> f64) -> Self {
        let (now, mut next) = (self.0, self.0);
        let (first, last) = (now[0], now[REGISTERS - 1]);
        let beyond = [first[1], first[2], first[3], f64::INFINITY];
        let mut before = [f64::NEG_INFINITY, last[0], last[1], last[2]];
        for register in 0..REGISTERS {
            let after = if register + 1 < REGISTERS { now[register + 1] } else { beyond };
            let mut lanes = [0.0; LANES];
            for lane in 0..LANES {
                lanes[lane] = rule(before[lane], now[register][lane], after[lane]);
            }
            before = now[register];
            next[register] = lanes;
        }
        Self(next)
    }

    /// Places above `new` move up by one.
    #[inline(always)]
    fn with(self, new: f64) -> Self {
        self.each(|before, here, _| higher(before, lower(here, new)))
    }

    /// `old` leaves and `new` enters: what lies between them moves by one.
    #[inline(always)]
    fn replaced(self, old: f64, new: f64) -> Self {
        self.each(|before, here, after| {
            let kept_before = if before < old { before } else { here };
            let kept = if here < old { here } else { after };
            higher(kept_before, lower(kept, new))
        })
    }

    /// The median of 31 values.
    #[inline(always)]
    fn middle(self) -> f64 {
        self.0[HALF_WINDOW % REGISTERS][HALF_WINDOW / REGISTERS]
    }

    /// The value of `rank`, from 0.
    fn at(&self, rank: usize) -> f64 {
        self.0[rank % REGISTERS][rank / REGISTERS]
    }
}

#[inline(always)]
fn lower(a: f64, b: f64) -> f64 {
    if b < a { b } else { a }
}

#[inline(always)]
fn higher(a: f64, b: f64) -> f64 {
    if b > a { b } else { a }
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
