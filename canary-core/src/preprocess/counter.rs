//! Counters: sums that only grow, until the process restarts.

/// Replaces sums by their increase per tick since the value before; answers the number of resets. The
/// first value has no increase. Over a gap of k ticks the increase is spread: a k-th at the tick that
/// ends the gap. A fall is a reset: what was counted since is unknown, so its tick is dropped.
pub(super) fn to_increases(sums: &mut [f64]) -> u64 {
    let mut resets = 0;
    let mut before: Option<(usize, f64)> = None;
    for (tick, value) in sums.iter_mut().enumerate() {
        if value.is_nan() {
            continue;
        }
        let sum = *value;
        *value = match before {
            Some((earlier, known)) if sum >= known => (sum - known) / (tick - earlier) as f64,
            Some(_) => {
                resets += 1;
                f64::NAN
            }
            None => f64::NAN,
        };
        before = Some((tick, sum));
    }
    resets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn increases_gaps_and_resets() {
        let missing = f64::NAN;
        let mut sums = [10.0, 12.0, missing, 18.0, 1.0, 5.0];
        assert_eq!(to_increases(&mut sums), 1);
        let seen: Vec<Option<f64>> = sums.iter().map(|value| Some(*value).filter(|value| !value.is_nan())).collect();
        assert_eq!(seen, [None, Some(2.0), None, Some(3.0), None, Some(4.0)]);
        assert_eq!(to_increases(&mut []), 0);
    }
}
