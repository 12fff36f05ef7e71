//! Where a function crosses a value, and where it is least.

/// More than the bits of a double.
const HALVINGS: usize = 200;
/// Doublings before a boundary counts as none.
const DOUBLINGS: usize = 200;
/// Golden sections: 0.618^60 is 3e-13 of the range.
const SECTIONS: usize = 60;

/// Where an increasing function becomes positive between `low` and `high`; an end where it does nowhere.
pub(crate) fn crossing(mut low: f64, mut high: f64, excess: impl Fn(f64) -> f64) -> f64 {
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if excess(middle) > 0.0 { high = middle } else { low = middle }
    }
    f64::midpoint(low, high)
}

/// Where an increasing function becomes positive above zero, first tried at `start` > 0. Infinite where
/// it does nowhere that a number can express, NaN where it is NaN.
pub(super) fn crossing_above_zero(start: f64, excess: impl Fn(f64) -> f64) -> f64 {
    let mut high = start;
    for _ in 0..DOUBLINGS {
        let found = excess(high);
        if found.is_nan() {
            return f64::NAN;
        }
        if found > 0.0 {
            return crossing(0.0, high, excess);
        }
        high *= 2.0;
    }
    f64::INFINITY
}

/// A place and the value there.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Least {
    pub(crate) place: f64,
    pub(crate) value: f64,
}

/// Where a function with one valley between `low` and `high` is least (golden sections, Kiefer 1953).
pub(crate) fn least(mut low: f64, mut high: f64, function: impl Fn(f64) -> f64) -> Least {
    let golden = (5.0_f64.sqrt() - 1.0) / 2.0;
    let point = |place| Least { place, value: function(place) };
    let mut left = point(high - golden * (high - low));
    let mut right = point(low + golden * (high - low));
    for _ in 0..SECTIONS {
        if left.value <= right.value {
            high = right.place;
            right = left;
            left = point(high - golden * (high - low));
        } else {
            low = left.place;
            left = right;
            right = point(low + golden * (high - low));
        }
    }
    if left.value <= right.value { left } else { right }
}
