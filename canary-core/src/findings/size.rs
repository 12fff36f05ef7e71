//! How large a change is from its onset on.

use super::deviation::{Deviations, Scale};
use crate::judge::sign_flips;
use crate::report::{Interval, Size};
use crate::stats::{huber_location, huber_scores, long_run, student_quantile};

/// The level of the interval of a finding's size.
const LEVEL: f64 = 0.95;

/// Canary over baseline of one member from its onset on: the ratio and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shift {
    pub(crate) ratio: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// The ratio of one member from tick `onset` on, with the interval that leaves `alpha`, half on each side; the
/// judge's own methods on what is left of the series: Huber's location with its long-run error on Student's t, and
/// block sign flips where logarithms do not exist. `None` without a value.
pub(crate) fn shift(deviations: &Deviations, onset: usize, alpha: f64) -> Option<Shift> {
    if let Scale::Roots(magnitudes) = &deviations.scale {
        let seen: Vec<(f64, f64)> =
            magnitudes.iter().skip(onset).filter(|(b, c)| !b.is_nan() && !c.is_nan()).copied().collect();
        if seen.iter().all(|(b, c)| *b == 0.0 && *c == 0.0) {
            return None;
        }
        let flips = sign_flips(&seen);
        let (lower, upper) = flips.interval(alpha);
        return Some(Shift { ratio: flips.ratio, lower, upper });
    }
    let values: Vec<f64> = deviations.values.iter().skip(onset).filter(|value| !value.is_nan()).copied().collect();
    let found = huber_location(&values, &mut Vec::new())?;
    let margin = if found.scale > 0.0 {
        let mut scores = Vec::new();
        huber_scores(&values, &found, &mut scores);
        let spread = long_run(&scores);
        let count = scores.len() as f64;
        let error = found.scale * (spread.variance / count).sqrt() * count / found.inliers.max(1) as f64;
        student_quantile(alpha / 2.0, spread.degrees) * error
    } else {
        0.0
    };
    let ratio = |location: f64| match deviations.scale {
        // As the judge has it: m + d/2 over m − d/2.
        Scale::Difference if location >= 2.0 => f64::INFINITY,
        Scale::Difference if location <= -2.0 => 0.0,
        Scale::Difference => (2.0 + location) / (2.0 - location),
        Scale::LogRatio | Scale::Roots(_) => location.exp(),
    };
    let Shifted { low, at, high } =
        Shifted { low: found.location - margin, at: found.location, high: found.location + margin };
    Some(Shift { ratio: ratio(at), lower: ratio(low), upper: ratio(high) })
}

struct Shifted {
    low: f64,
    at: f64,
    high: f64,
}

/// Which part of the chance each of `members` intervals may spend.
pub(crate) fn part_of(members: usize) -> f64 {
    (1.0 - LEVEL) / members.max(1) as f64
}

/// The median factor over the members, and its interval: from the median of the lower ends to the median of the upper
/// ones. With each member's interval at 1 − α/k all of them hold at once in 1 − α of all runs, whatever they have in
/// common (Bonferroni), and then the median of the true factors lies between the two medians.
pub(crate) fn size(shifts: &[Shift]) -> Size {
    let factors: Vec<Shift> = shifts.iter().map(factor).collect();
    let over = |end: fn(&Shift) -> f64| {
        let mut ends: Vec<f64> = factors.iter().map(end).collect();
        ends.sort_unstable_by(f64::total_cmp);
        middle(&ends).filter(|value| value.is_finite())
    };
    let interval = Interval { level: LEVEL, lower: over(|shift| shift.lower), upper: over(|shift| shift.upper) };
    let known = factors.len() == shifts.len() && interval.lower.is_some();
    Size { factor: over(|shift| shift.ratio), interval: known.then_some(interval) }
}

/// The factor of a ratio, whatever its direction, 1 or more.
fn factor(shift: &Shift) -> Shift {
    let Shift { ratio, lower, upper } = *shift;
    if ratio >= 1.0 {
        return Shift { ratio, lower: lower.max(1.0), upper: upper.max(1.0) };
    }
    Shift { ratio: 1.0 / ratio, lower: (1.0 / upper).max(1.0), upper: (1.0 / lower).max(1.0) }
}

/// The median; of an even number the mean of the two in the middle, infinite where one of them is.
fn middle(sorted: &[f64]) -> Option<f64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*sorted.get(half.checked_sub(1)?)?, upper)) }
}
