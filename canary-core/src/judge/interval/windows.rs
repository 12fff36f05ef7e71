//! The windows that a metric is judged over: all of it, and its end.
//!
//! One window over everything misses what begins late: half of a doubling in the last eighth is nothing in
//! the mean. So the last half, quarter and eighth are judged by themselves, and the end of a robust line.
//! The metric's chance of a false alarm is split among them (weighted Bonferroni).

use crate::report::Window;

/// A shorter window says too little by itself.
pub(super) const MIN_WINDOW: usize = 30;

/// Every window with its part of the metric's chance of a false alarm. Most changes are there from the
/// start; the rest is shared out evenly but for the line, which sees drifts that no window sees.
const PARTS: [(Window, f64); 5] = [
    (Window::Full, 0.35),
    (Window::LastHalf, 0.15),
    (Window::LastQuarter, 0.15),
    (Window::LastEighth, 0.15),
    (Window::End, 0.20),
];

/// How many of `count` pairs a window holds, from the end.
pub(in crate::judge) fn length(window: Window, count: usize) -> usize {
    match window {
        Window::Full | Window::End => count,
        Window::LastHalf => count / 2,
        Window::LastQuarter => count / 4,
        Window::LastEighth => count / 8,
    }
}

/// The windows that `count` pairs are long enough for, and their parts of the chance, which sum to 1.
pub(in crate::judge) fn windows(count: usize) -> impl Iterator<Item = (Window, f64)> {
    let fits = move |window: Window| window == Window::Full || length(window, count) >= MIN_WINDOW;
    let total: f64 = PARTS.iter().filter(|(window, _)| fits(*window)).map(|(_, part)| part).sum();
    PARTS.into_iter().filter(move |(window, _)| fits(*window)).map(move |(window, part)| (window, part / total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_to_one_whatever_fits() {
        for (count, expected) in [(12, 1), (29, 1), (30, 2), (60, 3), (120, 4), (240, 5), (480, 5)] {
            let parts: Vec<f64> = windows(count).map(|(_, part)| part).collect();
            assert_eq!(parts.len(), expected, "{count}");
            assert!((parts.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{count}");
        }
    }
}
